"""Read the characters of a page with PDFium, and join those that follow each other to fragments of text."""

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from qa.ingest.readers.linear_math import RAISED
from qa.ingest.readers.pdf_layout import LIGATURES, Bit, Cut

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the left and from the bottom of the page."""

_GAP = 1.0
"""In heights of a line: a wider gap in it separates two fragments, cells or columns."""

_CUT = 0.4
"""In heights of a line: a wider gap in a fragment may separate two cells. A space is 0.2 to 0.3 high."""

_CUT_OF_FIGURES = 0.2
"""In heights of a line: such a gap between two figures, which are words of their own."""

_BACK = 3.0
"""In heights of a line: a wider step back begins a new fragment. Right-to-left text takes smaller ones."""

_ON_LINE = 0.25
"""The share of a character's height that is beside a fragment on its line. Lines that are set close overlap
less; signs above and below the line overlap more."""

_TOUCHING = 0.1
"""In heights of a line: letters that are closer touch each other."""

_MISTAKEN = 0.3
"""The share of the letters of a fragment after which PDFium puts spaces although the letters touch: its font
has wrong widths, and there are no such spaces. The tightest lines have them between words, after a fifth."""

_SMALL, _UP = 0.78, 0.25
"""In heights of the character before it: how high a raised one is at most, and how far up at least. In
eight of 297 public PDFs, looked at character by character, exponents and marks of notes are 0.58 to 0.75 high
and 0.31 to 0.56 up, and figures of scanned pages, whose boxes jump, 0.82 and 0.18."""

_BEFORE_RAISED = frozenset(".,;:!?)]}%*\"'”’»」…")
"""What may stand before the mark of a note, beside letters and figures."""

_MINUS_ALONE = re.compile(r"⁻(?![⁰¹²³⁴-⁹])")

_FIGURES_AND_MINUS = frozenset("0123456789-−")
_RAISED = frozenset(map(RAISED.__getitem__, _FIGURES_AND_MINUS))

_LEFTWARD = 0.15
"""In heights of a line: the gap that parts a word from one to its left, where the direction changes."""

_NEAR = 1.0
"""In degrees: the angle by which text that is turned by quarters may be off."""

_SLIM = 2 / 3
"""The height of a letter as a share of height and width together."""

_BEFORE_FIGURES = frozenset("0123456789)%—–")
_FIGURES = frozenset("0123456789($€£¥—–-")
"""The last character of a figure, and the first."""

_ALEFS = frozenset("\u0622\u0623\u0625\u0627")
_LAM = "\u0644"


@dataclass(slots=True)
class _Fragment:
    """A fragment of text to which characters are added."""

    turn: int
    left: float
    bottom: float
    right: float
    top: float
    first: int
    last: int
    text: list[str] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    """The offsets in ``text`` of spaces that are not in the file, between letters that touch."""
    size: int = 0
    """The characters of ``text``."""
    end: Box = (0.0, 0.0, 0.0, 0.0)
    """The box of its last character that is not raised."""

    def add(self, char: str, box: Box, i: int, space: bool, generated: Callable[[], bool]) -> None:
        """Add the character number ``i`` of the page, after a space, which PDFium may have ``generated``, or
        without one.
        """
        left, bottom, right, top = box
        if not space and self.left - right > _LEFTWARD * self.height:
            space = True
        if space:
            self._add_space(char, left, right, generated)
        elif char == _LAM and box == self.end and self.text[-1] in _ALEFS:
            # One sign for both letters, which PDFium gives in the order of the eye.
            char, self.text[-1] = self.text[-1], char
        else:
            char = self._raised(char, box)
        self.text.append(char)
        self.size += len(char)
        self.last = i
        if char not in _RAISED:
            self.end = box
        # Comparisons, since this runs for every character.
        if left < self.left:
            self.left = left
        if bottom < self.bottom:
            self.bottom = bottom
        if right > self.right:
            self.right = right
        if top > self.top:
            self.top = top

    def _add_space(self, char: str, left: float, right: float, generated: Callable[[], bool]) -> None:
        """Add the space before a character between two places."""
        gap = left - self.right
        figures = self.text[-1] in _BEFORE_FIGURES and char in _FIGURES
        if gap > (_CUT_OF_FIGURES if figures else _CUT) * self.height:
            self.cuts.append(Cut(self.size, self.right, left))
        elif max(gap, self.left - right) < _TOUCHING * self.height and generated():
            self.doubtful.append(len(self.text))
        self.text.append(" ")
        self.size += 1

    def _raised(self, char: str, box: Box) -> str:
        """Return a figure as a raised one if it is smaller than the character before it and further up, as an
        exponent and the mark of a note are; so a minus sign behind a figure.
        """
        bottom, top = self.end[1], self.end[3]
        small = box[3] - box[1] <= _SMALL * (top - bottom) and box[1] - bottom >= _UP * (top - bottom)
        last = self.text[-1]
        marks = char.isdecimal() and (last.isalnum() or last in _RAISED or last in _BEFORE_RAISED)
        exponent = char in _FIGURES_AND_MINUS and last.isdecimal()
        return RAISED[char] if small and (marks or exponent) else char

    @property
    def height(self) -> float:
        """The height of its tallest character."""
        return self.top - self.bottom

    def finish(self, bold: bool) -> Bit:
        """Return the fragment."""
        cuts = tuple(self.cuts)
        if len(self.doubtful) > _MISTAKEN * len(self.text):
            doubtful = set(self.doubtful)
            self.text = [char for i, char in enumerate(self.text) if i not in doubtful]
            cuts = ()
        text = _MINUS_ALONE.sub("-", "".join(self.text))
        return Bit(text, self.left, self.bottom, self.right, self.top, bold, cuts)

    def is_followed(self, box: Box) -> bool:
        """Return whether a character continues it: on its line, and next to it."""
        left, bottom, right, top = box
        height = max(self.top - self.bottom, top - bottom)
        shared = min(top, self.top) - max(bottom, self.bottom)
        if shared <= _ON_LINE * min(top - bottom, self.top - self.bottom):
            return False
        return left - self.right <= _GAP * height and self.left - right <= _BACK * height


def fragments(page: pdfium.PdfPage) -> dict[int, list[Bit]]:
    """Return the fragments of text on a page by the angle of their lines, in degrees anticlockwise. They are
    in the order of the file, and their places are those that they have when their lines are turned level.
    """
    text = page.get_textpage()
    found: dict[int, list[Bit]] = {}
    try:
        for fragment in _join(text):
            bold = _is_bold(text, fragment.first) and _is_bold(text, fragment.last)
            bit = fragment.finish(bold)
            found.setdefault(fragment.turn, []).append(bit)
    finally:
        text.close()
    return found


def characters(text: pdfium.PdfTextPage) -> Iterator[tuple[str, int]]:
    """Yield each character, or the characters of a ligature, with its number on the page; ends of lines as
    line feeds, other white space as spaces.
    """
    handle, unicode_of = text.raw, raw.FPDFText_GetUnicode
    high = 0
    for i in range(text.count_chars()):
        code = unicode_of(handle, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            # Half of a character beyond U+FFFF.
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        elif (code < 0x20 and code not in _WHITE) or 0x80 <= code < 0xA0:
            # A control: the number of a sign in a font that does not tell what it means.
            if raw.FPDFText_IsHyphen(handle, i) == 1:
                code = ord("-")
            else:
                code = _MINUS if _is_minus(text, i) else _OWN_SIGN
        high = 0
        char = chr(code) if code <= 0x10FFFF else "\ufffd"
        if code > 0x7F:
            char = char.translate(LIGATURES)
        if char in "\r\n":
            yield "\n", i
        elif code == 0 or char.isspace():
            yield " ", i
        else:
            yield char, i


_WHITE = frozenset(b"\0\t\n\r ")
_OWN_SIGN = 0xF000
"""For a sign that only its font knows: of Unicode's private use area."""

_MINUS = 0x2212
_FLAT = 0.27
"""A minus sign is at most so high for its width: in DejaVu, Liberation and STIX it is 0.06 to 0.27."""


def _is_minus(text: pdfium.PdfTextPage, i: int) -> bool:
    """Return whether a sign that only its font knows is drawn as a bar before a digit: without it the number
    would be another.
    """
    if not chr(raw.FPDFText_GetUnicode(text.raw, i + 1)).isdigit():
        return False
    left, bottom, right, top = text.get_charbox(i)
    return bool(0.0 < top - bottom <= _FLAT * (right - left))


def _join(text: pdfium.PdfTextPage) -> Iterator[_Fragment]:
    """Join the characters that follow each other on one line."""
    boxes = _Boxes(text)
    fragment: _Fragment | None = None
    space = -1  # the number of the space before the next character
    for char, i in characters(text):
        if char == "\n":
            if fragment:
                yield fragment
            fragment, space = None, -1
            continue
        if char == " ":
            space = i if fragment else -1
            continue
        turn = boxes.turn(i)
        box = boxes.box(i, turn)
        if fragment and fragment.turn == turn and fragment.is_followed(box):
            fragment.add(char, box, i, space >= 0, partial(_is_generated, text, space))
        else:
            if fragment:
                yield fragment
            fragment = _Fragment(turn, *box, i, i, [char], size=len(char), end=box)
        space = -1
    if fragment:
        yield fragment


class _Boxes:
    """The boxes of a page's characters."""

    def __init__(self, text: pdfium.PdfTextPage) -> None:
        self._text = text
        self._matrix, self._rectangle = raw.FS_MATRIX(), raw.FS_RECTF()
        self._to_matrix, self._to_rectangle = ctypes.byref(self._matrix), ctypes.byref(self._rectangle)

    def turn(self, i: int) -> int:
        """Return the angle of a character's line in degrees, anticlockwise, from 0 to 359."""
        matrix = self._matrix
        if not raw.FPDFText_GetMatrix(self._text.raw, i, self._to_matrix):
            return 0
        if matrix.b == 0.0 and matrix.a > 0.0:
            return 0
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
        if not math.isfinite(angle):
            return 0
        quarter = round(angle / 90) * 90
        return (quarter if abs(angle - quarter) <= _NEAR else round(angle)) % 360

    def box(self, i: int, turn: int) -> Box:
        """Return the box that the font gives a character, with the same height for all of a line, or the box
        of its ink, if the font does not define one; where it is when the line is turned level.
        """
        rectangle = self._rectangle
        if not raw.FPDFText_GetLooseCharBox(self._text.raw, i, self._to_rectangle):
            rectangle.left = rectangle.bottom = rectangle.right = rectangle.top = 0.0
        box: Box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        if box[3] <= box[1]:
            box = self._text.get_charbox(i)
        if not all(map(math.isfinite, box)):
            return (0.0, 0.0, 0.0, 0.0)
        return levelled(box, turn) if turn else box


def _is_generated(text: pdfium.PdfTextPage, i: int) -> bool:
    """Return whether a character is not in the file."""
    return bool(raw.FPDFText_IsGenerated(text.raw, i) == 1)


def levelled(box: Box, turn: int) -> Box:
    """Return a box when its line, which is turned anticlockwise, is level."""
    left, bottom, right, top = box
    if turn == 0:
        return box
    if turn == 90:
        return bottom, -right, top, -left
    if turn == 180:
        return -right, -top, -left, -bottom
    if turn == 270:
        return -top, left, -bottom, right
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    x, y = (left + right) / 2, (bottom + top) / 2
    x, y = x * cos + y * sin, y * cos - x * sin
    height = _SLIM * (right - left + top - bottom) / (abs(cos) + abs(sin))
    return x - height / 4, y - height / 2, x + height / 4, y + height / 2


def _is_bold(text: pdfium.PdfTextPage, i: int) -> bool:
    """Return whether the name of a character's font says that it is bold."""
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(_FONT_NAME)
    length = raw.FPDFText_GetFontInfo(text.raw, i, name, _FONT_NAME, ctypes.byref(flags))
    return bool(length) and any(word in name.value.lower() for word in _BOLD)


_FONT_NAME = 128
"""The bytes of a font's name that are looked at."""

_BOLD = (b"bold", b"black", b"heavy")
