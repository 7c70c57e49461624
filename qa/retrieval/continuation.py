"""Which sentences go on from the one before them, so that a quote ends where the statement does. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.schema import Document, Hit, Span

_PRONOUN = re.compile(
    r"^\W*(he|she|it|they|this|these|those|his|her|its|their)\b"
    r"|\b(he|she|they) (said|says|added|noted|told|wrote)\b",
    re.IGNORECASE,
)
"""A sentence that does not say of whom or what it speaks."""

_DEMONSTRATIVE = re.compile(
    r"^\W*(?:[\w’'-]+\s+){1,6}(?:these|those|this|such)\s+(?!(?:day|week|month|year|century|time)s?\b)\w",
    re.IGNORECASE,
)
"""A sentence whose opening, up to six words set by hand, names something by what was said before: "Any
expansion into these territories". A time is none: "earlier this month"."""


@dataclass(frozen=True, slots=True)
class Continuations:
    """The sentences of the retrieved passages that go on from the sentence before them."""

    needed: Mapping[Span, Span]
    """By a sentence that cannot be understood without it: the sentence before."""
    possible: Mapping[tuple[str, int], Span]
    """By the document and the start of a sentence that goes on from another: the sentence before."""

    def join(self, one: Span, other: Span) -> Span | None:
        """Return both spans as one if the later goes on from a sentence of the earlier, or they overlap."""
        if one.doc_id != other.doc_id:
            return None
        earlier, later = sorted((one, other), key=lambda span: (span.start, span.end))
        before = self.possible.get((later.doc_id, later.start))
        follows = before is not None and earlier.start <= before.start and before.end == earlier.end
        if not follows and later.start >= earlier.end:
            return None
        return Span(earlier.doc_id, earlier.start, max(earlier.end, later.end))


def find_continuations(hits: Sequence[Hit], documents: Mapping[str, Document]) -> Continuations:
    """Return the continuations among the sentences of ``hits``."""
    needed: dict[Span, Span] = {}
    possible: dict[tuple[str, int], Span] = {}
    for hit in hits:
        for i, sentence in enumerate(hit.sentences[1:]):
            span, before = sentence.span, hit.sentences[i].span
            text = span.cut(documents)
            if _PRONOUN.search(text):
                needed[span] = before
            elif not _DEMONSTRATIVE.search(text):
                continue
            possible[span.doc_id, span.start] = before
    return Continuations(needed, possible)
