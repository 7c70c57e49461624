"""Index folders, each in a process that can be killed: ``python -m tests.support.killable_indexer``.

For every line ``CORPUS<tab>INDEX`` it forks, writes the child's number, and when that has ended its status.
"""

import os
import sys
from pathlib import Path

from qa.index.stores.local import LocalStore
from qa.index.update import grow
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.ingest.documents import parse
from tests.support.fakes import IDENTITY, FakeEncoder


def run(corpus: Path, folder: Path) -> None:
    """Index ``corpus`` as the command line does."""
    update_index(LocalStore(folder, IDENTITY), survey([corpus]), FakeEncoder(), keep_days=30)


def main() -> None:
    """Serve standard input."""
    grow.FIRST_SECONDS, grow.FIRST_CHARACTERS = 0.01, 200  # steps as in a folder of any size
    parse(b"The harbour was closed.", "a.txt")  # loads what every child would load again
    for line in sys.stdin:
        corpus, folder = line.rstrip("\n").split("\t")
        child = os.fork()
        if not child:
            try:
                run(Path(corpus), Path(folder))
            finally:
                os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
