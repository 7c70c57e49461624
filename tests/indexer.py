"""Indexes folders, each in a process of its own that can be killed: run ``python tests/indexer.py``.

For every line ``CORPUS<tab>INDEX`` it forks, writes the child's number, and when that has ended its status.
"""

import os
import sys
from pathlib import Path

from fakes import IDENTITY, FakeEncoder

from qa.files import survey
from qa.local_store import LocalStore
from qa.updating import update_index


def run(corpus: Path, folder: Path) -> None:
    """Index ``corpus`` as the command line does."""
    update_index(LocalStore(folder, IDENTITY), survey([corpus]), FakeEncoder())


def main() -> None:
    """Serve standard input."""
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
