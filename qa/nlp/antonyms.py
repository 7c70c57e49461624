"""Antonyms from WordNet (Miller 1995): "advance" and "retreat", "first" and "last"."""

from functools import cache
from importlib.resources import files

from qa.nlp.terms import terms

_ENDINGS = ("er", "est", "ly")
"""Endings of comparatives, superlatives and adverbs, which the stemmer does not remove."""


def opposites(word: str) -> frozenset[str]:
    """Return the stems of the antonyms of a lower-cased word in any inflection."""
    table = _table()
    return frozenset().union(*(table.get(stem, frozenset()) for stem in stems(word)))


def stems(word: str) -> set[str]:
    """Return the stem of ``word`` and that of its base: "cheaper" also gives the stem of "cheap"."""
    bases = [word] + [
        word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2
    ]
    return {stem for base in bases for stem in terms(base)}


@cache
def _table() -> dict[str, frozenset[str]]:
    """Read ``antonyms.tsv``, a pair of words a line, into stem to stems, in both directions."""
    table: dict[str, set[str]] = {}
    for line in files("qa.nlp").joinpath("antonyms.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        a, b = (terms(word)[0] for word in line.split("\t"))
        table.setdefault(a, set()).add(b)
        table.setdefault(b, set()).add(a)
    return {stem: frozenset(others) for stem, others in table.items()}
