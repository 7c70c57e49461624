"""Turn text into terms: the stemmed words that lexical search, ranking and verification compare."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"\w+")
_stemmer = Stemmer.Stemmer("english")

STOPWORDS = frozenset(
    """a about after all also an and any are as at be because been before being between both but by can
    could did do does doing during each for from had has have having he her here him his how i if in into
    is it its itself just me more most my no nor not of on once only or other our out over own same she
    should so some such than that the their them then there these they this those through to too under
    until up us very was we were what when where which while who whom whose why will with would you your
    s t say said says tell told according""".split()
)
"""Words too common to distinguish passages, and the verbs people ask with ("what did she say")."""


def words(text: str) -> list[str]:
    """Return the lower-cased words of ``text``, in order."""
    return _WORD.findall(text.lower())


def words_by_stem(texts: Iterable[str]) -> dict[str, str]:
    """Return the most frequent spelling of every stem in ``texts``."""
    counts: dict[str, Counter[str]] = {}
    spelling_counts = Counter(match for text in texts for match in _WORD.findall(text))
    for (word, count), stem in zip(
        spelling_counts.items(), _stemmer.stemWords([word.lower() for word in spelling_counts]), strict=True
    ):
        counts.setdefault(stem, Counter())[word] += count
    return {stem: spellings.most_common(1)[0][0] for stem, spellings in counts.items()}


_STOP_STEMS = frozenset(_stemmer.stemWords(sorted(STOPWORDS)))


def is_stop(term: str) -> bool:
    """Whether a stemmed term is the stem of a stop word."""
    return term in _STOP_STEMS


@lru_cache(maxsize=16_384)
def terms(text: str) -> tuple[str, ...]:
    """Return the stemmed words of ``text``, in order, stop words included (Snowball English stemmer)."""
    return tuple(_stemmer.stemWords(words(text)))


@lru_cache(maxsize=16_384)
def content_terms(text: str) -> frozenset[str]:
    """Return the distinct stemmed words of ``text`` without stop words."""
    return frozenset(_stemmer.stemWords([word for word in words(text) if word not in STOPWORDS]))
