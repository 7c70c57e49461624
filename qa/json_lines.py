"""Files of JSON lines that are only ever added to, by several threads and processes."""

import errno
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from filelock import lock_descriptor


@contextmanager
def open_locked(path: Path) -> Iterator[FileIO]:
    """The file at ``path``, made if there is none, for reading and adding; others that hold it wait.

    Raises:
        OSError: it cannot be opened or made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileIO(path, "a+") as file:
        lock_descriptor(file.fileno())
        yield file


def append(file: FileIO, record: Mapping[str, object]) -> None:
    """Write ``record`` as one line, with one write, at the end of a file that is held.

    A line that was left unfinished is ended first. When not all of the new one fits, none of it stays.

    Raises:
        OSError: it cannot be written.
    """
    # A lone surrogate becomes the escape that JSON has for it.
    line = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        line = line if file.read(1) == b"\n" else b"\n" + line
    if file.write(line) != len(line):
        file.truncate(size)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
