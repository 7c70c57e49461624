"""The numbers of quotes with what names them: rows and columns of tables, or words of a sentence. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.figures.tables import Table, counts_pieces, row_at
from qa.nlp.tables import is_numbered
from qa.nlp.terms import content_terms
from qa.quantities.quantities import Quantity, Unit, is_year, quantities_in
from qa.quantities.stated_units import unit_named, without_unit
from qa.schema import Document, Quote, Span, headings_at

_SIGNS = frozenset("$€£¥₽₹")
"""Of currencies: not their codes, which are written out where the number stands for itself."""

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
            if counts_pieces(f"{first} {column}"):
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
        if not row_at(document.text, start) and "\n" not in quote.text.strip():
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
