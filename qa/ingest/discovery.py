"""Find the documents in folders, read them, and say why some cannot be read."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from itertools import chain
from os.path import commonpath
from pathlib import Path, PurePath, PurePosixPath

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.base import Failure, File, LoadResult, Survey
from qa.ingest.documents import NO_TEXT, SUFFIXES, document_of, normalise, parse
from qa.ingest.left_out import kind_reason
from qa.ingest.readers.archive import Member, members
from qa.ingest.readers.base import MAX_BYTES, TOO_LARGE, TOO_MUCH_MEMORY
from qa.ingest.readers.mail import MAX_DEPTH, TOO_DEEP
from qa.ingest.readers.sandbox import reuse_processes, unpack_in_sandbox
from qa.schema import Document

log = logging.getLogger(__name__)

ARCHIVES = frozenset({".zip"})
"""Endings of files that contain documents."""

REASON_CHARS = 250
"""A longer reason is shortened, to fit on two lines of a terminal."""

_HIDDEN = (".", "__MACOSX", "~$")
"""The first characters of the names of hidden files, of macOS' additions to archives, and of the files that
Word and its relatives make beside a document that is open."""

_OF_PROGRAMS = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Folders of other people's code, which tools fetch or make beside one's own."""


OnFile = Callable[[str, bytes], object]
"""Is told the id and the bytes of a file."""


def _ignore(doc_id: str, data: bytes) -> None:
    """Do nothing."""


def survey(paths: Sequence[Path], include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Survey:
    """Find every file at or under ``paths`` that ends in one of ``SUFFIXES`` or ``ARCHIVES``.

    Ids are paths relative to the given folder, or to the deepest folder that contains all ``paths``, with
    forward slashes on every system. Of the files that are not hidden, those are returned whose ids match a
    pattern of ``include``, or any if it is empty, and no pattern of ``exclude``. In a pattern ``*`` stands
    for any characters, ``/`` included. READMEs, symbolic links and files with other endings are failures,
    unless they are among ``paths``.

    Raises:
        UserError: a path does not exist, or the paths are on different drives of Windows.
    """
    for path in paths:
        if not path.exists():
            raise UserError(f"{path} does not exist; give a folder or file with documents")
    resolved = [path.resolve() for path in paths]
    try:
        root = Path(commonpath([p if p.is_dir() else p.parent for p in resolved]))
    except ValueError as error:
        raise UserError("The paths are on different drives; index the folders of one drive") from error
    files: list[File] = []
    failures: list[Failure] = []
    for path in sorted(set(_files(resolved))):
        doc_id = path.relative_to(root).as_posix()
        if (include and not _matches(doc_id, include)) or _matches(doc_id, exclude):
            continue
        if doc_id != (printable := doc_id.encode("utf-8", "replace").decode()):
            failures.append(Failure(printable, "its name is not valid Unicode; rename it"))
        elif path.is_symlink():
            failures.append(Failure(doc_id, "symbolic links are not followed; index what they point to"))
        elif path not in resolved and (reason := _why_unread(path)):
            failures.append(Failure(doc_id, reason))
        else:
            files.append(File(path, doc_id))
    return Survey(root, tuple(files), tuple(failures))


def digest(file: File) -> str:
    """Return the SHA-256 of a file's bytes; an empty string if they cannot be read."""
    try:
        with file.path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def read(file: File, ocr: str = "") -> Iterator[Document | Failure]:
    """Read a file: yield its document, or those of an archive or a mail, or why they cannot be read.

    ``ocr`` names the languages in which the text of scanned pages is recognised; empty for not at all.
    """
    try:
        if file.path.stat().st_size > MAX_BYTES:
            raise UserError(TOO_LARGE)
        data = file.path.read_bytes()
    except OSError as error:
        yield _failure(file.id, f"it cannot be read ({error.strerror or error})")
    except UserError as error:
        yield _failure(file.id, str(error))
    except MemoryError:
        yield _failure(file.id, TOO_MUCH_MEMORY)
    else:
        yield from read_bytes(data, file.id, ocr)


def read_bytes(
    data: bytes, doc_id: str, ocr: str = "", on_file: OnFile = _ignore
) -> Iterator[Document | Failure]:
    """Read the bytes of a file that is called ``doc_id``, as :func:`read` reads a file. ``on_file`` is told
    the id and the bytes of each file that is a document of its own, before it is read.
    """
    try:
        yield from _read(data, doc_id, ocr, on_file)
    except MemoryError:
        yield _failure(doc_id, TOO_MUCH_MEMORY)
    except Exception as error:  # whatever an archive may do to its library
        log.debug("%s cannot be read", doc_id, exc_info=True)
        yield _failure(doc_id, f"it is damaged ({type(error).__name__})")


def load(paths: Sequence[Path]) -> LoadResult:
    """Read every file that :func:`survey` finds.

    Raises:
        UserError: a path does not exist.
    """
    found = survey(paths)
    documents: dict[str, Document] = {}
    failures = list(found.failures)
    with reuse_processes():
        for each in chain.from_iterable(map(read, found.files)):
            if isinstance(each, Failure):
                failures.append(each)
            elif each.id in documents:
                failures.append(duplicate_id(each))
            else:
                documents[each.id] = each
    return LoadResult(tuple(documents.values()), tuple(failures))


def duplicate_id(document: Document) -> Failure:
    """Return the failure of a document that has the id of another."""
    return Failure(document.id, "another document has the same name; rename it")


def _matches(doc_id: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(doc_id, pattern) for pattern in patterns)


def _read(
    data: bytes, doc_id: str, ocr: str, on_file: OnFile, within: tuple[str, ...] = ()
) -> Iterator[Document | Failure]:
    """Read a file, and the files inside it if it is an archive or a mail. ``within`` are the endings of the
    files that it is inside of.
    """
    ending = readers.suffix(doc_id)
    if ending not in ARCHIVES:
        on_file(doc_id, data)
    try:
        if ending not in ARCHIVES | readers.MAILS:
            yield parse(data, doc_id, ocr)
        elif ending in ARCHIVES and not ARCHIVES.isdisjoint(within):
            yield Failure(doc_id, "it is an archive inside an archive; unpack it first")
        elif len(within) > MAX_DEPTH:
            yield Failure(doc_id, TOO_DEEP)
        elif not data.strip():
            yield Failure(doc_id, NO_TEXT)
        else:
            inner = members(data) if ending in ARCHIVES else unpack_in_sandbox(data, doc_id)
            for member in inner:
                yield from _read_member(member, doc_id, ocr, on_file, (*within, ending))
    except UserError as error:
        yield _failure(doc_id, str(error))


def _read_member(
    member: Member, outer: str, ocr: str, on_file: OnFile, within: tuple[str, ...]
) -> Iterator[Document | Failure]:
    """Read a file inside another. Its id is that of the other, a slash, and its own name."""
    name = " ".join(normalise(member.name).split())
    doc_id = f"{outer}/{name}" if name else outer
    path = PurePosixPath(name)
    if _is_hidden(path):
        return
    if reason := (_why_unread(path) if name else "") or member.reason:
        yield _failure(doc_id, reason)
        return
    content = member.content
    found = (
        _read(member.data, doc_id, ocr, on_file, within) if content is None else [_document(content, doc_id)]
    )
    for each in found:
        if isinstance(each, Document) and each.id == doc_id and member.attached_to:
            yield _attached(each, member)
        else:
            yield each


def _document(content: readers.FileContent, doc_id: str) -> Document | Failure:
    try:
        return document_of(content, doc_id)
    except UserError as error:
        return _failure(doc_id, str(error))


def _attached(document: Document, member: Member) -> Document:
    """Return a document whose title says which mail it is attached to. Without a date it has the mail's."""
    named = replace(document, title=f"{document.title} (attached to {member.attached_to})")
    if document.date or not member.date:
        return named
    return replace(named, date=member.date, date_source="the mail that it is attached to")


def _failure(path: str, reason: str) -> Failure:
    """Return a failure whose reason, which may quote the file, is one line of valid Unicode."""
    line = " ".join(normalise(reason).split())
    return Failure(path, line if len(line) <= REASON_CHARS else line[: REASON_CHARS - 1].rstrip() + "…")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
            continue
        for file in path.rglob("*"):
            if not _is_hidden(file.relative_to(path)) and file.is_file():
                yield file


def _is_hidden(path: PurePath) -> bool:
    """Return whether a file at ``path`` in a folder is none of its owner's making."""
    return any(part.startswith(_HIDDEN) or part in _OF_PROGRAMS for part in path.parts)


def _why_unread(path: PurePath) -> str:
    """Return why a file in a folder is not read; empty if it is."""
    if path.stem.lower() == "readme":
        return "READMEs say what a folder holds; to index one, give its path"
    return "" if path.suffix.lower() in SUFFIXES | ARCHIVES else kind_reason(path.name)
