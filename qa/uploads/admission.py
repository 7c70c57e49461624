"""Decide which files may join a library, and under which ids: by kind, size, number, and text."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import UserError
from qa.index.index import Index
from qa.index.sources import SourceFile, Upload
from qa.ingest import discovery
from qa.ingest.base import Failure
from qa.ingest.discovery import ARCHIVES
from qa.ingest.readers.safe_zip import open_zip
from qa.runtime import Runtime
from qa.schema import Document
from qa.uploads.ids import ID_FOLDER, member_id, unique_id
from qa.uploads.index import sources_of
from qa.uploads.limits import Limits, check_limits, megabytes
from qa.uploads.staging import Staging


@dataclass(frozen=True, slots=True)
class UploadedDocument:
    """A document that was read from an uploaded file."""

    document: Document
    original: Path | None
    """Its file; None for a mail in a mailbox, which has none of its own."""


class Admission:
    """The conditions under which files join the documents of a library.

    In every method ``own`` is the index of the uploaded documents, and ``others`` are documents that were
    admitted but are not in it yet. Messages of errors are sentences about the file.
    """

    def __init__(self, limits: Limits, runtime: Runtime) -> None:
        """Admit files within ``limits``, under ids that differ from those of the index of ``runtime``."""
        self._limits = limits
        self._runtime = runtime

    def assign_ids(self, names: Iterable[str], own: Index | None) -> list[str]:
        """Return an id for each of the files called ``names`` that no other document has."""
        used = self._used_ids(own)
        ids = []
        for name in names:
            ids.append(unique_id(name, used))
            used.add(ids[-1].lower())
        return ids

    def read(self, path: Path, doc_id: str, staging: Staging) -> Iterator[UploadedDocument | Failure]:
        """Read the file at ``path`` as the document ``doc_id``; an archive, or a mail with what is attached
        to it, as several, each with a file of its own in ``staging``. What cannot be read is a failure.
        Nothing is admitted yet.

        Raises:
            UserError: the file is not of a kind or a size that can be added, or cannot be read.
            OSError: ``staging`` cannot be written.
        """
        data = read_file(path, self._limits)
        if path.suffix.lower() in ARCHIVES:
            _check_members(data, self._limits)
        used: set[str] = set()
        originals = {doc_id: path}

        def keep(inner: str, content: bytes) -> None:
            if inner != doc_id:
                originals[inner] = staging.write(content, Path(inner).suffix)

        for each in discovery.read_bytes(data, doc_id, on_file=keep):
            found = each.id if isinstance(each, Document) else each.path
            name = found.removeprefix(doc_id)
            inner = member_id(name.removeprefix("/"), doc_id, used) if name else doc_id
            used.add(inner.lower())
            if isinstance(each, Document):
                yield UploadedDocument(replace(each, id=inner), originals.get(found))
            else:
                yield replace(each, path=inner)

    def admit(self, document: Document, own: Index | None, others: Sequence[Document]) -> Document:
        """Admit ``document``; under another id if its id is used.

        Raises:
            UserError: it is not admitted.
        """
        files = (*sources_of(own).values(), *map(source_file, (*others, document)))
        check_limits([each.size for each in files], self._limits)
        _check_duplicates(document, own, others)
        used = self._used_ids(own) | {each.id.lower() for each in others}
        if document.id.lower() in used:
            folder, _, name = document.id.rpartition("/")
            return replace(document, id=unique_id(name, used, folder))
        return document

    def _used_ids(self, own: Index | None) -> set[str]:
        """Return the ids, in lower case, that an upload cannot have."""
        ids = {doc_id.lower() for doc_id in (*self._runtime.index.documents, *sources_of(own))}
        return {each for each in ids if each.startswith(ID_FOLDER)}


def source_file(document: Document, upload: Upload | None = None) -> SourceFile:
    """Return what an index of uploads notes of a document: the digest and the size of its text, and of the
    file what is in ``upload``.
    """
    text = document.text.encode()
    digest = hashlib.sha256(text).hexdigest()
    return SourceFile(document.id, digest, len(text), 0, (document.id,), upload=upload or Upload())


def read_file(path: Path, limits: Limits) -> bytes:
    """Read a file whose kind and size are within ``limits``.

    Raises:
        UserError: they are not, or it cannot be read. The message is a sentence about the file.
    """
    if path.suffix.lower() not in limits.suffixes:
        kind = f"files ending in {path.suffix}" if path.suffix else "files without an ending"
        raise UserError(f"{kind} cannot be added")
    try:
        if path.is_symlink() or not path.is_file():
            raise UserError("it is not a file that can be read")
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise UserError(f"it cannot be read ({str(error.strerror).lower()})") from error
    except ValueError as error:  # a null character
        raise UserError("it is not a file that can be read") from error
    if len(data) > limits.file_bytes:
        raise UserError(f"it is larger than {megabytes(limits.file_bytes)}; split it into smaller files")
    return data


def _check_members(data: bytes, limits: Limits) -> None:
    """Check that an archive does not hold more files than may be added at all.

    Raises:
        UserError: it does, or it is not an archive that can be read.
    """
    with open_zip(data, whole=False) as archive:
        members = sum(not each.is_dir() for each in archive.infolist())
    if members > limits.documents:
        raise UserError(f"it holds {members:,} files, and at most {limits.documents:,} can be added")


def _check_duplicates(document: Document, own: Index | None, others: Sequence[Document]) -> None:
    for other in (*(own.documents.values() if own else ()), *others):
        if other.text == document.text:
            raise UserError(f"it has the same text as {other.id}, which has been added already")
