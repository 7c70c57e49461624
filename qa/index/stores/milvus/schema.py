"""The names of the collections, texts and fields of a segment in Milvus."""

import hashlib

from qa.errors import IndexDamagedError
from qa.index.manifest import REBUILD, Manifest

OUTLINE, WORDS, DATES = "outline", "words", "dates"
"""The texts of a segment beside its documents and its manifest."""

FIRST_DAY, LAST_DAY = "first_day", "last_day"
"""Of the date of a passage's document (:class:`qa.nlp.dates.Days`)."""


def verify_text(found: bytes, manifest: Manifest, name: str, file: str) -> bytes:
    """Return ``found``, the text ``file`` of the segment ``name``, if its digest is that of the manifest.

    Raises:
        IndexDamagedError: it is another one.
    """
    if hashlib.sha256(found).hexdigest() != manifest.files.get(file):
        raise IndexDamagedError(f"The {file} of {name} has changed since it was written; {REBUILD}")
    return found


def texts_of(segment: str) -> str:
    """Return the name of the collection with the texts of a segment."""
    return "_texts_".join(segment.rsplit("_build_", 1))


def document_name(number: int) -> str:
    """Return the name of the text with a document."""
    return f"document/{number}"
