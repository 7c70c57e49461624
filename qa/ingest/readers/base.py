"""What a reader makes of a file: pieces of text, each with its place, and what the file says of itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from qa.errors import UserError

MAX_BYTES = 200_000_000
"""A larger file is not read: it would be held in memory more than once. Set by hand."""

MAX_CHARS = 5_000_000
"""Characters of one document: some ten thick books. Set by hand, so that no file keeps a machine busy for
long; a megabyte of text takes minutes to embed."""

MAX_PIECES = 100_000
"""Pieces, such as rows of a table, of one document: fifty characters each at ``MAX_CHARS``."""

TOO_MUCH_MEMORY = "reading it takes too much memory; split it"

OCR_OFF = "its pages are images; text recognition (OCR) is off"
"""The reason why a scanned PDF is left out. Whoever can turn recognition on is told how where this is shown."""

_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


class ImagesError(UserError):
    """A file has images of pages, and no text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands in one place of a file."""

    label: str
    """``page 3``, ``section Results``; empty where there is nothing to say."""
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader made of a file. Nothing of it is normalised yet."""

    pieces: tuple[Piece, ...]
    metadata: Mapping[str, object] = field(default_factory=dict)
    """``title``, ``author``, ``publisher``, ``place``, ``date`` (ISO 8601), and ``heading``, which stands in
    for a title."""


def bounded(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """``pieces`` that have text, taken one by one, so that nothing is made beyond the bounds.

    Raises:
        UserError: they have more than ``MAX_CHARS`` characters, or are more than ``MAX_PIECES``.
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
    """``text`` in which every line ends with a line feed."""
    return _LINE_END.sub("\n", text)


def line_starts(text: str) -> list[int]:
    """The offset at which each line of ``text`` begins."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n")[:-1])]
