"""Temporary folders that are removed with the object they are for, or with the process.

Each folder holds a file that its process keeps locked. A process that is killed cannot clean up, but its
locks end with it: the next one to start removes the folders that nobody has locked.
"""

import shutil
import tempfile
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "attest-"
"""The beginning of these folders' names."""

_UNLOCKED = "new-"
"""Comes before :data:`PREFIX` until a new folder is locked, so that no other process removes it before."""
_LOCK = ".held"


class TemporaryFolder:
    """A new, empty folder, accessible to this user only, that exists as long as this object."""

    def __init__(self, parent: Path | None = None) -> None:
        """Create it in ``parent``, by default the system's temporary directory.

        Raises:
            OSError: the disk is full, or ``parent`` cannot be written.
        """
        parent = parent or Path(tempfile.gettempdir())
        new = Path(tempfile.mkdtemp(prefix=_UNLOCKED + PREFIX, dir=parent))
        lock = _lock(new)
        lock.acquire()
        self.path = new.rename(new.with_name(new.name.removeprefix(_UNLOCKED)))
        self._finalizer = weakref.finalize(self, _remove, self.path, lock)

    def remove(self) -> None:
        """Remove the folder and everything in it now."""
        self._finalizer()


def remove_abandoned(parent: Path | None = None) -> None:
    """Remove the folders in ``parent`` whose processes were killed."""
    for path in (parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        if path.is_symlink() or not (path / _LOCK).is_file():
            continue
        lock = _lock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # a live process has it, or it belongs to another user
            continue
        _remove(path, lock)


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / _LOCK, thread_local=False)  # any thread may release it


def _remove(path: Path, lock: FileLock) -> None:
    shutil.rmtree(path, ignore_errors=True)
    lock.release()
