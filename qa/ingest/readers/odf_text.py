"""The text of OpenDocument files as it is shown: paragraphs, lists, tables, drawings, notes and comments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from qa.ingest.readers.base import MAX_CHARS
from qa.ingest.readers.chart_lines import chart_lines
from qa.ingest.readers.linear_math import superscript
from qa.ingest.readers.mathml import mathml_formula
from qa.ingest.readers.odf import Looks, OdfFile, tag
from qa.ingest.readers.odf_lists import BULLET, Lists, ListState
from qa.ingest.readers.remarks import Remark
from qa.ingest.readers.safe_xml import whole
from qa.ingest.readers.sections import Block
from qa.ingest.readers.tables import Cell, rows_text

PARAGRAPH, HEADING, COMMENT = tag("text:p"), tag("text:h"), tag("office:annotation")
_LIST, _ITEM, _OBJECT = tag("text:list"), tag("text:list-item"), tag("draw:object")
_TABLE, _ROW, _CELL = tag("table:table"), tag("table:table-row"), tag("table:table-cell")
_HEADER_ROWS: Final = tag("table:table-header-rows")
_ROW_GROUPS: Final = frozenset(
    {_HEADER_ROWS, *map(tag, ("table:table-rows", "table:table-row-group", "text:soft-page-break"))}
)
_NOT_SHOWN: Final = frozenset(
    map(
        tag,
        (
            *("text:tracked-changes", "office:forms", "office:scripts", "text:sequence-decls", "text:number"),
            *("text:variable-decls", "text:user-field-decls", "office:annotation-end", "text:ruby-text"),
            *("text:page-number", "text:page-count", "svg:title", "svg:desc", "draw:glue-point"),
            *("text:table-of-content-source", "text:illustration-index-source", "text:table-index-source"),
            *("text:object-index-source", "text:user-index-source", "text:alphabetical-index-source"),
            *("text:bibliography-source", "office:event-listeners", "presentation:notes", "table:shapes"),
        ),
    )
)
_WHITE_SPACE: Final = {tag("text:tab"): "\t", tag("text:line-break"): "\n"}
_SPACES: Final = tag("text:s")
_MOST_COLUMNS: Final = 16_384
"""The columns of the largest sheet that LibreOffice makes."""

_DRAWINGS: Final = f"{{{etree.QName(_OBJECT).namespace}}}"


@dataclass(slots=True)
class _Inline:
    """The text of a paragraph and what hangs on it."""

    words: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[etree._Element] = field(default_factory=list)
    comments: list[etree._Element] = field(default_factory=list)


@dataclass(slots=True)
class _Item:
    """The item of a list that is being read."""

    state: ListState
    level: int
    start: int | None = None
    counted: bool = True
    """True if its first paragraph has been read, which bears the number."""


class TextReader:
    """Reads the text of one document, once, in order: its lists count while it goes on."""

    def __init__(self, file: OdfFile) -> None:
        """Take the styles of a file."""
        self._file = file
        self._looks = Looks(file.roots())
        self._lists = Lists(file.roots())
        self._reading: list[etree._Element] = []
        """The documents inside this one that are being read: one may contain itself."""
        self.title = ""
        """The first paragraph in the style Title."""

    def is_hidden(self, element: etree._Element, family: str, attribute: str) -> bool:
        """Return whether the style of an element hides it."""
        return self._looks.of(element, family, attribute).hidden

    def blocks(self, container: Iterable[etree._Element], item: _Item | None = None) -> Iterator[Block]:
        """Yield the paragraphs, tables and remarks in an element."""
        for element in container:
            if element.tag in _NOT_SHOWN or _is_hidden(element):
                continue
            if element.tag in {PARAGRAPH, HEADING}:
                yield from self._paragraph(element, item)
            elif element.tag == _LIST:
                yield from self._list(element, item)
            elif element.tag == _TABLE:
                yield from self._table(element)
            elif element.tag == COMMENT:
                yield self.comment(element)
            elif element.tag == _OBJECT:
                yield from self._object(element)
            else:
                if element.tag.startswith(_DRAWINGS):
                    self._lists.begin_box()
                yield from self.blocks(element, item)

    def text(self, container: etree._Element) -> str:
        """Return all text in an element; what hangs on it follows it."""
        texts = (block.text.strip() for block in self.blocks(container))
        return "\n".join(filter(None, texts))

    def comment(self, element: etree._Element) -> Block:
        """Return a comment with who wrote it and when."""
        author = " ".join((element.findtext(tag("dc:creator")) or "").split())
        remark = Remark(author, element.findtext(tag("dc:date")) or "")
        return Block(remark.written(self.text(element)), aside=remark.label)

    def _list(self, element: etree._Element, item: _Item | None) -> Iterator[Block]:
        state = item.state if item else self._lists.begin(element, "")
        if item and (style := element.get(tag("text:style-name"))) and style != state.style:
            state = ListState(style, state.counts)
        level = item.level + 1 if item else 1
        for each in element:
            counted = each.tag != _ITEM  # a header of a list has no number
            value = each.get(tag("text:start-value"))
            start = whole(value, 1) if value is not None else None
            yield from self.blocks(each, _Item(state, level, start, counted))

    def _paragraph(self, element: etree._Element, item: _Item | None) -> Iterator[Block]:
        look = self._looks.of(element, "paragraph")
        if look.hidden:
            return
        found = self._inline(element)
        text = "".join(found.words)
        titled = "Title" in look.names
        if titled and not self.title:
            self.title = " ".join(text.split())
        mark = self._mark(element, item) if text.strip() else ""
        heading = (element.tag == HEADING or titled) and bool(text.strip())
        yield Block(f"{mark} {text.lstrip()}" if mark else text, heading)
        yield from self._attached(found)

    def _mark(self, element: etree._Element, item: _Item | None) -> str:
        """Return the number of a paragraph: as the file gives it, or counted."""
        mark = ""
        if item and not item.counted:
            item.counted = True
            mark = self._lists.item(item.state, item.level, item.start)
        elif element.tag == HEADING and not item and element.get(tag("text:is-list-header")) != "true":
            mark = self._lists.heading(whole(element.get(tag("text:outline-level")), 1))
        given = element.find(tag("text:number"))
        return " ".join((given.text or "").split()) if given is not None else mark

    def _attached(self, found: _Inline) -> Iterator[Block]:
        """Yield what hangs on a paragraph: its drawings, its notes, the comments on it."""
        for box in found.boxes:
            yield from self.blocks(box)
        for note in found.notes:
            body = note.find(tag("text:note-body"))
            text = self.text(body) if body is not None else ""
            yield Block(f"[{_citation(note)}] {text}" if text else "")
        yield from map(self.comment, found.comments)

    def _inline(self, paragraph: etree._Element) -> _Inline:
        found = _Inline()
        self._collect(paragraph, found, raised=False)
        return found

    def _collect(self, element: etree._Element, found: _Inline, raised: bool) -> None:
        found.words.append(_shown(element.text, raised))
        for child in element:
            self._take(child, found, raised)
            found.words.append(_shown(child.tail, raised))

    def _take(self, child: etree._Element, found: _Inline, raised: bool) -> None:
        if child.tag in _NOT_SHOWN or _is_hidden(child):
            return
        if child.tag == _SPACES:
            found.words.append(" " * min(whole(child.get(tag("text:c")), 1), MAX_CHARS))
        elif child.tag in _WHITE_SPACE:
            found.words.append(_WHITE_SPACE[child.tag])
        elif child.tag == tag("text:note"):
            found.words.append(f"[{_citation(child)}]")
            found.notes.append(child)
        elif child.tag == COMMENT:
            found.comments.append(child)
        elif child.tag.startswith(_DRAWINGS):
            formulas = [text for each in child.iter(_OBJECT) if (text := self._formula(each))]
            found.words += formulas
            found.boxes += [] if formulas else [child]
        else:
            look = self._looks.of(child, "text")
            if not look.hidden:
                self._collect(child, found, raised or look.raised)

    def _formula(self, element: etree._Element) -> str:
        """Return the formula in an embedded object; empty where it is something else."""
        root = self._embedded(element)
        return mathml_formula(root) if root is not None and root.tag == tag("math:math") else ""

    def _object(self, element: etree._Element) -> Iterator[Block]:
        """Yield the title and the rows of an embedded chart, the text of an embedded document, a formula."""
        root = self._embedded(element)
        if root is None:
            return
        if root.tag == tag("math:math"):
            yield Block(mathml_formula(root))
            return
        body = root.find(tag("office:body"))
        chart = None if body is None else body.find(f"{tag('office:chart')}/{tag('chart:chart')}")
        if body is not None and chart is None and body not in self._reading:
            self._reading.append(body)
            yield from self.blocks(body)
            self._reading.pop()
        if chart is None:
            return
        titles = (chart.find(tag(name)) for name in ("chart:title", "chart:subtitle"))
        lines = [self.text(title) for title in titles if title is not None]
        for table in chart.iterchildren(_TABLE):
            rows = [[cell.text for cell in row] for row, _ in self.rows(table, [])]
            lines += chart_lines(rows[0], filter(None, rows[1:])) if rows else ()
        yield Block("\n".join(filter(None, lines)))

    def _embedded(self, element: etree._Element) -> etree._Element | None:
        inside = element.find(tag("math:math"))
        if inside is not None:
            return inside
        href = element.get(tag("xlink:href"), "")
        return self._file.embedded_root(href) if href and ":" not in href else None

    def _table(self, table: etree._Element) -> Iterator[Block]:
        attached: list[Block] = []
        rows = [row for row, _ in self.rows(table, attached)]
        yield Block(rows_text(rows))
        yield from attached

    def rows(self, table: etree._Element, attached: list[Block]) -> Iterator[tuple[list[Cell], int]]:
        """Yield the cells of each row and how often it is repeated; ``attached`` gets what hangs on them.

        Empty cells fill a row up to the widest so far: files may leave them out, or claim thousands of them.
        """
        width = 0
        for row, header in _rows(table):
            cells: list[Cell] = []
            covered = False
            for cell in row:
                if cell.tag != _CELL:
                    covered = True
                    continue
                text = self._cell(cell, attached)
                columns = whole(cell.get(tag("table:number-columns-spanned")), 1)
                rows = whole(cell.get(tag("table:number-rows-spanned")), 1)
                times = whole(cell.get(tag("table:number-columns-repeated")), 1)
                if text:
                    cells += [Cell(text, rows, columns, header)] * min(times, _MOST_COLUMNS)
                else:
                    cells.append(Cell("", rows, columns * times, header))
            while cells and not cells[-1].text:
                cells.pop()
            filled = sum(cell.columns for cell in cells)
            width = max(width, filled)
            if 0 < filled < width and not covered:
                cells.append(Cell("", columns=width - filled))
            yield cells, whole(row.get(tag("table:number-rows-repeated")), 1)

    def _cell(self, cell: etree._Element, attached: list[Block]) -> str:
        """Return what a cell shows; remarks on it and tables inside it go to ``attached``.

        The bullet before a single item is left out: a cell of a slide is stored as a list.
        """
        texts: list[str] = []
        for each in cell:
            blocks = list(self.blocks([each]))
            if each.tag in {PARAGRAPH, HEADING, _LIST}:
                found = [block.text for block in blocks if not block.aside]
                single = each.tag == _LIST and len(found) == 1
                texts += [text.removeprefix(f"{BULLET} ") for text in found] if single else found
                attached += [block for block in blocks if block.aside]
            else:
                attached += blocks
        return "\n".join(texts) or _value(cell)


def _rows(table: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """Yield the rows of a table, and whether each is said to be a row of names."""
    waiting = [(each, False) for each in reversed(table)]
    while waiting:
        element, header = waiting.pop()
        if element.tag == _ROW:
            yield element, header
        elif element.tag in _ROW_GROUPS:
            header = header or element.tag == _HEADER_ROWS
            waiting += [(each, header) for each in reversed(element)]


def _value(cell: etree._Element) -> str:
    """Return the value of a cell that stores no text to show."""
    names = ("office:string-value", "office:date-value", "office:boolean-value", "office:value")
    return next((value for name in names if (value := cell.get(tag(name)))), "")


def _citation(note: etree._Element) -> str:
    return " ".join((note.findtext(tag("text:note-citation")) or "").split())


def _shown(text: str | None, raised: bool) -> str:
    shown = text or ""
    return superscript(shown) or shown if raised else shown


def _is_hidden(element: etree._Element) -> bool:
    """Return whether an element says by itself that it is not shown."""
    return element.get(tag("text:is-hidden")) == "true" or element.get(tag("text:display")) == "none"
