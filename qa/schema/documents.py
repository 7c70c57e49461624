"""A document, its places and headings, and a span of its text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SECTION = "section "
"""The beginning of the label of a place where the reader found a heading."""

TABLE = ", table "
"""The text before the title of a table in the label of a place in a sheet."""

LOCATION_HEADINGS = 2
"""The most headings that say where a quote stands, so that its card keeps to a line or two."""


@dataclass(frozen=True, slots=True)
class Place:
    """A label for a part of a document that a reader can find: its text from ``start`` to the next place."""

    start: int
    label: str
    """``page 3``, ``section Results``, ``sheet Costs, row 12``; empty where a part has no label."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document, and how far the text goes that it heads."""

    start: int
    """The offset at which the heading begins."""
    end: int
    """The offset at which the text that it heads ends, exclusive."""
    text: str
    parent: int | None = None
    """The place, among the document's headings, of the heading that it stands under."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document. ``text`` was normalised once, when it was read; all offsets refer to it."""

    id: str
    """The file's path relative to the corpus root, with forward slashes."""
    text: str
    title: str
    date: str | None = None
    """ISO 8601 calendar date, as exact as the file states it: ``2025-01-22``, ``2025-01``, ``2025``."""
    publisher: str | None = None
    place: str | None = None
    author: str | None = None
    places: tuple[Place, ...] = ()
    """In ascending order of their starts."""
    language: str = ""
    """Of most of the text, in ISO 639-1; empty where it cannot be told. Such a text is treated as English."""
    headings: tuple[Heading, ...] = ()
    """In ascending order of their starts. One ends where a heading of its rank or a higher one begins."""
    date_source: str = ""
    """The source of the date, for a person: ``the mail's header``, or in quotation marks the words of
    the text that state it. Empty without a date."""

    @property
    def file_words(self) -> str:
        """The words of its file's name, without the ending: ``alstom annual report 2022``."""
        name = self.id.rpartition("/")[2]
        return re.sub(r"[\W_]+", " ", name.rpartition(".")[0] or name).strip()


def headings_at(headings: Sequence[Heading], offset: int) -> tuple[str, ...]:
    """Return those of a document's ``headings`` that stand over the character at ``offset``, outermost first;
    not one that begins there.
    """
    above: list[str] = []
    before = bisect_left(headings, offset, key=lambda heading: heading.start)
    place = before - 1 if before else None
    while place is not None:
        heading = headings[place]
        if offset < heading.end:
            above.append(heading.text)
        place = heading.parent
    return tuple(reversed(above))


def place_at(document: Document, offset: int) -> str:
    """Return the label of the place that holds the character at ``offset``; empty without one."""
    before = bisect_right(document.places, offset, key=lambda place: place.start)
    return document.places[before - 1].label if before else ""


def nearest_headings(document: Document, offset: int) -> tuple[str, ...]:
    """Return the ``LOCATION_HEADINGS`` nearest of the headings over the character at ``offset``, outermost
    first. The document's title is not among them.
    """
    above = [each for each in headings_at(document.headings, offset) if each != document.title]
    return tuple(above[-LOCATION_HEADINGS:])


def location(document: Document, offset: int) -> str:
    """Return where the character at ``offset`` stands, for a person: the label of its place, and the headings
    over it, such as ``page 57, Consolidated Statements of Cash Flows``; empty where nothing is known.
    """
    label = place_at(document, offset)
    headings = [each for each in nearest_headings(document, offset) if not label.endswith(each)]
    return ", ".join([*([label] if label else []), *headings])


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of one document."""

    doc_id: str
    start: int
    end: int

    def cut(self, documents: Mapping[str, Document]) -> str:
        """Return the characters of this span."""
        return documents[self.doc_id].text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two have a character in common."""
        return self.doc_id == other.doc_id and self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Return whether every character of the other is one of this span."""
        return self.doc_id == other.doc_id and self.start <= other.start and other.end <= self.end
