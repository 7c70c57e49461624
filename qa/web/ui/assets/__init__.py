"""The files of the page: styles, scripts, the icon.

A name comes in. The file's text comes out, or its path where Gradio serves the file itself.
"""

from importlib.resources import files
from pathlib import Path

ICON = Path(str(files(__name__).joinpath("icon.svg")))


def read_asset(name: str) -> str:
    """Return the text of a file of the page."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
