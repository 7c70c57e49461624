"""Turn the rows of a table into lines that can be read, found and quoted by themselves."""

import re
from collections.abc import Iterable, Iterator, Sequence

_NUMBER = re.compile(r"[-+]?[\d.,\s%]+")


def row_lines(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield the number of each row that has text, from 1, and its line.

    A table may begin with rows of one cell, its title. Below a first row of names, a row becomes
    ``Plant: Muruntau; Power: 54 MW``, so that its numbers can be understood by themselves; the row of names
    itself then has no line, since every other line repeats it. Without such a row, bars separate the cells:
    ``Muruntau | 54 MW``.
    """
    numbered = (
        (number, [" ".join(cell.split()) for cell in row]) for number, row in enumerate(rows, start=1)
    )
    filled = ((number, row) for number, row in numbered if any(row))
    first = next(filled, None)
    while first and sum(map(bool, first[1])) == 1:
        yield first[0], _with_bars(first[1])
        first = next(filled, None)
    if first is None:
        return
    second = next(filled, None)
    names = first[1] if second and _are_names(first[1]) else []
    if not names:
        yield first[0], _with_bars(first[1])
    if second:
        yield second[0], _with_names(names, second[1])
    for number, row in filled:
        yield number, _with_names(names, row)


def _are_names(cells: Sequence[str]) -> bool:
    """Whether a first row looks like names: at least two, all different, and no numbers."""
    names = [cell for cell in cells if cell]
    return len(names) > 1 and len(set(names)) == len(names) and not any(map(_NUMBER.fullmatch, names))


def _with_names(names: Sequence[str], cells: Sequence[str]) -> str:
    if not names:
        return _with_bars(cells)
    padded = [*names, *[""] * (len(cells) - len(names))]
    pairs = zip(padded, cells, strict=False)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


def _with_bars(cells: Sequence[str]) -> str:
    return " | ".join(cell for cell in cells if cell)
