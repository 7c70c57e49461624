"""Files out of archives and mails, on the disk until an addition has ended."""

from pathlib import Path

from qa.uploads.temporary import TemporaryFolder


class Staging:
    """A place for files, whose folder is made with the first one."""

    def __init__(self) -> None:
        """Make nothing yet."""
        self._folder: TemporaryFolder | None = None
        self._files = 0

    def write(self, data: bytes, ending: str) -> Path:
        """Write a file whose name has this ``ending``, and return its path.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        self._folder = self._folder or TemporaryFolder()
        self._files += 1
        path = self._folder.path / f"{self._files}{ending}"
        path.write_bytes(data)
        return path

    def remove(self) -> None:
        """Remove all files."""
        if self._folder:
            self._folder.remove()
