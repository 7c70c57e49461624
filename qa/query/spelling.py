"""Correct the spelling of a question with the words of the documents. Pure."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from qa.nlp.scripts import MARKS, script_of
from qa.nlp.terms import is_stop, is_unspaced, terms

MIN_SIMILARITY = 80.0
"""Least similarity, in per cent of matching characters, of a word and its correction: it allows one slip in a
word of five letters, two in a word of ten."""

MIN_LETTERS = 4
"""Words with fewer letters are left alone: too many of them differ by one letter."""

_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")


@dataclass(frozen=True, slots=True)
class SpellingCorrector:
    """Replaces misspelt words with words of the documents.

    A word counts as misspelt only if no document has it and it is not a common word, so that a name which the
    documents lack is not bent into one that they have. It is compared with the words of documents in the
    language of the question, so that no foreign word is bent into one of theirs, and never where no spaces
    separate words.
    """

    words: Mapping[str, Mapping[str, str]]
    """The documents' words: for each language and each stem in it, its most frequent spelling."""
    vocabulary: Container[str]
    """Common words, in lower case."""
    language: str = "en"
    """The language of the question."""

    def correct(self, question: str) -> str:
        """Return ``question`` with its misspelt words corrected."""
        return _WORD.sub(lambda match: self._correct_word(match[0]), question)

    def _correct_word(self, word: str) -> str:
        stem = "".join(terms(word, self.language))
        if len(word) < MIN_LETTERS or is_unspaced(word) or is_stop(stem, self.language):
            return word
        if word.lower() in self.vocabulary or self._is_known(word):
            return word
        return self._nearest(stem) or word

    def _nearest(self, stem: str) -> str:
        """Return the word whose stem is most like ``stem``, in the language of the question or in texts of
        unknown language; empty where none is like it.
        """
        best, spelling = 0.0, ""
        for language in dict.fromkeys((self.language, "")):
            spelt = self.words.get(language, {})
            found = process.extractOne(stem, spelt.keys(), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY)
            if found and found[1] > best and script_of(found[0][0]) == script_of(stem[0]):
                best, spelling = found[1], spelt[found[0]]
        return spelling

    def _is_known(self, word: str) -> bool:
        return any("".join(terms(word, language)) in stems for language, stems in self.words.items())
