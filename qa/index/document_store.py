"""The documents of a segment, in a file: all in memory if they are few, else read when asked for."""

import json
from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from threading import Lock
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError
from qa.index.files import PositionalFile, open_spool
from qa.index.manifest import REBUILD
from qa.schema import Document, Heading, Place

IN_MEMORY_BYTES = 128_000_000
"""The size of a file up to which all of its documents are kept in memory. They are read in two seconds then,
and nothing that looks at every one of them waits for the disk."""

CACHE_CHARACTERS = 16_000_000
"""The length of the documents that stay in memory after they were asked for."""

_Part = TypeVar("_Part", Place, Heading)

_FIELDS = frozenset(each.name for each in fields(Document))
_BEGINS, _DATED, _LANGUAGE = b'{"id": "', b', "date": "', b', "language": "'


def read_documents(path: Path) -> dict[str, Document]:
    """Read all documents of a file, by id, in their order.

    Raises:
        OSError, ValueError: it cannot be read, or a line is not a document of this version.
    """
    with path.open(encoding="utf-8") as file:
        documents = [parse_document(line) for line in file]
    return {document.id: document for document in documents}


def dump_document(document: Document) -> str:
    """Return a document as one line of a file."""
    return json.dumps(asdict(document), ensure_ascii=False) + "\n"


def parse_document(line: str | bytes) -> Document:
    """Parse a line of a file.

    Raises:
        ValueError: it has other fields than :func:`dump_document` writes.
    """
    record = json.loads(line)
    if not isinstance(record, dict) or record.keys() != _FIELDS:
        raise ValueError("a document has other fields than this version writes")
    places = _parse_list(Place, record["places"])
    headings = _parse_list(Heading, record["headings"])
    return Document(**{**record, "places": places, "headings": headings})


def _parse_list(kind: type[_Part], records: object) -> tuple[_Part, ...]:
    """Parse a field of a document that lists places or headings, which are in the order of their starts."""
    name = f"the {kind.__name__.lower()}s of a document"
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise ValueError(f"{name} are not a list")
    try:
        read = tuple(kind(**each) for each in records)
    except TypeError as error:
        raise ValueError(f"{name} have other fields than this version writes") from error
    starts = [each.start for each in read]
    if starts != sorted(starts):
        raise ValueError(f"{name} are out of order")
    return read


def open_documents(path: Path, in_memory_bytes: int = IN_MEMORY_BYTES) -> Mapping[str, Document]:
    """Open the documents of a file, by id, in their order: a file of up to ``in_memory_bytes`` is read at
    once, of a larger one each document when it is asked for.

    Raises:
        OSError, ValueError: the file cannot be read, or a line is not a document of this version. In a large
            file the latter shows when the document is asked for.
    """
    return read_documents(path) if path.stat().st_size <= in_memory_bytes else LazyDocuments(_File(path))


def exclude(documents: Mapping[str, Document], removed: Collection[str]) -> Mapping[str, Document]:
    """Return the documents without those in ``removed``. No document is read for it."""
    if not removed:
        return documents
    if isinstance(documents, LazyDocuments):
        return documents.exclude(removed)
    return {doc_id: each for doc_id, each in documents.items() if doc_id not in removed}


def dates_of(documents: Mapping[str, Document]) -> dict[str, str | None]:
    """Return the date of each document, by id. No document is read for it."""
    if isinstance(documents, LazyDocuments):
        return documents.dates()
    return {doc_id: each.date for doc_id, each in documents.items()}


def languages_of(documents: Mapping[str, Document]) -> dict[str, str]:
    """Return the language of each document, by id. No document is read for it."""
    if isinstance(documents, LazyDocuments):
        return documents.languages()
    return {doc_id: each.language for doc_id, each in documents.items()}


class DocumentSource(Protocol):
    """Documents that are kept elsewhere and numbered from 0."""

    @property
    def ids(self) -> Sequence[str]:
        """Of the documents, in their order."""

    @property
    def dates(self) -> Sequence[str | None]:
        """Of the documents, in their order."""

    @property
    def languages(self) -> Sequence[str]:
        """Of the documents, in their order."""

    def document(self, number: int) -> Document:
        """Read a document.

        Raises:
            IndexDamagedError: it cannot be read.
        """


class LazyDocuments(Mapping[str, Document]):
    """Documents that are read when they are asked for. Threads may share it."""

    def __init__(self, source: DocumentSource, removed: Collection[str] = ()) -> None:
        """The documents of ``source`` without those in ``removed``."""
        self._source = source
        self._numbers = {doc_id: n for n, doc_id in enumerate(source.ids) if doc_id not in removed}
        self._cache: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def exclude(self, removed: Collection[str]) -> "LazyDocuments":
        """Return all documents of the same source without those in ``removed``."""
        return LazyDocuments(self._source, removed)

    def dates(self) -> dict[str, str | None]:
        """The date of each document, by id."""
        dates = self._source.dates
        return {doc_id: dates[number] for doc_id, number in self._numbers.items()}

    def languages(self) -> dict[str, str]:
        """The language of each document, by id."""
        languages = self._source.languages
        return {doc_id: languages[number] for doc_id, number in self._numbers.items()}

    def __getitem__(self, doc_id: str) -> Document:
        """Return the document of an id.

        Raises:
            KeyError: there is none.
            IndexDamagedError: it cannot be read.
        """
        with self._lock:
            if doc_id in self._cache:
                self._cache.move_to_end(doc_id)
                return self._cache[doc_id]
        document = self._source.document(self._numbers[doc_id])
        self._keep(document)
        return document

    def _keep(self, document: Document) -> None:
        """Keep ``document`` in memory, in place of those that were asked for longest ago."""
        with self._lock:
            if document.id not in self._cache:
                self._cache[document.id] = document
                self._characters += len(document.text)
            while self._characters > CACHE_CHARACTERS and len(self._cache) > 1:
                self._characters -= len(self._cache.popitem(last=False)[1].text)

    def __contains__(self, doc_id: object) -> bool:
        """Return whether there is a document of this id; nothing is read."""
        return doc_id in self._numbers

    def __iter__(self) -> Iterator[str]:
        """The ids, in the documents' order."""
        return iter(self._numbers)

    def __len__(self) -> int:
        """The number of documents."""
        return len(self._numbers)


class SpooledDocuments(LazyDocuments):
    """Documents that are added one after the other, in a file without a name, which is gone when nothing
    refers to it: however long they are, few are in memory. One thread at a time may use it.
    """

    def __init__(self, folder: Path) -> None:
        """Begin without a document, on the disk of ``folder``.

        Raises:
            OSError: the folder cannot be written.
        """
        self._spool = _Spool(folder)
        super().__init__(self._spool)

    def add(self, document: Document) -> None:
        """Add a document, whose id none has yet.

        Raises:
            OSError: the disk is full.
        """
        self._numbers[document.id] = self._spool.append(document)
        self._keep(document)


class _Spool:
    """A file with one document per line, which grows."""

    def __init__(self, folder: Path) -> None:
        self._file = open_spool(folder)
        self._ends = array("q", [0])
        self.ids: list[str] = []
        self.dates: list[str | None] = []
        self.languages: list[str] = []

    def append(self, document: Document) -> int:
        """Write a document, and return its number."""
        line = dump_document(document).encode()
        self._file.seek(self._ends[-1])
        self._file.write(line)
        self._ends.append(self._ends[-1] + len(line))
        self.ids.append(document.id)
        self.dates.append(document.date)
        self.languages.append(document.language)
        return len(self.ids) - 1

    def document(self, number: int) -> Document:
        """Read a document."""
        start, end = self._ends[number : number + 2]
        self._file.seek(start)
        return parse_document(self._file.read(end - start))


class SelectedDocuments(Mapping[str, Document]):
    """Some of many documents, in an order of their own. None is read before it is asked for."""

    def __init__(self, documents: Mapping[str, Document], doc_ids: Iterable[str]) -> None:
        """Take those of ``documents`` that ``doc_ids`` name, in this order."""
        self._documents = documents
        self._ids = dict.fromkeys(doc_ids)

    def __getitem__(self, doc_id: str) -> Document:
        """Return the document of an id.

        Raises:
            KeyError: it is none of them.
        """
        if doc_id not in self._ids:
            raise KeyError(doc_id)
        return self._documents[doc_id]

    def __contains__(self, doc_id: object) -> bool:
        """Return whether one of them has this id; nothing is read."""
        return doc_id in self._ids

    def __iter__(self) -> Iterator[str]:
        """The ids, in their order."""
        return iter(self._ids)

    def __len__(self) -> int:
        """The number of documents."""
        return len(self._ids)


class _File:
    """A file with one document per line, and where every line begins."""

    def __init__(self, path: Path) -> None:
        """Find the lines of the file.

        Raises:
            OSError, ValueError: it cannot be read, or a line does not begin as a document does.
        """
        self._path = path
        self._file = PositionalFile(path)
        self.ids: list[str] = []
        self.dates: list[str | None] = []
        self.languages: list[str] = []
        ends = [0]
        with path.open("rb") as file:
            for line in file:
                self.ids.append(_id(line))
                self.dates.append(_field(line, _DATED))
                self.languages.append(_field(line, _LANGUAGE) or "")
                ends.append(ends[-1] + len(line))
        self._ends: NDArray[np.int64] = np.asarray(ends, dtype=np.int64)

    def document(self, number: int) -> Document:
        """Read the document on a line, counted from 0.

        Raises:
            IndexDamagedError: the line is not a document.
        """
        start, end = self._ends[number : number + 2].tolist()
        try:
            return parse_document(self._file.read(end - start, start))
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"{self._path} cannot be read ({error}); {REBUILD}") from error


def _id(line: bytes) -> str:
    """Return the id of the document on a line. The rest of the line is parsed only if the id has escapes."""
    end = line.find(b'"', len(_BEGINS))
    if not line.startswith(_BEGINS) or end < 0:
        raise ValueError("a line is not a document")
    found = line[len(_BEGINS) : end]
    if b"\\" in found:
        return parse_document(line).id
    return found.decode()


def _field(line: bytes, name: bytes) -> str | None:
    """Return a field of the document on a line without parsing it; None also for any other line."""
    # What stands between the quotes of JSON has its own escaped: these bytes are the name of a field.
    start = line.rfind(name)
    if start < 0:
        return None
    start += len(name)
    return line[start : line.find(b'"', start)].decode()
