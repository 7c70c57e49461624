"""Find the sentences of a whole corpus that disagree: all that share enough words, in bounded time. Pure.

Pairs come from an exact join on sets of words with prefix filtering (Chaudhuri et al. 2006; Bayardo et al.
2007): two sentences that share a share ``t`` of their words share one of the rarest ``(1 - t)`` of each.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.conflicts.compare import MIN_SHARED, Difference, compare_items, disagrees
from qa.conflicts.conflicts import quoted_words, same_subject
from qa.conflicts.statements import DATE, NUMBER, Item, items_of
from qa.nlp.headings import states_nothing
from qa.nlp.sentences import sentences
from qa.nlp.tokens import initials
from qa.retrieval.evidence import number_quotes
from qa.schema import Conflict, Document, Quote, Span

MIN_SHARE = 0.6
"""The share of its words that each of two sentences must have in common with the other. Of the changed pairs
of ``python -m eval.conflicts`` that are found at all, 99 % share as many."""

MAX_ITEMS = 60
"""Words of the longest sentence that is compared: longer ones are lists and tables run together."""

MAX_ALIKE = 50
"""Sentences with the same rare word that one is compared with. In more, the word is part of a form: the head
of a page, or a phrase of a contract that stands in every file of a folder."""


MAX_SHOWN = 100
"""Conflicts that are shown, unless more are asked for."""

SECONDS = 30.0
"""The time for which documents are compared, unless more is asked for: as long as a person waits for a
page."""


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


@dataclass(frozen=True, slots=True)
class CorpusConflicts:
    """The conflicts between documents, the surest first."""

    conflicts: tuple[Conflict, ...]
    quotes: tuple[Quote, ...]
    """The sentences of the sides, numbered through."""
    found: int
    """The number of conflicts; ``conflicts`` may be the first of them."""
    documents: int
    """The number of documents that were compared."""
    complete: bool
    """True if all sentences were compared in the time there was."""


def find_corpus_conflicts(
    documents: Mapping[str, Document],
    ids: Sequence[str],
    go_on: Callable[[], bool] = lambda: True,
    limit: int = MAX_SHOWN,
) -> CorpusConflicts:
    """Return where the documents ``ids`` disagree: the first ``limit`` conflicts, of what was compared until
    ``go_on`` says no.
    """
    statements: list[Statement] = []
    read = 0
    for doc_id in ids:
        if not go_on():
            break
        statements += _statements_of(documents[doc_id])
        read += 1
    pairs, complete = find_pairs(statements, go_on)
    about_one = [pair for pair in pairs if _about_one(pair, documents)]
    shown = about_one[:limit]
    spans = list(dict.fromkeys(span for pair in shown for span in (pair.first, pair.second)))
    quotes = {quote.span: quote for quote in number_quotes(spans, documents)}
    conflicts = tuple(_conflict(pair, quotes) for pair in shown)
    return CorpusConflicts(
        conflicts, tuple(quotes.values()), len(about_one), read, complete=complete and read == len(ids)
    )


def _about_one(pair: Pair, documents: Mapping[str, Document]) -> bool:
    one, other = documents[pair.first.doc_id], documents[pair.second.doc_id]
    texts = pair.first.cut(documents), pair.second.cut(documents)
    return same_subject(*texts, one.title, other.title, one.language)


def _conflict(pair: Pair, quotes: Mapping[Span, Quote]) -> Conflict:
    difference = pair.difference
    sides = [
        (quotes[pair.first], quoted_words(quotes[pair.first], *difference.first)),
        (quotes[pair.second], quoted_words(quotes[pair.second], *difference.second)),
    ]
    sides.sort(key=lambda side: side[0].date or "", reverse=True)
    return Conflict(difference.kind, tuple(words for _, words in sides))


def _statements_of(document: Document) -> Iterator[Statement]:
    """Yield the sentences of ``document`` that say enough to be compared, and not too much, without its
    headings and captions.
    """
    for start, end in sentences(document.text, document.language):
        if states_nothing(Span(document.id, start, end), document):
            continue
        text = document.text[start:end]
        items = items_of(text, document.language)
        words = frozenset(item.key for item in items if item.kind not in {NUMBER, DATE})
        if MIN_SHARED <= len(items) <= MAX_ITEMS and len(words) > 1:
            yield Statement(Span(document.id, start, end), text, items, words)


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
