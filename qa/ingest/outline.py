"""Find the headings of a document, and how far the text goes that each of them heads. Pure.

What a passage is about often stands in the headings above it alone: "Consolidated Statements of Cash Flows"
over a page of figures, "15. Governing law" over a clause.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from qa.ingest.readers.base import line_starts
from qa.ingest.readers.pdf_layout import CAPTION_LABEL
from qa.nlp.headings import HEADING_CHARS, states_nothing
from qa.nlp.tables import read_row
from qa.schema import TABLE, Document, Heading, Place, Span

_PAGE = "page "
"""The beginning of the label of a place where the reader knows pages."""

_TITLE_LINES = 4
"""The most lines of a title at the top of a page: who, what, in which units, of which years."""

_ROW = re.compile(r" \| | — [^:\n]+: ")
"""The separator of the cells of a row: a bar, or the name of the first column."""

_MARKDOWN = re.compile(r"(#{1,6})\s+(.*?)[\s#]*")
_PART = re.compile(r"(?:part|book|teil|buch|partie|parte|часть)\s+[\dIVXLC]+\b", re.IGNORECASE)
_DIVISION = re.compile(
    r"(?:chapter|article|item|section|schedule|annex|appendix|exhibit|note|clause|kapitel|artikel|anhang|"
    r"chapitre|annexe|capítulo|artículo|anexo|глава|статья|раздел|приложение)\s+[\dIVXLCA-F]+\b|§",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d+)*)\s|(\d+(?:\.\d+)*)[.)]\s")
"""A number of a section. Without a point after it one of three digits is a name's: "737 MAX", "2018 plan"."""
_CAPTION = re.compile(rf"{CAPTION_LABEL.pattern}\W+\w", re.IGNORECASE)
"""The beginning of a caption that says something."""
_REMARK = re.compile(r"\([^()]*\)")
"""A line in brackets: in which units the figures are. It adds to the heading above it and ends none."""
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+|^(?:table of )?contents$", re.IGNORECASE)
"""The dots of a table of contents with the page; or its own heading."""
_ENDS = re.compile(r"[.!?…。！？؟।]['\"”’»）)]*$")
_WORD = re.compile(r"[^\W\d_]{2,}")

_PART_RANK, _DIVISION_RANK, _NUMBERED_RANK, _CAPITALS_RANK, _PLAIN_RANK, _PAGE_RANK, _TABLE_RANK = (
    7,
    8,
    9,
    15,
    16,
    17,
    18,
)
"""Below the six of Markdown. A numbered heading has that of its depth, down to the rank above capitals."""


def with_headings(document: Document) -> Document:
    """Return ``document`` with its headings."""
    below = list(_captions_below(document))
    titles = below or _titles_above(document)
    found = {start: (rank, end, text) for rank, start, end, text in titles}
    found |= {start: (rank, end, text) for rank, start, end, text in _table_titles(document)}
    captions = {end for _, _, end, _ in below}
    lines = ((rank, start, text) for rank, start, text in _lines(document) if start not in captions)
    found |= {start: (rank, len(document.text), text) for rank, start, text in lines}
    headings: list[Heading] = []
    open_: list[tuple[int, int]] = []
    """Rank, and place in ``headings``, of each heading that the text is still under."""
    for start, (rank, end, text) in sorted(found.items()):
        while open_ and open_[-1][0] >= rank:
            _, i = open_.pop()
            headings[i] = replace(headings[i], end=min(headings[i].end, start))
        parent = open_[-1][1] if open_ else None
        open_.append((rank, len(headings)))
        headings.append(Heading(start, end, text, parent))
    return replace(document, headings=tuple(headings))


def _lines(document: Document) -> Iterator[tuple[int, int, str]]:
    """Yield rank, start and text of each line that is a heading."""
    lines = document.text.split("\n")
    for start, line in zip(line_starts(document.text), lines, strict=True):
        bare = line.strip()
        if not bare or len(bare) > HEADING_CHARS or not _WORD.search(bare) or _CONTENTS.search(bare):
            continue
        if _REMARK.fullmatch(bare):
            continue
        begin = start + line.index(bare)
        if states_nothing(Span(document.id, begin, begin + len(bare)), document):
            marked = _MARKDOWN.fullmatch(bare)
            yield _rank(bare), begin, marked[2] if marked else bare


def _rank(line: str) -> int:
    if found := _MARKDOWN.fullmatch(line):
        return len(found[1])
    if _PART.match(line):
        return _PART_RANK
    if _DIVISION.match(line):
        return _DIVISION_RANK
    if found := _NUMBERED.match(line):
        depth = (found[1] or found[2]).count(".")
        return min(_NUMBERED_RANK + depth, _CAPITALS_RANK - 1)
    return _CAPITALS_RANK if line.upper() == line != line.lower() else _PLAIN_RANK


def _titles_above(document: Document) -> Iterator[tuple[int, int, int, str]]:
    """Yield rank, start, end and text of the title above each table of a page, or of a document without pages
    in which tables have no titles of their own. It heads the rows of that and not what comes after: another
    table has other units and years.
    """
    pages = [place for place in document.places if place.label.startswith(_PAGE)]
    if not pages and not any(TABLE in place.label for place in document.places):
        pages = [Place(0, "")]  # all of it
    for i, page in enumerate(pages, start=1):
        end = pages[i].start if i < len(pages) else len(document.text)
        blocks = [(start, list(lines)) for start, lines in _blocks(document.text[page.start : end])]
        title: list[str] = []
        title_start = page.start
        for number, (start, lines) in enumerate(blocks):
            rows = [line for line in lines if _is_row(line)]
            above = lines[: lines.index(rows[0])] if rows else lines
            for bare in above:
                if len(bare) > HEADING_CHARS or _ENDS.search(bare):
                    title = []
                elif _WORD.search(bare) and not _CONTENTS.search(bare):
                    if not title:
                        title_start = page.start + (start if number else 0)
                    # A table may repeat the heading of its section.
                    repeated = title and bare.startswith(title[-1])
                    title = [*title[:-1], bare] if repeated else [*title, bare]
            if rows:
                follows = (at for at, next_ in blocks[number + 1 :] if not _is_row(next_[0]))
                if title and len(title) <= _TITLE_LINES:
                    stop = page.start + next(follows, end - page.start)
                    yield _PAGE_RANK, title_start, stop, " ".join(title)
                title = []


def _captions_below(document: Document) -> Iterator[tuple[int, int, int, str]]:
    """Yield rank, start, end and text of the caption right below each table, where that begins, in a document
    in which each has one, and there is no other: that of a table is no title of the next.
    """
    blocks = list(_blocks(document.text))
    captions = [i for i, (_, lines) in enumerate(blocks) if _CAPTION.match(lines[0])]
    if not captions or any(len(blocks[i][1][0]) > HEADING_CHARS for i in captions):
        return
    tables = [i for i, (_, lines) in enumerate(blocks) if all(map(_is_row, lines))]
    if [i + 1 for i in tables] == captions:
        for i in captions:
            yield _PAGE_RANK, max(0, blocks[i - 1][0] - 1), blocks[i][0], blocks[i][1][0]


def _is_row(line: str) -> bool:
    """Return whether a line is a row of a table, between bars or with names of columns, and no caption."""
    return not CAPTION_LABEL.match(line) and (bool(_ROW.search(line)) or len(read_row(line)) > 1)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each run of lines without an empty one, stripped, with where it begins."""
    lines = zip(line_starts(text), (line.strip() for line in text.split("\n")), strict=True)
    for filled, run in groupby(lines, lambda each: bool(each[1])):
        if filled:
            block = list(run)
            yield block[0][0], [line for _, line in block]


def _table_titles(document: Document) -> Iterator[tuple[int, int, int, str]]:
    """Yield rank, start, end and text of what stands over the rows of each table in a sheet."""
    ends = (*(place.start for place in document.places[1:]), len(document.text))
    places = zip(document.places, ends, strict=False)
    for title, rows in groupby(places, lambda each: each[0].label.partition(TABLE)[2]):
        if 0 < len(title) <= HEADING_CHARS:
            (first, _), *_ = spans = list(rows)
            yield _TABLE_RANK, max(0, first.start - 1), spans[-1][1], title
