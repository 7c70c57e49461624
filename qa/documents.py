"""File to Document: read, decode, take the metadata off, normalise the text. From here offsets are law."""

import datetime
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from os.path import commonpath
from pathlib import Path

import yaml

from qa.errors import UserError
from qa.schema import Document

log = logging.getLogger(__name__)

SUFFIXES = frozenset({".txt", ".md"})

# Everything in Unicode category Cc except tab and line feed, and the overrides of writing direction:
# invisible, unsafe in a terminal, and able to show a reader another order than the text has.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_NULL = frozenset({"null", "Null", "NULL", "~"})
"""How YAML writes that there is no value."""
_HEADING = re.compile(r"^#[ \t]+(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why, in words for its owner."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a reading brought: one bad file never stops the others."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]


def normalise(text: str) -> str:
    """Bring text to the one form that offsets refer to.

    Unicode NFC, line feeds only, no control characters, no blank margin. Idempotent.
    """
    text = _LINE_END.sub("\n", text).replace("\ufeff", "")
    # Controls go first: one between a letter and its accent would keep NFC from joining them.
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def decode(data: bytes) -> str:
    """Bytes of a text file to text: UTF-8, or UTF-16 that says so by its byte-order mark.

    Raises:
        UserError: the bytes are binary, or text in some other encoding.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data:
        raise UserError("it is a binary file, not text; convert it to text first")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UserError(
            f"byte {error.start} is not valid {encoding.removesuffix('-sig').upper()}; save the file as UTF-8"
        ) from error


def parse(data: bytes, doc_id: str) -> Document:
    """The bytes of a text or Markdown file as a Document.

    Markdown may open with YAML front matter: ``title``, ``date`` (ISO 8601), ``publisher``, ``place``.
    Without a title, the first top-level heading serves, then the file's name.

    Raises:
        UserError: binary, wrongly encoded, empty, or front matter that is not YAML.
    """
    text = decode(data)
    metadata: dict[str, object] = {}
    if doc_id.lower().endswith(".md"):
        metadata, text = _take_front_matter(_LINE_END.sub("\n", text))
    text = normalise(text)
    if not text:
        raise UserError("there is no text in it")
    heading = _HEADING.search(text) if doc_id.lower().endswith(".md") else None
    headed = heading[1].rstrip("#").rstrip() if heading else ""
    return Document(
        id=doc_id,
        text=text,
        title=_field(metadata, "title") or headed or Path(doc_id).stem,
        date=_iso_date(_field(metadata, "date"), doc_id),
        publisher=_field(metadata, "publisher"),
        place=_field(metadata, "place"),
    )


def load(paths: Sequence[Path]) -> Loaded:
    """Read every text and Markdown file at or under ``paths``, in a stable order.

    Document ids are relative to the folder given, or to what several paths have in common. A README
    beside the documents, hidden files and symbolic links are passed over.

    Raises:
        UserError: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise UserError(f"{path} does not exist; give a folder or file with documents")
    resolved = [path.resolve() for path in paths]
    root = Path(commonpath([p if p.is_dir() else p.parent for p in resolved]))
    documents, failures = [], []
    for file in sorted(set(_files(resolved))):
        doc_id = file.relative_to(root).as_posix()
        if doc_id != (printable := doc_id.encode("utf-8", "replace").decode()):
            failures.append(Failure(printable, "its name is not valid Unicode; rename it"))
            continue
        try:
            documents.append(parse(file.read_bytes(), doc_id))
        except OSError as error:
            failures.append(Failure(doc_id, f"it cannot be read ({error.strerror})"))
        except UserError as error:
            failures.append(Failure(doc_id, str(error)))
    return Loaded(tuple(documents), tuple(failures))


def _take_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Metadata and the rest. Text between two horizontal rules that is no YAML mapping stays text."""
    block = _FRONT_MATTER.match(text)
    if block is None:
        return {}, text
    try:
        # Only strings, lists and mappings: nothing is computed, such as keys merged a billion times over.
        metadata = yaml.load(block[1], Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"its front matter is not valid YAML ({reason})") from error
    return (metadata, text[block.end() :]) if isinstance(metadata, dict) else ({}, text)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_file():
            yield path
            continue
        for file in path.rglob("*"):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            readme = file.stem.lower() == "readme"
            if file.suffix.lower() not in SUFFIXES or hidden or readme:
                continue
            if file.is_file() and not file.is_symlink():
                yield file


def _field(metadata: dict[str, object], name: str) -> str | None:
    value = metadata.get(name)
    return normalise(value) or None if isinstance(value, str) and value not in _NULL else None


def _iso_date(value: str | None, doc_id: str) -> str | None:
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        log.warning("%s: the date %r is not of the form 2025-01-22 and is left out", doc_id, value)
        return None
