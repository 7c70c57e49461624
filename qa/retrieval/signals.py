"""Compute named numbers that say, without a model, how well the quotes fit the question. Pure.

A question that only looks answerable differs from its passage in one thing: a name, a number, a negation,
an opposite. A small model overlooks that; counting finds it.
"""

from collections.abc import Sequence
from statistics import median

from qa.nlp.polarity import count_opposites, missing_share, negation_differs
from qa.nlp.tokens import is_content, tokens
from qa.schema import Quote, ScoredSentence

NAMES = (
    "passage",
    "standout",
    "best",
    "cosine",
    "coverage",
    "missing_best",
    "missing_quotes",
    "missing_passage",
    "names_missing",
    "numbers_missing",
    "number_conflict",
    "negation",
    "opposites",
)
"""The signals, in the order in which :func:`compute_signals` returns them."""


def compute_signals(
    question: str,
    passage: float,
    scored: Sequence[ScoredSentence],
    quotes: Sequence[Quote],
    context: str,
    asked_in: str = "",
    background: Sequence[ScoredSentence] = (),
) -> dict[str, float]:
    """Return the signals for one question, which is in the language ``asked_in``. If the first quote is in
    another, words do not compare, and only ``cosine`` is returned.

    ``passage``: the best passage's ranking logit. ``standout``: how far the best sentence's logit lies
    above the median of all sentences of the best passages, those of the ``background`` included: an answer
    stands out, sentences on the same subject do not. ``best``: the best sentence's ranking logit.
    ``cosine``, ``coverage``: the highest of any sentence.
    ``missing_best``, ``missing_quotes``, ``missing_passage``: the share, 0 to 1, of the question's content
    words that are missing from the first quote, from all quotes, from ``context`` (the first quote's passage
    and its document's metadata). ``names_missing``, ``numbers_missing``: how many names and numbers of the
    question are in neither the quotes nor ``context``. ``number_conflict``: 1 if a number is missing and the
    first quote has another one. ``negation``: how many words are negated in the question but not in the first
    quote, or the other way round. ``opposites``: how many words of the question are missing from the first
    quote while their opposites are in it.
    """
    if not scored or not quotes:
        return dict.fromkeys(NAMES, 0.0) | {
            "missing_best": 1.0,
            "missing_quotes": 1.0,
            "missing_passage": 1.0,
        }
    language = quotes[0].language
    cosine = max(sentence.cosine for sentence in scored)
    if asked_in and language and language != asked_in:
        return {"cosine": cosine}
    asked = [token for token in tokens(question, language) if is_content(token)]
    first = tokens(quotes[0].text, language)
    first_keys = {token.key for token in first}
    quoted_keys = {token.key for quote in quotes for token in tokens(quote.text, quote.language)}
    context_keys = {token.key for token in tokens(context, language)}
    known_keys = quoted_keys | context_keys
    numbers = sum(token.number and token.key not in known_keys for token in asked)
    return {
        "passage": passage,
        "standout": scored[0].score - median(sentence.score for sentence in (*scored, *background)),
        "best": scored[0].score,
        "cosine": cosine,
        "coverage": max(sentence.coverage for sentence in scored),
        "missing_best": missing_share(asked, first_keys),
        "missing_quotes": missing_share(asked, quoted_keys),
        "missing_passage": missing_share(asked, context_keys),
        "names_missing": float(sum(token.name and token.key not in known_keys for token in asked)),
        "numbers_missing": float(numbers),
        "number_conflict": float(numbers > 0 and any(token.number for token in first)),
        "negation": float(sum(negation_differs(token, first) for token in asked)),
        "opposites": float(count_opposites(asked, first)),
    }
