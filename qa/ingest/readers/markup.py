"""Texts in light markup (reStructuredText, Org, AsciiDoc): the text as it is, with its sections as places,
but a line for each row of a table.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from qa.ingest.readers import asciidoc_tables, markdown_tables, rst_tables
from qa.ingest.readers.base import FileContent, Piece, line_feeds, within_limits
from qa.ingest.readers.encoding import decode

_Heading = tuple[int, int, str]
"""The lines of a heading, from the first to the one after the last, and its text."""

_ADORNMENT = re.compile(r"([!-/:-@[-`{-~])\1+\s*$")
"""A line below a heading of reStructuredText, or above and below it."""

_SHORTEST = 3
"""Least characters of a line below a longer heading: docutils takes a shorter one for text."""

_ORG = re.compile(r"\*+[ \t]+(\S.*)")
_ORG_STATE = re.compile(r"(?:TODO|DONE)\s+|\[#[A-Z]\]\s+|\s+:[\w@#%:]+:\s*$")
"""The state, priority and tags in a heading of Org."""

_ORG_BLOCK = re.compile(r"\s*#\+(begin|end)_", re.IGNORECASE)
_ORG_RULE = re.compile(r"^[ \t]*\|-[-+]*\|[ \t]*$", re.MULTILINE)
"""The line below the names of a table's columns in Org."""

_ASCIIDOC = re.compile(r"(?:={1,6}|#{1,6})[ \t]+(\S.*)")
_ASCIIDOC_BLOCK = re.compile(r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|```)\s*$")
_KNOWN = re.compile(r"^(?:#\+|:)(title|author|date|revdate):[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_KNOWN_CHARS = 5_000
"""The beginning of a file, where its title, author and date are written."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it.

    Raises:
        UserError: it is binary or too long.
    """
    text = line_feeds(decode(data))
    within_limits([Piece("", text)])
    lines = text.split("\n")
    ending = name.lower().rpartition(".")[2]
    headings = list(_FINDERS[ending](lines))
    known: dict[str, object] = {
        found[1].lower().removeprefix("rev"): found[2].strip()
        for found in _KNOWN.finditer(text[:_KNOWN_CHARS])
    }
    if headings:
        known["heading"] = headings[0][2]
    pieces = _pieces(lines, headings)
    tables = _TABLES[ending]
    return FileContent(within_limits(Piece(piece.label, tables(piece.text)) for piece in pieces), known)


def _org_tables(text: str) -> str:
    """Return ``text`` with the rows of its tables as lines; they differ from Markdown's in one line."""
    return markdown_tables.with_table_lines(_ORG_RULE.sub(lambda rule: rule[0].replace("+", "|"), text))


def _pieces(lines: Sequence[str], headings: Sequence[_Heading]) -> Iterator[Piece]:
    begins = [0, *(first for first, _, _ in headings), len(lines)]
    labels = ["", *(f"section {heading}" for _, _, heading in headings)]
    for label, (first, following) in zip(labels, pairwise(begins), strict=True):
        yield Piece(label, "\n".join(lines[first:following]))


def _rst_headings(lines: Sequence[str]) -> Iterator[_Heading]:
    """Yield the lines that have a line of signs below them, and the same above if there is one."""
    number = 0
    while number < len(lines) - 1:
        title, below = lines[number], _ADORNMENT.match(lines[number + 1])
        text = title.strip()
        above = lines[number - 1] if number else ""
        if below and text and not _ADORNMENT.match(title):
            length = len(lines[number + 1].rstrip())
            over = above.rstrip() == lines[number + 1].rstrip()
            alone = not above.strip() and not title[0].isspace()
            if (over or alone) and length >= min(len(text), _SHORTEST + 1):
                yield number - over, number + 2, text
                number += 1
        number += 1


def _org_headings(lines: Sequence[str]) -> Iterator[_Heading]:
    inside = False
    for number, line in enumerate(lines):
        if block := _ORG_BLOCK.match(line):
            inside = block[1].lower() == "begin"
        elif not inside and (heading := _ORG.match(line)):
            yield number, number + 1, _ORG_STATE.sub("", heading[1]).strip()


def _asciidoc_headings(lines: Sequence[str]) -> Iterator[_Heading]:
    fence = ""
    for number, line in enumerate(lines):
        block = _ASCIIDOC_BLOCK.match(line)
        if block and fence in {"", block[1]}:
            fence = "" if fence else block[1]
        elif not fence and (heading := _ASCIIDOC.match(line)):
            yield number, number + 1, heading[1].rstrip("=#").rstrip()


_FINDERS: Mapping[str, Callable[[Sequence[str]], Iterator[_Heading]]] = {
    "rst": _rst_headings,
    "org": _org_headings,
    "adoc": _asciidoc_headings,
    "asciidoc": _asciidoc_headings,
}

_TABLES: Mapping[str, Callable[[str], str]] = {
    "rst": rst_tables.with_table_lines,
    "org": _org_tables,
    "adoc": asciidoc_tables.with_table_lines,
    "asciidoc": asciidoc_tables.with_table_lines,
}
