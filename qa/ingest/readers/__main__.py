"""Read or draw one file from standard input, in a process of its own (:mod:`qa.ingest.readers.sandbox`)."""

import base64
import json
import os
import signal
import sys
from collections.abc import Callable

from qa.errors import UserError
from qa.ingest.readers import read
from qa.ingest.readers.pdf_image import picture
from qa.ingest.readers.sandbox import MEMORY


def main(name: str, ocr: str) -> None:
    """Write what a file called ``name`` holds, or why it cannot be read, to standard output as JSON.

    With ``ocr``, pages that are pictures are recognised in these languages.
    """

    def said(data: bytes) -> dict[str, object]:
        found = read(data, name, ocr)
        metadata = {key: value for key, value in found.metadata.items() if isinstance(value, str)}
        return {"pieces": [[p.label, p.text] for p in found.pieces], "metadata": metadata}

    _answer(said)


def draw(page: str, quote: str) -> None:
    """Write a page of a PDF with a quote in a box, or why it cannot be drawn, to standard output as JSON."""

    def said(data: bytes) -> dict[str, object]:
        found = picture(data, int(page), quote)
        return {"png": base64.b64encode(found.png).decode(), "boxed": found.boxed}

    _answer(said)


def _answer(work: Callable[[bytes], dict[str, object]]) -> None:
    _bound_memory()
    answer = os.dup(1)
    os.dup2(2, 1)  # a library that prints does not print into the answer
    try:
        said = work(sys.stdin.buffer.read())
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
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it, though who started it may not hear that
    {"read": main, "draw": draw}[sys.argv[1]](*sys.argv[2:])
