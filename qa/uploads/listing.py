"""The documents of a library as rows for the page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from weakref import WeakKeyDictionary

from qa.index.index import Index
from qa.uploads.index import sources_of


class DocumentState(StrEnum):
    """How far a document has come."""

    WAITING = "waiting"
    READING = "reading"
    INDEXED = "indexed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list of documents shows it."""

    id: str
    title: str
    date: str | None = None
    characters: int = 0
    """Of the normalised text; 0 before it is read."""
    passages: int = 0
    """0 before it is indexed."""
    own: bool = True
    """Whether it was uploaded, and so can be removed."""
    state: DocumentState = DocumentState.INDEXED
    reason: str = ""
    """Why it failed, in words for its owner."""
    has_original: bool = False
    """Whether its file is kept, and can be downloaded."""
    date_source: str = ""
    """Where the date was taken from, for a person."""


def list_documents(
    shared: Index, own: Index | None, pending: Iterable[DocumentRow]
) -> tuple[DocumentRow, ...]:
    """Return a row for every document: shared, uploaded (in the index ``own``), or ``pending``."""
    uploaded = sources_of(own)
    return (
        *_shared_rows(shared),
        *(_rows(own, uploaded, own=True) if own else ()),
        *(row for row in pending if row.state is DocumentState.FAILED or row.id not in uploaded),
    )


_known: WeakKeyDictionary[Index, tuple[DocumentRow, ...]] = WeakKeyDictionary()


def _shared_rows(index: Index) -> tuple[DocumentRow, ...]:
    """Return the rows of the shared documents. They are made once: an index never changes, and reading the
    length of every text takes seconds in a large one.
    """
    rows = _known.get(index)
    if rows is None:
        rows = _known[index] = tuple(_rows(index, index.documents, own=False))
    return rows


def _has_original(index: Index, doc_id: str) -> bool:
    source = index.sources.get(doc_id)
    return bool(source and source.upload and source.upload.original)


def _rows(index: Index, ids: Iterable[str], own: bool) -> Iterator[DocumentRow]:
    for document in (index.documents[doc_id] for doc_id in ids):
        yield DocumentRow(
            document.id,
            document.title,
            document.date,
            len(document.text),
            index.passage_counts[document.id],
            own,
            has_original=_has_original(index, document.id),
            date_source=document.date_source,
        )
