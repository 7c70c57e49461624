"""Find the unit that a table states for a number of it, where the number itself has none. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from qa.figures.cells import Cell, cells_of
from qa.figures.tables import Table, table_at
from qa.nlp.periods import YEAR
from qa.nlp.tables import is_numbered
from qa.quantities.quantities import NO_UNIT
from qa.quantities.stated_units import bare_unit_place, place_in_heading, place_in_name
from qa.schema import Document, ShortAnswer, Span, StatedUnit


def state_unit(short: ShortAnswer, documents: Mapping[str, Document]) -> ShortAnswer:
    """Return ``short`` with the unit that its table states for it, if it is a number without one."""
    table = table_at(documents[short.span.doc_id], short.span.start)
    if table is None:
        return short
    cell = next((each for each in cells_of(table, "") if each.span.overlaps(short.span)), None)
    if cell is None or cell.own_unit:
        return short
    place = _place(cell, table) if cell.quantity.unit != NO_UNIT else _bare_place(cell, table)
    return replace(short, unit=StatedUnit(place.cut(documents), place)) if place else short


def _place(cell: Cell, table: Table) -> Span | None:
    """Return where the unit of ``cell`` is stated: as a whole, or else its currency or its magnitude."""
    unit, part = cell.quantity.unit, None
    for span, at_end in _namers(cell, table):
        text = table.document.text[span.start : span.end]
        place_in = place_in_name if at_end else place_in_heading
        if found := place_in(text, table.document.language or "en"):
            stated, start, end = found
            here = Span(span.doc_id, span.start + start, span.start + end)
            if (stated.key, stated.scale) == (unit.key, unit.scale):
                return here
            part = part or (here if stated.key == unit.key or stated.scale == unit.scale > 1 else None)
    return part


def _bare_place(cell: Cell, table: Table) -> Span | None:
    """Return where the column or the row of ``cell`` has a unit that no computing goes by, or the heading of
    columns of years has one: "Energy, MWh".
    """
    language = table.document.language or "en"
    for span, at_end in _namers(cell, table):
        text = table.document.text[span.start : span.end]
        found = bare_unit_place(text, language) if at_end else None
        if not at_end and YEAR.search(cell.column.text) and not place_in_heading(text, language):
            stated = place_in_name(text, language)
            found = stated[1:] if stated else None
        if found:
            return Span(span.doc_id, span.start + found[0], span.start + found[1])
    return None


def _namers(cell: Cell, table: Table) -> Iterator[tuple[Span, bool]]:
    """Yield where the unit of ``cell`` may be stated, the nearest first, and whether at the end of a name."""
    document = table.document
    line, row = next((line, row) for line, row in table.lines if line == cell.line)
    own = next(each for each in row if line.start + each.shown <= cell.span.start < line.start + each.stop)
    if not is_numbered(own.column):
        yield Span(document.id, line.start + own.start, line.start + own.start + len(own.column)), True
    if own is not row[0]:
        yield Span(document.id, line.start + row[0].shown, line.start + row[0].end), True
    end = table.start
    for caption in table.caption.splitlines()[::-1]:
        start = document.text.rindex(caption, 0, end)
        yield Span(document.id, start, start + len(caption)), False
        end = start
    if table.unit_line:
        yield table.unit_line, False
    for heading in sorted(document.headings, key=lambda each: -each.start):
        if heading.start < table.start < heading.end:
            words = r"\s+".join(map(re.escape, heading.text.split()))
            if match := re.compile(words).match(document.text, heading.start):
                yield Span(document.id, *match.span()), False
