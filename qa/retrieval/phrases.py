"""The phrases that a question puts between quotation marks, and the passages that have them. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import eq

from qa.nlp.terms import terms
from qa.query.spelling import is_slip_of
from qa.schema import Candidate, Document

_QUOTED = re.compile(r"[\"“]([^\"“”]*)[\"”]")
"""Text between quotation marks."""

_WORD = re.compile(r"\w+")
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
    is inflected where it is quoted. If there are none of these either, return those that have them but for
    slips of the pen.
    """
    exact = [_normalise(phrase) for phrase in phrases]
    texts = [_normalise(each.passage.span.cut(documents)) for each in candidates]
    found = [
        each for each, text in zip(candidates, texts, strict=True) if all(phrase in text for phrase in exact)
    ]
    return (
        found
        or [each for each in candidates if all(_has_stems(each, phrase) for phrase in phrases)]
        or [
            each
            for each, text in zip(candidates, texts, strict=True)
            if all(_has_nearly(text, phrase) for phrase in exact)
        ]
    )


def _has_stems(candidate: Candidate, phrase: str) -> bool:
    """Return whether the stems of ``phrase`` stand one after the other in ``candidate``."""
    stems = terms(phrase, candidate.language)
    return _stand_in_turn(stems, list(chain.from_iterable(candidate.sentence_terms)), eq)


def _has_nearly(text: str, phrase: str) -> bool:
    """Return whether the words of ``phrase`` stand one after the other in ``text``, but for slips."""
    return _stand_in_turn(_WORD.findall(phrase), _WORD.findall(text), is_slip_of)


def _stand_in_turn(words: Sequence[str], written: Sequence[str], same: Callable[[str, str], bool]) -> bool:
    """Return whether ``words``, or what is the ``same``, stand one after the other in ``written``."""
    return any(
        all(map(same, words, written[i : i + len(words)])) for i in range(len(written) - len(words) + 1)
    )


def _normalise(text: str) -> str:
    """Return ``text`` in lower case, with plain apostrophes, single spaces and no punctuation at its ends."""
    return " ".join(re.sub(r"[‘’]", "'", text).lower().split()).strip(" .,;:!?")
