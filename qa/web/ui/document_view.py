"""A view of the list of documents: those that a search finds, in an order, a page at a time. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from qa.uploads.listing import DocumentRow, DocumentState

PAGE_ROWS = 100
"""Documents that are shown at a time. A screen has ten, and a browser draws a hundred at once."""

MAX_FOLDERS = 200
"""Folders that can be chosen. Where there are more, only the upper ones are offered."""

_FOLDED = 20_000
"""Names whose folded form is remembered, so that each key of a search is quick over thousands of them."""


class SortOrder(StrEnum):
    """The order of the documents."""

    FOLDER = "folder"
    TITLE = "title"
    DATE = "date"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class ListView:
    """The search, the folder, the order and the page that a visitor has chosen."""

    search: str = ""
    folder: str = ""
    """Empty for all."""
    sort: SortOrder = SortOrder.FOLDER
    page: int = 1
    revision: int = 0
    """The number that the browser gave to this choice."""


@dataclass(frozen=True, slots=True)
class Found:
    """The documents that a view finds, and those of its page."""

    rows: Sequence[DocumentRow]
    first: int
    """The place of the first row of the page, from 0."""

    @property
    def page_rows(self) -> Sequence[DocumentRow]:
        """The documents of the page."""
        return self.rows[self.first : self.first + PAGE_ROWS]

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        return self.first // PAGE_ROWS + 1

    @property
    def pages(self) -> int:
        """The number of pages."""
        return max(1, -(-len(self.rows) // PAGE_ROWS))

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the documents that can be searched."""
        return frozenset(row.id for row in self.rows if row.state is DocumentState.INDEXED)


def find(rows: Iterable[DocumentRow], view: ListView) -> Found:
    """Return the rows in the folder of ``view`` whose titles, names and folders together have every word of
    its search, whatever their case and accents. Of a page that is not there, the last one is taken.
    """
    words = fold(view.search).split()
    inside = f"{view.folder}/" if view.folder else ""
    found = [
        row
        for row in rows
        if row.id.startswith(inside) and (not words or _has(fold(f"{row.title} {row.id}"), words))
    ]
    found.sort(key=_KEYS[view.sort], reverse=view.sort is SortOrder.NEWEST)
    pages = Found(found, 0).pages
    return Found(found, (min(max(view.page, 1), pages) - 1) * PAGE_ROWS)


def folders(rows: Iterable[DocumentRow]) -> list[tuple[str, int]]:
    """Return the folders of ``rows`` in their order, each with the number of documents in and under it."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(accumulate(row.id.split("/")[:-1], "{}/{}".format))
    deepest = max((folder.count("/") for folder in counts), default=0)
    while len(counts) > MAX_FOLDERS and deepest > 0:
        counts = Counter({name: n for name, n in counts.items() if name.count("/") < deepest})
        deepest -= 1
    return sorted(counts.items())[:MAX_FOLDERS]


@lru_cache(maxsize=_FOLDED)
def fold(text: str) -> str:
    """Return ``text`` without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def _has(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _folder_key(row: DocumentRow) -> tuple[bool, bool, str, str]:
    """Files that are being added or failed come first, then the visitor's own, then all by their folders."""
    folder, _, name = row.id.rpartition("/")
    return (row.state is DocumentState.INDEXED, not row.own, fold(folder), fold(name))


_KEYS: dict[SortOrder, Callable[[DocumentRow], tuple[object, ...]]] = {
    SortOrder.FOLDER: _folder_key,
    SortOrder.TITLE: lambda row: (fold(row.title), row.id),
    SortOrder.DATE: lambda row: (row.date is None, row.date or "", row.id),
    SortOrder.NEWEST: lambda row: (row.date is not None, row.date or "", row.id),
}
