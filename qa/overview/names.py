"""Find the names of people, places, organisations and things in a text, as far as capital letters tell. Pure.

A name is a word, or several in a row, with a capital letter inside a sentence. The first word of a sentence
is one only if it stands as one inside another. A word alone that the text also has in small letters, a month,
a day or a language is none. Scripts without capital letters show no names, but those in Latin letters that
stand in them.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from qa.nlp.stopwords import stop_words
from qa.overview.words import not_names, territories


def _ranges(kind: str) -> str:
    """Return the letters for which the method ``kind`` of a string holds, as ranges of a pattern."""
    letters = (n for n in range(sys.maxunicode) if getattr(chr(n), kind)() and chr(n).isalpha())
    runs = (list(group) for _, group in groupby(enumerate(letters), lambda pair: pair[1] - pair[0]))
    return "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)


_CAPITAL = f"[{_ranges('isupper')}]"
_NAME_WORD = rf"(?<![\w@/]){_CAPITAL}(?:[\w&]|[-’'.](?=[^\W\d_]))*"
_ALWAYS_LINKS = "de|da|do|dos|del|della|di|du|des|von|van|der|den|zu|bin|al|la|le"
"""Small words inside names: "Ursula von der Leyen"."""
_RUN = re.compile(
    rf"{_NAME_WORD}(?:(?:[ \u00a0]| & |(?<=\b{_CAPITAL})\. )(?:(?:{_ALWAYS_LINKS}) ){{0,2}}{_NAME_WORD})*"
)
_SMALL_WORD = re.compile(rf"(?<!\w)[{_ranges('islower')}]\w*")
_LINK = re.compile(r" (?:of|for|of the|for the) ")
"""Words that join two parts of a name, "Bank of England", or two names, "Boyet of Alstom"."""
_BEGINS = re.compile(r"(?:^|[.!?:;…。！？•–—|])[\s\"'“”„«»‘’()\[\]*#>-]*$")
"""The text before the first word of a sentence, an item or a cell."""
_BEFORE_CHARS = 12
_COUNTED = re.compile(r"\d[ \u00a0\u202f-]?$")
"""The number before a unit."""
_TITLES = frozenset("mr mrs ms dr prof sir dame herr frau mme monsieur madame".split())
_ROMAN = re.compile(r"[IVXLC]+")
_POSSESSIVE = re.compile(r"[’']s?$")
_ACRONYM = re.compile(r" \(([A-Z][A-Za-z&]{1,9})\)")
_NOUNS_CAPITAL = frozenset({"de", "lb"})
"""Languages in which every noun has a capital letter: a word alone is a name only in capitals, or a place."""

_HEADING_WORDS = 3
"""Words of the shortest line that is a heading if all of its long words have capital letters."""
_LONGEST_NAME = 6
"""Words of the longest name. What is longer is a title or a list."""
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
"""A word that a heading would capitalise."""
_ENDS = (".", "!", "?", ",", ";", ":")
_ADJECTIVE_STEM = 4
"""Letters that an English word such as "European" shares with the name of a continent or country."""


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A name, and the places where it stands in a text."""

    name: str
    """As the text has it, in its longest form."""
    places: tuple[tuple[int, int], ...]
    """The start and end of each mention, the longest form first."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words with a capital letter in a row."""

    words: tuple[str, ...]
    start: int
    end: int
    initial: bool
    """True if it begins a sentence."""


def find_names(text: str, language: str) -> list[NamedThing]:
    """Return what ``text`` names."""
    runs = list(_runs(text))
    certain = {run.words for run in runs if not run.initial}
    small = frozenset(_SMALL_WORD.findall(text))
    shortened = (_without_uncertain_words(run, certain, language) for run in runs)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for run in _joined(text, [run for run in shortened if run], language):
        if _is_name(run.words, small, language):
            found[" ".join(text[run.start : run.end].split())].append((run.start, run.end))
    _join_acronyms(text, found)
    _join_surnames(found, language)
    return [NamedThing(name, tuple(places)) for name, places in found.items()]


def _runs(text: str) -> Iterator[_Run]:
    end_of_heading = 0
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start < end_of_heading:
            continue
        line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        line = text[line_start : line_end if line_end >= 0 else None]
        if _is_heading(line):
            end_of_heading = line_start + len(line)
            continue
        initial = bool(_BEGINS.search(text[max(line_start, start - _BEFORE_CHARS) : start]))
        counted = bool(_COUNTED.search(text[max(line_start, start - 2) : start]))
        written = _POSSESSIVE.sub("", match[0])
        words = tuple(written.split())
        if not (counted and len(words) == 1):
            yield _Run(words, start, start + len(written), initial)


def _is_heading(line: str) -> bool:
    """Return whether a line has capital letters for another reason than that it names something."""
    long = _LONG_WORD.findall(line)
    if line.isupper() or line.lstrip().startswith("#"):
        return True
    return (
        len(long) >= _HEADING_WORDS
        and all(word[0].isupper() for word in long)
        and not line.rstrip().endswith(_ENDS)
    )


def _without_uncertain_words(run: _Run, certain: Container[tuple[str, ...]], language: str) -> _Run | None:
    """Return ``run`` from the first word on that belongs to a name for certain; None where none does."""
    words, start, initial = run.words, run.start, run.initial
    while words:
        lower = words[0].lower().rstrip(".")
        uncertain = initial and words not in certain
        if not (uncertain or lower in stop_words(language) or lower in _TITLES or words[0].islower()):
            return _Run(words, start, run.end, run.initial)
        start, words, initial = start + len(words[0]), words[1:], False
        start = run.end - len(" ".join(words))
    return None


def _joined(text: str, runs: list[_Run], language: str) -> Iterator[_Run]:
    """Yield ``runs``, those with "of" or "for" between them as one, unless what follows that is named by
    itself elsewhere: then what comes before it is a role or a part.
    """
    linked = {b.start for a, b in pairwise(runs) if _LINK.fullmatch(text, a.end, b.start)}
    alone = {run.words for run in runs if run.start not in linked}
    waiting: _Run | None = None
    for run in runs:
        if waiting and run.start in linked:
            apart = run.words in alone or " ".join(run.words) in territories(language)
            if apart:
                waiting = run
            else:
                link = text[waiting.end : run.start].split()
                waiting = _Run((*waiting.words, *link, *run.words), waiting.start, run.end, waiting.initial)
            continue
        if waiting:
            yield waiting
        waiting = run
    if waiting:
        yield waiting


def _is_name(words: tuple[str, ...], small: Collection[str], language: str) -> bool:
    """Return whether capitalised words are a name."""
    english = language in ("en", "")
    if len(words) > _LONGEST_NAME or (english and _is_adjective(words[-1])):
        return False
    if len(words) > 1:
        return not all(word.lower() in small for word in words)
    word, lower = words[0], words[0].lower()
    if len(word) < 2 or _ROMAN.fullmatch(word) or lower in small or lower in not_names(language):
        return False
    return language not in _NOUNS_CAPITAL or word.isupper() or word in territories(language)


@lru_cache(maxsize=4_096)
def _is_adjective(word: str) -> bool:
    """Return whether an English word is made of the name of a country or continent, as "European" is."""
    if not word.endswith(("an", "ish", "ese")) or word in territories("en"):
        return False
    stem = word[: max(_ADJECTIVE_STEM, len(word) - 3)]
    return any(name.startswith(stem) for name in territories("en"))


def _join_acronyms(text: str, found: dict[str, list[tuple[int, int]]]) -> None:
    """Count the short form of a name, which stands in brackets after it, as the name."""
    for name, places in list(found.items()):
        initials = "".join(word[0] for word in name.split() if word[0].isupper())
        matches = (_ACRONYM.match(text, end) for _, end in places)
        for short in {match[1] for match in matches if match}:
            if len(initials) > 1 and short.upper() == initials and short in found:
                places += found.pop(short)


def _join_surnames(found: dict[str, list[tuple[int, int]]], language: str) -> None:
    """Count a word alone as the name of two or three words that ends with it, where only one does, and the
    text has that first, as it introduces a person.
    """
    whole: dict[str, list[str]] = defaultdict(list)
    for name in found:
        if 2 <= len(name.split()) <= 3:
            whole[name.split()[-1]].append(name)
    for surname, names in whole.items():
        alone = found.get(surname)
        known = surname in territories(language)
        if alone and len(names) == 1 and not known and min(found[names[0]]) < min(alone):
            found[names[0]] += found.pop(surname)
