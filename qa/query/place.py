"""Find the place of a document that a question names: a page, a slide, a clause. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.schema import Document, Span

_LABELLED = ("page", "slide", "row", "line", "cell", "sheet", "item")
_NUMBERED = ("clause", "section", "article", "chapter", "part", "paragraph", "item", "note", "schedule")
_ASKED = re.compile(
    rf"\b(?:in|on|at|of|from|under|according to|does|do|what)\s+(?:the\s+)?"
    rf"(?P<kind>{'|'.join(dict.fromkeys(_LABELLED + _NUMBERED))}|§)\s*"
    r"(?:no\.?\s*|number\s+)?(?P<number>\d+(?:\.\d+)*[a-z]?)(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)

_LINE = re.compile(
    rf"^[ \t#*]*(?:(?P<kind>{'|'.join(_NUMBERED)}|§)\s*)?(?P<number>\d+(?:\.\d+)*[a-z]?)"
    r"(?=[.):]\s|\s+(?-i:[^\W\d_a-z]))",
    re.IGNORECASE | re.MULTILINE,
)
"""The beginning of a line with a number: "15. Governing law", "Clause 15 Governing law", not "15 people"."""


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """A place that a question names."""

    kind: str
    """In lower case: ``page``, ``clause`` …"""
    number: str
    """As it is written: ``7``, ``15.1``."""


def find_asked_place(question: str) -> AskedPlace | None:
    """Return the place that ``question`` names, such as "on page 7" or "under clause 15.1"."""
    found = _ASKED.search(question)
    return AskedPlace(found["kind"].lower(), found["number"].lower()) if found else None


def spans_of(place: AskedPlace, document: Document) -> list[Span]:
    """Return the parts of ``document`` that ``place`` may mean; none if it has no such place."""
    found: list[Span] = []
    if place.kind in _LABELLED:
        found = list(_labelled(place, document))
    if not found and (place.kind in _NUMBERED or place.kind == "§"):
        found = list(_numbered(place, document))
    return found


def _labelled(place: AskedPlace, document: Document) -> Iterator[Span]:
    label = re.compile(rf"(?:.*[,;] )?{place.kind} {re.escape(place.number)}(?:[,;].*)?", re.IGNORECASE)
    starts = [each.start for each in document.places] + [len(document.text)]
    for each, end in zip(document.places, starts[1:], strict=True):
        if label.fullmatch(each.label):
            yield Span(document.id, each.start, end)


def _numbered(place: AskedPlace, document: Document) -> Iterator[Span]:
    """Yield what stands from a line that begins with the number to the next with a number of the same depth
    or a lesser one: clause 15 has 15.1 in it, and ends before 16.
    """
    lines = _LINE.finditer(document.text)
    numbered = [(each.start(), (each["kind"] or "").lower(), each["number"].lower()) for each in lines]
    for i, (start, kind, number) in enumerate(numbered):
        if number != place.number or kind not in {"", place.kind}:
            continue
        depth = number.count(".")
        after = (
            begin
            for begin, _, other in numbered[i + 1 :]
            if not other.startswith(f"{number}.") and other.count(".") <= depth
        )
        yield Span(document.id, start, next(after, len(document.text)))
