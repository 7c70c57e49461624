"""Arrange fragments of text on a page into paragraphs in reading order: columns, tables, hyphens, wrapped
lines. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

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
    }
)
"""Ligatures, no-break spaces, and other code points for hyphens, with the plain characters for them."""

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

_WORDS = 20
"""The fewest characters of a line in a column, by the median: a column of figures is part of a table."""

_PARAGRAPH = 1.5
"""In usual distances of lines: a larger distance separates paragraphs."""

_LARGER = 1.15
"""In heights of a line: a line that is so much larger than the one before or after it is a heading."""

_SHORT = 0.75
"""In usual widths of a line: a shorter line was not wrapped, because the next word would have fitted."""

_STRETCHED = 4.0
"""In heights of a line: the widest space in a line that is justified to the width of its column."""

_MARGIN = 0.02
"""The share of a column's width by which a line that fills it may miss the edges."""

_END = re.compile(r"""[.!?:;…。！？]["'”’»)\]]*$""")
_ITEM = re.compile(r"[•‣◦▪–—*-]\s|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
_MARK = re.compile(r"[•‣◦▪–—*-]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z])[.)]?")
"""A bullet or number before an item of a list, or before a heading."""

_HYPHEN = re.compile(r"(\w+)[-‐]$")


@dataclass(frozen=True, slots=True)
class Bit:
    """A fragment of text: adjacent characters of one line. In points, from the page's left and bottom."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

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
        """The text of the line, with bars between the cells of a table."""
        first = self.bits[0].text
        words = [first]
        for i, (before, bit) in enumerate(pairwise(self.bits)):
            stretched = self._fills and bit.left - before.right < _STRETCHED * self.height
            marked = i == 0 and _MARK.fullmatch(first)
            words += [" " if stretched or marked else " | ", bit.text]
        return "".join(words).strip()

    @property
    def _fills(self) -> bool:
        """Whether it extends from one edge of its column to the other."""
        margin = _MARGIN * (self.right - self.left)
        return self.bits[0].left - self.left <= margin and self.right - self.bits[-1].right <= margin

    @property
    def is_row(self) -> bool:
        """Whether it looks like a row of a table."""
        return " | " in self.text

    @property
    def width(self) -> float:
        """The distance from its first character to its last."""
        return self.bits[-1].right - self.bits[0].left

    @property
    def height(self) -> float:
        """The height of its tallest fragment."""
        return max(bit.height for bit in self.bits)

    @property
    def middle(self) -> float:
        """Halfway up."""
        return median(bit.middle for bit in self.bits)


@dataclass(frozen=True, slots=True)
class _Usual:
    """The usual distance and width of the lines of a page, in points."""

    distance: float
    """From one line to the next."""
    width: float

    @classmethod
    def of(cls, page: Sequence[Line]) -> "_Usual":
        """Return the medians of ``page``; 0 where there is nothing to measure."""
        down = [a.middle - b.middle for a, b in pairwise(page) if a.middle > b.middle]
        return cls(median(down) if down else 0.0, median(line.width for line in page) if page else 0.0)

    def is_short(self, before: Line, line: Line) -> bool:
        """Whether the line ``before`` ended although there was room on it."""
        return before.width < _SHORT * max(line.width, self.width) and not _changes_column(before, line)


def lines(bits: Iterable[Bit]) -> list[Line]:
    """Arrange the fragments of one page into lines in reading order, column after column."""
    ordered: list[Line] = []
    for column in _columns([bit for bit in bits if bit.text.strip()]):
        left, right = min(bit.left for bit in column), max(bit.right for bit in column)
        ordered += [Line(row, left, right) for row in _rows(column)]
    return ordered


def words_of(pages: Iterable[Sequence[Line]]) -> frozenset[str]:
    """Return the words with a hyphen inside a line, in lower case. They keep it at the end of a line too."""
    found = (re.findall(r"\w+[-‐]\w+", line.text) for page in pages for line in page)
    return frozenset(word.replace("‐", "-").lower() for words in found for word in words)


def paragraphs(page: Sequence[Line], hyphenated: frozenset[str] = frozenset()) -> str:
    """Return the text of a page: wrapped lines are joined to paragraphs, with a blank line between two.

    A word that is hyphenated at the end of a line is joined, and keeps its hyphen if it is in ``hyphenated``.
    """
    usual = _Usual.of(page)
    blocks: list[str] = []
    before: Line | None = None
    alone = False  # whether the last block is a single, separate line, such as a page number
    for line in page:
        if (
            before is None
            or _ends_paragraph(before, line, usual)
            or (alone and _changes_column(before, line))
        ):
            alone = before is None or before.middle - line.middle > _PARAGRAPH * usual.distance
            blocks.append(line.text)
            before = line
            continue
        alone = False
        if before.is_row or line.is_row or _ITEM.match(line.text) or usual.is_short(before, line):
            blocks[-1] += "\n" + line.text
        else:
            blocks[-1] = _continue(blocks[-1], line.text, hyphenated)
        before = line
    return "\n\n".join(blocks)


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
    """Return where a page of prose is divided into columns; None for a single column, or for a table."""
    if len(bits) < 2 * _LINES_A_COLUMN:
        return None
    begin, end = min(bit.left for bit in bits), max(bit.right for bit in bits)
    step = max(_STEP, (end - begin) / _MOST_STEPS)
    best: tuple[float, int, float] | None = None
    seen: tuple[int, int] | None = None
    place = begin + step
    while place < end:
        left = [bit for bit in bits if bit.right <= place]
        right = [bit for bit in bits if bit.left >= place]
        if seen != (seen := (len(left), len(right))):
            crossing = [bit for bit in bits if bit.left < place < bit.right]
            share = _crossing(_rows(left), _rows(right), crossing)
            if share <= _CROSSING:
                found = (share, abs(len(left) - len(right)), place)
                best = min(best, found) if best else found
        place += step
    return best[2] if best else None


def _crossing(left: Sequence[Row], right: Sequence[Row], bits: Sequence[Bit]) -> float:
    """Return the share of the lines beside each other in two columns that cross from one to the other; 1 if
    they are not columns.
    """
    if not _is_prose(left) or not _is_prose(right):
        return 1.0
    sides = [[row[0].middle for row in side] for side in (left, right)]
    top, bottom = min(map(max, sides)), max(map(min, sides))
    beside = [sum(bottom <= middle <= top for middle in side) for side in sides]
    if min(beside) < _LINES_A_COLUMN:
        return 1.0
    over = sum(bottom <= bit.middle <= top for bit in bits)
    return over / (over + max(beside))


def _is_prose(rows: Sequence[Row]) -> bool:
    if len(rows) < _LINES_A_COLUMN:
        return False
    width = max(row[-1].right for row in rows) - min(row[0].left for row in rows)
    filled = median(row[-1].right - row[0].left for row in rows) >= _FILLED * width
    return filled and median(sum(len(bit.text) for bit in row) for row in rows) >= _WORDS


def _rows(bits: Sequence[Bit]) -> list[Row]:
    """Group the fragments of one column into lines, from the top down, each from left to right."""
    rows: list[list[Bit]] = []
    for bit in sorted(bits, key=lambda bit: -bit.middle):
        last = rows[-1] if rows else None
        if last and last[0].middle - bit.middle < min(last[0].height, bit.height) / 2:
            last.append(bit)
        else:
            rows.append([bit])
    return [tuple(sorted(row, key=lambda bit: bit.left)) for row in rows]


def _ends_paragraph(before: Line, line: Line, usual: _Usual) -> bool:
    """Whether a paragraph ends between two consecutive lines."""
    if max(before.height, line.height) > _LARGER * min(before.height, line.height):
        return True
    ends = bool(_END.search(before.text))
    if _changes_column(before, line):
        return ends
    if before.middle - line.middle > _PARAGRAPH * usual.distance:
        return True
    return ends and usual.is_short(before, line) and not before.is_row and not line.is_row


def _changes_column(before: Line, line: Line) -> bool:
    """Whether a line is in another column than the one before it."""
    return not before.left <= line.bits[0].left <= before.right


def _continue(text: str, line: str, hyphenated: frozenset[str]) -> str:
    """Return ``text`` continued by ``line``."""
    parted = _HYPHEN.search(text)
    if parted and line[:1].islower():
        rest = re.match(r"\w+", line)
        whole = f"{parted[1]}-{rest[0] if rest else ''}".lower()
        return text + line if whole in hyphenated else text[:-1] + line
    if parted:
        return text + line
    return text + line if _wide(text[-1:]) and _wide(line[:1]) else f"{text} {line}"


def _wide(char: str) -> bool:
    """Whether a character's script is written without spaces, as Chinese and Japanese are."""
    return bool(char) and unicodedata.east_asian_width(char) in {"W", "F"} and not "가" <= char <= "힣"
