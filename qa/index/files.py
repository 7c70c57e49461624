"""The files of an index: reading at an offset, writing in one step, naming new folders, digests.

On Windows a file that any process has open, or mapped into memory, can be neither replaced nor removed.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import weakref
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Lock
from typing import IO

from tenacity import retry, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_fixed

BUSY_SECONDS = 5.0
"""The time for which Windows is asked again for a file that another process, such as a virus scanner, has
open."""

_patient = retry(
    retry=retry_if_exception_type(PermissionError),
    stop=stop_after_delay(BUSY_SECONDS) if sys.platform == "win32" else stop_after_attempt(1),
    wait=wait_fixed(0.05),
    reraise=True,
)

_pread: Callable[[int, int, int], bytes] | None = getattr(os, "pread", None)


class PositionalFile:
    """A file that any number of threads read at offsets of their own. It stays open as long as this object:
    an index that is read may be replaced meanwhile, and its files removed.
    """

    def __init__(self, path: Path) -> None:
        """Open the file at ``path``.

        Raises:
            OSError: it cannot be opened.
        """
        self._file = path.open("rb", buffering=0)
        self._seeking = Lock()
        weakref.finalize(self, self._file.close)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return os.fstat(self._file.fileno()).st_size

    def read(self, size: int, offset: int) -> bytes:
        """Read ``size`` bytes from ``offset``: with one call where the system has one, else under a lock.

        Raises:
            OSError: they cannot be read.
        """
        if _pread is not None:
            return _pread(self._file.fileno(), size, offset)
        with self._seeking:
            self._file.seek(offset)
            return self._file.read(size)


@_patient
def read_bytes(path: Path) -> bytes:
    """Read a file that another process may be replacing.

    Raises:
        OSError: it cannot be read.
    """
    return path.read_bytes()


@_patient
def replace(source: Path, target: Path) -> None:
    """Rename ``source`` to ``target``, in place of a file of that name, in one step.

    Raises:
        OSError: it cannot be renamed.
    """
    source.replace(target)


def flush(path: Path) -> None:
    """Flush ``path`` to the disk, so that a power cut cannot undo what was announced.

    Windows flushes no folders (NTFS keeps a journal of their changes), and files only if they are open for
    writing.
    """
    if sys.platform == "win32" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step: whatever happens to the process, it has all of ``data`` or is as it was.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    with suppress(OSError):
        if path.read_bytes() == data:
            return  # others may have it open
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(data)
    flush(draft)
    replace(draft, path)


def open_spool(folder: Path | None) -> IO[bytes]:
    """Return an empty file without a name on the disk of ``folder``, which is gone when nothing refers to it;
    None for the system's folder of temporary files.

    Raises:
        OSError: the folder cannot be written.
    """
    return tempfile.TemporaryFile(dir=folder)


def vacant(path: Path) -> Path:
    """Return ``path`` if nothing has this name, else the first of ``path-2``, ``path-3``, … that is free."""
    names = (path.with_name(f"{path.name}-{n}") for n in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())


def copy_whole(file: Path, path: Path) -> None:
    """Copy ``file`` to ``path`` in one step, readable by this user alone.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    draft = path.with_name(f"{path.name}.new")
    draft.touch(mode=0o600)
    shutil.copyfile(file, draft)
    flush(draft)
    replace(draft, path)


def original_name(file: Path) -> str:
    """Return the name under which a store keeps an uploaded file: its digest and its ending."""
    return f"original-{sha256(file)}{file.suffix.lower()}"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
