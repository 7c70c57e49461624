"""Write the row of a table as a line, its cells behind their names."""

from collections.abc import Iterable, Sequence
from itertools import groupby, zip_longest

from qa.ingest.readers.table_grid import MAX_REPEATED, GridCell, GridRow
from qa.ingest.readers.table_header import is_key
from qa.ingest.readers.table_names import MAX_NAME, Names

COLONS = " :："
"""The characters that end a name."""


def row_text(row: GridRow, names: Names) -> str:
    """Return the line of ``row`` below ``names``."""
    cells = [cell for cell in row.shown if cell.first or len(cell.text) <= MAX_REPEATED]
    if len(cells) == 1 and (cells[0].stop - cells[0].start > 1 or cells[0].header):
        return cells[0].text
    if names.width and cells and names.width <= row.width and cells[-1].stop <= names.starts[-1]:
        return _with_names(cells, names)
    return _with_keys(cells)


def _with_names(cells: Sequence[GridCell], names: Names) -> str:
    """Return ``Muruntau — Power: 54 MW``; cells under one name stand together, as ``$`` and its number."""
    before: list[str] = []
    after: list[str] = []
    for runs, group in groupby(cells, names.over):
        name = names.joined(runs)
        text = " ".join(cell.text for cell in group)
        if name and len(name) <= MAX_NAME:
            after.append(f"{name}: {text}")
        else:
            (after or before).append(text)
    return " — ".join(filter(None, (*before, "; ".join(after))))


def _with_keys(cells: Sequence[GridCell]) -> str:
    """Return ``Power: 54 MW`` where the file or a colon says that a cell names the next one, else bars."""
    if cells and cells[0].header and not all(cell.header for cell in cells):
        return _pairs((cell.header, cell.text) for cell in cells)
    if not cells or not is_key(cells[0]) or all(map(is_key, cells)):
        return " | ".join(cell.text for cell in cells)
    named: list[GridCell] = []
    blank: list[str] = []
    for cell, after in zip_longest(cells, cells[1:]):
        if is_key(cell) and (after is None or is_key(after)):
            blank.append(cell.text)
        else:
            named.append(cell)
    return "; ".join([_pairs((is_key(cell), cell.text) for cell in named), *blank])


def _pairs(cells: Iterable[tuple[bool, str]]) -> str:
    """Return cells behind those before them that are keys."""
    pairs: list[str] = []
    keys: list[str] = []
    for is_name, group in groupby(cells, lambda cell: cell[0]):
        texts = [text for _, text in group]
        if is_name:
            keys = [text.rstrip(COLONS) for text in texts]
        else:
            pairs.append(f"{' — '.join(keys)}: {' | '.join(texts)}")
            keys = []
    return "; ".join([*pairs, *keys])
