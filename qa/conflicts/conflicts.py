"""Find the quotes that answer one question and disagree. Pure."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from qa.conflicts.compare import MIN_SHARED, OPPOSITE, compare, disagrees, is_rounded
from qa.conflicts.statements import DATE, NUMBER, Item, is_measure, items_of
from qa.nlp.calendar_names import is_calendar_name
from qa.nlp.terms import content_terms
from qa.query.answer_type import AnswerType, expected_answer_type
from qa.schema import Conflict, Quote, QuotedWords, Span

_Sides = tuple[str, QuotedWords, QuotedWords]
"""A difference between two quotes, and the words of each."""


def find_conflicts(question: str, quotes: Sequence[Quote]) -> tuple[Conflict, ...]:
    """Return where ``quotes`` of different documents, which were found for ``question``, disagree: on one
    fact of sentences that otherwise say the same, or on the number that is asked for. What the question
    itself names is not what they disagree on.
    """
    asked = {item.key for item in items_of(question)}
    quotes = _about(asked, quotes)
    found: list[_Sides] = []
    for one, other in combinations(quotes, 2):
        if one.span.doc_id == other.span.doc_id or one.language != other.language:
            continue
        if not same_subject(one.text, other.text, one.title, other.title, one.language):
            continue
        sides = _sides(one, other) or _asked_numbers(question, one, other)
        if sides and (sides[0] == OPPOSITE or not any(_is_asked(side, asked) for side in sides[1:])):
            found.append(sides)
    return tuple(_joined(found, quotes))


def _about(asked: set[str], quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Return the quotes that have at least half as many words of the question as the one with most: what was
    found besides may disagree on something else.
    """
    shared = [len(asked & {item.key for item in items_of(quote.text, quote.language)}) for quote in quotes]
    most = max(shared, default=0)
    return [quote for quote, count in zip(quotes, shared, strict=True) if 2 * count >= most]


def same_subject(first: str, second: str, first_title: str, second_title: str, language: str = "en") -> bool:
    """Return whether two sentences may be about one thing: they share a name, or the titles of their
    documents share half of their words. "The total is 54 euros" of two bills is about two things.
    """
    if _subjects(first, language) & _subjects(second, language):
        return True
    one, other = (content_terms(title, language) for title in (first_title, second_title))
    return 2 * len(one & other) >= max(len(one), len(other))


def _subjects(text: str, language: str) -> set[str]:
    """Return the names in a sentence that it may be about: a month and a day say only when."""
    return {
        item.key
        for item in items_of(text, language)
        if item.surface[:1].isupper() and item.start and not is_calendar_name(item.surface, language or "en")
    }


def _sides(one: Quote, other: Quote) -> _Sides | None:
    difference = compare(one.text, other.text, one.language)
    if difference is None or not disagrees(difference):
        return None
    return difference.kind, quoted_words(one, *difference.first), quoted_words(other, *difference.second)


def quoted_words(quote: Quote, start: int, end: int) -> QuotedWords:
    """Return the characters ``start`` to ``end`` of a quote."""
    span = Span(quote.span.doc_id, quote.span.start + start, quote.span.start + end)
    return QuotedWords(quote.text[start:end], quote.number, span)


def _is_asked(side: QuotedWords, asked: set[str]) -> bool:
    """Return whether the question names what a side says: then the other one answers another question."""
    return any(item.key in asked and not is_measure(item) for item in items_of(side.text))


def _asked_numbers(question: str, one: Quote, other: Quote) -> _Sides | None:
    """Return the numbers that two quotes give to a question that asks for one, however they are worded: each
    has the question's words that the other has, and one number, of the same unit.
    """
    if expected_answer_type(question) not in {AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENTAGE}:
        return None
    asked = {item.key for item in items_of(question, one.language)}
    a, b = items_of(one.text, one.language), items_of(other.text, other.language)
    shared = [asked & {item.key for item in side} for side in (a, b)]
    if shared[0] != shared[1] or len(shared[0]) < MIN_SHARED - 1:
        return None
    dates = [{item.key for item in side if item.kind == DATE} for side in (a, b)]
    first, second = _only_number(a), _only_number(b)
    if first is None or second is None or dates[0] != dates[1]:
        return None
    if first[1] != second[1] or first[0].key == second[0].key or is_rounded(first[0], second[0]):
        return None
    return (
        NUMBER,
        quoted_words(one, first[0].start, first[0].end),
        quoted_words(other, second[0].start, second[0].end),
    )


def _only_number(items: Sequence[Item]) -> tuple[Item, str] | None:
    """Return the only number with a unit, and the unit's stem."""
    found = [
        (item, after.key) for item, after in pairwise(items) if item.kind == NUMBER and is_measure(after)
    ]
    return found[0] if len(found) == 1 and sum(item.kind == NUMBER for item in items) == 1 else None


def _joined(found: Sequence[_Sides], quotes: Sequence[Quote]) -> Iterator[Conflict]:
    """Yield one conflict for all that is said of one fact, the newest document first."""
    dates = {quote.number: quote.date or "" for quote in quotes}
    groups: list[tuple[str, dict[int, QuotedWords]]] = []
    for kind, one, other in found:
        group = next((each for each in groups if each[0] == kind and _meet(each[1], one, other)), None)
        if group is None:
            group = (kind, {})
            groups.append(group)
        for side in (one, other):
            group[1].setdefault(side.quote, side)
    for kind, sides in groups:
        newest_first = sorted(sides.values(), key=lambda side: dates[side.quote], reverse=True)
        yield Conflict(kind, tuple(newest_first))


def _meet(group: dict[int, QuotedWords], *sides: QuotedWords) -> bool:
    return any(
        known.span.start < side.span.end and side.span.start < known.span.end
        for side in sides
        if (known := group.get(side.quote))
    )
