"""The folder for files that a browser uploads, until they have been read.

Every request has a folder of its own, so that two visitors who upload the same file do not share it.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from qa.uploads.temporary import TemporaryFolder, remove_abandoned
from qa.web.security.middleware import request_name
from qa.web.ui.gradio_patches import upload_folder

KEPT_SECONDS = 3_600
"""The time for which an uploaded file stays that nobody asks to be read: as long as the documents of a
visitor whose page is closed."""

CHECK_SECONDS = 600
"""The time between two looks of Gradio for such files."""


class Uploads(os.PathLike[str]):
    """A folder inside Gradio's own. As a path it differs from request to request, and is made when needed."""

    def __init__(self) -> None:
        """Remove what killed servers have left. Make nothing yet."""
        self._home = upload_folder()
        self._making = Lock()
        self._folder: TemporaryFolder | None = None
        remove_abandoned(self._home)

    def __fspath__(self) -> str:
        """Return the folder for the files of this request."""
        with self._making:
            if self._folder is None:
                self._home.mkdir(parents=True, exist_ok=True)
                self._folder = TemporaryFolder(self._home)
        return str(self._folder.path / request_name.get())

    def __str__(self) -> str:
        """Return the folder for the files of this request."""
        return self.__fspath__()

    def holds(self, path: Path) -> bool:
        """Return whether ``path`` names a file that was uploaded here."""
        return self._folder is not None and path.resolve().is_relative_to(self._folder.path.resolve())

    def discard(self, paths: Iterable[Path]) -> None:
        """Delete uploaded files, and the folders that were made for them."""
        for path in filter(self.holds, paths):
            path.unlink(missing_ok=True)
            for parent in (path.parent, path.parent.parent):
                with suppress(OSError):  # another file of the request is still in it
                    parent.rmdir()
