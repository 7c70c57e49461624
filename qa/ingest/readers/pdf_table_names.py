"""Tell over which columns of a table in a PDF each name stands, by the places of both. Pure."""

from collections.abc import Iterator, Sequence
from itertools import product

from qa.ingest.readers.pdf_layout import Bit
from qa.ingest.readers.pdf_table_grid import Interval, Span, merged, overlap

_MOST_COLUMNS = 40
"""The most columns whose names are looked for. Set by hand: wider tables do not fit on a page."""

_BESIDE = 1.5
"""In heights: how far a name may stand beside the figures of its column, if all other columns are twice as
far, and at least two heights."""

_Columns = tuple[int, int]
"""The first of adjacent columns, and the one after the last."""


def header_readings(rows: Sequence[Sequence[Bit]], columns: Sequence[Interval]) -> Iterator[list[list[Span]]]:
    """Yield the ways in which rows of names may stand over ``columns``, each with the spans of every row.

    A row names either single columns, or groups of columns that cover all but the first; where both are
    possible, as for one name in the middle of three columns, both are yielded.
    """
    if len(columns) > _MOST_COLUMNS:
        return
    names = list(columns)
    below: list[str] = [""] * len(columns)
    ways: list[list[list[Span]]] = []
    for row in reversed(rows):
        found = _row_readings(row, columns, names, lowest=row is rows[-1])
        found += [way for way in _of_equal_groups(row, columns, below) if way not in found]
        if not found:
            return
        ways.insert(0, found)
        for span in found[0] if len(found) == 1 else ():
            for column in range(span.start, span.stop):
                below[column] += span.text
            if span.stop - span.start == 1:
                # What stands above may be in the middle of these names, not of the figures.
                names[span.start] = (span.piece.left, span.piece.right)
    yield from (list(way) for way in product(*ways))


def _of_equal_groups(
    row: Sequence[Bit], columns: Sequence[Interval], below: Sequence[str]
) -> list[list[Span]]:
    """Return the reading in which each name stands over as many columns, if the names ``below`` them repeat:
    those of one quarter are those of the next.
    """
    width = len(columns) - 1
    size = width // len(row)
    if size < 2 or width % len(row) or len(set(below[1 : size + 1])) < size:
        return []
    if any(below[i] != below[i + size] for i in range(1, width + 1 - size)):
        return []
    spans = [Span(piece, 1 + i * size, 1 + (i + 1) * size) for i, piece in enumerate(row)]
    inside = all(
        columns[span.start][0] < span.piece.right and span.piece.left < columns[span.stop - 1][1]
        for span in spans
    )
    return [spans] if inside else []


def _row_readings(
    row: Sequence[Bit], columns: Sequence[Interval], names: Sequence[Interval], *, lowest: bool
) -> list[list[Span]]:
    choices = [_choices(piece, columns, names, lowest=lowest) for piece in row]
    if not all(choices):
        return []
    singles = [[choice for choice in each if choice[1] - choice[0] == 1] for each in choices]
    ways: list[tuple[_Columns, ...]] = []
    if all(len(each) == 1 for each in choices):
        ways.append(tuple(each[0] for each in choices))
    if all(len(each) == 1 for each in singles):
        ways.append(tuple(each[0] for each in singles))
    ways += _tilings(choices, len(columns))
    spans = [_in_order(row, way) for way in dict.fromkeys(ways)]
    return [each for each in spans if each]


def _choices(
    piece: Bit, columns: Sequence[Interval], names: Sequence[Interval], *, lowest: bool
) -> list[_Columns]:
    """Return the adjacent columns that a name may stand over, by the places of their cells or of their
    names.
    """
    found = [
        (start, stop)
        for start in range(len(columns))
        for stop in range(start + 1, len(columns) + 1)
        if any(_fits(piece, over[start:stop], strictly=not lowest) for over in (columns, names))
    ]
    if not lowest and sum(overlap(piece, name) for name in names) > 1:
        found = [choice for choice in found if choice[1] - choice[0] > 1]
    if found or not lowest:
        return found
    away = [max(left - piece.right, piece.left - right, 0.0) for left, right in columns]
    nearest = min(away)
    close = [i for i, distance in enumerate(away) if distance < 2 * max(nearest, piece.height)]
    return [(close[0], close[0] + 1)] if len(close) == 1 and nearest <= _BESIDE * piece.height else []


def _fits(piece: Bit, columns: Sequence[Interval], *, strictly: bool) -> bool:
    """Whether a name may stand over adjacent ``columns``: in their middle, or from one edge; over a single
    column also wherever most of it is, if not ``strictly``.
    """
    left, right = columns[0][0], columns[-1][1]
    near = piece.height / 2
    centred = abs(piece.left + piece.right - left - right) / 2 <= near
    if len(columns) > 1:
        inside = len(columns) == 2 or any(overlap(piece, column) for column in columns)
        return inside and (centred or (abs(piece.left - left) <= near and abs(piece.right - right) <= near))
    shared = min(piece.right, right) - max(piece.left, left)
    level = centred or min(abs(piece.left - left), abs(piece.right - right)) <= near
    return shared > 0 and (level or (not strictly and shared >= (piece.right - piece.left) / 2))


def _tilings(choices: Sequence[Sequence[_Columns]], width: int) -> list[tuple[_Columns, ...]]:
    """Return the only way to cover all columns but the first without gaps; nothing if there are several."""
    ends: dict[int, list[tuple[_Columns, ...]]] = {0: [()], 1: [()]}
    for each in choices:
        following: dict[int, list[tuple[_Columns, ...]]] = {}
        for start, stop in each:
            ways = [(*way, (start, stop)) for way in ends.get(start, ())]
            following.setdefault(stop, []).extend(ways[: 2 - len(following.get(stop, ()))])
        ends = following
    whole = ends.get(width, [])
    return whole if len(whole) == 1 else []


def _in_order(row: Sequence[Bit], way: Sequence[_Columns]) -> list[Span]:
    """Return the spans of a row, those over the same single column joined; nothing if they cross."""
    found: list[Span] = []
    for piece, (start, stop) in zip(row, way, strict=True):
        if found and found[-1][1:] == (start, stop) and stop - start == 1:
            piece = merged(found.pop().piece, piece)
        if found and found[-1].stop > start:
            return []
        found.append(Span(piece, start, stop))
    return found
