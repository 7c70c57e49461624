"""Temporary folders that are removed with the object they are for, or with the process.

Beside each folder is a file that its process keeps locked. A process that is killed cannot clean up, but its
locks end with it: the next one to start removes the folders whose files nobody has locked. On Windows that
includes files that were open when their folder was removed.
"""

import secrets
import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "attest-"
"""The beginning of these folders' names."""

_LOCK = ".lock"
"""The ending of a lock file's name, after its folder's name."""


class TemporaryFolder:
    """A new, empty folder, accessible to this user only, that exists as long as this object."""

    def __init__(self, parent: Path | None = None) -> None:
        """Create it in ``parent``, by default the system's temporary directory.

        Raises:
            OSError: the disk is full, or ``parent`` cannot be written.
        """
        parent = parent or Path(tempfile.gettempdir())
        self.path = parent / (PREFIX + secrets.token_hex(8))
        lock = _lock(self.path)
        lock.acquire()  # before the folder exists, or another process could take it for an abandoned one
        try:
            self.path.mkdir(mode=0o700)
        except OSError:
            _remove(self.path, lock)
            raise
        self._finalizer = weakref.finalize(self, _remove, self.path, lock)

    def remove(self) -> None:
        """Remove the folder and everything in it now."""
        self._finalizer()


def remove_abandoned(parent: Path | None = None) -> None:
    """Remove the folders in ``parent`` whose processes were killed."""
    for file in (parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*{_LOCK}"):
        path = file.with_name(file.name.removesuffix(_LOCK))
        if file.is_symlink() or path.is_symlink() or not file.is_file():
            continue
        lock = _lock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # a live process has it, or it belongs to another user
            continue
        _remove(path, lock)


def _lock(folder: Path) -> FileLock:
    file = folder.with_name(folder.name + _LOCK)
    return FileLock(file, mode=0o600, thread_local=False)  # any thread may release it


def _remove(path: Path, lock: FileLock) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if not path.exists():
        with suppress(PermissionError):  # Windows keeps the file until it is unlocked, which removes it
            Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
