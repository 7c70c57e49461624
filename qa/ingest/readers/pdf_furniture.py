"""Recognise what stands on page after page: running heads, page numbers, repeated footers. Pure.

A line at the edge of a page is compared with those at the same height of the pages around it, its digits
aside, as in X. Lin, "Header and Footer Extraction by Page-Association", SPIE 5010 (2003).
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.ingest.readers.pdf_layout import Bit, Row, go_on, rows

EDGE = 3
"""The most lines at the top, and at the bottom, of a page that may be furniture."""

_AROUND = 6
"""The pages before a page, and those after it, with which it is compared."""

_PAGES = 3
"""The fewest pages, itself included, on which a line of furniture stands. A running head of left pages only,
in a chapter of six pages, has so many."""

_NEARLY_ALL = 0.8
_MANY = 5
"""The share of the pages around, and the fewest pages, on which a line stands that is furniture however close
to the text it is. Others are apart from it, as the first words of forms and the like are not."""

_APART = 2.0
"""In heights of a line: the smallest distance of such a line from the one that follows."""

_MOST_PIECES = 12
"""The most fragments of a line of furniture. Without a limit nothing changes on 2,809 pages of 263 public
PDFs (``python -m eval.constants``), but pages whose lines are hundreds of dots take minutes."""

_TALLER = 1.15
"""In heights of the furniture beside it: what is taller on a line is a heading. On the pages of those PDFs
any value from 1.0 to 1.5 does the same; without one, two pages change, and one of them loses its heading."""

_OFF = 4.0
"""The largest difference in height of lines that are the same, in points."""

_WITH_NUMBER = 2
"""The fragments of a line of prose with its number."""

_LINE_DIGITS = 4
_LINES = 8
"""The most digits of the number of a line, and the fewest lines that are counted. Set by hand."""

_DIGITS = re.compile(r"\d+")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_NUMERAL = re.compile(rf"[{''.join(_ROMAN)}]{{1,8}}", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"\W*#\W*")

_OUTER = (re.compile(r"^\W{0,4}(\d{1,4})(?![\d.,])"), re.compile(r"(?<![\d.,])(\d{1,4})\W{0,4}$"))
"""The number of a page at the beginning of a running head, or at its end."""

_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|seite|página|pagina|p)\W*)?#(?:\W+(?:of|von|de|di|sur)?\W*#)?\W*")
"""The furniture that says nothing: a number of a page."""

_TABLE = 1.6
"""In heights of a line: the distance within which a row of cells belongs to the one below it."""


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page without its furniture, and what the lines of furniture on it say that stands on no page before:
    of a book's name beside that of a chapter, the chapter's alone.
    """

    bits: list[Bit]
    furniture: list[str]


def remove_furniture(pages: Sequence[Sequence[Bit]]) -> list[PageParts]:
    """Divide the fragments of each page into its own and those of furniture. Page numbers are in neither."""
    pages = [_without_line_numbers(page) for page in pages]
    edges = [_Edges.of(page) for page in pages]
    index = _Index(edges)
    said: set[str] = set()
    found: list[PageParts] = []
    for number, page in enumerate(pages):
        away: set[int] = set()
        lines: list[str] = []
        for edge in (edges[number].upper, edges[number].lower):
            for row in index.furniture(number, edge):
                signature = " ".join(map(_signature, _unrepeated(row, edge)))
                new = signature not in said and not _PAGE_NUMBER.fullmatch(signature)
                unsaid = [bit.text for bit in row if _signature(bit) not in said]
                said |= {signature, *map(_signature, row)}
                if new and number == 0 and edge is edges[0].upper:
                    continue  # It may be the title, and cuts no sentence.
                away.update(map(id, row))
                if new and unsaid:
                    lines.append(" ".join(unsaid))
        own = [bit for bit in page if id(bit) not in away]
        # What would leave nothing of a page is the page.
        left = any(bit.text.strip() for bit in own)
        found.append(PageParts(own, lines) if left else PageParts(list(page), []))
    return found


def _without_line_numbers(page: Sequence[Bit]) -> Sequence[Bit]:
    """Return the fragments of a page without the numbers that count the lines of its prose, as in pleadings.
    Items of a list begin with capitals; lines of prose seldom do.
    """
    numbered = [
        (int(row[0].text), row)
        for row in rows([bit for bit in page if bit.text.strip()])
        if len(row) == _WITH_NUMBER and row[0].text.isdecimal() and len(row[0].text) <= _LINE_DIGITS
    ]
    counted = [
        (a, b)
        for (first, a), (second, b) in pairwise(numbered)
        if second == first + 1 and a[0].right < a[1].left
    ]
    if len(counted) < _LINES or not go_on([row[1].text for _, row in counted]):
        return page
    away = {id(row[0]) for pair in counted for row in pair}
    return [bit for bit in page if id(bit) not in away]


@dataclass(frozen=True, slots=True)
class _Edges:
    """The first lines of a page from the top, and from the bottom; the last of each is not looked at
    itself.
    """

    upper: list[Row]
    lower: list[Row]

    @classmethod
    def of(cls, page: Sequence[Bit]) -> "_Edges":
        """Return the edges of a page."""
        every = rows([bit for bit in page if bit.text.strip()])
        upper = min(EDGE, (len(every) + 1) // 2)
        lower = min(EDGE, len(every) - upper)
        return cls(every[: upper + 1], every[::-1][: lower + 1] if lower else [])

    def __iter__(self) -> Iterator[Row]:
        """Yield the lines that may be furniture."""
        yield from (row for edge in (self.upper, self.lower) for row in edge[:-1] if len(row) <= _MOST_PIECES)


def _signature(bit: Bit) -> str:
    text = bit.text.strip()
    return "#" if _NUMERAL.fullmatch(text) else _DIGITS.sub("#", text.casefold())


class _Index:
    """An index of the texts at the edges of the pages."""

    def __init__(self, pages: Sequence[_Edges]) -> None:
        self._pages = len(pages)
        self._places: defaultdict[str, list[tuple[int, float, str]]] = defaultdict(list)
        self._numbered: list[list[tuple[float, set[int]]]] = []
        for number, page in enumerate(pages):
            bits = [bit for row in page for bit in row]
            for bit in bits:
                self._places[_signature(bit)].append((number, bit.middle, bit.text))
            self._numbered.append(
                [(bit.middle, values) for bit in bits if (values := _outer_values(bit.text))]
            )

    def furniture(self, number: int, edge: Sequence[Row]) -> Sequence[Row]:
        """Return the lines of furniture of a page, from its ``edge`` inwards."""
        around = min(number + _AROUND, self._pages - 1) - max(number - _AROUND, 0) + 1
        certain = 0
        for i, (row, following) in enumerate(pairwise(edge)):
            counted = _unrepeated(row, edge) if len(row) <= _MOST_PIECES else []
            pages = min((self._count(number, bit) for bit in counted), default=0)
            apart = abs(row[0].middle - following[0].middle) >= _APART * row[0].height
            if pages < _PAGES and not (apart and self._has_furniture(number, row)):
                break
            if len(row) > 1 and _names_columns(row, following) and not self._is_repeated(number, following):
                break
            counts = len(row) == 1 and _NUMBER.fullmatch(_signature(row[0]))
            if apart or counts or pages >= max(_MANY, _NEARLY_ALL * around):
                certain = i + 1
        return edge[:certain]

    def _has_furniture(self, number: int, row: Row) -> bool:
        """Return whether a line begins or ends with words that stand on many of the pages around, or with a
        number that counts them, and has nothing larger: beside the name of a book, those of its sections
        change.
        """
        if len(row) > _MOST_PIECES:
            return False
        tallest = max(bit.height for bit in row)
        return any(
            self._counts_pages(number, bit)
            or (len(row) > 1 and any(map(str.isalpha, bit.text)) and self._count(number, bit) >= _MANY)
            for bit in {row[0], row[-1]}
            if tallest <= _TALLER * bit.height
        )

    def _counts_pages(self, number: int, bit: Bit) -> bool:
        """Return whether a fragment begins or ends with a number that counts many of the pages around, with
        those of others at the same height.
        """
        own = _outer_values(bit.text)
        counted = 1
        for other in range(max(number - _AROUND, 0), min(number + _AROUND + 1, self._pages)) if own else ():
            values = {
                value
                for middle, values in self._numbered[other]
                if abs(middle - bit.middle) <= _OFF
                for value in values
            }
            counted += other != number and any(value + other - number in values for value in own)
        return counted >= _MANY

    def _is_repeated(self, number: int, row: Row) -> bool:
        """Return whether each fragment of a line stands on many of the pages around."""
        return len(row) <= _MOST_PIECES and all(self._count(number, bit) >= _MANY for bit in row)

    def _count(self, number: int, bit: Bit) -> int:
        """Return on how many of the pages around a fragment stands at the same height, with the same numbers
        or with such as count the pages; a number that counts them, at any height.
        """
        signature = _signature(bit)
        counts_pages = _NUMBER.fullmatch(signature)
        own = _values(bit.text)
        same = {
            other
            for other, middle, text in self._near(signature, number)
            if _count_pages(own, _values(text), other - number)
            and (abs(middle - bit.middle) <= _OFF or (counts_pages and _values(text) != own))
        }
        return len(same | {number})

    def _near(self, signature: str, number: int) -> Iterator[tuple[int, float, str]]:
        places = self._places[signature]
        start = bisect_left(places, number - _AROUND, key=lambda place: place[0])
        for place in places[start:]:
            if place[0] > number + _AROUND:
                return
            yield place


def _unrepeated(row: Row, edge: Sequence[Row]) -> list[Bit]:
    """Return the fragments of a line at the ``edge`` of a page, without those that repeat another line there:
    the name of a chapter, beside that of the book, over its heading.
    """
    lines = {other[0].text.strip() for other in edge if len(other) == 1}
    return list(row) if len(row) == 1 else [bit for bit in row if bit.text.strip() not in lines]


def _count_pages(own: Sequence[int], others: Sequence[int], pages: int) -> bool:
    """Return whether the numbers in a text are the same so many pages away, or differ by as many."""
    return len(own) == len(others) and all(b - a in {0, pages} for a, b in zip(own, others, strict=True))


def _values(text: str) -> list[int]:
    """Return the numbers in a text, or the one that it is in Roman numerals."""
    if not _NUMERAL.fullmatch(text.strip()):
        return [int(digits[-9:]) for digits in _DIGITS.findall(text.casefold())]
    values = [_ROMAN[letter] for letter in text.strip().lower()]
    return [sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))]


def _outer_values(text: str) -> set[int]:
    """Return the numbers with which a text begins and ends."""
    return {int(number) for pattern in _OUTER for number in pattern.findall(text)}


def _names_columns(row: Row, below: Row) -> bool:
    """Return whether the cells of a line name those of the line below: a table that continues from page to
    page.
    """
    return len(below) > 1 and 0 < row[0].middle - below[0].middle < _TABLE * row[0].height
