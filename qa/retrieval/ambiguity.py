"""Tell when a question could mean several things that the documents have, and name them. Pure.

"What is the capacity?" over three plants has three answers, and each of them alone would mislead. Such a
question names nothing, and several quotes have all of its words and what it asks for, each about something
that the others do not mention. The choices are the quotes' own words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.nlp.entities import names_in
from qa.nlp.polarity import missing_share
from qa.nlp.stopwords import stop_words
from qa.nlp.tokens import content_keys, is_content, tokens
from qa.query.answer_type import missing_answer_type
from qa.query.types import asks_for_several, wants_short_answer
from qa.schema import Choice, Evidence, Quote

MAX_CHOICES = 5

_NAME = re.compile(r"[^\W\d_a-z][\w’'-]+(?:[ -](?:of |de |the )?[^\W\d_a-z][\w’'-]+)*")
"""Capitalised words in a row."""

_SEVERAL = re.compile(r"^\W*(which|what)\s+(\w+\s+)?\w+s\s+(are|were|have|had|do|did|can|will)\b", re.I)
"""The form of a question that asks for several things, so that all the quotes are its answer."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A quote that answers the question, and the keys of its words."""

    quote: Quote
    keys: frozenset[str]


def find_choices(evidence: Evidence) -> tuple[Choice, ...]:
    """Return what the question could mean, two choices at least; empty where it is clear."""
    question = evidence.question
    if evidence.foreign_language or not wants_short_answer(question) or _wants_all(question):
        return ()
    readings = [reading for quote in evidence.quotes if (reading := _read(question, quote))]
    if len(readings) < 2:
        return ()
    choices = [_name(reading, [other for other in readings if other is not reading]) for reading in readings]
    named = [choice for choice in choices if choice]
    distinct = {choice.text: choice for choice in reversed(named)}
    if len(named) < len(readings) or len(distinct) < len(readings):
        return ()
    return tuple(named[:MAX_CHOICES])


def _wants_all(question: str) -> bool:
    """Return whether the question asks for several things, so that all the quotes are its answer."""
    return bool(_SEVERAL.match(question)) or asks_for_several(question)


def _read(question: str, quote: Quote) -> _Reading | None:
    """Return ``quote`` if it has every word of the question, which names nothing, and what it asks for."""
    language = quote.language
    asked = [token for token in tokens(question, language) if is_content(token)]
    keys = frozenset(token.key for token in tokens(quote.text, language))
    if not asked or names_in(question, language) or missing_share(asked, set(keys)):
        return None
    return None if missing_answer_type(quote.text, question, language) else _Reading(quote, keys)


def _name(reading: _Reading, others: Sequence[_Reading]) -> Choice | None:
    """Return what ``reading`` is about and the ``others`` are not: a name of its quote, or the title of its
    document; None without either.
    """
    quote = reading.quote
    elsewhere = frozenset[str]().union(*(other.keys for other in others))
    for match in _NAME.finditer(quote.text):
        name = _without_article(match[0], quote.language)
        own = content_keys(name, quote.language)
        if own and not own & elsewhere:
            return Choice(name, quote.number)
    titles = {other.quote.title for other in others}
    return Choice(quote.title, quote.number) if quote.title and quote.title not in titles else None


def _without_article(name: str, language: str) -> str:
    """Return ``name`` without the stop words that it begins with: "Karaganda" for "The Karaganda"."""
    first, _, rest = name.partition(" ")
    return _without_article(rest, language) if rest and first.lower() in stop_words(language) else name
