"""The values of a sweep over every sentence: what was looked for, and what mentions it. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from qa.schema import Coverage, SearchedDocuments, Span


class Found(StrEnum):
    """The way in which a sentence was found."""

    WORDS = "words"
    """It has all words of what was looked for, in any inflection."""
    NAME = "name"
    """It has another form of the name."""
    NUMBER = "number"
    """It has the same number in another notation."""
    MEANING = "meaning"
    """Its meaning is near."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that mentions what was looked for, or may."""

    span: Span
    found: Found
    similarity: float | None = None
    """Of its meaning: 0 for unrelated texts, 1 for equal ones; None where it was found without."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of what was looked for: as it was typed, or another one that the documents use."""

    text: str
    found: Found
    spellings: tuple[str, ...] = ()
    """The inflections that stand in the sentences found, in alphabetical order."""


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file, or a part of one, that could not be read, and why, in words for a person."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class CutOff:
    """The least similarity of a sentence that mentions something in other words, and what that misses."""

    similarity: float
    below_best: float
    """The largest distance of a sentence below the nearest of all."""
    missed: float
    """The share of mentions in other words that are expected to be missing."""
    precision: float
    """The share of sentences found by meaning that were known mentions; an estimate from below, because not
    every mention was known."""

    def least(self, best: float) -> float:
        """Return the least similarity of a mention, where the nearest sentence has ``best``."""
        return max(self.similarity, best - self.below_best)


@dataclass(frozen=True, slots=True)
class DocumentMentions:
    """The mentions in one document, in the order of its text."""

    doc_id: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """The result of a sweep over every sentence."""

    query: str
    forms: tuple[Form, ...]
    """The words that were looked for."""
    mentions: tuple[Mention, ...]
    """By document, the newest first and those without a date last, and in the order of the text."""
    below: tuple[Mention, ...]
    """A sample of the rest: the sentences just below the cut-off, the nearest first."""
    cut_off: CutOff | None
    """None where meaning was not gone by."""
    searched: SearchedDocuments
    passages: Mapping[str, int]
    """For each word that was looked for, how many passages of all documents have it."""
    left_out: tuple[UnreadFile, ...] = ()
    """The files that are not in the index, and why."""
    coverage: Coverage | None = None
    """The part that was searched, while the index grows; None for all of it."""
    copies: Mapping[str, str] = field(default_factory=dict)
    """For each document with a mention and the same text as one before it, the id of that one."""

    @property
    def by_document(self) -> tuple[DocumentMentions, ...]:
        """The mentions, document by document."""
        groups = groupby(self.mentions, key=lambda mention: mention.span.doc_id)
        return tuple(DocumentMentions(doc_id, tuple(group)) for doc_id, group in groups)

    @property
    def documents(self) -> int:
        """The number of documents with a mention."""
        return len({mention.span.doc_id for mention in self.mentions})

    @property
    def documents_naming(self) -> int:
        """The number of documents that mention it by its words, another form of its name or another
        notation of its number.
        """
        found = (mention for mention in self.mentions if mention.found is not Found.MEANING)
        return len({mention.span.doc_id for mention in found})

    @property
    def counts(self) -> dict[str, int]:
        """The number of mentions found in each way."""
        counted = Counter(mention.found for mention in self.mentions)
        return {found.value: counted[found] for found in Found}


def order_key(span: Span, dates: Mapping[str, str | None]) -> tuple[bool, tuple[int, ...], str, int]:
    """Return what mentions are sorted by: the newest document first, those without a date last, each in the
    order of its text.
    """
    date = dates.get(span.doc_id)
    parts = tuple(-int(part) for part in date.split("-")) if date else ()
    return not date, parts, span.doc_id, span.start
