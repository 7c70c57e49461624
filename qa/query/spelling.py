"""Misspelt words of a question to words of the documents. Pure."""

import re
from collections.abc import Callable, Mapping

from rapidfuzz import fuzz, process

from qa.nlp.terms import is_stop, terms

LIKENESS = 80.0
"""Least likeness, in per cent of matching characters, of a word to what it may stand for: one slip in a
word of five letters, two in a word of ten."""

SHORTEST = 4
"""Shorter words differ by one letter too often."""

_WORD = re.compile(r"[^\W\d_]+")


def correct(question: str, words: Mapping[str, str], is_word: Callable[[str], bool]) -> str:
    """``question`` with its misspelt words put right.

    ``words`` has the documents' words by stem. Only what stands in no document and is no word that
    ``is_word`` knows is taken for a slip, so that a name which the documents lack is not bent into one
    that they have.
    """

    def mended(match: re.Match[str]) -> str:
        word = match[0]
        stem = terms(word)[0]
        if len(word) < SHORTEST or stem in words or is_stop(stem) or is_word(word.lower()):
            return word
        found = process.extractOne(stem, words.keys(), scorer=fuzz.ratio, score_cutoff=LIKENESS)
        return words[found[0]] if found else word

    return _WORD.sub(mended, question)
