"""Correct the spelling of a question with the words of the documents. Pure."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from qa.nlp.terms import is_stop, terms

MIN_SIMILARITY = 80.0
"""Least similarity, in per cent of matching characters, of a word and its correction: it allows one slip in a
word of five letters, two in a word of ten."""

MIN_LETTERS = 4
"""Words with fewer letters are left alone: too many of them differ by one letter."""

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class SpellingCorrector:
    """Replaces misspelt words with words of the documents.

    A word counts as misspelt only if no document has it and it is not a common word, so that a name which the
    documents lack is not bent into one that they have.
    """

    words: Mapping[str, str]
    """The documents' words: for each stem, its most frequent spelling."""
    vocabulary: Container[str]
    """Common words, in lower case."""

    def correct(self, question: str) -> str:
        """Return ``question`` with its misspelt words corrected."""
        return _WORD.sub(lambda match: self._correct_word(match[0]), question)

    def _correct_word(self, word: str) -> str:
        stem = terms(word)[0]
        if len(word) < MIN_LETTERS or stem in self.words or is_stop(stem) or word.lower() in self.vocabulary:
            return word
        found = process.extractOne(stem, self.words.keys(), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
        return self.words[found[0]] if found else word
