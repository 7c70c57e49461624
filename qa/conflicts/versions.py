"""Find the two versions of a statement that a question about a change asks for. Pure."""

import re
from collections.abc import Sequence
from itertools import combinations

from qa.conflicts.conflicts import same_subject
from qa.nlp.terms import content_terms, terms
from qa.schema import Quote

_CHANGE = re.compile(
    r"\bwhat(?:'s|’s| has| have| was| were| is)? (?:changed|different|amended|new)\b"
    r"|\bwhat (?:is|are|was|were) the (?:changes?|differences?) (?:in|to|of|between)\b"
    r"|\bhow (?:did|do|does|has|have) .+? (?:change[ds]?|differ(?:ed|s)?)\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    terms(
        """change changes changed difference differences different differ amended new version versions old two
        both"""
    )
)
"""Stems of the words that ask for a change and say nothing of what has changed."""

_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"(?:19|20)\d\d")

_IN_COMMON = 0.6
"""The least share of the words of two versions that stand in both. Set by hand: a clause of twenty words may
have four others."""


def find_versions(question: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the two quotes, the older first, in which two dated documents say nearly the same of all that
    ``question`` names, if it asks what changed; otherwise none. Only questions in English are read.
    """
    if not _CHANGE.search(question):
        return ()
    asked = content_terms(question) - _ASKING
    years = frozenset(filter(_YEAR.fullmatch, asked))
    about = [quote for quote in quotes if quote.date and asked - years and asked - years <= _words(quote)]
    for one, other in combinations(about, 2):
        dates = {(quote.date or "")[:4] for quote in (one, other)}
        if one.span.doc_id != other.span.doc_id and years <= dates and _are_versions(one, other):
            return tuple(sorted((one, other), key=lambda quote: quote.date or ""))
    return ()


def _words(quote: Quote) -> frozenset[str]:
    """Return the stems of a quote and of what stands over it."""
    return content_terms(f"{quote.text} {quote.titles}")


def _are_versions(one: Quote, other: Quote) -> bool:
    first, second = (set(_WORD.findall(quote.text.lower())) for quote in (one, other))
    in_common = len(first & second) / max(len(first), len(second), 1)
    alike = _IN_COMMON <= in_common < 1 and one.date != other.date
    return alike and same_subject(one.text, other.text, one.title, other.title)
