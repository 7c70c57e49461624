"""File to Document: read, take the metadata off, normalise the text. From here offsets are law."""

import datetime
import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import PurePath

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.readers.base import MAX_BYTES, line_feeds
from qa.ingest.readers.sandbox import read_in_sandbox
from qa.ingest.readers.text import line_places, section_places
from qa.nlp.dates import days_of
from qa.schema import Document, Place

log = logging.getLogger(__name__)

SUFFIXES = frozenset(readers.READERS)
"""Endings of the names of files that are read as one document each."""

LABEL_CHARS = 80
"""A longer label of a place is shortened, so that it fits a line."""

# Everything in Unicode category Cc except tab and line feed, and the overrides of writing direction:
# invisible, unsafe in a terminal, and able to show a reader another order than the text has.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NULL = frozenset({"null", "Null", "NULL", "~"})
"""How YAML writes that there is no value."""

TOO_LARGE = f"it is larger than {MAX_BYTES // 1_000_000} MB; split it"

_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
"""Where there may be more accents on a letter than any language has."""

_MOST_MARKS = 30
"""Accents that a letter keeps: as many as Unicode's Stream-Safe Text Format lets it have. Putting them in
order takes time that grows with the square of their number."""

_BETWEEN = "\n\n"
"""What stands between two pieces: a blank line, which ends a sentence too."""

_AT_ONCE = frozenset({".txt", ".md", ""})
"""Files that are read in this process: nothing but their bytes is looked at. Others get one of their own."""

_PLACES: Mapping[str, Callable[[str], tuple[Place, ...]]] = {
    ".txt": line_places,
    ".md": section_places,
    ".rtf": line_places,
}
"""How places are found in the text of files that are one piece."""


def normalise(text: str) -> str:
    """Bring text to the one form that offsets refer to.

    Unicode NFC, line feeds only, no control characters, no blank margin. Idempotent.
    """
    text = line_feeds(text).replace("\ufeff", "")
    # Controls go first: one between a letter and its accent would keep NFC from joining them.
    text = _MARKS.sub(_fewer_marks, _CONTROL.sub("", text))
    return _MARKS.sub(_fewer_marks, unicodedata.normalize("NFC", text)).strip()


def _fewer_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def parse(data: bytes, doc_id: str, ocr: str = "") -> Document:
    """The bytes of a file as a Document, read as the ending of its id says (:mod:`qa.readers`).

    Pages that are pictures are recognised in the languages ``ocr``, Tesseract's names; not without one.
    Without a title, the first top-level heading serves, then the file's name.

    Raises:
        UserError: it cannot be read, is too large, or holds no text.
    """
    if len(data) > MAX_BYTES:
        raise UserError(TOO_LARGE)
    if not data.strip():
        raise UserError("there is no text in it")
    ending = readers.suffix(doc_id)
    at_once = ending in _AT_ONCE or ending not in SUFFIXES
    found = readers.read(data, doc_id) if at_once else read_in_sandbox(data, doc_id, ocr)
    text, places = _joined(found.pieces)
    if not text:
        raise UserError("there is no text in it")
    known = found.metadata
    return Document(
        id=doc_id,
        text=text,
        title=_field(known, "title") or _field(known, "heading") or PurePath(doc_id).stem,
        date=_iso_date(_field(known, "date"), doc_id),
        publisher=_field(known, "publisher"),
        place=_field(known, "place"),
        author=_field(known, "author"),
        places=_PLACES[ending](text) if ending in _PLACES else places,
    )


def _joined(pieces: Iterable[readers.Piece]) -> tuple[str, tuple[Place, ...]]:
    """The text of ``pieces``, each normalised, a blank line between two; and where each place begins."""
    texts: list[str] = []
    places: list[Place] = []
    start = 0
    for piece in pieces:
        text = normalise(piece.text)
        if not text:
            continue
        label = _label(piece.label)
        if label != (places[-1].label if places else ""):
            places.append(Place(start, label))
        texts.append(text)
        start += len(text) + len(_BETWEEN)
    return _BETWEEN.join(texts), tuple(places)


def _label(label: str) -> str:
    line = " ".join(normalise(label).split())
    return line if len(line) <= LABEL_CHARS else line[: LABEL_CHARS - 1].rstrip() + "…"


def _field(metadata: Mapping[str, object], name: str) -> str | None:
    value = metadata.get(name)
    return normalise(value) or None if isinstance(value, str) and value not in _NULL else None


def _iso_date(value: str | None, doc_id: str) -> str | None:
    if value is None:
        return None
    with suppress(ValueError):
        days_of(value)
        return value
    try:
        return datetime.date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        log.warning("%s: the date %r is not of the form 2025-01-22 and is left out", doc_id, value)
        return None
