"""The fragments of text on a page, and the lines that they are on. Pure."""

import re
import unicodedata
from collections.abc import Sequence
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

STRETCHED = 4.0
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

UNKNOWN = re.compile(r"[\ufffd\ue000-\uf8ff]")
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
            wide = max(bit.left - before.right, before.left - bit.right) >= STRETCHED * self.height
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
    if len(UNKNOWN.findall(text)) * 2 > len(text.replace(" ", "")):
        text = " ".join(UNKNOWN.sub(" ", text).split())
    return _LEADER.sub(" … ", _OWN_SIGN.sub("•", text)).strip()


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
