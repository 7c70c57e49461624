"""Compare two versions of a text sentence by sentence, and tell what kind of thing changed in each. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz.distance import Indel

from qa.nlp.deciding_words import NEGATORS
from qa.nlp.dictionary import LANGUAGES, is_known_word
from qa.nlp.polarity import negation_differs
from qa.nlp.sentences import sentences
from qa.nlp.tokens import SYMBOLS, Token, is_content, may_be_name, tokens
from qa.nlp.written_dates import dates_in
from qa.schema import Document, Span

SAME_SENTENCE = 0.5
"""The least share of words that two versions of one sentence have in common, as in git's detection of renamed
files (git-diff, ``--find-renames``)."""

MOST_PAIRS = 250_000
"""The most pairs of sentences that are compared where many were replaced at once: half a second. Beyond, they
are listed as removed and added."""

MOST_EXACT = 25_000_000
"""The most pairs of sentences for which common ones are sought among all; beyond, not among very common
ones, because difflib's time grows with those."""

_WORD = re.compile(r"[-−]?\d+(?:[.,:/]\d+)*|\w+|[^\w\s]")


class Kind(StrEnum):
    """A kind of change in a sentence, in the order in which kinds are shown."""

    NEGATION = "negation"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of one version, and the words in it that the other version does not have."""

    span: Span
    text: str
    marks: tuple[tuple[int, int], ...] = ()
    """``[start, end)`` of each run of changed words, counted in ``text``."""


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that changed, was added (``before`` is None) or removed (``after`` is None)."""

    before: Excerpt | None
    after: Excerpt | None
    kinds: tuple[Kind, ...] = ()

    @property
    def rank(self) -> int:
        """Its place among others: another number, date, name or negation; added or removed; other words."""
        if self.kinds:
            return 0
        return 1 if self.before is None or self.after is None else 2


@dataclass(frozen=True, slots=True)
class TextChange:
    """The sentences that differ between two versions of a text."""

    sentences: tuple[SentenceChange, ...]
    """The most telling first, then in the order of the text."""
    moved: int
    """The number of others that only stand elsewhere."""


def compare_texts(before: Document, after: Document) -> TextChange:
    """Compare two versions of a document. White space does not count."""
    old, new = split_sentences(before), split_sentences(after)
    removed, added = _differing([_plain(each) for each in old], [_plain(each) for each in new])
    moved = Counter(_plain(old[i]) for i in removed) & Counter(_plain(new[j]) for j in added)
    removed = _without(removed, old, moved)
    added = _without(added, new, moved)
    pairs = _pair([_words(old[i]) for i in removed], [_words(new[j]) for j in added])
    changes = [_changed(old[removed[i]], new[added[j]], after.language) for i, j in pairs]
    lone = set(range(len(removed))) - {i for i, _ in pairs}
    changes += [SentenceChange(old[removed[i]], None) for i in lone]
    lone = set(range(len(added))) - {j for _, j in pairs}
    changes += [SentenceChange(None, new[added[j]]) for j in lone]
    ordered = sorted(changes, key=lambda each: (each.rank, _start(each)))
    return TextChange(tuple(ordered), moved.total())


def split_sentences(document: Document) -> list[Excerpt]:
    """Return the sentences of a document."""
    return [
        Excerpt(Span(document.id, start, end), document.text[start:end])
        for start, end in sentences(document.text, document.language)
    ]


def _start(change: SentenceChange) -> int:
    found = change.after or change.before
    return found.span.start if found else 0


def _plain(excerpt: Excerpt) -> str:
    return " ".join(excerpt.text.split())


def _words(excerpt: Excerpt) -> list[str]:
    return _WORD.findall(excerpt.text)


def _differing(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the places of the sentences that are in no common run of the two."""
    first = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    old_left, new_left = old[first:], new[first:]
    exact = len(old_left) * len(new_left) <= MOST_EXACT
    matcher = SequenceMatcher(None, old_left, new_left, autojunk=not exact)
    changed = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    removed = [first + i for _, start, end, _, _ in changed for i in range(start, end)]
    added = [first + j for _, _, _, start, end in changed for j in range(start, end)]
    return removed, added


def _without(places: Sequence[int], excerpts: Sequence[Excerpt], moved: Counter[str]) -> list[int]:
    left, kept = Counter(moved), []
    for place in places:
        text = _plain(excerpts[place])
        if left[text]:
            left[text] -= 1
        else:
            kept.append(place)
    return kept


def _pair(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Pair the versions of one sentence: those with the most words in common first, each once."""
    if len(old) * len(new) > MOST_PAIRS:
        return []
    scored = [
        (Indel.normalized_similarity(a, b, score_cutoff=SAME_SENTENCE), i, j)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
    ]
    pairs: list[tuple[int, int]] = []
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for score, i, j in sorted(scored, key=lambda each: (-each[0], abs(each[1] - each[2]), each[1])):
        if score >= SAME_SENTENCE and i not in taken_old and j not in taken_new:
            pairs.append((i, j))
            taken_old.add(i)
            taken_new.add(j)
    return pairs


def _changed(before: Excerpt, after: Excerpt, language: str) -> SentenceChange:
    old, new = list(_WORD.finditer(before.text)), list(_WORD.finditer(after.text))
    matcher = SequenceMatcher(None, [each[0] for each in old], [each[0] for each in new], autojunk=False)
    marks: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal":
            for mark, found, start, end in ((marks[0], old, i, i_end), (marks[1], new, j, j_end)):
                if start < end:
                    mark.append((found[start].start(), found[end - 1].end()))
    return SentenceChange(
        Excerpt(before.span, before.text, tuple(marks[0])),
        Excerpt(after.span, after.text, tuple(marks[1])),
        tuple(_kinds(before.text, after.text, language)),
    )


def _kinds(before: str, after: str, language: str) -> Iterator[Kind]:
    """Yield what changed between two versions of a sentence in ``language``."""
    old_text, new_text = _without_dates(before), _without_dates(after)
    old, new = tokens(old_text, language), tokens(new_text, language)
    if _negation_changed(old, new, language):
        yield Kind.NEGATION
    if Counter(_figures(old)) != Counter(_figures(new)):
        yield Kind.NUMBER
    if [each.iso for each in dates_in(before)] != [each.iso for each in dates_in(after)]:
        yield Kind.DATE
    if _names_beyond(old, new) or _names_beyond(new, old):
        yield Kind.NAME


def _without_dates(text: str) -> str:
    """Return ``text`` with blanks for its dates, whose figures are no numbers of their own."""
    for each in dates_in(text):
        text = text[: each.start] + " " * len(each) + text[each.end :]
    return text


def _figures(found: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the numbers with what they count: "24 months" is neither "36 months" nor "24 years"."""
    for n, token in enumerate(found):
        if token.number:
            counted = next((each.key for each in found[n + 1 : n + 2] if is_content(each)), "")
            sign = found[n - 1].key if n and found[n - 1].key in SYMBOLS.values() else ""
            yield token.key, sign or counted


def _names_beyond(found: Sequence[Token], others: Sequence[Token]) -> bool:
    """Return whether ``found`` has a name that ``others`` have not, in capitals or without."""
    known = {each.key for each in others}
    beyond = [each for each in found if may_be_name(each) and each.key not in known]
    return any(each.name or (each is found[0] and _is_rare(each)) for each in beyond)


def _is_rare(token: Token) -> bool:
    """Return whether no dictionary of its language has a word: the first of a sentence is then a name."""
    return token.language in LANGUAGES and not is_known_word(token.surface, token.language)


def _negation_changed(old: Sequence[Token], new: Sequence[Token], language: str) -> bool:
    negators = NEGATORS.get(language or "en", frozenset())
    counts = [sum(each.surface.lower() in negators for each in found) for found in (old, new)]
    if counts[0] != counts[1]:
        return True
    return any(is_content(each) and negation_differs(each, new) for each in old)
