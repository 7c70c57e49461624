"""The lock on the folder of an index: one process writes it at a time, and the others are told which."""

import datetime
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import UserError

_LOCK, _OWNER = ".lock", ".writer"


@contextmanager
def write_lock(folder: Path, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock on the index in ``folder``, which is made if it is missing. Wait for another writer for
    up to ``wait_seconds``.

    The lock is the operating system's: it ends with the process, however that ends.

    Raises:
        UserError: another process is still writing; the message says which.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / _LOCK, timeout=wait_seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise UserError(
            f"Another process is writing {folder}{_owner(folder)}; try again when it has finished"
        ) from error
    try:
        (folder / _OWNER).write_text(this_process(), encoding="utf-8")
        yield
    finally:
        with suppress(PermissionError):  # on Windows, while somebody reads it
            (folder / _OWNER).unlink(missing_ok=True)
        lock.release()


def this_process() -> str:
    """Describe this process for another one's message: its number, machine, command, and the time."""
    since = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    return f"process {os.getpid()} on {socket.gethostname()}, {command}, since {since}"


def _owner(folder: Path) -> str:
    try:
        return f" ({(folder / _OWNER).read_text(encoding='utf-8')})"
    except (OSError, UnicodeDecodeError):
        return ""
