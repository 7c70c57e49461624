"""The tables of a page."""

import re
from collections.abc import Iterator

from lxml import etree

from qa.ingest.readers.html_text import HEADINGS, Styles, line_of
from qa.ingest.readers.table_values import is_period, is_value
from qa.ingest.readers.tables import Cell, table_lines

_DIGITS = re.compile(r"\s*(\d{1,9})", re.ASCII)
_MAX_COLUMNS = 1_000
"""The columns of one cell, as the HTML standard limits them; its rows end with their part of the table."""

_ORDER = {"thead": 0, "tfoot": 2}
"""Where a part of a table is shown; other rows are between."""


def is_of_data(table: etree._Element) -> bool:
    """Whether a table contains data. One with a table or heading inside it is there for the page's layout."""
    return not any(True for _ in table.iterdescendants("table", *HEADINGS))


def lines_of(table: etree._Element, styles: Styles) -> Iterator[str]:
    """Yield the lines of a table, its caption first."""
    caption = table.find("caption")
    title = "" if caption is None or styles.hide(caption) else line_of(caption, styles)
    yield from (line for _, line in table_lines(_rows(table, styles), title))


def _rows(table: etree._Element, styles: Styles) -> Iterator[list[Cell]]:
    parts: dict[etree._Element, list[etree._Element]] = {}
    for row in table.iter("tr"):
        part = row.getparent()
        if part is not None and not styles.hide(row) and not styles.hide(part):
            parts.setdefault(part, []).append(row)
    for part, rows in sorted(parts.items(), key=lambda each: _ORDER.get(str(each[0].tag), 1)):
        for index, row in enumerate(rows):
            cells = [cell for cell in row if cell.tag in {"td", "th"} and not styles.hide(cell)]
            bold = [cell for cell in cells if _is_bold_name(cell)]
            names = (
                set(bold) if bold == cells[:1] or bold == [cell for cell in cells if _text(cell)] else set()
            )
            for cell in cells:
                if part.tag == "thead" or cell.tag == "th":
                    names.add(cell)
            yield [_cell(cell, styles, cell in names, len(rows) - index) for cell in cells]


def _cell(element: etree._Element, styles: Styles, header: bool, below: int) -> Cell:
    """Return a cell, with ``below`` rows in its part of the table from its own on."""
    text = line_of(element, styles)
    rows = _span(element, "rowspan")
    return Cell(
        text, min(rows, below) if rows else below, min(_span(element, "colspan") or 1, _MAX_COLUMNS), header
    )


def _span(element: etree._Element, name: str) -> int:
    said = _DIGITS.match(element.get(name) or "1")
    return int(said[1]) if said else 1


def _is_bold_name(element: etree._Element) -> bool:
    """Whether all of a cell's text is in bold type, and no figure."""
    bold = "".join(_text(each) for each in element.iterdescendants("b", "strong"))
    return bool(bold) and bold == _text(element) and (is_period(bold) or not is_value(bold))


def _text(element: etree._Element) -> str:
    return "".join("".join(map(str, element.itertext())).split())
