"""The documents of a library as rows for the page."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from weakref import WeakKeyDictionary

from qa.index.index import Index
from qa.index.sources import SourceFile, Upload
from qa.uploads.index import sources_of


class DocumentState(StrEnum):
    """The stage that a document has reached."""

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
    """True if it was uploaded."""
    uploader: str = ""
    """The name of its uploader, where that is known."""
    may_change: bool = True
    """True if who asks for the list may remove it, and download it, if it was uploaded."""
    state: DocumentState = DocumentState.INDEXED
    reason: str = ""
    """The reason why it failed, in words for its owner."""
    has_original: bool = False
    """True if its file is kept, and can be downloaded."""
    date_source: str = ""
    """The source of the date, for a person."""


def list_documents(
    shared: Index,
    own: Index | None,
    pending: Iterable[DocumentRow],
    may_change: Callable[[SourceFile], bool],
) -> tuple[DocumentRow, ...]:
    """Return a row for every document: shared, uploaded (in the index ``own``), or ``pending``.
    ``may_change`` tells whether who asks may change an uploaded one.
    """
    uploaded = sources_of(own)
    return (
        *_shared_rows(shared),
        *(_uploaded_rows(own, may_change) if own else ()),
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


def _uploaded_rows(own: Index, may_change: Callable[[SourceFile], bool]) -> Iterator[DocumentRow]:
    for row in _rows(own, sources_of(own), own=True):
        source = sources_of(own)[row.id]
        upload = source.upload or Upload()
        yield replace(
            row,
            uploader=upload.uploader,
            may_change=may_change(source),
            has_original=bool(upload.original),
        )


def _rows(index: Index, ids: Iterable[str], own: bool) -> Iterator[DocumentRow]:
    for document in (index.documents[doc_id] for doc_id in ids):
        yield DocumentRow(
            document.id,
            document.title,
            document.date,
            len(document.text),
            index.passage_counts[document.id],
            own,
            date_source=document.date_source,
        )
