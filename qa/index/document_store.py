"""The documents of a build, in a file: all in memory while they are few, else read when asked for."""

import json
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexDamagedError
from qa.index.files import PositionalFile
from qa.index.manifest import REBUILD
from qa.schema import Document, Place

WHOLE_UP_TO = 128_000_000
"""Bytes of a file up to which all of its documents are kept in memory: they are read in two seconds then, and
whoever looks at every one of them does not wait for the disk."""

KEPT = 16_000_000
"""Characters of the documents that were asked for last, and stay in memory."""

_FIELDS = frozenset(each.name for each in fields(Document))
_BEGINS, _DATED = b'{"id": "', b', "date": "'


def documents_of(path: Path) -> dict[str, Document]:
    """The documents of a build's file, by id, in their order.

    Raises:
        OSError, ValueError: it cannot be read, or a line is no document of this version's.
    """
    with path.open(encoding="utf-8") as file:
        documents = [document_of(line) for line in file]
    return {document.id: document for document in documents}


def document_line(document: Document) -> str:
    """A document as a line of a build's file."""
    return json.dumps(asdict(document), ensure_ascii=False) + "\n"


def document_of(line: str | bytes) -> Document:
    """The document of a line.

    Raises:
        ValueError: it has other fields than :func:`document_line` writes.
    """
    record = json.loads(line)
    if not isinstance(record, dict) or record.keys() != _FIELDS:
        raise ValueError("a document has other fields than this version writes")
    places = record["places"]
    if not isinstance(places, list) or not all(isinstance(each, dict) for each in places):
        raise ValueError("the places of a document are no list")
    try:
        read = tuple(Place(**each) for each in places)
    except TypeError as error:
        raise ValueError("a place has other fields than this version writes") from error
    starts = [each.start for each in read]
    if starts != sorted(starts):
        raise ValueError("the places of a document are out of order")
    return Document(**{**record, "places": read})


def open_documents(path: Path, whole_up_to: int = WHOLE_UP_TO) -> Mapping[str, Document]:
    """The same, without more in memory than is good for a large file.

    Raises:
        OSError, ValueError: it cannot be read, or a line is no document of this version's. Of a large file
            that is found out when the document is asked for.
    """
    return documents_of(path) if path.stat().st_size <= whole_up_to else StoredDocuments(_File(path))


def without(documents: Mapping[str, Document], removed: Collection[str]) -> Mapping[str, Document]:
    """The documents but for those ``removed``, none of which is read for it."""
    if not removed:
        return documents
    if isinstance(documents, StoredDocuments):
        return documents.without(removed)
    return {doc_id: each for doc_id, each in documents.items() if doc_id not in removed}


def dates_of(documents: Mapping[str, Document]) -> dict[str, str | None]:
    """The date of each document, by id, without a look at what it says."""
    if isinstance(documents, StoredDocuments):
        return documents.dates()
    return {doc_id: each.date for doc_id, each in documents.items()}


class Lines(Protocol):
    """Documents that are kept elsewhere, a line each."""

    @property
    def ids(self) -> Sequence[str]:
        """Of the documents, in their order."""

    @property
    def dates(self) -> Sequence[str | None]:
        """Of the documents, in their order."""

    def document(self, line: int) -> Document:
        """The document on a line, counted from 0.

        Raises:
            IndexDamagedError: there is none on it.
        """


class StoredDocuments(Mapping[str, Document]):
    """Documents that are read when they are asked for. Threads may share it."""

    def __init__(self, file: Lines, removed: Collection[str] = ()) -> None:
        """All documents of ``file`` but for those ``removed``."""
        self._file = file
        self._lines = {doc_id: n for n, doc_id in enumerate(file.ids) if doc_id not in removed}
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def without(self, removed: Collection[str]) -> "StoredDocuments":
        """The same file's documents but for those ``removed``."""
        return StoredDocuments(self._file, removed)

    def dates(self) -> dict[str, str | None]:
        """The date of each document, by id."""
        dates = self._file.dates
        return {doc_id: dates[line] for doc_id, line in self._lines.items()}

    def __getitem__(self, doc_id: str) -> Document:
        """The document of an id.

        Raises:
            KeyError: there is none.
            IndexDamagedError: its line is no document.
        """
        with self._lock:
            if doc_id in self._kept:
                self._kept.move_to_end(doc_id)
                return self._kept[doc_id]
        document = self._file.document(self._lines[doc_id])
        with self._lock:
            if doc_id not in self._kept:
                self._kept[doc_id] = document
                self._characters += len(document.text)
            while self._characters > KEPT and len(self._kept) > 1:
                self._characters -= len(self._kept.popitem(last=False)[1].text)
        return document

    def __contains__(self, doc_id: object) -> bool:
        """Whether there is a document of this id; nothing is read."""
        return doc_id in self._lines

    def __iter__(self) -> Iterator[str]:
        """The ids, in the documents' order."""
        return iter(self._lines)

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._lines)


class _File:
    """A file of documents, a line each, and where every line begins."""

    def __init__(self, path: Path) -> None:
        """Look through the file for lines.

        Raises:
            OSError, ValueError: it cannot be read, or a line does not begin as a document does.
        """
        self._path = path
        self._file = PositionalFile(path)
        self.ids: list[str] = []
        self.dates: list[str | None] = []
        ends = [0]
        with path.open("rb") as file:
            for line in file:
                self.ids.append(_id(line))
                self.dates.append(_date(line))
                ends.append(ends[-1] + len(line))
        self._ends: NDArray[np.int64] = np.asarray(ends, dtype=np.int64)

    def document(self, line: int) -> Document:
        """The document on a line, counted from 0.

        Raises:
            IndexDamagedError: there is none on it.
        """
        start, end = self._ends[line : line + 2].tolist()
        try:
            return document_of(self._file.read(end - start, start))
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"{self._path} cannot be read ({error}); {REBUILD}") from error


def _id(line: bytes) -> str:
    """The id of the document of a line, without reading on where that can be helped."""
    end = line.find(b'"', len(_BEGINS))
    if not line.startswith(_BEGINS) or end < 0:
        raise ValueError("a line is no document")
    found = line[len(_BEGINS) : end]
    if b"\\" in found:
        return document_of(line).id
    return found.decode()


def _date(line: bytes) -> str | None:
    """The date of the document of a line, without reading the rest; None also where the line is none."""
    # What stands between the quotes of JSON has its own escaped: these bytes are the name of a field.
    start = line.rfind(_DATED)
    if start < 0:
        return None
    start += len(_DATED)
    return line[start : line.find(b'"', start)].decode()
