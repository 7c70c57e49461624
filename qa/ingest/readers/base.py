"""The values that readers return: pieces of text, each with its place, and the metadata of the file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from qa.errors import UserError

MAX_BYTES = 200_000_000
"""The size limit of a file, which is in memory more than once while it is read. Set by hand."""

MAX_CHARS = 5_000_000
"""The character limit of one document: about ten thick books. Set by hand, so that no file keeps a machine
busy for long; a megabyte of text takes minutes to embed."""

MAX_PIECES = 100_000
"""The limit of pieces, such as rows of a table, of one document: fifty characters each at ``MAX_CHARS``."""

TOO_LARGE = f"it is larger than {MAX_BYTES // 1_000_000} MB; split it"
TOO_MUCH_MEMORY = "reading it takes too much memory; split it"

OCR_OFF = "its pages are images; text recognition (OCR) is off"
"""The reason why a picture is left out, or a scanned PDF (:func:`ocr_off`). Who runs Attest is told how to
turn recognition on."""

_PAGES = re.compile(r"images \(([\d,]+) pages?\);")

NEEDS_OFFICE = (
    "it is in a format that LibreOffice converts; install LibreOffice, or save it in a newer format"
)
"""The reason why a file is left out that is read through LibreOffice."""

NEEDS_TESSERACT = "text recognition needs Tesseract; install tesseract-ocr"
"""The reason why a scanned file is left out although text recognition is on."""

NEEDS_PROGRAM = frozenset({NEEDS_OFFICE, NEEDS_TESSERACT})
"""The reasons that do not lie in a file: once the program is installed, the same file can be read."""

MARKDOWN = (".markdown", ".md")
"""Endings of Markdown."""

_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def ocr_off(pages: int) -> str:
    """Return why files with so many ``pages`` to recognise are left out."""
    return OCR_OFF.replace(";", f" ({pages:,} page{'' if pages == 1 else 's'});")


def pages_to_recognise(reason: str) -> int:
    """Return how many pages a ``reason`` of :func:`ocr_off` speaks of. A picture is one."""
    found = _PAGES.search(reason)
    return int(found[1].replace(",", "")) if found else int(reason == OCR_OFF)


class ImagesError(UserError):
    """A file has images of pages, and no text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one place in a file."""

    label: str
    """Such as ``page 3`` or ``section Results``; empty for none."""
    text: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """The text and metadata of a file, not normalised yet."""

    pieces: tuple[Piece, ...]
    metadata: Mapping[str, object] = field(default_factory=dict)
    """``title``, ``author``, ``publisher``, ``place``, ``date`` (ISO 8601), and ``heading``, which is used
    where there is no title."""


def within_limits(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the ``pieces`` that have text. They are taken one by one, and none is made beyond the limits.

    Raises:
        UserError: there are more than ``MAX_CHARS`` characters or ``MAX_PIECES`` pieces.
    """
    kept: list[Piece] = []
    size = 0
    for piece in pieces:
        if not piece.text.strip():
            continue
        size += len(piece.text)
        if size > MAX_CHARS:
            raise UserError(f"it has more than {MAX_CHARS:,} characters of text; split it")
        kept.append(piece)
        if len(kept) > MAX_PIECES:
            raise UserError(f"it has more than {MAX_PIECES:,} rows, pages or sections; split it")
    return tuple(kept)


def line_feeds(text: str) -> str:
    """Return ``text`` with a line feed at the end of every line."""
    return _LINE_END.sub("\n", text)


def line_starts(text: str) -> list[int]:
    """Return the offset at which each line of ``text`` begins."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n")[:-1])]
