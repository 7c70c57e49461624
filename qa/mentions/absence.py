"""The grounds of a refusal: files searched, words tried, the nearest passages, the threshold. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.mentions.base import UnreadFile
from qa.schema import Answer, Span


@dataclass(frozen=True, slots=True)
class SearchedFile:
    """A file that was searched."""

    path: str
    sha256: str
    """Of its bytes; of its text, where it is a document that was not read from a file."""


@dataclass(frozen=True, slots=True)
class NearPassage:
    """One of the nearest sentences, with the similarity of its meaning (0 unrelated, 1 equal)."""

    span: Span
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Absence:
    """A refusal, with everything that was searched for it."""

    answer: Answer
    index: str
    """The digest of the files searched and of those that could not be read (:func:`index_digest`)."""
    files: tuple[SearchedFile, ...]
    unread: tuple[UnreadFile, ...]
    forms: str
    """The words that were looked for, with the inflections that were found."""
    words: Mapping[str, int]
    """The number of passages of all documents that have each word, in any inflection."""
    with_all_words: int
    """The number of sentences of the documents searched that have all words."""
    nearest: tuple[NearPassage, ...]
    """The nearest first."""
    refuses: Mapping[str, float]
    """The share of unanswerable public questions that are refused, where 12 % of the answerable ones are too:
    ``absent`` for those whose answer was taken away, ``adversarial`` for those that were written to look
    answerable. Empty where the threshold was not measured."""


def index_digest(files: Iterable[SearchedFile], unread: Iterable[UnreadFile]) -> str:
    """Return the SHA-256 over the paths and digests of ``files`` and over the paths of the ``unread``: equal
    exactly when these are.
    """
    lines = [f"{each.sha256} {each.path}" for each in files] + [f"unread {each.path}" for each in unread]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
