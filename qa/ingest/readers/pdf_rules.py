"""Read the rules of a page with PDFium: lines under the names of a table's columns, and around its cells."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from qa.ingest.readers.pdf_chars import levelled
from qa.ingest.readers.pdf_lattice_grid import Segment
from qa.ingest.readers.pdf_layout import Bit

_MOST_OBJECTS = 20_000
"""The most objects of a page that are looked at. Set by hand: maps and plots have more, tables do not."""

_THICK = 2.0
"""In points: what is higher is a box or a bar. Set by hand."""

_SHORT = 6.0
"""In points: what is shorter is a dash or a sign. Set by hand."""

_MOST_SIDES = 2_000
"""The most sides of one shape that are looked at. Set by hand: a table drawn in one stroke has fewer."""

_STRAIGHT = 0.5
"""In points: how much higher or further right the end of a straight line may be than its beginning. Set by
hand."""

_JOINED = 1.2
"""In points: pieces of one rule, drawn cell by cell, are no further apart, nor higher or lower; they overlap
by twice as much, the thickness of the line. Set by hand."""

_BELOW = 0.6
"""In heights of a line: how far under a text its rule may be. Set by hand: the space between two lines."""

_WHITE = 250
"""From this value on in red, green and blue a colour cannot be seen on paper."""


class Rule(NamedTuple):
    """A horizontal line, in points from the page's left and bottom."""

    edges: tuple[float, ...]
    """Its left, where pieces of it meet, and its right."""
    height: float

    @property
    def left(self) -> float:
        """Its left end."""
        return self.edges[0]

    @property
    def right(self) -> float:
        """Its right end."""
        return self.edges[-1]


def horizontal_rules(page: pdfium.PdfPage) -> list[Rule]:
    """Return the rules of a page from the top down; pieces that meet are one rule."""
    found: list[Rule] = []
    for rule in sorted(_thin_paths(page), key=lambda each: (-round(each.height), each.left)):
        last = found[-1] if found else None
        if not last or abs(last.height - rule.height) > _JOINED or rule.left - last.right > _JOINED:
            found.append(rule)
        elif rule.right > last.right + _JOINED:
            meet = last.right - rule.left <= 2 * _JOINED
            found[-1] = Rule((*(last.edges if meet else last.edges[:-1]), rule.right), last.height)
    return found


def _thin_paths(page: pdfium.PdfPage) -> Iterator[Rule]:
    edges = [ctypes.c_float() for _ in range(4)]
    left, bottom, right, top = edges
    for path in _paths(page):
        if not raw.FPDFPageObj_GetBounds(path, *edges):
            continue
        thin = top.value - bottom.value <= _THICK and right.value - left.value >= _SHORT
        if thin and not _is_white(path):
            yield Rule((left.value, right.value), (bottom.value + top.value) / 2)


def straight_lines(page: pdfium.PdfPage, turn: int) -> tuple[list[Segment], list[Segment]]:
    """Return the level and the upright lines of a page, the sides of boxes among them; where they are when
    its text, which is turned anticlockwise by a ``turn`` of quarters, is level.
    """
    level: list[Segment] = []
    upright: list[Segment] = []
    for (x, y), (x_end, y_end) in (side for path in _paths(page) for side in _sides(path)):
        left, bottom, right, top = levelled(
            (min(x, x_end), min(y, y_end), max(x, x_end), max(y, y_end)), turn
        )
        if top - bottom <= _STRAIGHT and right - left >= _SHORT:
            level.append(Segment((bottom + top) / 2, left, right))
        elif right - left <= _STRAIGHT and top - bottom >= _SHORT:
            upright.append(Segment((left + right) / 2, bottom, top))
    return level, upright


def _paths(page: pdfium.PdfPage) -> Iterator[raw.FPDF_PAGEOBJECT]:
    for i in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        path = raw.FPDFPage_GetObject(page.raw, i)
        if raw.FPDFPageObj_GetType(path) == raw.FPDF_PAGEOBJ_PATH:
            yield path


_Point = tuple[float, float]


def _sides(path: raw.FPDF_PAGEOBJECT) -> Iterator[tuple[_Point, _Point]]:
    """Yield the beginning and the end of each straight line of a path that can be seen."""
    count = raw.FPDFPath_CountSegments(path)
    matrix = raw.FS_MATRIX()
    if not 1 < count <= _MOST_SIDES or _is_white(path) or not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for i in range(count):
        part = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(part, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(part)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if raw.FPDFPathSegment_GetClose(part):
            yield last, first
            last = first


def _is_white(path: raw.FPDF_PAGEOBJECT) -> bool:
    """Return whether a path is filled with the colour of paper, or not at all, and has no line of its own."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or stroke.value:
        return False
    colour = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(path, *colour)
    return not fill.value or all(part.value >= _WHITE for part in colour[:3])


def attach_rules(bits: Sequence[Bit], rules: Sequence[Rule]) -> list[Bit]:
    """Return ``bits``, each with the nearest rule that is right under all of it."""
    return [replace(bit, rule=_under(bit, rules)) for bit in bits] if rules else list(bits)


def _under(bit: Bit, rules: Sequence[Rule]) -> tuple[float, ...]:
    reach = _BELOW * bit.height
    near = [
        rule
        for rule in rules
        if -reach <= rule.height - bit.bottom <= bit.height / 4
        and rule.left <= bit.left + _JOINED
        and bit.right - _JOINED <= rule.right
    ]
    return max(near, key=lambda rule: rule.height).edges if near else ()
