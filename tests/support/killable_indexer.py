"""Index folders, each in a process that can be killed: ``python -m tests.support.killable_indexer``.

For every line ``CORPUS<tab>INDEX<tab>KIND<tab>NUMBER`` it forks. The child kills itself before the change of
the disk that is that one of its kind, if it comes to that, and writes a line for every change that it makes.
The last line is its status, after a ``=``.
"""

import os
import re
import signal
import sys
from pathlib import Path

from qa.index.stores.local import LocalStore
from qa.index.update import grow
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.ingest.documents import parse
from tests.support.fakes import IDENTITY, FakeEncoder

_CHANGES = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}
"""The audit events of Python that change the disk; ``open`` if it is for writing."""

_WRITING = os.O_WRONLY | os.O_RDWR


def run(corpus: Path, folder: Path) -> None:
    """Index ``corpus`` as the command line does."""
    update_index(LocalStore(folder, IDENTITY), survey([corpus]), FakeEncoder(), keep_days=30)


def main() -> None:
    """Serve standard input."""
    grow.FIRST_SECONDS, grow.FIRST_CHARACTERS = 0.01, 200  # steps as in a folder of any size
    parse(b"The harbour was closed.", "a.txt")  # loads what every child would load again
    for line in sys.stdin:
        corpus, folder, kind, number = line.rstrip("\n").split("\t")
        child = os.fork()
        if not child:
            try:
                _watch_changes(folder, kind, int(number))
                run(Path(corpus), Path(folder))
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"={os.waitstatus_to_exitcode(status)}", flush=True)


def _watch_changes(folder: str, fatal: str, number: int) -> None:
    made = 0

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal made
        kind = _kind(event, args, folder)
        if kind and kind == fatal:
            made += 1
            if made == number:
                os.kill(os.getpid(), signal.SIGKILL)
        if kind:
            os.write(1, f"{kind}\n".encode())

    sys.addaudithook(hook)


def _kind(event: str, args: tuple[object, ...], folder: str) -> str:
    """Return what a change of ``folder`` does to which kind of file; empty for anything else."""
    if event not in _CHANGES or (event == "open" and not (isinstance(args[2], int) and args[2] & _WRITING)):
        return ""
    path = str(args[0])
    if event in {"os.remove", "os.rmdir"} and not path.startswith("/"):
        return f"{event} inside a folder"  # a tree is removed from the inside
    if not path.startswith(f"{folder}/"):
        return ""
    name, inside, _ = re.sub("[0-9a-f]{16,}", "*", path.removeprefix(f"{folder}/")).partition("/")
    return f"{event} inside {name}" if inside else f"{event} {name}"


if __name__ == "__main__":
    main()
