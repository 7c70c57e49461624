"""The numbers of quotes with what names them: rows and columns of tables, or words of a sentence. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.nlp.tables import Row, have_columns, is_numbered, read_row
from qa.nlp.terms import content_terms, terms
from qa.quantities.quantities import NO_UNIT, Quantity, Unit, is_year, quantities_in
from qa.quantities.stated_units import unit_headed, unit_named, without_unit
from qa.query.answer_type import PEOPLE
from qa.query.financial_statements import find_titles
from qa.schema import Document, Quote, Span, headings_at

MAX_ROWS = 1_000
"""Rows of one table that are looked at above and below a quote: of a longer one a part is read."""

_MAX_CAPTION = 160
"""Characters of the longest line above a table that is taken for its caption."""

_SIGNS = frozenset("$€£¥₽₹")

_MAX_BETWEEN = 3
"""Lines without figures that may divide a table: "Liabilities", "Current liabilities"."""

_REACH = 10_000
"""Characters from the title of a statement to its rows, at most: more than a page has."""

_PERIOD = re.compile(
    r"(?:(?:FY|CY|[HQ][1-4])[\s-]?)?'?(?:1[5-9]|20)\d\d(?:/\d\d(?:\d\d)?)?|[HQ][1-4]", re.IGNORECASE
)
_PERIOD_NAME = re.compile(
    r"\W*(?:(?:fiscal|financial|calendar)\s)?(?:years?|dates?|periods?|quarters?|months?|founded|built|since"
    r"|jahr|année|año|anno|ano|год)\W*",
    re.IGNORECASE,
)
"""Names of columns of times: below them is no number to compute with."""

_NUMBERED = re.compile(r"\W*(?:no|nr|id|code|number|num|item|line|page|rank|phone|zip|postcode|#)\W*", re.I)
"""Names of columns of numbers that count nothing."""


_NO_MONEY = PEOPLE | frozenset(
    terms(
        """number count headcount employees staff workers users clients passengers visitors students
        shares units sites stores rate ratio margin percent percentage share per days hours"""
    )
)
"""Stems of what is not counted in the currency that stands over a table, but in pieces."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a number: of its row or column."""

    text: str
    words: frozenset[str]
    """Stems, without stop words and without the unit in brackets."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with what names it."""

    quantity: Quantity
    """Under the units that the table states."""
    span: Span
    """Of the number in its document."""
    line: Span
    """Of the row or sentence that it stands in: the quote."""
    keys: tuple[Name, ...]
    """The names of the row: its first cell, and its other cells that are words or times."""
    column: Name
    """Empty where the column has no name, and in sentences."""
    above: frozenset[str]
    """Stems of the title, the file's name, the headings and the caption above."""
    table: int
    """The offset at which the cell's table begins; -1 for a sentence."""
    own_unit: bool
    """True if the number states its whole unit itself. A sign does not in a table of millions, where it
    stands before the first number and the totals: "$ 5,349".
    """

    @property
    def words(self) -> frozenset[str]:
        """All stems that name the number."""
        return self.column.words.union(self.above, *(key.words for key in self.keys))


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
    row = _row_at(text, start)
    if not row:
        return None
    columns = {cell.column: None for cell in row}
    lines = [(Span(document.id, start, _line_end(text, start)), row)]
    for step in (_before, _after):
        at, taken = start, 0
        while taken < MAX_ROWS and (found := step(text, at)) is not None:
            at = found
            row = _row_at(text, at)
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


def _row_at(text: str, start: int) -> Row:
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
        if row := _row_at(text, at):
            if not {cell.column for cell in row} & set(columns):
                return None
            between, is_own = 0, False
            continue
        line = text[at : _line_end(text, at)]
        if unit_headed(line, language):
            return Span(document.id, at, at + len(line))
        is_other = is_own and content_terms(line) & _NO_MONEY
        if is_other or between == _MAX_BETWEEN or len(line) > _MAX_CAPTION or any(map(str.isdigit, line)):
            return None
        between += 1
    return None


def cells_of(table: Table, asked_in: str) -> list[Cell]:
    """Return the numbers of ``table`` with their names, for a question in the language ``asked_in``."""
    document, language = table.document, table.document.language or "en"
    above = _above(document, table.start, asked_in, table.caption)
    unit = table.unit
    cells: list[Cell] = []
    for line, row in table.lines:
        text = document.text[line.start : line.end]
        keys: list[Name] = []
        numbers: list[tuple[str, Quantity, Quantity]] = []
        for i, cell in enumerate(row):
            shown = text[cell.shown : cell.end]
            column = "" if is_numbered(cell.column) else cell.column
            found = None if _is_key(shown, column) else _single(shown, language)
            if found is None:
                keys.append(_name(shown, language, asked_in))
                continue
            number = replace(found, start=found.start + cell.shown, end=found.end + cell.shown)
            named = unit_named(column, language)
            first = text[row[0].shown : row[0].end] if i else ""
            stated = _both(_both(named, unit_named(first, language)), unit)
            if content_terms(f"{first} {column}") & _NO_MONEY:
                stated = _both(named, unit_named(first, language))
            numbers.append((column, number, number.within(stated)))
        cells += [
            Cell(
                quantity=within,
                span=Span(document.id, line.start + bare.start, line.start + bare.end),
                line=line,
                keys=tuple(keys),
                column=_name(column, language, asked_in),
                above=above,
                table=table.start,
                own_unit=bool(bare.unit.key)
                and not (bare.unit.text in _SIGNS and within.unit.scale > bare.unit.scale),
            )
            for column, bare, within in numbers
        ]
    return cells


def class_words(table: Table, asked_in: str) -> frozenset[str]:
    """Return the stems of the names of the columns whose cells name the rows: "plant" over the plants."""
    document = table.document
    names = {
        cell.column
        for line, row in table.lines
        for cell in row
        if cell.column
        and _is_key(document.text[line.start + cell.shown : line.start + cell.end], cell.column)
    }
    return frozenset().union(*(content_terms(name, asked_in) for name in names))


def _both(own: Unit, above: Unit) -> Unit:
    """Return the unit of a name under what stands above it."""
    if not own.key:
        return own if own.scale > 1 else above
    if own.key == "percent" or own.scale > 1 or (above.key and above.key != own.key):
        return own
    return replace(own, scale=above.scale) if above.key == own.key else own


def _is_key(shown: str, column: str) -> bool:
    """Return whether the text of a cell names its row: words, a time, or a number that counts nothing."""
    if not any(map(str.isdigit, shown)):
        return True
    return bool(_PERIOD_NAME.fullmatch(column) or _NUMBERED.fullmatch(column)) or (
        not column and bool(_PERIOD.fullmatch(shown.strip()))
    )


def _single(shown: str, language: str) -> Quantity | None:
    """Return the quantity that a cell is; None where it is words with a number, or several numbers."""
    text = shown.replace("$ ", "$").strip()
    offset = shown.find(text) if text in shown else -1
    if offset < 0:
        text, offset = shown, 0
    found = list(quantities_in(text, language))
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + text[found[0].end :]
    if len(re.findall(r"[^\W\d_]", rest)) > (len(found[0].unit.text) if found[0].unit.counted else 0):
        return None
    return replace(found[0], start=found[0].start + offset, end=found[0].end + offset)


def _name(text: str, language: str, asked_in: str) -> Name:
    """Return a name in ``language`` with its stems: those of the language of the question, as its words have
    them.
    """
    return Name(text, content_terms(without_unit(text, language), asked_in))


def _above(document: Document, offset: int, asked_in: str, caption: str = "") -> frozenset[str]:
    texts = (document.title, document.file_words, caption, *headings_at(document.headings, offset))
    return frozenset().union(*(content_terms(text, asked_in) for text in texts))


def cells_in_sentences(
    quotes: Sequence[Quote], documents: Mapping[str, Document], asked_in: str
) -> list[Cell]:
    """Return the numbers in those of ``quotes`` that are sentences and no rows, each with the time that is
    said of it, if several are.
    """
    cells: list[Cell] = []
    for quote in quotes:
        document = documents[quote.span.doc_id]
        start = document.text.rfind("\n", 0, quote.span.start) + 1
        if not _row_at(document.text, start) and "\n" not in quote.text.strip():
            cells += _said(quote, document, asked_in)
    return cells


_TIME = re.compile(
    r"(?:in|for|during|by|at the end of|im Jahr|en|em|nel|в)\s+(?:the\s+|fiscal\s+|year\s+)*"
    r"((?:(?:FY|[HQ][1-4])\s?)?(?:1[5-9]|20)\d\d)\b",
    re.IGNORECASE,
)


def _said(quote: Quote, document: Document, asked_in: str) -> list[Cell]:
    language = document.language or "en"
    text = quote.text
    found = [each for each in quantities_in(text, language) if not _is_time(each, text)]
    times = {match.start(): match[1] for match in _TIME.finditer(text)}
    if not found or len(found) > max(1, len(times)):
        return []
    bound: list[str] = []
    free = dict(times)
    for each in found:
        after = next((at for at in free if each.end <= at <= each.end + _NEAR), None)
        bound.append(free.pop(after) if after is not None else "")
    loose = [i for i, time in enumerate(bound) if not time]
    if len(loose) == 1 and len(free) == 1:
        bound[loose[0]] = free.popitem()[1]
    elif (len(found) > 1 and (loose or free)) or (len(found) == 1 and len(times) > 1):
        return []
    without_times = _TIME.sub(" ", text)
    words = content_terms(without_times, asked_in)
    return [
        Cell(
            quantity=quantity,
            span=Span(document.id, quote.span.start + quantity.start, quote.span.start + quantity.end),
            line=quote.span,
            keys=(Name(text, words), *([Name(time, content_terms(time, asked_in))] if time else [])),
            column=Name("", frozenset()),
            above=_above(document, quote.span.start, asked_in),
            table=-1,
            own_unit=True,
        )
        for quantity, time in zip(found, bound, strict=True)
    ]


_NEAR = 24
"""Characters between a number and the time that is said of it: "7,685 million dollars in 2022"."""


def _is_time(quantity: Quantity, text: str) -> bool:
    return is_year(text[quantity.start : quantity.end])
