"""The table that a quote stands in, as its lines in a document. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.nlp.tables import Row, have_columns, is_numbered, read_row
from qa.nlp.terms import content_terms, terms
from qa.quantities.quantities import NO_UNIT, Unit
from qa.quantities.stated_units import unit_headed
from qa.query.answer_type import PEOPLE
from qa.query.financial_statements import find_titles
from qa.schema import Document, Quote, Span, headings_at

MAX_ROWS = 1_000
"""Rows of one table that are looked at above and below a quote: of a longer one a part is read."""

_MAX_CAPTION = 160
"""Characters of the longest line above a table that is taken for its caption."""

_MAX_BETWEEN = 3
"""Lines without figures that may divide a table: "Liabilities", "Current liabilities"."""

_REACH = 10_000
"""Characters from the title of a statement to its rows, at most: more than a page has."""

_NOT_MONEY = PEOPLE | frozenset(
    terms(
        """number count headcount employees staff workers users clients passengers visitors students
        shares units sites stores rate ratio margin percent percentage share per days hours"""
    )
)
"""Stems of what is not counted in the currency that stands over a table, but in pieces."""

_SUMS = frozenset(
    terms("cost expense expenditure income revenue compensation salary wage benefit tax loss profit")
)
"""Stems of sums of money, whoever they are for: the benefits of employees."""
_SHARES = frozenset(terms("number count share rate ratio margin percent percentage per"))
"""Stems of what no sum of money is: income per share."""


def counts_pieces(name: str) -> bool:
    """Return whether ``name``, of a row or column, is of something that is counted in pieces: "employees" and
    "income per share", but not "employee benefits" or "research expenses".
    """
    words = content_terms(name)
    return bool(words & _NOT_MONEY and (words & _SHARES or not words & _SUMS))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table, read as far as they reach around a quote."""

    start: int
    document: Document
    lines: tuple[tuple[Span, Row], ...]
    caption: str
    whole: bool
    """True if all of its rows were read."""
    unit_line: Span | None = None
    """The line further up that states a unit for this part of a financial statement."""

    @property
    def unit(self) -> Unit:
        """The magnitude and currency that the caption, the line of the unit or the nearest heading states."""
        line = [self.unit_line.cut({self.document.id: self.document})] if self.unit_line else []
        above = headings_at(self.document.headings, self.start)
        for text in (*self.caption.splitlines()[::-1], *line, *above[::-1]):
            if unit := unit_headed(text, self.document.language or "en"):
                return unit
        return NO_UNIT


def tables_around(quotes: Iterable[Quote], documents: Mapping[str, Document]) -> list[Table]:
    """Return the tables that rows among ``quotes`` stand in, each once."""
    tables: dict[tuple[str, int], Table] = {}
    for quote in quotes:
        document = documents[quote.span.doc_id]
        if table := table_at(document, quote.span.start):
            tables.setdefault((document.id, table.start), table)
    return list(tables.values())


def table_at(document: Document, offset: int) -> Table | None:
    """Return the table whose row is at ``offset``; None where that is no row. The rows of a table follow each
    other, with an empty line in between at most, and have their columns in common.
    """
    text = document.text
    start = text.rfind("\n", 0, offset) + 1
    row = row_at(text, start)
    if not row:
        return None
    columns = {cell.column: None for cell in row}
    lines = [(Span(document.id, start, _line_end(text, start)), row)]
    for step in (_before, _after):
        at, taken = start, 0
        while taken < MAX_ROWS and (found := step(text, at)) is not None:
            at = found
            row = row_at(text, at)
            if not row or not have_columns(row, list(columns)):
                break
            columns.update({cell.column: None for cell in row})
            lines.append((Span(document.id, at, _line_end(text, at)), row))
            taken += 1
    lines.sort(key=lambda line: line[0].start)
    first = lines[0][0].start
    unit_line = None if is_numbered(next(iter(columns))) else _unit_line(document, first, list(columns))
    return Table(first, document, tuple(lines), _caption(text, first), len(lines) <= MAX_ROWS, unit_line)


def _before(text: str, start: int) -> int | None:
    """Return where the line before the one at ``start`` begins, past one empty line; None without one."""
    end = start - 1
    if end > 0 and text[end - 1] == "\n":
        end -= 1
    return text.rfind("\n", 0, end) + 1 if end > 0 else None


def _after(text: str, start: int) -> int | None:
    """Return where the line after the one at ``start`` begins, past one empty line; None without one."""
    at = _line_end(text, start) + 1
    if text[at : at + 1] == "\n":
        at += 1
    return at if at < len(text) else None


def row_at(text: str, start: int) -> Row:
    """Return the row of the line that begins at ``start``; empty where it is none."""
    line = text[start : _line_end(text, start)]
    row = read_row(line) if line.strip() else ()
    return row if len(row) > 1 or (row and row[0].column) else ()


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _caption(text: str, start: int) -> str:
    """Return the one or two short lines right above a table."""
    lines = [line for line in text[max(0, start - 4 * _MAX_CAPTION) : start].split("\n") if line.strip()][-2:]
    return "\n".join(line for line in lines if 0 < len(line.strip()) <= _MAX_CAPTION)


def _unit_line(document: Document, start: int, columns: Sequence[str]) -> Span | None:
    """Return the line that states the unit of a part, with these ``columns`` and from ``start`` on, of a
    financial statement: "(Dollars in millions)" above its first rows, which lines such as "Current assets"
    divide from others. None where something else comes first, or where the part counts shares or people.
    """
    text, language = document.text, document.language or "en"
    before = bisect_right(document.places, start, key=lambda place: place.start)
    begin = max(document.places[before - 1].start if before else 0, start - _REACH)
    if not any(find_titles(text[begin:start])):
        return None
    at, between, is_own = start, 0, True
    while (above := _before(text, at)) is not None and above >= begin:
        at = above
        if row := row_at(text, at):
            if not {cell.column for cell in row} & set(columns):
                return None
            between, is_own = 0, False
            continue
        line = text[at : _line_end(text, at)]
        if unit_headed(line, language):
            return Span(document.id, at, at + len(line))
        is_other = is_own and counts_pieces(line)
        if is_other or between == _MAX_BETWEEN or len(line) > _MAX_CAPTION or any(map(str.isdigit, line)):
            return None
        between += 1
    return None
