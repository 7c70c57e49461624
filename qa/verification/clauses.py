"""Split a sentence into clauses that may each rest on a quote of their own. Pure."""

import re

from qa.nlp.stopwords import STOPWORDS
from qa.nlp.terms import words

SUBJECT_WORDS = frozenset("he she it they we i you the a an his her its their our this these".split())
"""Words that open the subject of a clause."""

MIN_CLAUSE_WORDS = 4

_BOUNDARY = re.compile(r";\s+|,\s+(?:and|while|but|whereas)\s+|\s+(?:while|whereas)\s+")
_WORD = re.compile(r"\w+")


def split_clauses(sentence: str) -> list[str]:
    """Split ``sentence`` into its clauses; ``[sentence]`` where a part is not a clause."""
    parts = [part for part in _BOUNDARY.split(sentence) if part.strip()]
    return parts if all(_is_clause(part) for part in parts) else [sentence]


def stands_alone(clause: str) -> bool:
    """Return whether ``clause`` has a subject of its own, as far as its first word shows. Without the clause
    before it, "attacks the body" does not say who does.
    """
    first = _WORD.search(clause)
    return first is not None and (first[0][0].isupper() or first[0].isdigit() or first[0] in SUBJECT_WORDS)


def _is_clause(part: str) -> bool:
    """Return whether ``part`` has four words and one that only grammar needs, unlike the items of a list."""
    part_words = words(part)
    return len(part_words) >= MIN_CLAUSE_WORDS and any(word in STOPWORDS for word in part_words)
