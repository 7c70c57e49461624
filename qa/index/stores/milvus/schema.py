"""What a build in Milvus is kept as: the names of its collections, texts and fields."""

import hashlib

from qa.errors import IndexDamagedError
from qa.index.manifest import REBUILD, Manifest

OUTLINE, WORDS, DATES = "outline", "words", "dates"
"""The texts of a build beside its documents and its manifest. A build that was written before documents were
sought by date has no ``DATES``, and its passages no ``FIRST_DAY`` and ``LAST_DAY``.
"""

FIRST_DAY, LAST_DAY = "first_day", "last_day"
"""Of the date of a passage's document (:class:`qa.nlp.dates.Days`)."""


def checked(found: bytes, manifest: Manifest, name: str, file: str) -> bytes:
    """``found``, which is the text ``file`` of the build ``name``.

    Raises:
        IndexDamagedError: it is not what its manifest says.
    """
    if hashlib.sha256(found).hexdigest() != manifest.files.get(file):
        raise IndexDamagedError(f"The {file} of {name} has changed since it was written; {REBUILD}")
    return found


def texts_of(build: str) -> str:
    """The collection with the texts of a build."""
    return "_texts_".join(build.rsplit("_build_", 1))


def document_name(number: int) -> str:
    """The text with the document of a number."""
    return f"document/{number}"
