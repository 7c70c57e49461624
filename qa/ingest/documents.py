"""Turn a file into a Document: read it, take its metadata, normalise its text. From here on offsets count."""

import datetime
import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.chunking import split
from qa.ingest.document_dates import stated_date
from qa.ingest.outline import with_headings
from qa.ingest.readers.base import MAX_BYTES, TOO_LARGE, TOO_MUCH_MEMORY, line_feeds
from qa.ingest.readers.sandbox import read_in_sandbox
from qa.ingest.readers.text import line_places, section_places
from qa.ingest.titles import choose_title
from qa.nlp.dates import days_of
from qa.nlp.language import detect_language
from qa.nlp.terms import count_spellings, words_by_stem
from qa.schema import Document, Place

log = logging.getLogger(__name__)

SUFFIXES = frozenset(readers.READERS)
"""Endings of the files that are read as one document each."""

LABEL_CHARS = 80
"""A longer label of a place is shortened, to fit on one line."""

# Everything in Unicode category Cc except tab and line feed, and the overrides of writing direction:
# invisible, unsafe in a terminal, and able to show a reader another order than the text has.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half of a character in UTF-16. Alone it is no character, and no file or model takes it."""

_NULL = frozenset({"null", "Null", "NULL", "~"})
"""The ways in which YAML writes that there is no value."""

NO_TEXT = "there is no text in it"

_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
"""A run of characters that may have more accents on a letter than any language uses."""

_MOST_MARKS = 30
"""The accents that a letter keeps: as many as Unicode's Stream-Safe Text Format allows. Sorting them takes
time that grows with the square of their number."""

_BETWEEN = "\n\n"
"""The blank line between two pieces, which also ends a sentence."""

_IN_PROCESS = frozenset({"log", "markup", "text"})
"""Formats of plain text, which are read in this process. Others are read in the sandbox."""

_BY_HAND = frozenset({"eml", "epub", "latex", "markup", "msg", "text", "xml"})
"""Formats whose title somebody wrote for readers: it is taken as it is."""

_STATED_IN: Mapping[str, str] = {
    "eml": "the mail's header",
    "epub": "the book's metadata",
    "html": "the page's metadata",
    "latex": "the article's metadata",
    "markup": "the text's head",
    "msg": "the mail's header",
    "text": "the front matter",
    "xml": "the article's metadata",
}
"""The places where formats state a date that is meant for readers. The dates in the properties of other
formats are those of the file, not of its text."""

_PROSE = frozenset({"docx", "html", "odt", "pdf", "pptx", "rtf", "text"})
"""Formats whose text begins with a title and its date, unlike tables, mails and books."""

_PLACES: Mapping[str, Callable[[str], tuple[Place, ...]]] = {
    ".txt": line_places,
    **dict.fromkeys(readers.MARKDOWN, section_places),
    ".rtf": line_places,
    **dict.fromkeys(readers.CODE, line_places),
}
"""The function that finds the places in the text of a format whose files are one piece."""


def normalise(text: str) -> str:
    """Return text in the form that offsets refer to.

    It is in Unicode NFC, with line feeds only, without control characters and outer white space. A half of a
    character becomes U+FFFD. Idempotent.
    """
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # joins halves that meet
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
    """Read the bytes of a file as a Document. The ending of its id decides how (:mod:`qa.ingest.readers`).

    ``ocr`` names the languages in which the text of scanned pages is recognised, in Tesseract's names; empty
    for not at all. For title and date see :mod:`qa.ingest.titles` and :mod:`qa.ingest.document_dates`.

    Whatever a file does to its reader, or its text to what cuts and compares texts, ends as a UserError.

    Raises:
        UserError: it cannot be read, is too large, or has no text.
    """
    with _reasons_for_people(doc_id):
        return _parse(data, doc_id, ocr)


def _parse(data: bytes, doc_id: str, ocr: str) -> Document:
    if len(data) > MAX_BYTES:
        raise UserError(TOO_LARGE)
    if not data.strip():
        raise UserError(NO_TEXT)
    unseen = readers.suffix(doc_id) in readers.PICTURES and not ocr  # it is not even decoded
    plain = unseen or readers.format_of(doc_id) in _IN_PROCESS
    return _document(readers.read(data, doc_id) if plain else read_in_sandbox(data, doc_id, ocr), doc_id)


def document_of(content: readers.FileContent, doc_id: str) -> Document:
    """Return the Document of what was read from a file.

    Whatever the content does to what cuts and compares texts ends as a UserError.

    Raises:
        UserError: it has no text, or its text cannot be indexed.
    """
    with _reasons_for_people(doc_id):
        return _document(content, doc_id)


def _document(content: readers.FileContent, doc_id: str) -> Document:
    ending = readers.suffix(doc_id)
    text, places = _join(content.pieces)
    if not text:
        raise UserError(NO_TEXT)
    known = content.metadata
    date, date_source = _date(known, text, doc_id)
    document = Document(
        id=doc_id,
        text=text,
        title=choose_title(
            _field(known, "title") or "",
            _field(known, "heading") or "",
            text,
            doc_id,
            trusted=readers.format_of(doc_id) in _BY_HAND,
            prose=_is_prose(doc_id),
        ),
        date=date,
        publisher=_field(known, "publisher"),
        place=_field(known, "place"),
        author=_field(known, "author"),
        places=_PLACES[ending](text) if ending in _PLACES else places,
        language=detect_language(text),
        date_source=date_source,
    )
    document = with_headings(document)
    _try_out(document)
    return document


@contextmanager
def _reasons_for_people(doc_id: str) -> Iterator[None]:
    """Turn whatever goes wrong with a file into a UserError."""
    try:
        yield
    except UserError:
        raise
    except MemoryError as error:
        raise UserError(TOO_MUCH_MEMORY) from error
    except Exception as error:  # whatever a file may do to Attest, the others are read
        log.debug("%s cannot be read", doc_id, exc_info=True)
        raise UserError(f"Attest fails on it ({type(error).__name__}); please report it") from error


def _is_prose(doc_id: str) -> bool:
    """Return whether a text begins with its title and its date. Of plain text, source code and files of
    unknown kinds do not.
    """
    return readers.format_of(doc_id) in _PROSE and readers.suffix(doc_id) in SUFFIXES - readers.CODE


def _try_out(document: Document) -> None:
    """Do once what an index does with a text, so that a text which cannot be indexed is found here, where it
    stops one file, and not there, where it would stop all.
    """
    split(document)
    words_by_stem(count_spellings(document.text), document.language)


def _join(pieces: Iterable[readers.Piece]) -> tuple[str, tuple[Place, ...]]:
    """Join the normalised texts of ``pieces`` with blank lines, and note where each place begins."""
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


def _date(known: Mapping[str, object], text: str, doc_id: str) -> tuple[str | None, str]:
    """Return the date of a document and where it was taken from: what its file states for people, else what
    its text states. When a file was made or saved is not the date of what it says.
    """
    source = _field(known, "date_source") or _STATED_IN.get(readers.format_of(doc_id), "")
    if source and (date := _iso_date(_field(known, "date"), doc_id)):
        return date, source
    if _is_prose(doc_id) and (stated := stated_date(text)):
        return stated.iso, f"“{_label(stated.words)}”"
    return None, ""


def _iso_date(value: str | None, doc_id: str) -> str | None:
    if value is None:
        return None
    with suppress(ValueError):
        days_of(value)
        return value
    try:
        return datetime.date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        log.warning("%s: the date %r is not of the form 2025-01-22 and is ignored", doc_id, value)
        return None
