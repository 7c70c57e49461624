"""Tell which rows a line of one cell stands over, as ``Europe`` over the rows ``Sales`` and ``Profit``."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, islice, pairwise, takewhile

from qa.ingest.readers.base import MAX_PIECES
from qa.ingest.readers.table_numbered_rows import BULLETS, names_above, names_above_bullets

_FEWEST = 2
"""The fewest rows that two groups must have in common, where a line of one cell may also be a row without
values."""

_COLONS = " :："


@dataclass(frozen=True, slots=True)
class RowLine:
    """The line of a row, and what it may say of other rows."""

    number: int
    text: str
    title: str
    table: int = 0
    """The number of the table among those that are read one after the other."""
    name: str = ""
    """The row's first cell; empty for a line that is no row, and for prose."""
    start: int = 0
    """Its column, from 0."""
    group: str = ""
    """The text by which the line may name the rows below; empty for nothing."""
    spans: bool = False
    """True if the file says that it stands over them: it covers all columns, or is a header."""
    is_head: bool = False
    """True for the names of columns."""


@dataclass(slots=True)
class _Group:
    """The rows between two lines of one cell."""

    head: RowLine | None
    rows: list[RowLine] = field(default_factory=list)
    named: int = 0
    """The rows from the first on that are the group's beyond doubt."""

    @property
    def names(self) -> list[str]:
        """The names of the first rows, none of which begins before the group's name does."""
        start = self.head.start if self.head else 0
        rows = (row for row in self.rows if not row.is_head)
        return [row.name for row in takewhile(lambda row: row.name and row.start >= start, rows)]


def with_row_groups(lines: Iterable[RowLine]) -> Iterator[RowLine]:
    """Yield ``lines``, with the name of its group before a row where groups have rows of the same names.

    Nothing says where a group ends: after the total of ``Current assets`` comes ``Goodwill``. So a group is
    said to have the rows that follow its name as they follow another one's, and no more. Where numbers or
    bullets tell under which rows a row stands, these do: ``A. Assets — 1. Cash``. A table of more than
    ``MAX_PIECES`` lines is not held in memory for that: its lines stay as they are.
    """
    for _, table in groupby(lines, lambda line: line.table):
        rest = iter(table)
        held = list(islice(rest, MAX_PIECES + 1))
        yield from _named(held) if len(held) <= MAX_PIECES else chain(held, rest)


def _named(table: Sequence[RowLine]) -> Iterator[RowLine]:
    names = ["" if line.is_head else line.name or line.group for line in table]
    valued = [line.text.startswith(f"{name}: ") for line, name in zip(table, names, strict=True)]
    told = [names_above(names), names_above_bullets(names, valued)]
    above = next(filter(any, told), [])
    for line, over in zip(table, above, strict=False):
        text = line.text.lstrip(f"{BULLETS} ") if over else line.text
        yield replace(line, text=" — ".join((*over, text)))
    if not above:
        yield from _named_by_heads(table)


def _named_by_heads(table: Iterable[RowLine]) -> Iterator[RowLine]:
    groups = [_Group(None)]
    for line in table:
        if line.group:
            groups.append(_Group(line))
        else:
            groups[-1].rows.append(line)
    _count_shared(groups)
    for group in groups:
        if group.head:
            yield group.head
        left = group.named
        for row in group.rows:
            if group.head and left and not row.is_head:
                yield replace(row, text=f"{group.head.group.rstrip(_COLONS)} — {row.text}")
                left -= 1
            else:
                yield row


def _count_shared(groups: Sequence[_Group]) -> None:
    """Count the rows that each group begins with as another one does: of groups in the order of their rows'
    names, one beside it has the most.
    """
    for one, other in pairwise(sorted(groups, key=lambda group: group.names)):
        if one.head and other.head and one.head.group == other.head.group:
            continue  # the same again, as on the next page
        pairs = zip(one.names, other.names, strict=False)
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
        for group in (one, other):
            fewest = 1 if group.head and group.head.spans else _FEWEST
            if shared >= fewest:
                group.named = max(group.named, shared)
