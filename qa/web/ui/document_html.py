"""A document, or the image of one of its pages, as HTML with its quotes marked. Pure; everything that
documents say is escaped.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from qa.nlp.tables import find_tables
from qa.schema import Document, Span
from qa.web.addresses import document_address, quote_address
from qa.web.ui.quotes_html import highlight, lang_attribute, short_attributes
from qa.web.ui.table_html import text_html

BLOCK_CHARS = 4_000
"""Characters of a document in one block of the page, about. A browser lays out only the blocks in sight."""

_CONTENTS = (
    '<details class="contents"><summary>What is in this document</summary>'
    '<div class="found" aria-live="polite"></div></details>'
)
"""The panel above the text. It is filled when it is opened for the first time."""

_PICTURE_BUTTONS = (
    '<div class="picture-buttons"><button type="button" data-zoom="-1" aria-label="Zoom out">−</button>'
    '<output aria-label="Zoom">100%</output>'
    '<button type="button" data-zoom="1" aria-label="Zoom in">+</button>'
    '<button type="button" data-turn>Turn</button></div>'
)
"""The buttons above the image of a page. They work in the browser alone."""

_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def document_html(
    document: Document,
    spans: Sequence[Span] = (),
    tone: int = 1,
    *,
    short: Span | None = None,
    has_page_image: bool = False,
    html: str = "",
    address: str = "",
    message: str = "",
) -> str:
    """Return a whole document with ``spans`` marked, character for character, in the colour ``tone``.

    The words of a ``short`` answer are highlighted inside their mark. ``html`` stands before the text. If it
    ``has_page_image``, there is a button to show the page of the first span. The link to copy is that of the
    first span, or of the document; if the visitor came by an ``address``, it is that. A ``message`` says what
    is not as the address has it.

    Spans that overlap share one mark. Marks are numbered from 1 in the order of the text, as
    ``mark-1``, ``mark-2`` … Spans of other documents and empty spans are ignored. The text of the element
    ``text`` is the document's, unchanged.
    """
    date = f"{document.date} (from {document.date_source})" if document.date_source else document.date
    known = (date, document.author, document.publisher, document.place)
    about = "".join(f'<span dir="auto">{escape(part)}</span>' for part in known if part)
    steps = "".join(
        f'<button type="button" class="step" data-step="{step}" aria-label="{label}">{sign}</button>'
        for step, label, sign in ((-1, "Previous quote", "↑"), (1, "Next quote", "↓"))
    )
    page = '<button type="button" class="page">Show the page</button>' if has_page_image else ""
    copy = '<button type="button" class="copy-link">Copy link</button>'
    address = address or _address(document, spans)
    place = "".join(
        f' data-start="{span.start}" data-end="{span.end}" data-tone="{tone}"{short_attributes(short)}'
        for span in spans[:1]
    )
    return (
        f'<article class="document tone-{tone}" data-document="{escape(document.id)}"'
        f' data-address="{escape(address)}"{place}>'
        '<header class="bar"><nav><button type="button" class="close">Back to the quotes</button>'
        f'<button type="button" class="to-answer">Back to the answer</button>{steps}{page}{copy}</nav>'
        f'<h2 dir="auto" tabindex="-1" title="{escape(document.title)}">{escape(document.title)}</h2>'
        f"{_message_html(message)}</header>"
        f'<p class="about">{about}<span class="path" dir="auto">{escape(document.id)}</span></p>'
        f"{html}{_CONTENTS}"
        f'<div class="text" dir="auto"{lang_attribute(document.language)}>'
        f"{''.join(_blocks(document, list(_merged(document, spans)), short))}</div>"
        "</article>"
    )


def no_document_html(message: str, address: str) -> str:
    """Return a ``message`` in place of the document at ``address``."""
    return (
        f'<article class="document" data-address="{escape(address)}"><header class="bar"><nav>'
        '<button type="button" class="close">Back to the quotes</button></nav>'
        f'<h2 tabindex="-1">Document not found</h2>{_message_html(message)}</header></article>'
    )


def _message_html(text: str) -> str:
    return f'<p class="note" role="status">{escape(text)}</p>' if text else ""


def page_image_html(png: bytes, label: str, *, boxed: bool) -> str:
    """Return a page as an image to zoom and turn, under ``label``, which says what page it is."""
    caption = (
        f"{label}, with a box around the quote" if boxed else f"{label}. The quote could not be located."
    )
    data = base64.b64encode(png).decode()
    return (
        f'<figure class="picture" tabindex="-1">{_PICTURE_BUTTONS}'
        '<div class="sheet" tabindex="0" role="group" aria-label="Page">'
        f'<img src="data:image/png;base64,{data}" style="width: 100%" alt="{escape(caption)}"></div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _address(document: Document, spans: Sequence[Span]) -> str:
    if not spans:
        return document_address(document.id)
    return quote_address(spans[0], document.text[spans[0].start : spans[0].end])


def _blocks(document: Document, marks: Sequence[tuple[int, int]], short: Span | None) -> Iterator[str]:
    """Yield the text in blocks of whole lines. Neither a mark nor a row of a table is split between two."""
    tables = find_tables(document.text)
    rows = [row for table in tables for row in table.rows]
    within_rows = {
        line.end()
        for row in rows
        for line in _LINES.finditer(document.text, row[0].start, row[-1].stop)
        if line.end() < row[-1].stop
    }
    piece = _Marker(document.text, marks, short)
    begin = end = 0
    for line in _LINES.finditer(document.text):
        end = line.end()
        inside = end in within_rows or any(start < end < stop for start, stop in marks)
        if end - begin >= BLOCK_CHARS and not inside:
            yield f'<div class="block">{text_html(begin, end, tables, piece)}</div>'
            begin = end
    if begin < end:
        yield f'<div class="block">{text_html(begin, end, tables, piece)}</div>'


class _Marker:
    """The characters of a text as HTML, with its ``marks``. The first element of a mark that can be seen has
    its number and takes the focus; others follow where cells of a table come between.
    """

    def __init__(self, text: str, marks: Sequence[tuple[int, int]], short: Span | None) -> None:
        self._text = text
        self._marks = marks
        self._short = short
        self._begun: set[int] = set()

    def __call__(self, begin: int, end: int, hidden: bool) -> str:
        pieces: list[str] = []
        position = begin
        for number, (start, stop) in enumerate(self._marks, start=1):
            first, last = max(start, begin), min(stop, end)
            if first >= last:
                continue
            short = self._short
            within = [(max(short.start, first) - first, min(short.end, last) - first)] if short else []
            marked = highlight(self._text[first:last], within)
            known = ""
            if not hidden and number not in self._begun:
                self._begun.add(number)
                known = f' id="mark-{number}" tabindex="-1"'
            pieces.append(f"{escape(self._text[position:first])}<mark{known}>{marked}</mark>")
            position = last
        return "".join(pieces) + escape(self._text[position:end])


def _merged(document: Document, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of the runs that ``spans`` cover, in order, disjoint and not empty."""
    covered = sorted(
        (max(span.start, 0), min(span.end, len(document.text)))
        for span in spans
        if span.doc_id == document.id
    )
    run: tuple[int, int] | None = None
    for start, end in covered:
        if start >= end:
            continue
        if run and start < run[1]:
            run = (run[0], max(run[1], end))
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run
