"""Reads one file from standard input, in a process of its own: see :mod:`qa.readers.apart`."""

import json
import os
import sys

from qa.errors import UserError
from qa.readers import read
from qa.readers.apart import MEMORY


def main(name: str) -> None:
    """Write what a file called ``name`` holds, or why it cannot be read, to standard output as JSON."""
    _bound_memory()
    answer = os.dup(1)
    os.dup2(2, 1)  # a library that prints does not print into the answer
    try:
        found = read(sys.stdin.buffer.read(), name)
        metadata = {key: value for key, value in found.metadata.items() if isinstance(value, str)}
        said: dict[str, object] = {"pieces": [[p.label, p.text] for p in found.pieces], "metadata": metadata}
    except UserError as error:
        said = {"reason": str(error)}
    with os.fdopen(answer, "w", encoding="ascii") as file:
        json.dump(said, file)


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main(sys.argv[1])
