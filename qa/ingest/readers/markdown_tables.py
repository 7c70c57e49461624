"""The tables of Markdown, with bars between the cells."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from textwrap import dedent

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.ingest.readers.table_values import is_blank, may_name
from qa.ingest.readers.tables import Cell, rows_text

_RULE = frozenset("|-: \t")
"""The characters of the line below the names of a table's columns."""

_FENCE = re.compile(r" {0,3}(```|~~~)")
_MARKED = re.compile(r"(\*{1,3}|_{1,3}|`+)(.+)\1")
"""A cell that is set off as a whole."""

_FEWEST_ALIKE = 3
"""The fewest equal cells that say one thing. Set by hand: two may have the same value."""

_PARSER = MarkdownIt("commonmark").enable("table")
_PARSER.core.ruler.enableOnly(["normalize", "block"])
"""Finds the tables, in time that grows with the text, and leaves what is in their cells as it is."""


def with_table_lines(text: str) -> str:
    """Return Markdown ``text`` with a line for each row of its tables that can be read by itself
    (:func:`qa.ingest.readers.tables.read_table`); all else stays as it is, code in fences too.

    Raises:
        UserError: the lines of a table have more than ``MAX_CHARS`` characters.
    """
    lines = text.split("\n")
    for start, end in reversed(list(_blocks(lines))):
        lines[start:end] = _read(lines[start:end])
    return "\n".join(lines)


def outside_code(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the number of each line of Markdown that is not code in a fence, from 0, and the line."""
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and fence in {"", mark[1]}:
            fence = "" if fence else mark[1]
        elif not fence:
            yield number, line


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where lines with bars begin and end that may be a table."""
    barred = (number for number, line in outside_code(lines) if "|" in line)
    for _, group in groupby(enumerate(barred), lambda each: each[1] - each[0]):
        numbers = [number for _, number in group]
        start, end = numbers[0], numbers[-1] + 1
        if any(set(line.lstrip("> ")) <= _RULE for line in lines[start:end]):
            yield start, end


def _read(block: Sequence[str]) -> list[str]:
    """Return the lines of ``block`` with those of its tables in the place of their source."""
    lines = list(block)
    tokens = _PARSER.parse(dedent("\n".join(block)))
    opens = [index for index, token in enumerate(tokens) if token.type == "table_open"]
    for index in reversed(opens):
        end = next(at for at in range(index, len(tokens)) if tokens[at].type == "table_close")
        start, stop = tokens[index].map or (0, 0)
        lines[start:stop] = rows_text(list(_rows(tokens[index:end])), guess=False).split("\n")
    return lines


def _rows(tokens: Sequence[Token]) -> Iterator[list[Cell]]:
    row: list[Cell] = []
    for token, inline in pairwise(tokens):
        if token.type in {"th_open", "td_open"}:
            row.append(Cell(_shown(inline), header=token.type == "th_open"))
        elif inline.type == "tr_close":
            yield _merged(row)
            row = []


def _merged(row: list[Cell]) -> list[Cell]:
    """Return ``row`` as one cell over all columns where each of them has the same words: Markdown cannot say
    so, and this is what tools write for such a cell.
    """
    first = row[0]
    alike = len(row) >= _FEWEST_ALIKE and all(cell == first for cell in row)
    is_words = alike and may_name(first.text) and not is_blank(first.text)
    return [replace(first, columns=len(row))] if is_words else row


def _shown(inline: Token) -> str:
    """Return the text of a cell, without the marks of one that is bold as a whole."""
    marked = _MARKED.fullmatch(inline.content)
    return marked[2] if marked else inline.content
