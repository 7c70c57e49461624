"""Correct the spelling of a question with the words of the documents. Pure."""

import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.nlp.dictionary import is_known_word
from qa.nlp.language import ENGLISH
from qa.nlp.scripts import MARKS, script_of
from qa.nlp.terms import is_stop, is_unspaced, terms

LETTERS_PER_SLIP = 5
"""Letters of a stem for each slip that a correction may put right: a letter too many, too few, wrong, or
changed with its neighbour (Damerau 1964, "A technique for computer detection and correction of spelling
errors"). A shorter stem may have one. Near Lucene's automatic fuzziness, which allows two from six letters
on."""

MIN_LETTERS = 4
"""Words with fewer letters are left alone: too many of them differ by one letter."""

_BRITISH = re.compile(r"(?<=[^\W\d_]{3})(?:(i)s|(y)s)(?=(?:e[drs]?|er?s|ing|ations?)$)")
"""The "is" of "recognise", the "ys" of "analysed": American English has a "z"."""

_WORD = re.compile(rf"(?<!\w)[^\W\d_](?:[^\W\d_]|[{MARKS}])*(?!\w)")
"""A word of letters alone: "YOLOv5l" is a code."""


@dataclass(frozen=True, slots=True)
class SpellingCorrector:
    """Replaces misspelt words with words of the documents.

    A capitalised word is replaced by a capitalised one only: it may be a name. A word counts as misspelt
    only if no document has it, the dictionary of its language does not have it and it is not a common word,
    so that a word which the documents lack is not bent into one that they have. It is compared with the
    words of documents in the language of the question, so that no foreign word is bent into one of theirs,
    and never where no spaces separate words.
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
        if is_known_word(word, self.language):
            return word
        american = _BRITISH.sub(r"\1\2z", word)
        if american != word and self.language == ENGLISH:
            if self._is_known(american):
                return american
            if is_known_word(american, self.language):
                return word
        return self._nearest(word, stem) or word

    def _nearest(self, word: str, stem: str) -> str:
        """Return the spelling that is nearest to ``word``, itself or by its stem, in the language of the
        question or in texts of unknown language; empty where none is near.
        """
        found = [
            (OSA.distance(_fold(word), _fold(spelling)), spelling)
            for language in dict.fromkeys((self.language, ""))
            for spelling in _near(word, stem, self.words.get(language, {}))
            if script_of(spelling[0]) == script_of(word[0])
            and (spelling[0].isupper() or not word[0].isupper())
        ]
        return min(found, default=(0, ""))[1]

    def _is_known(self, word: str) -> bool:
        return any("".join(terms(word, language)) in stems for language, stems in self.words.items())


def is_slip_of(word: str, other: str) -> bool:
    """Return whether a word is another but for its accents and a slip in every five letters. Figures have
    none.
    """
    one, two = _fold(word), _fold(other)
    if one == two or any(map(str.isdigit, one + two)):
        return one == two
    most = len(one) // LETTERS_PER_SLIP
    return OSA.distance(one, two, score_cutoff=most) <= most


def _near(word: str, stem: str, spelt: Mapping[str, str]) -> set[str]:
    """Return the spellings of ``spelt`` that are within a few slips of ``word``, or whose stems are of
    ``stem``.
    """
    by_stem = process.extract(stem, spelt.keys(), scorer=OSA.distance, score_cutoff=_slips(stem), limit=None)
    folded = _fold(word)
    by_word = process.extract(
        folded, spelt, scorer=OSA.distance, score_cutoff=_slips(folded), limit=None, processor=_fold
    )
    return {spelt[found] for found, _, _ in by_stem} | {spelling for spelling, _, _ in by_word}


def _fold(word: str) -> str:
    """Return ``word`` in lower case and without accents: "Herve" is "Hervé" without a slip."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


def _slips(text: str) -> int:
    return max(1, len(text) // LETTERS_PER_SLIP)
