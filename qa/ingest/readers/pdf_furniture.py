"""Recognise what stands on page after page: running heads, page numbers, repeated footers. Pure.

A line at the edge of a page is compared with those at the same height of the pages around it, its digits
aside, as in X. Lin, "Header and Footer Extraction by Page-Association", SPIE 5010 (2003).
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.ingest.readers.pdf_layout import Bit, Row, rows

_EDGE = 4
"""The most lines at the top, and at the bottom, of a page that may be furniture."""

_AROUND = 6
"""The pages before a page, and those after it, with which it is compared."""

_PAGES = 3
"""The fewest pages, itself included, on which a line of furniture stands. A running head of left pages only,
in a chapter of six pages, has so many."""

_OFF = 4.0
"""The largest difference in height of lines that are the same, in points."""

_DIGITS = re.compile(r"\d+")
_NUMERAL = re.compile(r"[ivxlc]{1,8}", re.IGNORECASE)
_NUMBER = re.compile(r"\W*#\W*")

_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|seite|página|pagina|p)\W*)?#(?:\W+(?:of|von|de|di|sur)?\W*#)?\W*")
"""What is furniture and says nothing."""

_TABLE = 1.6
"""In heights of a line: the distance within which a row of cells belongs to the one below it."""


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page without its furniture, and the lines of furniture on it that stand on no page before."""

    bits: list[Bit]
    furniture: list[str]


def remove_furniture(pages: Sequence[Sequence[Bit]]) -> list[PageParts]:
    """Divide the fragments of each page into its own and those of furniture. Page numbers are in neither."""
    edges = [_edges(page) for page in pages]
    index = _Index(edges)
    said: set[str] = set()
    found: list[PageParts] = []
    for number, page in enumerate(pages):
        away: set[int] = set()
        lines: list[str] = []
        for edge in edges[number]:
            for row in index.furniture(number, edge):
                signature = " ".join(map(_signature, row))
                new = signature not in said and not _PAGE_NUMBER.fullmatch(signature)
                said.add(signature)
                if new and number == 0 and edge is edges[0][0]:
                    continue  # It may be the title, and cuts no sentence.
                away.update(map(id, row))
                if new:
                    lines.append(" ".join(bit.text for bit in row))
        found.append(PageParts([bit for bit in page if id(bit) not in away], lines))
    return found


def _edges(page: Sequence[Bit]) -> tuple[list[Row], list[Row]]:
    """Return the first lines from the top, and from the bottom."""
    every = rows([bit for bit in page if bit.text.strip()])
    upper = every[: min(_EDGE, (len(every) + 1) // 2)]
    return upper, every[: len(upper) - 1 : -1][:_EDGE]


def _signature(bit: Bit) -> str:
    text = bit.text.strip()
    return "#" if _NUMERAL.fullmatch(text) else _DIGITS.sub("#", text.casefold())


class _Index:
    """Where each text stands at the edges of the pages."""

    def __init__(self, edges: Sequence[tuple[list[Row], list[Row]]]) -> None:
        self._places: defaultdict[str, list[tuple[int, float, str]]] = defaultdict(list)
        for number, page in enumerate(edges):
            for bit in (bit for edge in page for row in edge for bit in row):
                self._places[_signature(bit)].append((number, bit.middle, bit.text))

    def furniture(self, number: int, edge: Sequence[Row]) -> Iterator[Row]:
        """Yield the lines of furniture of a page, from its ``edge`` inwards."""
        for i, row in enumerate(edge):
            if not all(self._is_repeated(number, bit) for bit in row):
                return
            if len(row) > 1 and i + 1 < len(edge) and _names_columns(row, edge[i + 1]):
                return
            yield row

    def _is_repeated(self, number: int, bit: Bit) -> bool:
        """Whether a fragment stands at the same height of enough pages around, with the same numbers or with
        such as count the pages; a number that counts them, at any height.
        """
        signature = _signature(bit)
        counts_pages = _NUMBER.fullmatch(signature)
        own = _values(bit.text)
        same = {
            other
            for other, middle, text in self._near(signature, number)
            if all(b - a in {0, other - number} for a, b in zip(own, _values(text), strict=True))
            and (abs(middle - bit.middle) <= _OFF or (counts_pages and _values(text) != own))
        }
        return len(same | {number}) >= _PAGES

    def _near(self, signature: str, number: int) -> Iterator[tuple[int, float, str]]:
        places = self._places[signature]
        start = bisect_left(places, number - _AROUND, key=lambda place: place[0])
        for place in places[start:]:
            if place[0] > number + _AROUND:
                return
            yield place


def _values(text: str) -> list[int]:
    """Return the numbers in a text, or the one that it is in Roman numerals."""
    if not _NUMERAL.fullmatch(text.strip()):
        return [int(digits[-9:]) for digits in _DIGITS.findall(text.casefold())]
    values = [_ROMAN[letter] for letter in text.strip().lower()]
    return [sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))]


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _names_columns(row: Row, below: Row) -> bool:
    """Whether the cells of a line name those of the line below: a table that continues from page to page."""
    return len(below) > 1 and 0 < row[0].middle - below[0].middle < _TABLE * row[0].height
