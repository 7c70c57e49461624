"""The tables of a page."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from qa.ingest.readers.html_text import HEADINGS, Styles, line_of
from qa.ingest.readers.table_values import is_blank, is_figure, is_period, is_value
from qa.ingest.readers.tables import Cell, table_lines

_DIGITS = re.compile(r"\s*(\d{1,9})", re.ASCII)
_MAX_COLUMNS = 1_000
"""The columns of one cell, as the HTML standard limits them; its rows end with their part of the table."""

_WEIGHT = re.compile(r"(?:^|;)\s*font-weight\s*:\s*(\w+)", re.IGNORECASE)
_BOLD = frozenset("bold bolder 600 700 800 900".split())
"""The weights of type that browsers show in bold."""

_PAIR = 2
"""The cells of a row of a form: a name and its value."""

_ORDER = {"thead": 0, "tfoot": 2}
"""The order in which the parts of a table are shown; other rows are between."""


def is_of_data(table: etree._Element) -> bool:
    """Return whether a table contains data. One with a table or heading inside it is there for the page's
    layout.
    """
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
            if index == 0 and len(parts) == 1:
                beside = [cell for cell in cells if _is_beside(cell, len(rows))]
                yield from ([Cell(line_of(cell, styles))] for cell in beside)
                cells = [cell for cell in cells if cell not in beside]
            shown = [cell for cell in cells if _text(cell)]
            bold = [cell for cell in cells if _is_bold_name(cell, _tagged_text(cell))]
            names = set(bold) if bold in (cells[:1], shown) else set()
            if index == 0 and _are_bold_words(shown, rows[1:]) and not any(map(_bold_text, rows[1:2])):
                names.update(shown)
            for cell in cells:
                if part.tag == "thead" or cell.tag == "th":
                    names.add(cell)
            yield [_cell(cell, styles, cell in names, len(rows) - index) for cell in cells]


def _is_beside(cell: etree._Element, rows: int) -> bool:
    """Return whether a header cell stands beside all ``rows`` of a table: it names the table, as the caption
    of a picture does, and no column.
    """
    covered = _span(cell, "rowspan") or rows
    return cell.tag == "th" and rows > _PAIR and covered >= rows


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


def _is_bold_name(element: etree._Element, bold: str) -> bool:
    """Return whether all of a cell's text is ``bold``, and no figure."""
    return bool(bold) and bold == _text(element) and (is_period(bold) or not is_value(bold))


def _are_bold_words(cells: Sequence[etree._Element], below: Sequence[etree._Element]) -> bool:
    """Return whether a style makes all words of several cells bold: of three or more, or of two with nothing
    but figures ``below`` the second. Beside years a word is the title of the rows.
    """
    if len(cells) < _PAIR or (len(cells) == _PAIR and not _end_in_figures(below)):
        return False
    return not any(is_period(_text(cell)) or not _is_bold_name(cell, _bold_text(cell)) for cell in cells)


def _end_in_figures(rows: Sequence[etree._Element]) -> bool:
    """Return whether each of ``rows`` is a cell and a figure, with its signs in cells of their own."""
    values = []
    for row in rows:
        _, *after = [_text(cell) for cell in row if cell.tag in {"td", "th"} and _text(cell)] or [""]
        values.append("".join(after))
    figures = [value for value in values if not is_blank(value)]
    return len(figures) > 1 and all(map(is_figure, figures))


def _tagged_text(element: etree._Element) -> str:
    return "".join(_text(each) for each in element.iterdescendants("b", "strong"))


def _text(element: etree._Element) -> str:
    return "".join("".join(map(str, element.itertext())).split())


def _bold_text(element: etree._Element) -> str:
    """Return what of an element's text is in bold type, by its tags or their styles, without spaces."""
    parts: list[str | None] = []
    weights = [False]
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            weights.append(_is_bold(inner, inherited=weights[-1]))
            parts.append(inner.text if weights[-1] else None)
        else:
            weights.pop()
            parts.append(inner.tail if weights[-1] else None)
    return "".join("".join(filter(None, parts)).split())


def _is_bold(element: etree._Element, *, inherited: bool) -> bool:
    weight = _WEIGHT.search(element.get("style") or "")
    return weight[1].lower() in _BOLD if weight else inherited or element.tag in {"b", "strong"}
