"""A folder to documents: which files are read, what each holds, and why some cannot be read."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from os.path import commonpath
from pathlib import Path, PurePath

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.base import Failure, File, Loaded, Survey
from qa.ingest.documents import SUFFIXES, TOO_LARGE, normalise, parse
from qa.ingest.readers.archive import members
from qa.ingest.readers.base import MAX_BYTES
from qa.schema import Document

ARCHIVES = frozenset({".zip"})
"""Endings of the names of files that hold documents as members."""


def survey(paths: Sequence[Path], include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Survey:
    """Every file that ends in one of ``SUFFIXES`` or ``ARCHIVES`` at or under ``paths``.

    Ids are relative to the folder given, or to what several paths have in common. A README beside the
    documents, hidden files and symbolic links are passed over. Of the others, those whose ids match one of
    the patterns ``include`` (none: all) and none of ``exclude`` are taken; ``*`` stands for any characters,
    ``/`` among them.

    Raises:
        UserError: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise UserError(f"{path} does not exist; give a folder or file with documents")
    resolved = [path.resolve() for path in paths]
    root = Path(commonpath([p if p.is_dir() else p.parent for p in resolved]))
    files: list[File] = []
    failures: list[Failure] = []
    for path in sorted(set(_files(resolved))):
        doc_id = path.relative_to(root).as_posix()
        if doc_id != (printable := doc_id.encode("utf-8", "replace").decode()):
            failures.append(Failure(printable, "its name is not valid Unicode; rename it"))
        elif (not include or _matches(doc_id, include)) and not _matches(doc_id, exclude):
            files.append(File(path, doc_id))
    return Survey(root, tuple(files), tuple(failures))


def digest(file: File) -> str:
    """The SHA-256 of a file's bytes; empty if they cannot be read."""
    try:
        with file.path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def read(file: File, ocr: str = "") -> Iterator[Document | Failure]:
    """What a file holds: a document, or several where it is an archive, or why it cannot be read.

    Pages that are pictures are recognised in the languages ``ocr``, if there are any.
    """
    try:
        if file.path.stat().st_size > MAX_BYTES:
            raise UserError(TOO_LARGE)
        data = file.path.read_bytes()
        if readers.suffix(file.id) in ARCHIVES:
            yield from _unpacked(data, file.id, ocr)
        else:
            yield _parsed(data, file.id, ocr)
    except OSError as error:
        yield Failure(file.id, f"it cannot be read ({error.strerror})")
    except UserError as error:
        yield Failure(file.id, str(error))


def load(paths: Sequence[Path]) -> Loaded:
    """The documents of every file that :func:`survey` finds.

    Raises:
        UserError: a path does not exist.
    """
    found = survey(paths)
    documents: dict[str, Document] = {}
    failures = list(found.failures)
    for file in found.files:
        for each in read(file):
            if isinstance(each, Failure):
                failures.append(each)
            elif each.id in documents:
                failures.append(taken(each))
            else:
                documents[each.id] = each
    return Loaded(tuple(documents.values()), tuple(failures))


def taken(document: Document) -> Failure:
    """Why a document whose id another has is not read."""
    return Failure(document.id, "another document has the same name; rename it")


def _matches(doc_id: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(doc_id, pattern) for pattern in patterns)


def _unpacked(data: bytes, archive: str, ocr: str) -> Iterator[Document | Failure]:
    """What the members of an archive hold, each under the archive's id and its own name."""
    for member in members(data):
        name = " ".join(normalise(member.name).split())
        if not _is_read(PurePath(name)):
            continue
        doc_id = f"{archive}/{name}"
        if readers.suffix(name) in ARCHIVES:
            yield Failure(doc_id, "an archive within an archive is not opened; unpack it first")
        elif member.reason:
            yield Failure(doc_id, member.reason)
        else:
            yield _parsed(member.data, doc_id, ocr)


def _parsed(data: bytes, doc_id: str, ocr: str) -> Document | Failure:
    try:
        return parse(data, doc_id, ocr)
    except UserError as error:
        return Failure(doc_id, str(error))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
            continue
        for file in path.rglob("*"):
            if _is_read(file.relative_to(path)) and file.is_file() and not file.is_symlink():
                yield file


def _is_read(path: PurePath) -> bool:
    """Whether a file at ``path`` in a folder is one of the documents."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    readme = path.stem.lower() == "readme"
    return path.suffix.lower() in SUFFIXES | ARCHIVES and not hidden and not readme
