"""Words that people write in a language, so that they are not taken for misspelt ones.

The lists are those of pyspellchecker: made from film subtitles and checked by hand, for twelve languages.
"""

from collections.abc import Container, Iterable
from functools import cache

from spellchecker import SpellChecker

from qa.nlp.terms import terms

LANGUAGES = frozenset(SpellChecker.languages())

_LINKS = {"de": ("", "s", "es", "n", "en", "er", "e"), "nl": ("", "s", "en", "n", "e")}
"""Letters between the parts of a compound, by languages that write it as one word."""

_SHORTEST_PART = 4
"""The fewest letters of a part of one. Set by hand: many short words are the ends of names."""

_LONGEST_PART = 30
"""The most: the list has no longer words that are no compounds themselves."""

_UNINFLECTED = frozenset({"es"})
"""Languages whose list has "pagar" and not "pagó"."""


@cache
def load_dictionary(language: str) -> Container[str]:
    """Return the words of ``language``, in lower case; none for a language without a list.

    The English list takes 0.15 s and 40 MB, so it is loaded when a word is first looked up.
    """
    return _speller(language).word_frequency.dictionary if language in LANGUAGES else frozenset()


def is_known_word(word: str, language: str) -> bool:
    """Return whether the list of ``language`` has ``word``, or one of its stem where it has no inflections;
    false for a language without a list.
    """
    if word.lower() in load_dictionary(language):
        return True
    return language in _UNINFLECTED and "".join(terms(word, language)) in _stems(language)


@cache
def _stems(language: str) -> Container[str]:
    """Return the stems of the list, which takes half a second."""
    return frozenset("".join(terms(word, language)) for word in _speller(language).word_frequency.words())


def is_unknown_word(word: str, language: str) -> bool:
    """Return whether ``word`` is neither in the list of ``language`` nor one slip from a common word of it,
    so that it is most probably a name or a term; false for a language without a list.

    The words that the list has at its least count are no common ones: "Alston" does not make "Alstom" a slip.
    """
    lower = word.lower()
    if language not in LANGUAGES or is_known_word(word, language):
        return False
    return not any(is_common_word(near, language) for near in _speller(language).edit_distance_1(lower))


def is_compound(word: str, language: str) -> bool:
    """Return whether ``word`` is written together from words that the list of ``language`` has, perhaps with
    letters between them, as in "Urlaubstage" or "vakantiedagen": no list has all of them. False for a
    language that writes such words apart.
    """
    lower, links = word.lower(), _LINKS.get(language, ())
    ends = {0}
    """Where a part may end."""
    for end in range(_SHORTEST_PART, len(lower) + 1):
        last = end == len(lower)
        starts = ends & set(range(end - _LONGEST_PART, end - _SHORTEST_PART + 1)) - ({0} if last else set())
        parts = [lower[start:end] for start in starts]
        if any(_is_part(part, language, ("",) if last else links) for part in parts):
            ends.add(end)
    return bool(links) and len(lower) in ends


def _is_part(part: str, language: str, links: Iterable[str]) -> bool:
    """Return whether ``part`` is a word of the list before one of ``links``."""
    return any(
        part.endswith(link) and is_known_word(part[: len(part) - len(link)], language) for link in links
    )


def is_common_word(word: str, language: str) -> bool:
    """Return whether the list of ``language`` has ``word`` more than its least count of times."""
    return language in LANGUAGES and word.lower() in _common(language)


@cache
def _common(language: str) -> Container[str]:
    counts = dict(_speller(language).word_frequency.items())
    least = min(counts.values())
    return frozenset(word for word, count in counts.items() if count > least)


@cache
def _speller(language: str) -> SpellChecker:
    return SpellChecker(language)
