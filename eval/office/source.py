"""The texts from which documents of several formats are made, and the few marks in them.

A line that begins with ``# `` is a title, with ``## `` a heading, with ``- `` a numbered clause, with ``! ``
a signature; one between bars is a row of a table. Other lines make a paragraph, up to an empty line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

_SOURCES = Path(__file__).parent / "sources"


class Kind(StrEnum):
    """The kind of a block."""

    TITLE = "# "
    HEADING = "## "
    CLAUSE = "- "
    SIGNATURE = "! "
    TABLE = "|"
    PARAGRAPH = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A title, a heading, a clause, a paragraph, a signature or a table."""

    kind: Kind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def source_text(name: str) -> str:
    """Return the text of the source ``name``."""
    return (_SOURCES / f"{name}.txt").read_text(encoding="utf-8")


def blocks(name: str) -> Iterator[Block]:
    """Yield the blocks of the source ``name`` in their order."""
    for paragraph in source_text(name).split("\n\n"):
        for kind, lines in groupby(paragraph.strip("\n").split("\n"), _kind):
            match kind:
                case Kind.TABLE:
                    rows = tuple(tuple(map(str.strip, line.strip("|").split("|"))) for line in lines)
                    yield Block(kind, rows=rows)
                case Kind.PARAGRAPH:
                    yield Block(kind, " ".join(lines))
                case _:
                    for line in lines:
                        yield Block(kind, line.removeprefix(kind))


def _kind(line: str) -> Kind:
    return next(kind for kind in Kind if line.startswith(kind))
