"""The phrases that a question puts between quotation marks, and the passages that have them. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain

from qa.nlp.terms import terms
from qa.schema import Candidate, Document

_QUOTED = re.compile(r"[\"“]([^\"“”]*)[\"”]")
"""Text between quotation marks."""

_WORDS = re.compile(r"\w\W+\w")
"""The end of a word and the beginning of the next."""


def quoted_phrases(question: str) -> list[str]:
    """Return what ``question`` puts between quotation marks, where that is more than one word."""
    return [phrase for phrase in _QUOTED.findall(question) if _WORDS.search(phrase)]


def having_phrases(
    phrases: Sequence[str], candidates: Sequence[Candidate], documents: Mapping[str, Document]
) -> list[Candidate]:
    """Return the ``candidates`` that have all ``phrases`` word for word. If there are none, return those that
    have their words one after the other in any inflection and with any punctuation: in many languages a title
    is inflected where it is quoted.
    """
    exact = [_normalise(phrase) for phrase in phrases]
    texts = [_normalise(each.passage.span.cut(documents)) for each in candidates]
    found = [
        each for each, text in zip(candidates, texts, strict=True) if all(phrase in text for phrase in exact)
    ]
    return found or [each for each in candidates if all(_has_stems(each, phrase) for phrase in phrases)]


def _has_stems(candidate: Candidate, phrase: str) -> bool:
    """Return whether the stems of ``phrase`` stand one after the other in ``candidate``."""
    stems = terms(phrase, candidate.language)
    written = tuple(chain.from_iterable(candidate.sentence_terms))
    return any(written[i : i + len(stems)] == stems for i in range(len(written) - len(stems) + 1))


def _normalise(text: str) -> str:
    """Return ``text`` in lower case, with plain apostrophes, single spaces and no punctuation at its ends."""
    return " ".join(re.sub(r"[‘’]", "'", text).lower().split()).strip(" .,;:!?")
