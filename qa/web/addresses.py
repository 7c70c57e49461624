"""The addresses of documents and quotes, ``d/<digest>`` and ``d/<digest>/<start>-<end>``. Pure.

They are relative to the address of the server. The first half of a digest is of the document's id; a quote's
has a second half, of its words. So an address shows the same words for as long as the document has them, even
at another place, and says so when they are gone. It leads to the page, which opens what its visitor may see.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from qa.schema import Document, Span

HALF_DIGITS = 16
"""Hexadecimal digits of each half: 64 bits, with which no two of a million documents are likely to agree."""

MAX_MOVED_CHARS = 5_000
"""The longest quote that is looked for at other places: twice what an answer may quote. To try every word of
a document of a million characters takes a second or two then."""

NO_DOCUMENT = (
    "There is no document at this address. Check that you copied all of it. The document may have been "
    "removed or renamed, or it may belong to someone else."
)
MOVED = "This document has changed since the link was made. The quote is still in it, at another place."
LOST = "This document has changed since the link was made, and the quote is no longer in it."

_ADDRESS = re.compile(
    rf"d/([0-9a-f]{{{HALF_DIGITS}}})(?:([0-9a-f]{{{HALF_DIGITS}}})/(\d{{1,10}})-(\d{{1,10}}))?"
)
_WORD_START = re.compile(r"(?<!\w)\S")


@dataclass(frozen=True, slots=True)
class Target:
    """The target of an address."""

    document: Document | None = None
    span: Span | None = None
    """The place of the quote; None where the address has none, or it is lost."""
    message: str = ""
    """A remark on what is not as the address has it, for the visitor; empty if everything is."""


def document_address(doc_id: str) -> str:
    """Return the address of a document."""
    return f"d/{_half(doc_id)}"


def quote_address(span: Span, words: str) -> str:
    """Return the address of the ``words`` that a document has at ``span``."""
    return f"{document_address(span.doc_id)}{_half(words)}/{span.start}-{span.end}"


def is_address(text: str) -> bool:
    """Return whether ``text`` could be the address of a document or a quote."""
    return _ADDRESS.fullmatch(text) is not None


def find_target(address: str, documents: Mapping[str, Document]) -> Target:
    """Return what ``address`` leads to among ``documents``."""
    match = _ADDRESS.fullmatch(address)
    doc_id = next((each for each in documents if match and _half(each) == match[1]), None)
    if match is None or doc_id is None:
        return Target(message=NO_DOCUMENT)
    document = documents[doc_id]
    if match[2] is None:
        return Target(document)
    start, end = int(match[3]), int(match[4])
    if start < end and _half(document.text[start:end]) == match[2]:
        return Target(document, Span(doc_id, start, end))
    moved = _find_words(document.text, end - start, match[2])
    if moved is None:
        return Target(document, message=LOST)
    return Target(document, Span(doc_id, moved, moved + end - start), MOVED)


def _find_words(text: str, length: int, half: str) -> int | None:
    """Return where ``length`` characters begin whose digest is ``half``; None if nowhere."""
    if not 0 < length <= min(MAX_MOVED_CHARS, len(text)):
        return None
    starts = (word.start() for word in _WORD_START.finditer(text))
    return next((each for each in starts if _half(text[each : each + length]) == half), None)


def _half(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HALF_DIGITS]
