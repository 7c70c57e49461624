"""Documents that are searched, listed, compared and summed up without a question being answered."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from qa.conflicts.corpus import MAX_SHOWN, SECONDS, CorpusConflicts, find_corpus_conflicts
from qa.mentions.base import Mentions
from qa.mentions.sweep import find_mentions
from qa.nlp.dates import Period
from qa.overview.overview import make_overview
from qa.query.document_filter import ALL_DOCUMENTS, Collection, DocumentFilter, find_documents
from qa.query.validation import validate_query
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import (
    Document,
    Overview,
    RetrievalResult,
    SearchedDocuments,
    mark_changed,
)

_NAMED = 3
"""Names of documents, folders and collections that an answer repeats, so that they keep to a line."""


class Corpus:
    """The documents of an index, and what code finds in them without a language model."""

    def __init__(
        self,
        retriever: HybridRetriever,
        documents: Mapping[str, Document],
        changed: Callable[[str], bool],
        collections: Mapping[str, Collection],
    ) -> None:
        """Search ``documents`` with ``retriever``. ``changed`` tells by id whether the file of a document has
        changed since it was indexed; ``collections`` are sets of documents by their names.
        """
        self.documents = documents
        self.changed = changed
        self.collections = collections
        self._retriever = retriever

    @property
    def retriever(self) -> HybridRetriever:
        """The retriever, which finds the passages."""
        return self._retriever

    @property
    def state(self) -> str:
        """A string that changes whenever a document that can be searched does."""
        return self._retriever.source.state

    def document_filter(self, names: Sequence[str], period: Period | None = None) -> DocumentFilter:
        """Return the filter of the documents that ``names`` mean, as :func:`find_documents` has it, and of
        those that are from ``period``.

        Raises:
            UserError: a name means nothing, or an empty collection.
        """
        only = find_documents(names, self._retriever.source.dates(), self.collections)
        return DocumentFilter(only, period=period, name=", ".join(names[:_NAMED]))

    def describe(self, document_filter: DocumentFilter) -> SearchedDocuments:
        """Return how many documents a filter leaves of how many, and what a person calls them."""
        dates = self._retriever.source.dates()
        period, name = document_filter.period, document_filter.name
        found = document_filter.matching(dates) if document_filter.names_documents or period else list(dates)
        if len(found) == 1 < len(dates):
            name = self.documents[found[0]].title
        name = ", ".join(filter(None, (name, str(period) if period else "")))
        return SearchedDocuments(len(found), len(dates), name)

    def search(self, query: str, k: int, document_filter: DocumentFilter = ALL_DOCUMENTS) -> RetrievalResult:
        """Return the ``k`` best passages for ``query`` as it is written, or the reason why there are none.

        Raises:
            UserError: the query is empty or too long.
        """
        retriever = self._retriever.model_copy(update={"k": k})
        return retriever.search(validate_query(query), document_filter)

    def find(
        self, query: str, document_filter: DocumentFilter = ALL_DOCUMENTS, *, by_meaning: bool = True
    ) -> Mentions:
        """Return every sentence that mentions what ``query`` names or describes, with what may be missing.

        Raises:
            UserError: the query is empty or too long.
        """
        searched = self.describe(document_filter)
        query = validate_query(query)
        return find_mentions(query, self._retriever, searched, document_filter, by_meaning=by_meaning)

    def conflicts(
        self,
        document_filter: DocumentFilter = ALL_DOCUMENTS,
        limit: int = MAX_SHOWN,
        seconds: float = SECONDS,
    ) -> CorpusConflicts:
        """Return where documents disagree on a fact: the surest ``limit`` conflicts of what can be compared
        in so many ``seconds``.
        """
        ids = document_filter.matching(self._retriever.source.dates())
        end = time.monotonic() + seconds
        return find_corpus_conflicts(self.documents, ids, lambda: time.monotonic() < end, limit)

    def overview(self, document_filter: DocumentFilter = ALL_DOCUMENTS) -> Overview:
        """Return what is in the documents that match a filter: their main sentences, and what they name and
        state, in quotes.
        """
        source = self._retriever.source
        ids = document_filter.matching(source.dates())
        overview = make_overview(ids, self.documents, source.rarity)
        searched = self.describe(document_filter)
        return replace(
            overview,
            quotes=mark_changed(overview.quotes, self.changed),
            searched=replace(searched, documents=overview.searched.documents),
        )
