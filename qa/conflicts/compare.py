"""The difference of two sentences, and the probability that they disagree on one fact. Pure.

Their words are aligned in order. Sentences that disagree say the same but for one number, date or name in one
place, or but for a negation or an opposite; sentences that only look alike differ in more: in what they are
about, when, or how much they say.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher

from qa.conflicts.statements import DATE, NAME, NEGATOR, NUMBER, WORD, Item, is_measure, items_of
from qa.nlp.antonyms import opposites, stems
from qa.nlp.tokens import initials

OPPOSITE = "opposite"

MIN_SHARED = 3
"""Words, names or numbers that two sentences must share besides what differs: with fewer they do not say what
they are about."""

_ROUND_DIGITS = 2
"""Digits that a rounded number has at least: 8,300 may stand for 8,278, but 8,000 need not."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The one fact in which two sentences differ, with its place in each."""

    kind: str
    """``number``, ``date``, ``name`` or ``opposite``."""
    first: tuple[int, int]
    second: tuple[int, int]
    features: tuple[float, ...]
    """By ``FEATURES``."""

    @property
    def probability(self) -> float:
        """The probability, 0 to 1, that the sentences disagree."""
        logit = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, self.features, strict=True))
        return 1 / (1 + math.exp(-logit))


FEATURES = ("shared", "count", "names", "facts", "extra", "words", "beside")
"""``shared``: the share of the words in common. ``count``: how many those are. ``names``: how many names and
numbers of them. ``facts``: further numbers, dates and names that only one has. ``extra``: the share of other
words that only one has. ``words``: words that stand in each other's place. ``beside``: the share of the words
on either side of the fact that are the same."""

WEIGHTS = (7.120, -0.938, -0.268, -0.268, 3.433, -4.816, 2.466)
INTERCEPT = -6.584
THRESHOLD = 0.500
"""Fitted by ``python -m eval.conflicts squad2-public.json --fit`` on pairs made from ten articles of SQuAD
2.0. On pairs made from SQuADShifts' articles, 0.88 of the disagreements and 0.002 of the look-alikes pass."""


def compare(first: str, second: str, language: str = "en") -> Difference | None:
    """Return the fact in which two sentences differ, if they may disagree on it; None where they say the
    same, differ in several facts, or share too little.
    """
    a, b = items_of(first, language), items_of(second, language)
    return compare_items(a, b, initials(first) | initials(second))


def disagrees(difference: Difference | None) -> bool:
    """Return whether a difference is a disagreement."""
    return difference is not None and difference.probability >= THRESHOLD


def compare_items(a: Sequence[Item], b: Sequence[Item], short_names: set[str]) -> Difference | None:
    """Return the same as :func:`compare` for two sentences as their items."""
    matcher = SequenceMatcher(None, [_key(i) for i in a], [_key(i) for i in b], autojunk=False)
    codes = matcher.get_opcodes()
    shared = [(a[i], b[i + j1 - i1]) for op, i1, i2, j1, j2 in codes if op == "equal" for i in range(i1, i2)]
    if len(shared) < MIN_SHARED:
        return None
    found: list[tuple[str, int, int, int, int]] = []
    negators: list[tuple[str, int, int, int, int]] = []
    loose: list[Item] = []
    swapped = 0
    for op, i1, i2, j1, j2 in codes:
        if op == "equal":
            continue
        left, right = a[i1:i2], b[j1:j2]
        if kind := _replaced(left, right, short_names):
            if kind != SAME:
                found.append((kind, i1, i2, j1, j2))
            continue
        if _negates([*left, *right]):
            negators.append((OPPOSITE, *_wide(i1, i2, len(a)), *_wide(j1, j2, len(b))))
        swapped += min(sum(i.kind == WORD for i in left), sum(i.kind == WORD for i in right))
        loose += [item for item in (*left, *right) if item.kind != NEGATOR]
    moved = {_key(item) for item in loose if _has(a, _key(item)) and _has(b, _key(item))}
    loose = [item for item in loose if _key(item) not in moved]
    found += negators
    if len(found) != 1:
        return None
    kind, i1, i2, j1, j2 = found[0]
    facts = sum(item.kind != WORD for item in loose)
    total = len(a) + len(b)
    return Difference(
        kind,
        (a[i1].start, a[i2 - 1].end),
        (b[j1].start, b[j2 - 1].end),
        (
            2 * len(shared) / total,
            min(len(shared), 12) / 12,
            min(sum(one.kind != WORD for one, _ in shared), 4) / 4,
            min(facts, 4),
            (len(loose) - facts) / total,
            min(swapped, 4),
            _beside(a, b, (i1, i2), (j1, j2)),
        ),
    )


SAME = "same"


def _key(item: Item) -> tuple[str, str]:
    return ("word", item.key) if item.kind == NAME else (item.kind, item.key)


def _has(items: Sequence[Item], key: tuple[str, str]) -> bool:
    return any(_key(item) == key for item in items)


def _replaced(left: Sequence[Item], right: Sequence[Item], short_names: set[str]) -> str:
    """Return what kind of fact ``left`` and ``right`` are, which stand in each other's place: ``SAME`` for
    two ways of saying one; empty where they are no such fact.
    """
    if not left or not right:
        return ""
    kinds = {item.kind for item in (*left, *right)}
    if kinds == {NAME} or (kinds == {NAME, WORD} and _are_names(left) and _are_names(right)):
        return SAME if _same_name(left, right, short_names) else NAME
    if len(left) == len(right) == 1:
        return _fact(left[0], right[0])
    if len(left) == len(right) == 2 and _key(left[1]) != _key(right[1]):
        return ""  # another unit, or another thing that is counted
    return ""


def _fact(one: Item, other: Item) -> str:
    if {one.kind, other.kind} <= {NUMBER, DATE}:
        if one.kind != other.kind:
            return ""
        if one.kind == DATE:
            return SAME if one.key.startswith(other.key) or other.key.startswith(one.key) else DATE
        return SAME if is_rounded(one, other) else NUMBER
    if one.kind == other.kind == WORD and not is_measure(one) and not is_measure(other):
        return OPPOSITE if opposites(one.surface.lower()) & stems(other.surface.lower()) else ""
    return ""


def _are_names(items: Sequence[Item]) -> bool:
    return bool(items) and all(item.surface[:1].isupper() for item in items)


def _same_name(left: Sequence[Item], right: Sequence[Item], short_names: set[str]) -> bool:
    one, other = ({item.key for item in side} for side in (left, right))
    return one <= other or other <= one or any(item.surface in short_names for item in (*left, *right))


def is_rounded(one: Item, other: Item) -> bool:
    """Return whether one number is the other one rounded, or one of them is said to be rough."""
    try:
        a, b = Decimal(one.key), Decimal(other.key)
    except InvalidOperation:
        return False
    if one.hedge != other.hedge:
        return True
    exact, rough = sorted((a, b), key=lambda each: -len(_digits(each)))
    digits = len(_digits(rough))
    if digits < _ROUND_DIGITS or not exact:
        return False
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    return abs(exact - rough) * 2 <= step and len(_digits(exact)) > digits


def _digits(number: Decimal) -> tuple[int, ...]:
    return number.normalize().as_tuple().digits


def _negates(block: Sequence[Item]) -> bool:
    """Return whether a stretch that only one sentence has, or that differs, negates what is around it: it is
    a negator and hardly more, and no clause of its own.
    """
    return len(block) <= _MAX_NEGATION and sum(item.kind == NEGATOR for item in block) % 2 == 1


_MAX_NEGATION = 2
"""Words of "is not", "did not yet", beside those that carry no meaning by themselves."""


def _wide(start: int, end: int, length: int) -> tuple[int, int]:
    """Return a stretch with the word after it, so that it is not empty where a negator is missing."""
    return (start, min(end + 1, length)) if end < length else (max(start - 1, 0), end)


_AROUND = 2
"""Words on each side of a fact that are compared."""


def _beside(a: Sequence[Item], b: Sequence[Item], left: tuple[int, int], right: tuple[int, int]) -> float:
    """Return the share of the words beside the fact that are the same in both."""

    def before(items: Sequence[Item], at: int) -> Iterator[tuple[str, str]]:
        return (_key(item) for item in reversed(items[max(0, at - _AROUND) : at]))

    def after(items: Sequence[Item], at: int) -> Iterator[tuple[str, str]]:
        return (_key(item) for item in items[at : at + _AROUND])

    pairs = [
        *zip(before(a, left[0]), before(b, right[0]), strict=False),
        *zip(after(a, left[1]), after(b, right[1]), strict=False),
    ]
    return sum(x == y for x, y in pairs) / len(pairs) if pairs else 0.0
