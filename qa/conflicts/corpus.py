"""Find the sentences of a whole corpus that disagree: all that share enough words, in bounded time. Pure.

Pairs come from an exact join on sets of words with prefix filtering (Chaudhuri et al. 2006; Bayardo et al.
2007): two sentences that share a share ``t`` of their words share one of the rarest ``(1 - t)`` of each.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.conflicts.compare import MIN_SHARED, Difference, compare_items, disagrees
from qa.conflicts.statements import DATE, NUMBER, Item, items_of
from qa.nlp.tokens import initials
from qa.schema import Span

MIN_SHARE = 0.6
"""The share of its words that each of two sentences must have in common with the other. Of the changed pairs
of ``python -m eval.conflicts`` that are found at all, 99 % share as many."""

MAX_ITEMS = 60
"""Words of the longest sentence that is compared: longer ones are lists and tables run together."""

MAX_ALIKE = 50
"""Sentences with the same rare word that one is compared with. In more, the word is part of a form: the head
of a page, or a phrase of a contract that stands in every file of a folder."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a corpus, as it is compared."""

    span: Span
    text: str
    items: tuple[Item, ...]
    words: frozenset[str]
    """The stems of its words and names; numbers and dates are what may differ."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences of different documents that disagree."""

    first: Span
    second: Span
    difference: Difference


def read_statements(
    spans: Iterable[Span], cut: Callable[[Span], str], language: Callable[[str], str]
) -> Iterator[Statement]:
    """Yield those of ``spans`` that are whole statements: not too long, and with enough words."""
    for span in spans:
        text = cut(span)
        items = items_of(text, language(span.doc_id))
        words = frozenset(item.key for item in items if item.kind not in {NUMBER, DATE})
        if MIN_SHARED <= len(items) <= MAX_ITEMS and len(words) > 1:
            yield Statement(span, text, items, words)


def find_pairs(
    statements: Sequence[Statement], go_on: Callable[[], bool] = lambda: True
) -> tuple[list[Pair], bool]:
    """Return the pairs of ``statements`` of different documents that disagree, the surest first, and whether
    all were compared: they are until ``go_on`` says no. What is said twice in one document counts once.
    """
    frequency = Counter(word for each in statements for word in each.words)
    alike: dict[str, list[int]] = defaultdict(list)
    found: dict[tuple[str, str], Pair] = {}
    complete = True
    order = sorted(range(len(statements)), key=lambda i: len(statements[i].words))
    for place, i in enumerate(order):
        if place % _EVERY == 0 and not go_on():
            complete = False
            break
        one = statements[i]
        compared: set[int] = set()
        for word in _prefix(one.words, frequency):
            for j in alike[word][-MAX_ALIKE:]:
                if j in compared:
                    continue
                compared.add(j)
                if pair := _compare(statements[j], one):
                    key = (statements[j].text, one.text)
                    found.setdefault(key, pair)
            alike[word].append(i)
    pairs = sorted(found.values(), key=lambda pair: -pair.difference.probability)
    return pairs, complete


_EVERY = 64
"""Sentences between two looks at the clock."""


def _prefix(words: frozenset[str], frequency: Mapping[str, int]) -> list[str]:
    """Return the rarest of ``words``, of which two sentences that share enough have one in common."""
    rarest = sorted(words, key=lambda word: (frequency[word], word))
    return rarest[: len(words) - int(MIN_SHARE * len(words)) + 1]


def _compare(one: Statement, other: Statement) -> Pair | None:
    if one.span.doc_id == other.span.doc_id or one.text == other.text:
        return None
    shared = len(one.words & other.words)
    if shared < MIN_SHARE * max(len(one.words), len(other.words)) - 1:
        return None
    difference = compare_items(one.items, other.items, initials(one.text) | initials(other.text))
    if difference is None or not disagrees(difference):
        return None
    return Pair(one.span, other.span, difference)
