"""Folders in the system's temporary directory that go with what they are for, or with the process.

Beside each is a file that its process keeps locked. A process that is killed cannot clean up, but its locks
end with it: the next one to start removes the folders whose files nobody has locked. On Windows the same goes
for files that were open when their folder was removed.
"""

import secrets
import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "attest-"
"""What the names of these folders begin with."""

_LOCK = ".lock"
"""What the name of a folder's file has at its end besides."""


class Folder:
    """A new, empty folder, for this user alone, that is there as long as this object."""

    def __init__(self, parent: Path | None = None) -> None:
        """Make it in ``parent``, by default the system's temporary directory.

        Raises:
            OSError: there is no room, or ``parent`` cannot be written.
        """
        parent = parent or Path(tempfile.gettempdir())
        self.path = parent / (PREFIX + secrets.token_hex(8))
        lock = _lock(self.path)
        lock.acquire()  # before there is a folder that another process could take for an abandoned one
        try:
            self.path.mkdir(mode=0o700)
        except OSError:
            _remove(self.path, lock)
            raise
        self._finalizer = weakref.finalize(self, _remove, self.path, lock)

    def remove(self) -> None:
        """Remove it, with all that is in it, at once."""
        self._finalizer()


def sweep(parent: Path | None = None) -> None:
    """Remove the folders in ``parent`` that processes left behind which were killed."""
    for file in (parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*{_LOCK}"):
        path = file.with_name(file.name.removesuffix(_LOCK))
        if file.is_symlink() or path.is_symlink() or not file.is_file():
            continue
        lock = _lock(path)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # a process holds it, or it is another user's
            continue
        _remove(path, lock)


def _lock(folder: Path) -> FileLock:
    file = folder.with_name(folder.name + _LOCK)
    return FileLock(file, mode=0o600, thread_local=False)  # any thread may be the one that lets go


def _remove(path: Path, lock: FileLock) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if not path.exists():
        with suppress(PermissionError):  # on Windows it is there until it is unlocked, which removes it
            Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
