"""Turn text into terms: the stemmed words that lexical search, ranking and verification compare.

A word is stemmed by the language of its text if that is written in the word's script, else by the language
that uses the script most. Where no spaces separate words, every two neighbouring characters are a term, as in
Lucene's analyser for Chinese, Japanese and Korean. Text of unknown language is treated as English.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import Stemmer

from qa.nlp.scripts import LATIN, MARKS, OTHER_THAN_LATIN, SCRIPTS, UNSPACED, script_of
from qa.nlp.stopwords import stop_words

_WORD = re.compile(r"\w+")
_WORD_OR_RUN = re.compile(rf"[{UNSPACED}][{UNSPACED}{MARKS}]*|(?:[^\W{UNSPACED}]|[{MARKS}])+")
"""A word, or a run of characters of a script that puts no spaces between words."""
_UNSPACED = re.compile(rf"[{UNSPACED}]")
_CHARACTER = re.compile(rf".[{MARKS}]*", re.DOTALL)
"""A character with the marks that belong to it."""

_SILENT = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"  # tashkeel, tatweel
    "\u00ad\u200c\u200d]"  # the soft hyphen, and what tells letters not to join or to join
)
"""Marks that may be left out of a word that is otherwise spelt the same."""

_NOTE = re.compile(r"(?<=[^\W\d_]{3})[⁰¹²³⁴-⁹]+(?!\w)")
"""The raised number of a note behind a word; behind fewer letters, as in "km²", it is part of a unit."""

_ACCENTED = re.compile("([A-Za-z])[\u0300-\u036f]+")

_DOTLESS = frozenset({"az", "tr"})
"""Languages in which the small letter of "I" has no dot."""

_ALGORITHMS = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "eo": "esperanto",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "no": "norwegian",
    "fa": "persian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""Snowball's stemmers, by language."""

_MOST = {
    LATIN: "en",
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "TAMIL": "ta",
}
"""The language whose stemmer a script gets in texts of languages that have none for it."""


def words(text: str, language: str = "en") -> list[str]:
    """Return the words of ``text`` in lower case, in order; of scripts without spaces, character pairs."""
    if text.isascii():
        return _WORD.findall(_lower(text, language))
    found: list[str] = []
    for run in _WORD_OR_RUN.findall(_lower(text, language)):
        found += _pairs(run) if is_unspaced(run) else [run]
    return found


def is_unspaced(word: str) -> bool:
    """Return whether a word is in a script that puts no spaces between words."""
    return bool(_UNSPACED.match(word))


def count_spellings(text: str) -> Counter[str]:
    """Return how often each word is spelt how in ``text``. Words of scripts without spaces are left out."""
    return Counter(word for word in _WORD_OR_RUN.findall(text) if not is_unspaced(word))


def words_by_stem(spelt: Mapping[str, int], language: str = "en") -> dict[str, str]:
    """Return the most frequent spelling of every stem in texts in one language, of which ``spelt`` has how
    often each word is spelt how.
    """
    counts: dict[str, Counter[str]] = {}
    for word, count in spelt.items():
        for stem in _stems(words(word, language)[:1], language):
            counts.setdefault(stem, Counter())[word] += count
    return {stem: spellings.most_common(1)[0][0] for stem, spellings in counts.items()}


def without_accents(text: str) -> str:
    """Return ``text`` with plain Latin letters in place of those with accents: "Herve" for "Hervé"."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text)))


def is_stop(term: str, language: str = "en") -> bool:
    """Return whether a term is the stem of a stop word of ``language``."""
    return term in _stop_stems(language)


@lru_cache(maxsize=16_384)
def terms(text: str, language: str = "en") -> tuple[str, ...]:
    """Return the stemmed words of ``text``, in order, stop words included (Snowball's stemmers)."""
    return tuple(_stems(words(text, language), language))


@lru_cache(maxsize=16_384)
def content_terms(text: str, language: str = "en") -> frozenset[str]:
    """Return the distinct stemmed words of ``text`` without stop words."""
    without = _stop_words(language)
    return frozenset(_stems([word for word in words(text, language) if word not in without], language))


@lru_cache(maxsize=1_024)
def question_terms(question: str, asked_in: str = "en", language: str = "en") -> tuple[tuple[str, bool], ...]:
    """Return the terms by which texts in ``language`` may have the words of ``question``, in order, each with
    whether it is a stop word in the language of the question, ``asked_in``.
    """
    asked = words(question, asked_in)
    stems = _stems(asked, asked_in)
    return tuple(
        (term, is_stop(stem, asked_in))
        for word, stem in zip(asked, stems, strict=True)
        for term in terms(word, language)
    )


def search_terms(question: str, asked_in: str, languages: Iterable[str]) -> list[str]:
    """Return the terms to search texts in ``languages`` for: those of ``question`` without its stop words,
    unless it has no others.
    """
    found: list[str] = []
    for language in sorted(languages, key=lambda each: (each != asked_in, each)):
        asked = question_terms(question, asked_in, language)
        content = [term for term, stop in asked if not stop] or [term for term, _ in asked]
        found += [term for term in content if term not in found] if found else content
    return found


def _lower(text: str, language: str) -> str:
    if language in _DOTLESS:
        text = text.replace("İ", "i").replace("I", "ı")
    if text.isascii():
        return text.lower()
    text = _NOTE.sub("", _SILENT.sub("", text)).replace("İ", "I")  # its small letter would be two characters
    # English is kept as the weights of the ranking were fitted on it.
    return text.lower() if language in ("en", "") else unicodedata.normalize("NFKC", text).casefold()


def _pairs(run: str) -> list[str]:
    characters = _CHARACTER.findall(run)
    return [a + b for a, b in pairwise(characters)] or characters


def _stems(found: Sequence[str], language: str) -> list[str]:
    if all(map(str.isascii, found)):
        stemmer = _stemmer(LATIN, language)
        return list(stemmer.stemWords(found)) if stemmer else list(found)
    return [_stem(word, language) for word in found]


def _stem(word: str, language: str) -> str:
    if is_unspaced(word):
        return word
    stemmer = _stemmer(next(filter(None, map(script_of, word)), LATIN), language)
    return str(stemmer.stemWord(word)) if stemmer else word


@cache
def _stemmer(script: str, language: str) -> Stemmer.Stemmer | None:
    """Return the stemmer for words of ``script`` in a text in ``language``."""
    own = SCRIPTS.get(language, LATIN) == script or (script == LATIN and language not in OTHER_THAN_LATIN)
    if not (own and (language in _ALGORITHMS or (script == LATIN and language))):
        language = _MOST.get(script, "")
    return Stemmer.Stemmer(_ALGORITHMS[language]) if language in _ALGORITHMS else None


@cache
def _stop_words(language: str) -> frozenset[str]:
    """Return the stop words of ``language`` as :func:`words` returns them."""
    return frozenset(word for each in stop_words(language) for word in words(each, language))


@cache
def _stop_stems(language: str) -> frozenset[str]:
    return frozenset(_stems(sorted(_stop_words(language)), language))
