"""The last sweeps of a server, so that the pages and files of one list of mentions take one sweep."""

from collections.abc import Hashable
from dataclasses import replace
from threading import Lock
from weakref import ref

from cachetools import LRUCache

from qa.mentions.base import Mentions
from qa.pipeline import Pipeline
from qa.query.document_filter import ALL_DOCUMENTS, DocumentFilter

MOST_MENTIONS = 500_000
"""Mentions that are kept in all, about 100 MB of memory. A longer list is gone through for every page."""

_LEAST = 1_000
"""The room that a short list takes as well, so that no more than some hundred lists are kept."""


class Sweeps:
    """Finds mentions, and keeps the lists that were looked at last until their documents change. Safe to use
    from many threads.

    A list belongs to its pipeline, which is another one once a document changes, and for readers who do not
    see the same documents.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = Lock()
        self._kept: LRUCache[tuple[ref[Pipeline], Hashable], Mentions] = LRUCache(
            MOST_MENTIONS, lambda found: max(len(found.mentions), _LEAST)
        )

    def find(
        self,
        pipeline: Pipeline,
        query: str,
        document_filter: DocumentFilter = ALL_DOCUMENTS,
        *,
        by_meaning: bool = True,
    ) -> Mentions:
        """Return what :meth:`Pipeline.find` does.

        Raises:
            UserError: the query is empty or too long.
        """
        key = (ref(pipeline), (query, document_filter, by_meaning))
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = pipeline.find(query, document_filter, by_meaning=by_meaning)
            self._keep(key, found)
        # Others may have another name for the same documents.
        return replace(found, searched=pipeline.describe(document_filter))

    def _keep(self, key: tuple[ref[Pipeline], Hashable], found: Mentions) -> None:
        with self._lock:
            for each in [each for each in self._kept if each[0]() is None]:
                del self._kept[each]
            if self._kept.getsizeof(found) <= self._kept.maxsize:
                self._kept[key] = found
