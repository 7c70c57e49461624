"""Decide which files may join a library, and under which ids: by kind, size, number, and text."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import UserError
from qa.index.index import Index
from qa.index.sources import SourceFile
from qa.ingest.documents import parse
from qa.runtime import Runtime
from qa.schema import Document
from qa.uploads.ids import ID_FOLDER, unique_id
from qa.uploads.index import sources_of
from qa.uploads.limits import Limits, check_limits, megabytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that may be added, and the file that it was read from."""

    document: Document
    file: SourceFile


class Admission:
    """The conditions under which files join the documents of a library.

    In every method ``own`` is the index of the uploaded documents, and ``others`` are uploads that were
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

    def read(self, path: Path, doc_id: str, own: Index | None, others: Sequence[Upload]) -> Upload:
        """Read the file at ``path`` as the document ``doc_id``.

        Raises:
            UserError: the file cannot be read, or is not admitted.
        """
        data = read_file(path, self._limits)
        file = SourceFile(doc_id, hashlib.sha256(data).hexdigest(), len(data), 0, (doc_id,))
        self._check_limits(file, own, others)
        document = parse(data, doc_id)
        # A small file may hold much text, and embedding text is what takes time: both have the same limit.
        if len(document.text) > self._limits.file_bytes:
            raise UserError(
                f"its text is too long: {len(document.text):,} characters, of which at most "
                f"{self._limits.file_bytes:,} are allowed"
            )
        _check_duplicates(document, own, others)
        return Upload(document, file)

    def check_again(self, upload: Upload, own: Index | None, others: Sequence[Upload]) -> Upload:
        """Admit ``upload`` once more where ``own`` may have changed; under another id if its id is used now.

        Raises:
            UserError: it is no longer admitted.
        """
        self._check_limits(upload.file, own, others)
        _check_duplicates(upload.document, own, others)
        doc_id = upload.document.id
        used = self._used_ids(own) | {each.document.id.lower() for each in others}
        if doc_id.lower() in used:
            doc_id = unique_id(doc_id, used)
        file = replace(upload.file, path=doc_id, documents=(doc_id,))
        return Upload(replace(upload.document, id=doc_id), file)

    def _check_limits(self, file: SourceFile, own: Index | None, others: Sequence[Upload]) -> None:
        files = (*sources_of(own).values(), *(each.file for each in others), file)
        check_limits([each.size for each in files], self._limits)

    def _used_ids(self, own: Index | None) -> set[str]:
        """Return the ids, in lower case, that an upload cannot have."""
        ids = {doc_id.lower() for doc_id in (*self._runtime.index.documents, *sources_of(own))}
        return {each for each in ids if each.startswith(ID_FOLDER)}


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


def _check_duplicates(document: Document, own: Index | None, others: Sequence[Upload]) -> None:
    present = own.documents.values() if own else ()
    for other in (*present, *(each.document for each in others)):
        if other.text == document.text:
            raise UserError(f"it has the same text as {other.id}, which has been added already")
