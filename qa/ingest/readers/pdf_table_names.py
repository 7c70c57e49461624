"""Tell over which columns of a table in a PDF each name stands, by the places of both. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from qa.ingest.readers.pdf_layout import Bit
from qa.ingest.readers.pdf_table_grid import Interval, Span, overlap
from qa.ingest.readers.pdf_table_pieces import merged

_MOST_COLUMNS = 40
"""The most columns whose names are looked for. Set by hand: wider tables do not fit on a page."""

_BESIDE = 1.5
"""In heights: how far a name may stand beside the figures of its column, if all other columns are twice as
far, and at least two heights."""

_WHOLE = 0.9
"""The share of a column from which a rule reaches over all of it. Set by hand: rules are drawn as wide as the
cells, and figures are narrower."""

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
        ruled = [_over_rule(piece, row, columns) for piece in row]
        repeated = [] if any(ruled) else _of_repeated_names(row, columns, below)
        repeated = repeated or _in_the_middle_of_groups(row, ruled, columns, names, below)
        if len(row) > 1 and repeated and all(_is_over_group(span, columns, names) for span in repeated[0]):
            found = repeated
        else:
            is_last = row is rows[-1]
            found = _row_readings(row, ruled, columns, names, [is_last] * len(row))
            if not found and not is_last:
                lowest = [_is_over_no_name(piece, columns, below) for piece in row]
                found = _row_readings(row, ruled, columns, names, lowest)
            found += [way for way in repeated if way not in found]
        if ways:
            found = [way for way in found if any(_parts_none(way, below_it) for below_it in ways[0])]
            found = found or _goes_on(row, ways[0])
        if not found:
            return
        ways.insert(0, found)
        for span in found[0] if len(found) == 1 else ():
            for column in range(span.start, span.stop):
                below[column] += span.text
            if span.stop - span.start == 1:
                # What stands above may be in the middle of these names, not of the figures.
                names[span.start] = (span.piece.left, span.piece.right)
    yield from (list(way) for way in product(*ways) if all(_parts_none(a, b) for a, b in pairwise(way)))


def _of_repeated_names(
    row: Sequence[Bit], columns: Sequence[Interval], below: Sequence[str]
) -> list[list[Span]]:
    """Return the reading in which each name stands over one of the groups into which repetitions part the
    names ``below``: the years of revenue, then those of profit. A column without a name below is by itself.
    """
    groups = _groups(below)
    several = [below[start] for start, stop in groups if stop - start > 1]
    firsts = [below[start] for start, _ in groups if below[start]]
    if len(groups) != len(row) or len(groups) == 1 or not several or len(firsts) < 2 or len(set(firsts)) > 1:
        return []
    inside = all(
        columns[start][0] < piece.right and piece.left < columns[stop - 1][1]
        for piece, (start, stop) in zip(row, groups, strict=True)
    )
    spans = [Span(piece, *group) for piece, group in zip(row, groups, strict=True)]
    return [spans] if inside and _are_alike(spans, columns) else []


def _in_the_middle_of_groups(
    row: Sequence[Bit],
    ruled: Sequence[_Columns | None],
    columns: Sequence[Interval],
    names: Sequence[Interval],
    below: Sequence[str],
) -> list[list[Span]]:
    """Return the reading in which names stand in the middle of groups of columns that follow each other, and
    tell the names ``below`` apart that are the same: not all columns need to be in a group.
    """
    if len(row) == 1 or not all(below[1:]) or len(set(below[1:])) == len(below) - 1:
        return []
    ways: list[tuple[_Columns, ...]] = [()]
    for piece, over in zip(row, ruled, strict=True):
        choices = [over] if over else _choices(piece, columns, names, lowest=False)
        ways = [
            (*way, choice)
            for way in ways
            for choice in choices
            if choice[0] and choice[1] - choice[0] > 1 and (not way or way[-1][1] == choice[0])
        ]
    apart = [way for way in ways if _tell_apart(way, below)]
    return (
        [[Span(piece, *group) for piece, group in zip(row, apart[0], strict=True)]] if len(apart) == 1 else []
    )


def _tell_apart(groups: Sequence[_Columns], below: Sequence[str]) -> bool:
    """Return whether no two names ``below`` are the same in one group, or outside of all."""
    group_of = {i: start for start, stop in groups for i in range(start, stop)}
    full = [(group_of.get(i), name) for i, name in enumerate(below) if i]
    return len(set(full)) == len(full)


def _are_alike(spans: Sequence[Span], columns: Sequence[Interval]) -> bool:
    """Return whether names of several columns stand at the same place of them: from the left of the first
    one, from its right, or from the middle of all.
    """
    places = [
        (
            piece.left - columns[start][0],
            piece.right - columns[start][1],
            (piece.left + piece.right - columns[start][0] - columns[stop - 1][1]) / 2,
        )
        for piece, start, stop in spans
        if stop - start > 1
    ]
    height = max(piece.height for piece, _, _ in spans)
    return any(max(each) - min(each) <= height for each in zip(*places, strict=True))


def _parts_none(row: Sequence[Span], below: Sequence[Span]) -> bool:
    """Return whether no name of ``row`` stands over a part of a name ``below`` it and not over the others."""
    edges = {edge for span in row for edge in (span.start, span.stop)}
    return not any(span.start < edge < span.stop for span in below for edge in edges)


def _goes_on(row: Sequence[Bit], below: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the reading in which each name is the first line of that below it."""
    for spans in below[:1]:
        pairs = list(zip(row, spans, strict=False))
        lines = all(overlap(piece, (span.piece.left, span.piece.right)) for piece, span in pairs)
        if len(below) == 1 and len(row) == len(spans) and lines:
            return [[Span(piece, span.start, span.stop) for piece, span in pairs]]
    return []


def _is_over_group(span: Span, columns: Sequence[Interval], names: Sequence[Interval]) -> bool:
    """Return whether a name of several columns is no nearer to the middle of one of them than to that of all,
    as it is of that column alone otherwise; or if not of them, then of their ``names``.
    """
    middle = span.piece.left + span.piece.right

    def is_over(places: Sequence[Interval]) -> bool:
        away = abs(middle - places[0][0] - places[-1][1])
        return all(away <= abs(middle - left - right) + 1 for left, right in places)

    return any(is_over(each[span.start : span.stop]) for each in (columns, names))


def _groups(names: Sequence[str]) -> list[_Columns]:
    """Return the groups of columns, without the first, each up to where a name of it comes again."""
    groups: list[_Columns] = []
    for i, name in enumerate(names[1:], 1):
        start = groups[-1][0] if groups else i
        if groups and name and "" not in names[start:i] and name not in names[start:i]:
            groups[-1] = (start, i + 1)
        else:
            groups.append((i, i + 1))
    return groups


def _over_rule(piece: Bit, row: Sequence[Bit], columns: Sequence[Interval]) -> _Columns | None:
    """Return the columns that the rule under a name reaches over. None where there is none, or where it tells
    nothing: it underlines the words, reaches over the first column or ends inside a column, or is under
    several names and is not drawn in a piece for each.
    """
    if not piece.rule:
        return None
    left, right = piece.rule[0], piece.rule[-1]
    names = [name for name in row if overlap(name, (left, right))]
    if len(names) > 1:
        pieces = [part for part in pairwise(piece.rule) if overlap(piece, part)]
        if len(names) != len(piece.rule) - 1 or len(pieces) != 1:
            return None
        left, right = pieces[0]
    if right - left <= piece.right - piece.left + piece.height:
        return None
    shares = [(min(right, c[1]) - max(left, c[0])) / (c[1] - c[0]) for c in columns]
    over = [i for i, share in enumerate(shares) if share >= _WHOLE]
    if not over or over[0] == 0 or any(1 - _WHOLE < share < _WHOLE for share in shares):
        return None
    return over[0], over[-1] + 1


def _row_readings(
    row: Sequence[Bit],
    ruled: Sequence[_Columns | None],
    columns: Sequence[Interval],
    names: Sequence[Interval],
    lowest: Sequence[bool],
) -> list[list[Span]]:
    """Return the ways in which one row of names may stand; ``ruled`` are the columns that are certain, and
    the ``lowest`` names have no others below them.
    """
    choices = [
        [over] if over else _choices(piece, columns, names, lowest=each)
        for piece, over, each in zip(row, ruled, lowest, strict=True)
    ]
    if not all(choices):
        alone = one_each(row, columns) if all(lowest) else []
        return [alone] if alone else []
    if len(row) == 1 and not all(lowest):
        # A name in the middle of all columns is in the middle of fewer as well.
        return [[Span(row[0], *choice)] for choice in choices[0]]
    singles = [[choice for choice in each if choice[1] - choice[0] == 1] for each in choices]
    ways: list[tuple[_Columns, ...]] = []
    if all(len(each) == 1 for each in choices):
        ways.append(tuple(each[0] for each in choices))
    if all(len(each) == 1 for each in singles):
        ways.append(tuple(each[0] for each in singles))
    ways += _tilings(choices, len(columns))
    spans = [_in_order(row, way) for way in dict.fromkeys(ways)]
    return [each for each in spans if each]


def _is_over_no_name(piece: Bit, columns: Sequence[Interval], below: Sequence[str]) -> bool:
    """Return whether a piece stands over a column, and over none that has a name ``below``."""
    over = [name for name, column in zip(below, columns, strict=True) if overlap(piece, column)]
    return bool(over) and not any(over)


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
    away = [distance(piece, column) for column in columns]
    nearest = min(away)
    close = [i for i, distance in enumerate(away) if distance < 2 * max(nearest, piece.height)]
    return [(close[0], close[0] + 1)] if len(close) == 1 and nearest <= _BESIDE * piece.height else []


def one_each(row: Sequence[Bit], columns: Sequence[Interval]) -> list[Span]:
    """Return a name for each column, or for each but the first: over it alone, or beside it and twice as far
    from any other. Nothing if it is not so.
    """
    without = len(columns) - len(row)
    if without not in {0, 1}:
        return []
    for i, piece in enumerate(row, start=without):
        away = [distance(piece, column) for column in columns]
        own = away.pop(i)
        if own > _BESIDE * piece.height or 2 * own >= min(away, default=1):
            return []
    return [Span(piece, i, i + 1) for i, piece in enumerate(row, start=without)]


def distance(piece: Bit, column: Interval) -> float:
    """Return how far a piece is from a column to its side; 0 if a part of it is over it."""
    return max(column[0] - piece.right, piece.left - column[1], 0.0)


def names_none(piece: Bit, columns: Sequence[Interval]) -> bool:
    """Return whether a name in the lowest row stands neither over nor beside one of ``columns``."""
    return not _choices(piece, columns, columns, lowest=True)


def _fits(piece: Bit, columns: Sequence[Interval], *, strictly: bool) -> bool:
    """Return whether a name may stand over adjacent ``columns``: in their middle, or from one edge; over a
    single column also wherever most of it is, if not ``strictly``.
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
