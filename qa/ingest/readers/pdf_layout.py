"""Bits of lines on a page to paragraphs in reading order: columns, tables, hyphens, wrapped lines. Pure."""

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
"""Letters that a font draws as one, spaces that do not break, and hyphens under other numbers."""

_STEP = 2.0
"""Points between two places at which a gutter is looked for."""

_MOST_STEPS = 500
"""On a page so wide that there would be more, they are wider."""

_LINES_A_COLUMN = 3
"""Fewer lines side by side are no columns."""

_CROSSING = 0.2
"""Of the lines where columns stand beside each other, at most this share may cross their gutter: a heading or
a table as wide as the page."""

_FILLED = 0.5
"""Lines of prose fill this share of their column's width at least, by the median; cells of a table do not."""

_WORDS = 20
"""Characters that a line of a column has at least, by the median: a column of figures is part of a table."""

_PARAGRAPH = 1.5
"""Times the usual distance of lines: a larger one parts paragraphs."""

_LARGER = 1.15
"""Times a line's height: a line so much larger than the one before it, or after it, is a heading."""

_SHORT = 0.75
"""Times the usual width of a line: a shorter one was not wrapped, for the next word had room on it."""

_STRETCHED = 4.0
"""Times a line's height: so wide may spaces be where lines are stretched to the width of their column."""

_MARGIN = 0.02
"""Share of a column's width by which a line that fills it may miss its edges."""

_END = re.compile(r"""[.!?:;…。！？]["'”’»)\]]*$""")
_ITEM = re.compile(r"[•‣◦▪–—*-]\s|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
_MARK = re.compile(r"[•‣◦▪–—*-]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z])[.)]?")
"""What stands before an item of a list, or a heading, at a distance."""

_HYPHEN = re.compile(r"(\w+)[-‐]$")


@dataclass(frozen=True, slots=True)
class Bit:
    """Characters that stand together on one line. Points, from the left and from the bottom of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Of its tallest character."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Halfway up."""
        return (self.top + self.bottom) / 2


Row = tuple[Bit, ...]
"""Bits of one line, from left to right."""


@dataclass(frozen=True, slots=True)
class Line:
    """Bits beside each other, from left to right, in a column from ``left`` to ``right``."""

    bits: Row
    left: float
    right: float

    @property
    def text(self) -> str:
        """The words of the line; cells of a table between bars."""
        first = self.bits[0].text
        words = [first]
        for i, (before, bit) in enumerate(pairwise(self.bits)):
            stretched = self._fills and bit.left - before.right < _STRETCHED * self.height
            marked = i == 0 and _MARK.fullmatch(first)
            words += [" " if stretched or marked else " | ", bit.text]
        return "".join(words).strip()

    @property
    def _fills(self) -> bool:
        """Whether it reaches from one edge of its column to the other."""
        margin = _MARGIN * (self.right - self.left)
        return self.bits[0].left - self.left <= margin and self.right - self.bits[-1].right <= margin

    @property
    def is_row(self) -> bool:
        """Whether it looks like a row of a table."""
        return " | " in self.text

    @property
    def width(self) -> float:
        """From its first character to its last."""
        return self.bits[-1].right - self.bits[0].left

    @property
    def height(self) -> float:
        """Of its tallest bit."""
        return max(bit.height for bit in self.bits)

    @property
    def middle(self) -> float:
        """Halfway up."""
        return median(bit.middle for bit in self.bits)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What most lines of a page are like. Points."""

    distance: float
    """From one line to the next."""
    width: float

    @classmethod
    def of(cls, page: Sequence[Line]) -> "_Usual":
        """The medians of ``page``; 0 where there is nothing to measure."""
        down = [a.middle - b.middle for a, b in pairwise(page) if a.middle > b.middle]
        return cls(median(down) if down else 0.0, median(line.width for line in page) if page else 0.0)

    def is_short(self, before: Line, line: Line) -> bool:
        """Whether the line ``before`` ended for another reason than that it was full."""
        return before.width < _SHORT * max(line.width, self.width) and not _moved(before, line)


def lines(bits: Iterable[Bit]) -> list[Line]:
    """``bits`` of one page in reading order, column after column."""
    ordered: list[Line] = []
    for column in _columns([bit for bit in bits if bit.text.strip()]):
        left, right = min(bit.left for bit in column), max(bit.right for bit in column)
        ordered += [Line(row, left, right) for row in _rows(column)]
    return ordered


def words_of(pages: Iterable[Sequence[Line]]) -> frozenset[str]:
    """Words with a hyphen inside a line, in lower case: those that keep it where a line ends at it."""
    found = (re.findall(r"\w+[-‐]\w+", line.text) for page in pages for line in page)
    return frozenset(word.replace("‐", "-").lower() for words in found for word in words)


def paragraphs(page: Sequence[Line], hyphenated: frozenset[str] = frozenset()) -> str:
    """The text of a page: lines that a paragraph was wrapped into are one again, a blank line between two.

    A word parted at the end of a line is joined, and keeps its hyphen if it is among ``hyphenated``.
    """
    usual = _Usual.of(page)
    blocks: list[str] = []
    before: Line | None = None
    alone = False  # whether the last block is a single line that stands apart, such as a page's number
    for line in page:
        if before is None or _parted(before, line, usual) or (alone and _moved(before, line)):
            alone = before is None or before.middle - line.middle > _PARAGRAPH * usual.distance
            blocks.append(line.text)
            before = line
            continue
        alone = False
        if before.is_row or line.is_row or _ITEM.match(line.text) or usual.is_short(before, line):
            blocks[-1] += "\n" + line.text
        else:
            blocks[-1] = _wrapped(blocks[-1], line.text, hyphenated)
        before = line
    return "\n\n".join(blocks)


def _columns(bits: list[Bit]) -> list[list[Bit]]:
    """``bits`` in groups to be read one after the other, each from top to bottom."""
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
    """Where a page of prose is parted into columns; None for a single one, or for a table."""
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
    """Of the lines where two columns stand beside each other, the share that cross from one to the other; 1
    where they are no columns.
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
    """``bits`` of one column by line, from the top down, each from left to right."""
    rows: list[list[Bit]] = []
    for bit in sorted(bits, key=lambda bit: -bit.middle):
        last = rows[-1] if rows else None
        if last and last[0].middle - bit.middle < min(last[0].height, bit.height) / 2:
            last.append(bit)
        else:
            rows.append([bit])
    return [tuple(sorted(row, key=lambda bit: bit.left)) for row in rows]


def _parted(before: Line, line: Line, usual: _Usual) -> bool:
    """Whether a paragraph ends between two lines that follow each other."""
    if max(before.height, line.height) > _LARGER * min(before.height, line.height):
        return True
    ends = bool(_END.search(before.text))
    if _moved(before, line):
        return ends
    if before.middle - line.middle > _PARAGRAPH * usual.distance:
        return True
    return ends and usual.is_short(before, line) and not before.is_row and not line.is_row


def _moved(before: Line, line: Line) -> bool:
    """Whether a line stands in another column than the one before it."""
    return not before.left <= line.bits[0].left <= before.right


def _wrapped(text: str, line: str, hyphenated: frozenset[str]) -> str:
    """``line`` as the continuation of ``text``."""
    parted = _HYPHEN.search(text)
    if parted and line[:1].islower():
        rest = re.match(r"\w+", line)
        whole = f"{parted[1]}-{rest[0] if rest else ''}".lower()
        return text + line if whole in hyphenated else text[:-1] + line
    if parted:
        return text + line
    return text + line if _wide(text[-1:]) and _wide(line[:1]) else f"{text} {line}"


def _wide(char: str) -> bool:
    """Whether words around ``char`` are written without spaces, as in Chinese and Japanese."""
    return bool(char) and unicodedata.east_asian_width(char) in {"W", "F"} and not "가" <= char <= "힣"
