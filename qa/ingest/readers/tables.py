"""Rows of a table as lines that can be read, found and quoted by themselves."""

import re
from collections.abc import Iterable, Iterator, Sequence

_NUMBER = re.compile(r"[-+]?[\d.,\s%]+")


def row_lines(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """The number of each row that has text, from 1, and its line.

    Rows of one cell may open a table, as its title. Under a first row of names a row reads
    ``Plant: Muruntau; Power: 54 MW``, so that it says by itself what its numbers are; that first row then has
    no line, since every other one repeats it. Without such a row the cells stand between bars:
    ``Muruntau | 54 MW``.
    """
    numbered = (
        (number, [" ".join(cell.split()) for cell in row]) for number, row in enumerate(rows, start=1)
    )
    filled = ((number, row) for number, row in numbered if any(row))
    first = next(filled, None)
    while first and sum(map(bool, first[1])) == 1:
        yield first[0], _between_bars(first[1])
        first = next(filled, None)
    if first is None:
        return
    second = next(filled, None)
    names = first[1] if second and _are_names(first[1]) else []
    if not names:
        yield first[0], _between_bars(first[1])
    if second:
        yield second[0], _named(names, second[1])
    for number, row in filled:
        yield number, _named(names, row)


def _are_names(cells: Sequence[str]) -> bool:
    """Whether a first row looks like one of names: two at least, all of them different, none a number."""
    names = [cell for cell in cells if cell]
    return len(names) > 1 and len(set(names)) == len(names) and not any(map(_NUMBER.fullmatch, names))


def _named(names: Sequence[str], cells: Sequence[str]) -> str:
    if not names:
        return _between_bars(cells)
    padded = [*names, *[""] * (len(cells) - len(names))]
    pairs = zip(padded, cells, strict=False)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


def _between_bars(cells: Sequence[str]) -> str:
    return " | ".join(cell for cell in cells if cell)
