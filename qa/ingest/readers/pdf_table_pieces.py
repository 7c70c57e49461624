"""Divide the line of a table in a PDF into its cells. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.ingest.readers.pdf_layout import BULLET, MARK, Bit, Row, is_leader, plain, without_leader

_SPACE = 0.4
"""In heights: the gap from which two groups of digits are two figures, not parts of one."""

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})*$")
_GROUP = re.compile(r"\d{3}(?!\d)")
_SIGNS = re.compile(r"[\d)%—–] [\d($€£¥—–-]")
"""What may be the end of a figure and the beginning of another."""

_CURRENCY = frozenset("$€£¥")
_AFTER = re.compile(r"[%)\]*†‡]+|\)\s*%")
"""Signs that may stand apart after a figure that it belongs to."""

_NOTE_MARK = re.compile(r"\((?:[a-z]|i[ivx]|vi*)\)(?: ?\([a-z]\))*|st|nd|rd|th", re.IGNORECASE)
"""A raised mark behind a cell: the letter of a note, or the end of an ordinal number."""

_FIGURE = re.compile(
    r"[($€£¥+\-–—−~<>≤≥±\s]*(?:(?:US|C|A)\$)?\s*\d[\d.,'\s]*(?:[)%]|[*†‡⁰¹²³⁴-⁹]|\(\w\))*(?:[a-z°/²³µ€£$]{1,3}\)?)?"
    r"|[-–—−]+\s*%?|n/?[am]\.?|nil",
    re.IGNORECASE,
)

_DOT = re.compile(r"[.·](?!\S)")
"""A dot by itself: one of a leader that is drawn with gaps."""

_SHORT_LEADER = re.compile(r"(?<![.·])(?:\s[.·]){1,3}$")
"""A leader of up to three such dots, behind a long label."""


def pieces_of(line: Row) -> tuple[Bit, ...]:
    """Return the fragments of a line, divided at its wide gaps; signs of currency and percent stay with their
    figures. A dot by itself is of a leader, or stands for nothing.
    """
    pieces: list[Bit] = []
    parts = [piece for bit in line for piece in _split(bit) if not _DOT.fullmatch(piece.text)]
    for i, piece in enumerate(parts, start=1):
        last = pieces[-1] if pieces else None
        if last and _is_led_to(piece, last, parts[i:]):
            pieces[-1] = replace(last, text=without_leader(last.text))
            pieces.append(piece)
        elif last and _belongs(piece, last, first=len(pieces) == 1):
            pieces[-1] = merged(last, piece)
        else:
            pieces.append(piece)
    return tuple(piece for piece in pieces if plain(piece.text))


def _is_led_to(piece: Bit, last: Bit, others: Sequence[Bit]) -> bool:
    """Return whether dots lead from a label to a figure with ``others`` behind it: in an entry of a table of
    contents they lead to the last.
    """
    if not is_leader(last.text) or not is_figure(piece):
        return False
    return any(is_figure(other) and not _AFTER.fullmatch(other.text) for other in others)


def _belongs(piece: Bit, last: Bit, *, first: bool) -> bool:
    """Return whether a piece is of the same cell as the one before: after a bullet, or, if that is the
    ``first`` of its line, a number; after a sign of currency, before one of percent; in an entry of a table
    of contents.
    """
    if is_leader(last.text) or is_leader(piece.text) or BULLET.fullmatch(last.text):
        return True
    if last.text.strip("( ") in _CURRENCY or _AFTER.fullmatch(piece.text):
        return True
    if _NOTE_MARK.fullmatch(piece.text) and piece.left - last.right <= last.height:
        return True
    return first and bool(MARK.fullmatch(last.text)) and any(map(str.isalpha, piece.text))


def _split(bit: Bit) -> Iterator[Bit]:
    start, left = 0, bit.left
    for cut in bit.cuts:
        grouped = _THOUSANDS.search(bit.text[start : cut.at]) and _GROUP.match(bit.text[cut.at + 1 :])
        named = _SIGNS.fullmatch(bit.text[cut.at - 1 : cut.at + 2]) and not _parts_figures(bit.text, cut.at)
        if cut.right - cut.left < _SPACE * bit.height and (grouped or named):
            continue
        if _DOT.match(bit.text, cut.at + 1):
            continue
        text = _SHORT_LEADER.sub("", bit.text[start : cut.at])
        yield replace(bit, text=text, left=left, right=cut.left, cuts=())
        start, left = cut.at + 1, cut.right
    yield replace(bit, text=bit.text[start:], left=left, cuts=())


def _parts_figures(text: str, at: int) -> bool:
    """Return whether figures are before and behind the space ``at`` a place. A name goes on behind one in
    ``Survey-4 (2013)`` and in ``2023 $ million``.
    """
    before, behind = text[:at].rsplit(None, 1)[-1], text[at:].split(None, 2)
    after = " ".join(behind[:2] if behind[0] in _CURRENCY else behind[:1])
    begun = any(map(str.isdigit, after)) and not after.startswith("(")
    return not any(map(str.isalpha, before)) and (begun or bool(_FIGURE.fullmatch(after)))


def merged(a: Bit, b: Bit) -> Bit:
    """Return two pieces as one."""
    return replace(
        a,
        text=f"{a.text} {b.text}",
        left=min(a.left, b.left),
        bottom=min(a.bottom, b.bottom),
        right=max(a.right, b.right),
        top=max(a.top, b.top),
        bold=a.bold and b.bold,
    )


def is_figure(piece: Bit) -> bool:
    """Return whether a piece is a figure, or what stands in place of one, such as a dash."""
    return bool(_FIGURE.fullmatch(piece.text))


def has_digit(piece: Bit) -> bool:
    """Return whether a piece has a digit: a dash is a figure without one."""
    return any(map(str.isdigit, piece.text))
