"""Words that people write in a language, so that they are not taken for misspelt ones.

The lists are those of pyspellchecker: made from film subtitles and checked by hand, for twelve languages.
"""

from collections.abc import Container
from functools import cache

from spellchecker import SpellChecker

LANGUAGES = frozenset(SpellChecker.languages())


@cache
def load_dictionary(language: str) -> Container[str]:
    """Return the words of ``language``, in lower case; none for a language without a list.

    The English list takes 0.15 s and 40 MB, so it is loaded when a word is first looked up.
    """
    if language not in LANGUAGES:
        return frozenset()
    return frozenset(SpellChecker(language=language).word_frequency.words())
