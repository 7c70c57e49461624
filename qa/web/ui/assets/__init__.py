"""The files of the page: styles, scripts, the icon."""

from importlib.resources import files
from pathlib import Path

ICON = Path(str(files(__name__).joinpath("icon.svg")))


def read_asset(name: str) -> str:
    """Return the text of a file of the page."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
