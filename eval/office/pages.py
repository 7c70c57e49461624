"""Pages of PDF files: covers, contents, running heads, page numbers, columns, tables over several pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    LongTable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from eval.office.prose import Filler

COVER, ONE_COLUMN, TWO_COLUMNS = "cover", "one column", "two columns"
"""Names of page templates."""

_WIDTH, _HEIGHT = A4
_MARGIN, _GUTTER = 22 * mm, 8 * mm
_SIZE = 9.5
"""Points; a page of one column then holds about 550 words."""

_BASE = getSampleStyleSheet()
BODY = ParagraphStyle("body", _BASE["BodyText"], fontSize=_SIZE, leading=1.35 * _SIZE, alignment=4)
CHAPTER = ParagraphStyle("chapter", _BASE["Heading1"], fontSize=18, leading=22, spaceAfter=10)
SECTION = ParagraphStyle("section", _BASE["Heading2"], fontSize=12.5, leading=16)
TITLE = ParagraphStyle("cover title", _BASE["Title"], fontSize=32, leading=40, alignment=0)
SUBTITLE = ParagraphStyle("cover line", SECTION, spaceBefore=8)
SMALL = ParagraphStyle("small", BODY, fontSize=7, leading=9, alignment=0)
CAPTION = ParagraphStyle("caption", BODY, fontName="Helvetica-Bold", spaceBefore=8, spaceAfter=4)
CELL = ParagraphStyle("cell", BODY, fontSize=8, leading=10, alignment=0)
_CONTENTS = [
    ParagraphStyle("contents", BODY, fontName="Helvetica-Bold", spaceBefore=4),
    ParagraphStyle("contents of a chapter", BODY, leftIndent=12),
]

Span = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell, each by its column and row, that are merged."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """The text on every page of a file but its cover."""

    head: str
    foot: str = ""
    numbers_from: int = 1
    """The number of the first page that has furniture; printed numbers and pages of the file may differ."""


class _Layout:
    """Lays a file out: its chapters and sections stand in its contents, and its heads name the chapter."""

    def __init__(self, paper: BaseDocTemplate, furniture: Furniture) -> None:
        self._paper = paper
        self._furniture = furniture
        self._chapter = ""
        width = _WIDTH - 2 * _MARGIN
        column = (width - _GUTTER) / 2
        height = _HEIGHT - 2 * _MARGIN
        whole = Frame(_MARGIN, _MARGIN, width, height, 0, 0, 0, 0)
        left = Frame(_MARGIN, _MARGIN, column, height, 0, 0, 0, 0)
        right = Frame(_MARGIN + column + _GUTTER, _MARGIN, column, height, 0, 0, 0, 0)
        paper.addPageTemplates(
            [
                PageTemplate(COVER, [Frame(_MARGIN, 80 * mm, width, 120 * mm)]),
                PageTemplate(ONE_COLUMN, [whole], onPageEnd=self._draw),
                PageTemplate(TWO_COLUMNS, [left, right], onPageEnd=self._draw),
            ]
        )
        # A file is laid out several times, until its contents fit.
        paper.beforeDocument = self._begin
        paper.afterFlowable = self._note_heading

    def _begin(self) -> None:
        self._chapter = ""

    def _note_heading(self, flowable: Flowable) -> None:
        if not isinstance(flowable, Paragraph) or flowable.style not in (CHAPTER, SECTION):
            return
        text = flowable.getPlainText()
        if flowable.style is CHAPTER:
            self._chapter = text
        self._paper.notify("TOCEntry", (int(flowable.style is SECTION), text, self._number()))

    def _number(self) -> int:
        return int(self._paper.page) + self._furniture.numbers_from - 1

    def _draw(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.drawString(_MARGIN, _HEIGHT - 14 * mm, self._furniture.head)
        canvas.drawRightString(_WIDTH - _MARGIN, _HEIGHT - 14 * mm, self._chapter)
        canvas.drawString(_MARGIN, 12 * mm, self._furniture.foot)
        canvas.drawRightString(_WIDTH - _MARGIN, 12 * mm, str(self._number()))
        canvas.restoreState()


def pdf(story: Sequence[Flowable], furniture: Furniture, **known: object) -> bytes:
    """Return a PDF of ``story``, with the same bytes each time; ``known`` are its properties."""
    file = BytesIO()
    paper = BaseDocTemplate(file, pagesize=A4, invariant=1, **known)
    _Layout(paper, furniture)
    paper.multiBuild(list(story))
    return file.getvalue()


def book(
    cover: Sequence[str],
    chapters: Iterable[tuple[str, Sequence[Flowable]]],
    furniture: Furniture,
    **known: object,
) -> bytes:
    """Return a PDF with a cover (a title, and smaller lines under it), a table of contents, and ``chapters``.
    Each of them begins a page.
    """
    first, *others = cover
    story: list[Flowable] = [
        _paragraph(first, TITLE),
        *(_paragraph(line, SUBTITLE) for line in others),
        *turn(ONE_COLUMN),
        _paragraph("Contents", ParagraphStyle("unlisted", CHAPTER)),
        TableOfContents(levelStyles=_CONTENTS, dotsMinLevel=0),
    ]
    for title, flowables in chapters:
        story += [*turn(ONE_COLUMN), chapter(title), *flowables]
    return pdf(story, furniture, **known)


def turn(template: str) -> list[Flowable]:
    """Begin a page with another template."""
    return [NextPageTemplate(template), PageBreak()]


def chapter(title: str) -> Flowable:
    """Return the heading of a chapter."""
    return _paragraph(title, CHAPTER)


def section(title: str) -> Flowable:
    """Return the heading of a section."""
    return _paragraph(title, SECTION)


def prose(*paragraphs: str) -> list[Flowable]:
    """Return paragraphs of plain text."""
    return [_paragraph(text, BODY) for text in paragraphs]


def sections(filler: Filler, titles: Sequence[str], paragraphs: int) -> list[Flowable]:
    """Return a section for each title, with paragraphs that answer nothing."""
    return [each for title in titles for each in (section(title), *prose(*filler.paragraphs(paragraphs)))]


def sections_in_columns(filler: Filler, titles: Sequence[str], paragraphs: int) -> list[Flowable]:
    """Return a paragraph over the whole width, and sections in two columns from the next page on."""
    return [*prose(filler.paragraph()), *turn(TWO_COLUMNS), *sections(filler, titles, paragraphs)]


def footnote(text: str) -> Flowable:
    """Return a note in small print, as it stands under a table."""
    return _paragraph(text, SMALL)


def signatures(*names: tuple[str, str]) -> list[Flowable]:
    """Return lines to sign on, with names and offices under them."""
    lines: list[Flowable] = []
    for name, office in names:
        lines += [Spacer(1, 14 * mm), _paragraph("_" * 36, BODY), _paragraph(f"{name}, {office}", BODY)]
    return lines


def table(
    caption: str,
    head: Sequence[Sequence[str]],
    rows: Sequence[Sequence[str]],
    spans: Sequence[Span] = (),
    widths: Sequence[float] | None = None,
) -> list[Flowable]:
    """Return a table with its caption. Its head, of one row or more, is repeated on every page."""
    wrapped = [[_paragraph(row[0], CELL), *row[1:]] for row in rows]
    made = LongTable([*head, *wrapped], colWidths=widths, repeatRows=len(head), hAlign="LEFT")
    last = len(head) - 1
    made.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), "Helvetica", 8),
                ("FONT", (0, 0), (-1, last), "Helvetica-Bold", 8),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, last), (-1, last), 0.8, colors.black),
                ("LINEBELOW", (0, last + 1), (-1, -1), 0.2, colors.grey),
                *(("SPAN", first, second) for first, second in spans),
                *(("ALIGN", first, second, "CENTER") for first, second in spans),
            ]
        )
    )
    return [_paragraph(caption, CAPTION), made, Spacer(1, 4 * mm)]


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)
