"""Read what is looked for as runs of words, and match sentences with them in any inflection. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.nlp.terms import is_stop, terms, without_accents, words

_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]*\w[^\"“”„«»]*)[\"“”»]")
_NUMBER = (
    r"(?<![\w.,])\d{1,3}(?:[.,'’\u00a0\u2009\u202f ]\d{3})+(?:[.,]\d+)?(?![\w]|[.,]\d)"
    r"|(?<![\w.,])\d+[.,]\d+(?![\w]|[.,]\d)"
)
"""A number with the signs that group its figures, whose groups stand next to each other."""
_WORD = re.compile(rf"{_NUMBER}|[^\W_](?:[\w'’.&/-]*[^\W_])?")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_CONNECTORS = frozenset("of the de del der des di du for and la le van von y".split())
"""Words in small letters that stand inside names."""
_SHORT_NAME = re.compile(r"[A-Z][A-Z&]{1,5}")
"""A short name in capital letters, which means something else in small ones: "US", "WHO"."""

GAP = 1
"""Words that may stand between two of a name: "Barack H. Obama"."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand next to each other, in this order."""

    text: str
    name: bool = False
    """True if it is a name of several words."""
    as_written: bool = False
    """True if capital letters count."""

    def matches(self, sentence: str, language: str) -> bool:
        """Return whether ``sentence``, which is in ``language``, has these words, with or without accents."""
        gap = GAP if self.name else 0
        found = _has_in_order(terms(sentence, language), terms(self.text, language), gap)
        if not (found or (sentence.isascii() and self.text.isascii())):
            plain, wanted = without_accents(sentence), without_accents(self.text)
            found = _has_in_order(terms(plain, language), terms(wanted, language), gap)
        return found and (not self.as_written or self._stands_in(sentence))

    def _stands_in(self, sentence: str) -> bool:
        """Return whether ``sentence`` has these words as they are written."""
        return bool(re.search(rf"(?<!\w){re.escape(self.text)}(?!\w)", sentence))


@dataclass(frozen=True, slots=True)
class Wording:
    """The words to look for: runs that a sentence must all have, in any order."""

    text: str
    runs: tuple[Run, ...]

    @property
    def is_name(self) -> bool:
        """True if it is one name and nothing else."""
        return len(self.runs) == 1 and (self.runs[0].name or self.runs[0].as_written)

    @property
    def size(self) -> int:
        """The number of its words and names; each group of a number's figures counts."""
        return sum(len(words(run.text)) if run.text[0].isdecimal() else 1 for run in self.runs)

    @property
    def is_exact(self) -> bool:
        """True if it is a name, or stands between quotation marks as a whole."""
        return self.is_name or bool(_QUOTED.fullmatch(self.text.strip()))

    def groups(
        self, languages: Iterable[str], accented: Mapping[str, Collection[str]]
    ) -> dict[str, frozenset[str]]:
        """Return for each word the terms by which texts in ``languages`` may have it. ``accented`` has, for a
        term of a word without accents, the terms of the documents' words that differ by accents alone.
        """
        known = sorted({"", *languages})
        groups: dict[str, frozenset[str]] = {}
        for run in self.runs:
            texts = {run.text, without_accents(run.text)}
            sequences = [terms(text, each) for each in known for text in texts]
            for place, word in enumerate(words(run.text)):
                found = {each[place] for each in sequences if place < len(each)}
                groups[word] = frozenset(found.union(*(accented.get(each, ()) for each in found)))
        return groups

    def matches(self, sentence: str, language: str) -> bool:
        """Return whether ``sentence``, which is in ``language``, has all of it."""
        return all(run.matches(sentence, language) for run in self.runs)


def read_wording(query: str, language: str) -> Wording:
    """Return what ``query``, which is in ``language``, looks for. What stands between quotation marks and a
    name of several words are one run; every other word but stop words is a run of its own.

    There is at least one run if the query has a letter or figure.
    """
    runs = [Run(phrase) for phrase in _QUOTED.findall(query)]
    rest = [_POSSESSIVE.sub("", word) for word in _WORD.findall(_QUOTED.sub(" ", query))]
    shouted = query.upper() == query and len(rest) > 1
    found = list(_join_names(rest, language))
    content = [run for run in found if run.name or not _is_stop(run, language, shouted=shouted)]
    for run in content if content or runs else found:
        short = bool(_SHORT_NAME.fullmatch(run.text)) and not shouted
        runs.append(Run(run.text, run.name, short))
    return Wording(query, tuple(dict.fromkeys(runs)))


def _is_stop(run: Run, language: str, *, shouted: bool) -> bool:
    if _SHORT_NAME.fullmatch(run.text) and not shouted:
        return False
    return all(is_stop(term, language) for term in terms(run.text, language))


def _join_names(found: Sequence[str], language: str) -> Iterable[Run]:
    """Yield the words ``found``, those of a name as one: two or more with a capital letter, next to each
    other or with small connecting words in between.
    """
    at = 0
    while at < len(found):
        end = at + 1
        if _begins_name(found[at], language):
            probe = end
            while probe < len(found) and (_has_capital(found[probe]) or found[probe] in _CONNECTORS):
                probe += 1
                if _has_capital(found[probe - 1]):
                    end = probe
        yield Run(" ".join(found[at:end]), name=end - at > 1)
        at = end


def _begins_name(word: str, language: str) -> bool:
    return _has_capital(word) and not all(is_stop(term, language) for term in terms(word, language))


def _has_capital(word: str) -> bool:
    return word[0].isupper()


def _has_in_order(sequence: Sequence[str], wanted: Sequence[str], gap: int) -> bool:
    """Return whether ``wanted`` stands in ``sequence``, in its order, with at most ``gap`` others between
    two.
    """
    return any(_follows(sequence, at, wanted, gap) for at, term in enumerate(sequence) if term == wanted[0])


def _follows(sequence: Sequence[str], at: int, wanted: Sequence[str], gap: int) -> bool:
    for term in wanted[1:]:
        window = sequence[at + 1 : at + 2 + gap]
        if term not in window:
            return False
        at += 1 + window.index(term)
    return True
