"""Find a name of one language in a text of another: by Unicode's CLDR, or by its sound. Pure."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import chain, pairwise

from anyascii import anyascii
from babel.core import get_global
from rapidfuzz.distance import Indel

from qa.nlp.locales import find_locale
from qa.nlp.scripts import MARKS, OTHER_THAN_LATIN, UNSPACED

SOUNDS_ALIKE = 0.75
"""The least likeness of a word to a name, written in Latin letters, at which it may be that name. Of CLDR's
names of cities it finds 89 % of the English ones again in Russian, 91 % in Spanish, 35 % in Arabic; another
city's name is taken for one in 0.2 % of the cases at most."""

MIN_LETTERS = 4
"""Letters of the shortest name that is known by its sound; shorter ones are alike too often."""

MAX_ENDING = 3
"""The most letters by which the form of a name in a text may differ at its end: "Германии", "Германия"."""

_WORD = re.compile(rf"[{UNSPACED}{MARKS}]+|[^\W\d_{UNSPACED}](?:[^\W\d_{UNSPACED}]|[{MARKS}])*")
_LETTERS = re.compile(r"[^a-z]")
_PAIRS = re.compile(r"sch|[sczkt]h|ph|t[sz]")
_ONE_SOUND = {
    "sch": "s",
    "sh": "s",
    "ch": "s",
    "zh": "s",
    "kh": "h",
    "th": "t",
    "ph": "f",
    "ts": "s",
    "tz": "s",
}
"""Letters that romanisation writes for a single sound."""
_CLASSES = {
    letter: letters[0] for letters in ("bfpvw", "cgkqx", "dt", "lr", "mn", "szj") for letter in letters
}
"""Consonants that languages take for each other when they borrow a name; vowels and "h" come and go."""


def has_name(text: str, language: str, name: str, named_in: str) -> bool:
    """Return whether ``text`` in one language has a ``name`` of another: in the same letters, as CLDR
    translates it, or each word of it by its sound.
    """
    words = _words(text)
    parts = _WORD.findall(name.casefold())
    if _has_translation(text, words, language, name, named_in):
        return True
    return all(_is_among(part, words) for part in parts) or _is_among("".join(parts), words)


def _is_among(part: str, words: frozenset[str]) -> bool:
    return part in words or any(_sounds_alike(part, word) for word in words)


def is_known_name(name: str, language: str) -> bool:
    """Return whether CLDR has ``name`` as that of a territory, language or city, of a month or a day."""
    return name.casefold() in _keys(language)


def is_place(name: str, language: str) -> bool:
    """Return whether CLDR has ``name`` as that of a territory or a city."""
    keys = _keys(language).get(name.casefold(), frozenset())
    return any(key.startswith(("territory ", "city ")) for key in keys)


def tells_names(language: str) -> bool:
    """Return whether names can be told in ``language``: by the capital letters of its script."""
    return language not in OTHER_THAN_LATIN or language in _CAPITALS


_CAPITALS = frozenset("ba be bg ce cv el hy kk ky mk mn os ru sr tg tt uk".split())
"""Languages of other scripts that have capital letters."""


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    """Return the words of a text, and each with the next one: "Super Bowl" is one word elsewhere."""
    found = _WORD.findall(text.casefold())
    return frozenset(found).union(map("".join, pairwise(found)))


def _has_translation(text: str, words: frozenset[str], language: str, name: str, named_in: str) -> bool:
    known = _keys(named_in)
    forms = [name.casefold()] if name.casefold() in known else _forms(name.casefold(), named_in)
    keys = chain.from_iterable(known[form] for form in forms)
    translated = chain.from_iterable(_names(language).get(key, ()) for key in keys)
    return any(_stands_in(each, text, words) for each in translated)


@lru_cache(maxsize=1_024)
def _forms(name: str, language: str) -> list[str]:
    """Return the names that CLDR has in ``language`` of which ``name`` may be another form: "Варшаве"."""
    return [known for known in _keys(language) if _is_form(known, name)]


def _stands_in(name: str, text: str, words: frozenset[str]) -> bool:
    """Return whether every word of ``name`` stands in a text, in any inflection, or inside a run of
    characters.
    """
    return all(
        part in text if re.match(rf"[{UNSPACED}]", part) else any(_is_form(part, word) for word in words)
        for part in _WORD.findall(name.casefold())
    )


def _is_form(part: str, word: str) -> bool:
    if part == word:
        return True
    shared = next(
        (i for i, (a, b) in enumerate(zip(part, word, strict=False)) if a != b), min(len(part), len(word))
    )
    return shared >= MIN_LETTERS - 1 and max(len(part), len(word)) - shared <= MAX_ENDING


@cache
def _names(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return what territories, languages, cities, months and days are called, by keys of any language."""
    locale = find_locale(language or "en")
    if locale is None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for kind, names in (("territory", locale.territories), ("language", locale.languages)):
        found |= {f"{kind} {code}": (name,) for code, name in names.items()}
    for zone in get_global("zone_territories"):
        city = locale.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
        found[f"city {zone}"] = (city,)
    for kind, calendar in (("month", locale.months), ("day", locale.days)):
        for form in ("format", "stand-alone"):
            for number, name in calendar[form]["wide"].items():
                found[f"{kind} {number}"] = (*found.get(f"{kind} {number}", ()), name)
    return found


@cache
def _keys(language: str) -> Mapping[str, frozenset[str]]:
    """Return the keys of :func:`_names` by name, in lower case."""
    found: dict[str, set[str]] = {}
    for key, names in _names(language).items():
        for name in names:
            found.setdefault(name.casefold(), set()).add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


def _sounds_alike(name: str, word: str) -> bool:
    one, other = _romanised(name), _romanised(word)
    if min(len(one), len(other)) < MIN_LETTERS:
        return bool(one) and one == other
    likeness = Indel.normalized_similarity
    return (likeness(one, other) + likeness(_consonants(one), _consonants(other))) / 2 >= SOUNDS_ALIKE


@lru_cache(maxsize=4_096)
def _romanised(word: str) -> str:
    return _LETTERS.sub("", anyascii(word).lower())


def _consonants(romanised: str) -> str:
    """Return the classes of the consonants of a word, each once where it is doubled."""
    found = ""
    for letter in _PAIRS.sub(lambda match: _ONE_SOUND[match[0]], romanised):
        kind = _CLASSES.get(letter, "")
        if kind and not found.endswith(kind):
            found += kind
    return found
