"""Folders in the system's temporary directory that go with what they are for, or with the process.

Each holds a file that its process keeps locked. A process that is killed cannot clean up, but its locks end
with it: the next one to start removes the folders that nobody holds.
"""

import shutil
import tempfile
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "attest-"
"""What the names of these folders begin with."""

_UNLOCKED = "new-"
"""Comes before :data:`PREFIX` until a new folder is locked, so that nobody removes it in between."""
_LOCK = ".held"


class Folder:
    """A new, empty folder, for this user alone, that is there as long as this object."""

    def __init__(self, parent: Path | None = None) -> None:
        """Make it in ``parent``, by default the system's temporary directory.

        Raises:
            OSError: there is no room, or ``parent`` cannot be written.
        """
        parent = parent or Path(tempfile.gettempdir())
        new = Path(tempfile.mkdtemp(prefix=_UNLOCKED + PREFIX, dir=parent))
        lock = _lock(new)
        lock.acquire()
        self.path = new.rename(new.with_name(new.name.removeprefix(_UNLOCKED)))
        self._finalizer = weakref.finalize(self, _remove, self.path, lock)

    def remove(self) -> None:
        """Remove it, with all that is in it, at once."""
        self._finalizer()


def sweep(parent: Path | None = None) -> None:
    """Remove the folders in ``parent`` that processes left behind which were killed."""
    for path in (parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        if path.is_symlink() or not (path / _LOCK).is_file():
            continue
        lock = _lock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # a process holds it, or it is another user's
            continue
        _remove(path, lock)


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / _LOCK, thread_local=False)  # any thread may be the one that lets go


def _remove(path: Path, lock: FileLock) -> None:
    shutil.rmtree(path, ignore_errors=True)
    lock.release()
