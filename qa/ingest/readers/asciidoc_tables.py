"""The tables of AsciiDoc, between lines such as ``|===``."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.ingest.readers.tables import Cell, rows_text

_FENCE = re.compile(r"([|,:])===+\s*$")
_CODE = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,}|```)\s*$")
_ATTRIBUTES = re.compile(r"\[.*\]\s*$")
_COLUMNS = re.compile(r"cols=(?:\"([^\"]*)\"|([^,\]]*))")
_HEADER = re.compile(r"%[\w%]*header|options=\"?[\w,%]*header|opts=\"?[\w,%]*header")
_SPEC = re.compile(r"(?:(?<!\S)(?:(\d*)(?:\.(\d+))?([+*]))?(?:[<^>]|\.[<^>])*([adehlmsv])?)?(?<!\\)\|")
"""The beginning of a cell: how many columns and rows it covers or how often it comes again, how it is
aligned, its style, and a bar."""

_MOST = 1_000
"""The most columns and rows that a cell may cover, and the most that it may be repeated."""


class _Cell(NamedTuple):
    text: str
    columns: int
    rows: int
    header: bool


def with_table_lines(text: str) -> str:
    """Return ``text`` with a line for each row of its tables that can be read by itself
    (:func:`qa.ingest.readers.tables.read_table`); all else stays as it is, code in fences too.

    Raises:
        UserError: the lines of a table have more than ``MAX_CHARS`` characters.
    """
    lines = text.split("\n")
    for start, end in reversed(list(_blocks(lines))):
        known = start and _ATTRIBUTES.match(lines[start - 1])
        rows = _rows(lines[start][0], lines[start + 1 : end - 1], lines[start - 1] if known else "")
        if rows:
            lines[start - bool(known) : end] = rows_text(rows, guess=False).split("\n")
    return "\n".join(lines)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each table begins and ends."""
    begin, code = -1, ""
    for number, line in enumerate(lines):
        if begin < 0 and (mark := _CODE.match(line)) and code in {"", mark[1]}:
            code = "" if code else mark[1]
        elif not code and _FENCE.match(line):
            if begin < 0:
                begin = number
            elif line.rstrip() == lines[begin].rstrip():
                yield begin, number + 1
                begin = -1


def _rows(sign: str, lines: Sequence[str], attributes: str) -> list[list[Cell]] | None:
    """Return the rows of a table; None where its cells do not fill them."""
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    own_line = first == 0 and len(lines) > 1 and not lines[1].strip()
    head = int(bool(_HEADER.search(attributes)) or own_line)
    if sign != "|":
        read = csv.reader(filter(None, lines), delimiter=sign, skipinitialspace=True)
        return [
            [Cell(cell, header=number < head) for cell in row]
            for number, row in enumerate(filter(None, read))
        ]
    cells = list(_cells("\n".join(lines)))
    styles = _styles(attributes)
    width = len(styles) or sum(cell.columns for cell in _cells("".join(lines[first : first + 1])))
    rows: list[list[Cell]] = [[]]
    covered = [0] * width
    at = 0
    for cell in cells:
        if at >= width:
            rows.append([])
            covered = [max(left - 1, 0) for left in covered]
            at = _free(covered, 0)
        if at + cell.columns > width or any(covered[at : at + cell.columns]):
            return None
        named = cell.header or len(rows) <= head or styles[at : at + 1] == ["h"]
        rows[-1].append(Cell(cell.text, cell.rows, cell.columns, header=named))
        covered[at : at + cell.columns] = [cell.rows] * cell.columns
        at = _free(covered, at + cell.columns)
    return rows if cells and at >= width else None


def _free(covered: Sequence[int], at: int) -> int:
    """Return the first column from ``at`` on that no cell covers; the number of columns if there is none."""
    return next((i for i in range(at, len(covered)) if not covered[i]), len(covered))


def _cells(text: str) -> Iterator[_Cell]:
    """Yield the cells of a table in their order."""
    specs = list(_SPEC.finditer(text))
    ends = [*(spec.start() for spec in specs[1:]), len(text)]
    for spec, end in zip(specs, ends, strict=False):
        content = text[spec.end() : end]
        across, down = (min(int(number or 1), _MOST) for number in (spec[1], spec[2]))
        shown = " ".join(content.split()).replace("\\|", "|")
        if spec[3] == "*":
            yield from [_Cell(shown, 1, 1, spec[4] == "h")] * across
        else:
            yield _Cell(shown, across, down, spec[4] == "h")


def _styles(attributes: str) -> list[str]:
    """Return the style of each column that ``cols`` states, one letter or nothing."""
    found = _COLUMNS.search(attributes)
    columns = re.split("[,;]", (found[1] or found[2] or "").strip()) if found else []
    styles: list[str] = []
    for column in columns if any(columns) or len(columns) > 1 else ():
        times, star, rest = column.strip().rpartition("*")
        style = rest[-1:] if rest[-1:].isalpha() else ""
        styles += [style] * (min(int(times), _MOST) if star and times.isdecimal() else 1)
    return styles
