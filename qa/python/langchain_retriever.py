"""Attest's search as a retriever for LangChain."""

from collections.abc import Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from qa.python.attest import Attest
from qa.schema import Quote


class AttestRetriever(BaseRetriever):
    """A retriever of passages, cut verbatim: ``page_content`` is the characters ``start`` to ``end`` of the
    document that ``source`` names in the metadata.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    attest: Attest
    """The open index that is searched."""
    k: int = 10
    """The most passages to return."""
    documents: Sequence[str] = ()
    """Ids of documents, or folders or archives of them; empty for all."""
    since: str = ""
    """The day, month or year from which on documents are searched; empty for any."""
    until: str = ""
    """The last day, month or year; empty for any."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = self.attest.search(
            query, self.k, documents=self.documents, since=self.since, until=self.until
        )
        return [_document(quote) for quote in found]


def _document(quote: Quote) -> Document:
    metadata = {
        "source": quote.span.doc_id,
        "start": quote.span.start,
        "end": quote.span.end,
        "title": quote.title,
        "date": quote.date,
        "place": quote.place,
    }
    return Document(page_content=quote.text, metadata=metadata)
