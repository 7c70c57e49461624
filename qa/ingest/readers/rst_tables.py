"""The tables of reStructuredText: of grids, between borders, and of the directives that list their cells."""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from textwrap import dedent

from docutils import DataError
from docutils.parsers.rst.tableparser import GridTableParser, SimpleTableParser
from docutils.statemachine import StringList

from qa.ingest.readers.tables import Cell, rows_text

_MOST_LINES = 2_000
_WIDEST = 1_000
"""The size of a table, in lines and characters of a line, up to which docutils is given it: its time grows
with the square of both. A larger one stays as it is written."""

_GRID = re.compile(r"\s*\+(?:-+\+)+\s*$")
_BORDER = re.compile(r"\s*=+(?: +=+)+\s*$")
_DIRECTIVE = re.compile(r"(\s*)\.\. +([\w-]+)::(.*)$")
_OPTION = re.compile(r"\s+:([\w-]+):(.*)$")
_CODE = frozenset({"code", "code-block", "sourcecode", "parsed-literal", "math", "raw", "highlight"})
"""The directives whose text is no markup."""

_ITEM = re.compile(r"( *)\* +- ?(.*)$")
_DELIMITERS = {"tab": "\t", "space": " "}

_Rows = list[list[Cell]]


def with_table_lines(text: str) -> str:
    """Return ``text`` with a line for each row of its tables that can be read by itself
    (:func:`qa.ingest.readers.tables.read_table`); all else stays as it is. Other files are never opened.

    Raises:
        UserError: the lines of a table have more than ``MAX_CHARS`` characters.
    """
    lines = text.split("\n")
    for start, end, rows in reversed(list(_tables(lines))):
        indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
        lines[start:end] = [indent + line for line in rows_text(rows, guess=False).split("\n")]
    return "\n".join(lines)


def _tables(lines: Sequence[str]) -> Iterator[tuple[int, int, _Rows]]:
    """Yield where each table begins and ends, and its rows."""
    bottoms = [
        number + 1
        for number, line in enumerate(lines)
        if _BORDER.match(line) and not "".join(lines[number + 1 : number + 2]).strip()
    ]
    at = 0
    while at < len(lines):
        line, end, rows = lines[at], at + 1, None
        directive = _DIRECTIVE.match(line)
        if directive and directive[2] in {"csv-table", "list-table"}:
            end = _indented(lines, at)
            rows = _listed(directive[2], lines[at + 1 : end])
            title = directive[3].strip()
            rows = [[Cell(title)], *rows] if rows and title else rows
        elif (directive and directive[2] in _CODE) or (not directive and line.rstrip().endswith("::")):
            end = _indented(lines, at)
        elif _GRID.match(line):
            end = _while(lines, at, "+|")
            rows = _parsed(GridTableParser(), lines[at:end])
        elif _BORDER.match(line):
            # It goes on until a border with an empty line below.
            below = bisect_right(bottoms, at + 2)
            if below < len(bottoms) and bottoms[below] - at <= _MOST_LINES:
                end = bottoms[below]
                rows = _parsed(SimpleTableParser(), lines[at:end])
        if rows:
            yield at, end, rows
        at = end


def _indented(lines: Sequence[str], at: int) -> int:
    """Return where the block ends that is indented below line ``at``."""
    margin = len(lines[at]) - len(lines[at].lstrip())
    end = last = at + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][: margin + 1].isspace()):
        end += 1
        last = end if lines[end - 1].strip() else last
    return last


def _while(lines: Sequence[str], at: int, signs: str) -> int:
    end = at
    while end < len(lines) and lines[end].lstrip()[:1] in signs and lines[end].strip():
        end += 1
    return end


def _parsed(parser: GridTableParser | SimpleTableParser, lines: Sequence[str]) -> _Rows | None:
    """Return the rows of a table that is drawn; None where the drawing is not clear."""
    block = [line.rstrip() for line in dedent("\n".join(lines)).split("\n")]
    if not 2 < len(block) <= _MOST_LINES or max(map(len, block)) > _WIDEST:
        return None
    if isinstance(parser, GridTableParser) and len(set(map(len, block))) > 1:
        return None
    drawn = StringList(block, source="")
    drawn.pad_double_width(parser.double_width_pad_char)
    try:
        _, head, body = parser.parse(drawn)
    except (DataError, AssertionError, IndexError):
        return None
    return [
        [
            Cell(" ".join(text).strip(), rows + 1, columns + 1, header=number < len(head))
            for rows, columns, _, text in filter(None, row)
        ]
        for number, row in enumerate([*head, *body])
    ]


def _listed(kind: str, block: Sequence[str]) -> _Rows | None:
    """Return the rows of a table whose cells are listed; None where they are not clear."""
    options: dict[str, str] = {}
    start = 0
    while start < len(block) and (option := _OPTION.match(block[start])):
        options[option[1]] = option[2].strip()
        start += 1
    text = dedent("\n".join(block[start:])).strip("\n")
    heads, stubs = (_number(options.get(name, "")) for name in ("header-rows", "stub-columns"))
    if kind == "csv-table":
        delimiter = options.get("delim", ",")
        delimiter = _DELIMITERS.get(delimiter, delimiter)[:1]
        try:
            head = list(csv.reader([options.get("header", "")], skipinitialspace=True))
            read = csv.reader(text.split("\n"), delimiter=delimiter or ",", skipinitialspace=True)
            rows = [*filter(None, head), *filter(None, read)]
        except (csv.Error, TypeError):
            return None
        heads += bool(options.get("header"))
    else:
        rows = list(_items(text.split("\n")))
        if len(set(map(len, rows))) != 1:
            return None
    return [
        [Cell(cell, header=number < heads or column < stubs) for column, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]


def _items(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the cells of each item of a list of lists."""
    row: list[str] = []
    margin = 0
    for line in lines:
        if item := _ITEM.match(line):
            if row:
                yield row
            row, margin = [item[2].strip()], line.index("-")
        elif row and line[margin : margin + 1] == "-" and not line[:margin].strip():
            row.append(line[margin + 1 :].strip())
        elif row and line.strip():
            row[-1] = f"{row[-1]} {line.strip()}"
    if row:
        yield row


def _number(option: str) -> int:
    return int(option) if option.isdecimal() else 0
