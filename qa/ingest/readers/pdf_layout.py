"""Arrange the fragments of text on a page into lines in reading order, column after column. Pure."""

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
        "\u00a0": " ",
        "\u00ad": "-",
        "\ufffe": "-",
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf06c": "●",
        "\uf06e": "■",
        "\uf0fc": "✓",
    }
)
"""Ligatures, no-break spaces, other code points for hyphens, and the bullets of the fonts Symbol and
Wingdings, with the plain characters for them."""

_STEP = 2.0
"""The distance between two places at which a gutter is looked for, in points."""

_MOST_STEPS = 500
"""The most such places; on a very wide page they are further apart."""

_LINES_A_COLUMN = 3
"""The fewest lines side by side that count as columns."""

_CROSSING = 0.2
"""The largest share of the lines beside each other in two columns that may cross the gutter, such as a
heading or a table as wide as the page."""

_FILLED = 0.5
"""The smallest share of a column's width that lines of prose fill, by the median; tables fill less."""

_WORDS = 16
"""The fewest letters of a line in a column, by the median: a column of figures is part of a table."""

_STRETCHED = 4.0
"""In heights of a line: the widest space in a line that is justified to the width of its column."""

_MARGIN = 0.02
"""The share of a column's width by which a line that fills it may miss the edges."""

BULLETS = "•·‣◦▪●■➢✓"

MARK = re.compile(
    rf"[{BULLETS}–—*\ue000-\uf8ff-]"
    r"|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivx]{1,4})[.):]|\[\d{1,3}\]|\d{1,3}(?:\.\d{1,3}){1,4}"
)
"""A bullet or number before an item of a list."""

ITEM = re.compile(rf"[{BULLETS}–—*-]\s|" r"\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
"""The mark at the beginning of an item of a list."""

BULLET = re.compile(rf"[{BULLETS}\ue000-\uf8ff]")

_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]")
"""The text before a heading."""

CAPTION_LABEL = re.compile(
    r"(?:table|figure|fig|chart|exhibit|map|tabelle|abbildung|abb|tableau|tabla|cuadro|figura|tabela|tabella"
    r"|таблица|табл|рисунок|рис|表|图)\.?\s?[A-Z]{0,3}\d+(?:[.-]\d+)*[.:：]?",
    re.IGNORECASE,
)
"""The number of a table or a picture, before its caption."""

_BEFORE_TEXT = (MARK, _NUMBER, CAPTION_LABEL)
"""What may stand apart before the text of its line."""

_OWN_SIGN = re.compile(r"(?<!\S)[\ue000-\uf8ff](?!\S)")
"""A sign that only its font knows, alone: a bullet, as a rule."""

_DOTS = r"(?:(?:[.·_]\s?){4,}|(?:…\s?){2,})"
_LEADER, _LEADER_END = re.compile(rf"\s*{_DOTS}\s*"), re.compile(rf"{_DOTS}$")
"""The dots from an entry of a table of contents to its number."""

_UNKNOWN = re.compile(r"[\ufffd\ue000-\uf8ff]")
"""A sign whose character the file does not tell, as in many formulas."""

_GOING_ON = 0.4
"""The share of lines that begin with a small letter from which they are prose. Cells and items of lists
seldom do."""

BAR = " | "
"""The separator of the cells of a row that has no names."""


class Cut(NamedTuple):
    """A wide gap inside a fragment: the offset of its space in the text, and its edges in points."""

    at: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Bit:
    """A fragment of text: adjacent characters of one line. In points, from the page's left and bottom."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    bold: bool = False
    cuts: tuple[Cut, ...] = ()
    rule: tuple[float, ...] = ()
    """From left to right, where the pieces of a rule that is drawn right under it begin and end; empty for
    none."""
    table: int = 0
    """The number of the table on its page of which it is the whole line of a row; 0 for none."""

    @property
    def height(self) -> float:
        """The height of its tallest character."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Halfway up."""
        return (self.top + self.bottom) / 2


Row = tuple[Bit, ...]
"""The fragments of one line, from left to right."""


@dataclass(frozen=True, slots=True)
class Line:
    """The fragments of one line, from left to right, in a column from ``left`` to ``right``."""

    bits: Row
    left: float
    right: float

    @property
    def text(self) -> str:
        """The text of the line, with bars where the gap is wider than any in prose."""
        bits = self.bits[::-1] if len(self.bits) > 1 and _is_leftward(self.bits) else self.bits
        words = [bits[0].text]
        for i, (before, bit) in enumerate(pairwise(bits)):
            wide = max(bit.left - before.right, before.left - bit.right) >= _STRETCHED * self.height
            marked = i == 0 and any(mark.fullmatch(before.text) for mark in _BEFORE_TEXT)
            leads = is_leader(before.text) or is_leader(bit.text)
            words += [BAR if wide and not marked and not leads and not self._fills else " ", bit.text]
        return plain("".join(words))

    @property
    def _fills(self) -> bool:
        """True if it extends from one edge of its column to the other."""
        margin = _MARGIN * (self.right - self.left)
        return self.bits[0].left - self.left <= margin and self.right - self.bits[-1].right <= margin

    @property
    def table(self) -> int:
        """The number of the table on its page of which it is a row; 0 for none that is known."""
        return self.bits[0].table

    @property
    def is_row(self) -> bool:
        """True if it stands by itself: a row of cells, or an entry of a table of contents."""
        return BAR in self.text or bool(_LEADER.search("".join(bit.text for bit in self.bits)))

    @property
    def is_bold(self) -> bool:
        """True if all of it is bold."""
        return all(bit.bold for bit in self.bits)

    @property
    def width(self) -> float:
        """The distance from its first character to its last."""
        return self.bits[-1].right - self.bits[0].left

    @property
    def height(self) -> float:
        """The height of its longest fragment; a sign of a formula may be taller."""
        return max(self.bits, key=lambda bit: len(bit.text)).height

    @property
    def middle(self) -> float:
        """Halfway up."""
        return median(bit.middle for bit in self.bits)


def lines(bits: Iterable[Bit]) -> list[Line]:
    """Arrange the fragments of one page into lines in reading order, column after column."""
    ordered: list[Line] = []
    for column in _columns([bit for bit in bits if bit.text.strip()]):
        left, right = min(bit.left for bit in column), max(bit.right for bit in column)
        known = [row for each in rows(column) if (row := _known(each))]
        ordered += [Line(row, left, right) for row in _with_whole_tables(known)]
    return ordered


def _with_whole_tables(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield ``rows`` with those of a table one after the other, where others stand beside it."""
    tables = {
        table: [row for row in rows if row[0].table == table] for table in {row[0].table for row in rows}
    }
    for row in rows:
        if not row[0].table:
            yield row
        else:
            yield from tables.pop(row[0].table, ())


def _known(row: Row) -> Row:
    """Return a line without the signs whose characters are unknown, except before text: those are bullets."""
    unknown = [not _UNKNOWN.sub("", bit.text).strip() for bit in row]
    return tuple(
        bit for i, bit in enumerate(row) if not unknown[i] or (i + 1 < len(row) and not unknown[i + 1])
    )


def go_on(texts: Sequence[str]) -> bool:
    """Return whether so many lines begin in the middle of a sentence that they are prose."""
    return sum(text[:1].islower() for text in texts) >= _GOING_ON * len(texts)


def is_leader(text: str) -> bool:
    """Return whether a text ends with the dots from an entry of a table of contents to its number."""
    return bool(_LEADER_END.search(text))


def without_leader(text: str) -> str:
    """Return a text without the dots at its end."""
    return _LEADER_END.sub("", text).rstrip()


def _is_leftward(bits: Row) -> bool:
    """Return whether most letters of a line are of a script that is written from right to left."""
    letters = [unicodedata.bidirectional(char) for bit in bits for char in bit.text if char.isalpha()]
    return sum(kind in {"R", "AL"} for kind in letters) * 2 > len(letters)


def plain(text: str) -> str:
    """Return the text of a line without leaders of dots, and without the glyphs whose characters the file
    does not tell where they are most of it.
    """
    if len(_UNKNOWN.findall(text)) * 2 > len(text.replace(" ", "")):
        text = " ".join(_UNKNOWN.sub(" ", text).split())
    return _LEADER.sub(" … ", _OWN_SIGN.sub("•", text)).strip()


def _columns(bits: list[Bit]) -> list[list[Bit]]:
    """Group fragments into columns, to be read one after the other, each from top to bottom."""
    gutter = _gutter(bits)
    if gutter is None:
        return [bits] if bits else []
    groups: list[list[Bit]] = []
    band: list[Bit] = []
    for bit in sorted(bits, key=lambda bit: -bit.middle):
        if bit.left < gutter < bit.right:
            groups += _sides(band, gutter)
            band = []
            if groups and _crosses(groups[-1], gutter):
                groups[-1].append(bit)
            else:
                groups.append([bit])
        else:
            band.append(bit)
    return groups + _sides(band, gutter)


def _sides(band: list[Bit], gutter: float) -> list[list[Bit]]:
    left, right = [b for b in band if b.right <= gutter], [b for b in band if b.left >= gutter]
    return [*_columns(left), *_columns(right)]


def _crosses(group: Sequence[Bit], gutter: float) -> bool:
    return any(bit.left < gutter < bit.right for bit in group)


def _gutter(bits: Sequence[Bit]) -> float | None:
    """Return where a page of prose is divided into columns; None for a single column, or for a table. Of
    several places it is the one that the fewest fragments cross, then the one nearest to the middle of all.
    """
    if len(bits) < 2 * _LINES_A_COLUMN:
        return None
    begin, end = min(bit.left for bit in bits), max(bit.right for bit in bits)
    step = max(_STEP, (end - begin) / _MOST_STEPS)
    every = rows(bits)
    lefts, rights = sorted(bit.left for bit in bits), sorted(bit.right for bit in bits)
    best: tuple[float, int, int, float] | None = None
    seen: tuple[int, int] | None = None
    place = begin + step
    while place < end:
        beside = (bisect_right(rights, place), len(bits) - bisect_left(lefts, place))
        if seen != (seen := beside):
            left = [part for row in every if (part := tuple(bit for bit in row if bit.right <= place))]
            right = [part for row in every if (part := tuple(bit for bit in row if bit.left >= place))]
            crossing = [bit for bit in bits if bit.left < place < bit.right]
            share = _crossing(left, right, crossing)
            if share <= _CROSSING:
                found = (share, len(crossing), abs(beside[0] - beside[1]), place)
                best = min(best, found) if best else found
        place += step
    return best[-1] if best else None


def _crossing(left: Sequence[Row], right: Sequence[Row], bits: Sequence[Bit]) -> float:
    """Return the share of the lines beside each other in two columns that cross from one to the other; 1 if
    they are not columns. What crosses above the columns and below them does not count, such as a title.
    """
    if not _is_prose(left) or not _is_prose(right):
        return 1.0
    sides = [sorted(row[0].middle for row in side if _is_full(row)) for side in (left, right)]
    crossing = sorted(row[0].middle for row in rows(bits))
    bands = [
        [bisect_right(side, upper) - bisect_left(side, lower) for side in sides]
        for lower, upper in pairwise([-math.inf, *crossing, math.inf])
    ]
    beside = {i: max(counts) for i, counts in enumerate(bands) if min(counts) >= _LINES_A_COLUMN}
    if not beside:
        return 1.0
    over = max(beside) - min(beside)
    return over / (over + sum(beside.values()))


def _is_prose(rows: Sequence[Row]) -> bool:
    if len(rows) < _LINES_A_COLUMN:
        return False
    width = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
    filled = median(row[-1].right - row[0].left for row in rows) >= _FILLED * width
    return filled and median(map(_fewest_letters, rows)) >= _WORDS


def _fewest_letters(row: Row) -> int:
    """Return the letters of the shortest part of a line between gaps that are wider than any in prose: codes
    beside their meanings are a table.
    """
    parts = [row[:1]]
    for before, bit in pairwise(row):
        wide = bit.left - before.right >= _STRETCHED * bit.height
        parts = [*parts, (bit,)] if wide else [*parts[:-1], (*parts[-1], bit)]
    return min(map(_letters, parts))


def _is_full(row: Row) -> bool:
    """Return whether a line has as many letters as one of prose."""
    return _letters(row) >= _WORDS


def _letters(row: Row) -> int:
    return sum(map(str.isalpha, "".join([bit.text for bit in row])))


def rows(bits: Sequence[Bit]) -> list[Row]:
    """Group the fragments of one column into lines, from the top down, each from left to right. The line of a
    table's row is one by itself.
    """
    found: list[list[Bit]] = []
    tallest: Bit | None = None  # of the last line
    for bit in sorted(bits, key=lambda bit: -bit.middle):
        if tallest and not tallest.table and not bit.table and _are_level(tallest, bit):
            found[-1].append(bit)
            tallest = max(tallest, bit, key=lambda bit: bit.height)
        else:
            found.append([bit])
            tallest = bit
    return [tuple(sorted(row, key=lambda bit: bit.left)) for row in found]


def _are_level(a: Bit, b: Bit) -> bool:
    """Return whether two fragments are on one line: at least half of the lower one's height is beside the
    other.
    """
    return min(a.top, b.top) - max(a.bottom, b.bottom) > min(a.height, b.height) / 2
