"""Where Gradio puts the files that a browser sends, until they have been read.

Gradio names an uploaded file by its content and its name alone, so that two visitors who send the same one
share it, and removing one's removes the other's: here every request has a folder of its own. And a client may
name any path or address in place of a file that it sent, which Gradio, in an application that is mounted,
would copy or fetch: here only what was sent is taken.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock

import gradio as gr
from gradio import processing_utils
from gradio.utils import get_upload_folder

from qa.uploads.temporary import TemporaryFolder, remove_abandoned
from qa.web.security.middleware import request_name

KEPT_SECONDS = 3_600
"""How long a file stays that was sent, but never asked to be read: as long as the documents of a visitor
whose page is closed."""

CHECK_SECONDS = 600
"""How often Gradio looks for such files."""


class Uploads(os.PathLike[str]):
    """A folder inside Gradio's own. As a path it is another one for every request, made when it is needed."""

    def __init__(self) -> None:
        """Remove what servers that were killed have left; make nothing yet."""
        self._home = Path(get_upload_folder())
        self._making = Lock()
        self._folder: TemporaryFolder | None = None
        remove_abandoned(self._home)

    def __fspath__(self) -> str:
        """The folder for files that come with this request."""
        with self._making:
            if self._folder is None:
                self._home.mkdir(parents=True, exist_ok=True)
                self._folder = TemporaryFolder(self._home)
        return str(self._folder.path / request_name.get())

    def __str__(self) -> str:
        """As :meth:`__fspath__`."""
        return self.__fspath__()

    def holds(self, path: Path) -> bool:
        """Whether ``path`` names what was sent here."""
        return self._folder is not None and path.resolve().is_relative_to(self._folder.path.resolve())

    def discard(self, paths: Iterable[Path]) -> None:
        """Remove files that were sent, and the folders that were made for them."""
        for path in filter(self.holds, paths):
            path.unlink(missing_ok=True)
            for parent in (path.parent, path.parent.parent):
                with suppress(OSError):  # another file of the request is still in it
                    parent.rmdir()


def close_to_others(page: gr.Blocks) -> None:
    """Let the components of ``page`` take files from Gradio's folder alone, and nothing from any address."""
    page.has_launched = True  # else Gradio copies whatever file of this machine a client names
    processing_utils.async_ssrf_protected_download = _refuse


async def _refuse(url: str, cache_dir: str) -> str:
    raise gr.Error("Only a file that was sent to this page can be read", print_exception=False)
