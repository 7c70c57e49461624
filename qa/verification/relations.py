"""Which name belongs to which, and to which number: may a sentence pair them as it does? Pure.

Every word of a sentence can stand in its quote and the fact still be another: "A sued B" for "B sued A",
"5 in 2019" for "7 in 2019 and 5 in 2020". One-sided like the rest of the check: a fair sentence that
takes its facts in another order may be refused, and its quote is shown instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.nlp.tokens import Token, is_content

JOINERS = frozenset("and while whereas but respectively".split())
"""Words between one fact and the next."""

_INDIFFERENT = frozenset("and or nor the a an".split())
"""Words around which two names may change places."""


def pairing_objection(said: Sequence[Token], shown: Sequence[Token]) -> str:
    """Why ``shown`` does not pair names and numbers as ``said`` does; the empty string when it does."""
    return _names_exchanged(said, shown) or _numbers_exchanged(said, shown) or _number_of_another(said, shown)


def _names_exchanged(said: Sequence[Token], shown: Sequence[Token]) -> str:
    """Two names that change places around the same words ("A sued B", "from A to B") change the fact,
    unless one of the two is in the passive voice; and if one is, they must change places.
    """
    pairs = list(_pairs(shown))
    for pair in _pairs(said):
        alike = [
            p for p in pairs if p.between == pair.between and {p.first, p.second} == {pair.first, pair.second}
        ]
        if alike and not any((p.first == pair.first) == (p.passive == pair.passive) for p in alike):
            return "the quote has its names the other way round"
    return ""


def _numbers_exchanged(said: Sequence[Token], shown: Sequence[Token]) -> str:
    """Numbers keep the order they have in the quote (of two, either may come first), and two that the
    quote keeps apart by "and" are not drawn together.
    """
    order = list(dict.fromkeys(token.key for token in said if token.number))
    quoted = [token.key for token in shown if token.number]
    if len(order) < 2:
        return ""
    rest = iter(quoted)
    if len(quoted) > 2 and not all(key in rest for key in order):
        return "the quote has its numbers in another order"
    for a, b in pairwise(order):
        if _kept_apart(a, b, shown) and not _kept_apart(a, b, said):
            return f"the quote does not say {a} and {b} of the same thing"
    return ""


def _kept_apart(a: str, b: str, text: Sequence[Token]) -> bool:
    """Whether a joiner stands between ``a`` and ``b`` wherever ``text`` has both."""
    return all(
        any(token.surface.lower() in JOINERS for token in between) for between in _betweens(a, b, text)
    )


def _number_of_another(said: Sequence[Token], shown: Sequence[Token]) -> str:
    """A number belongs to the name before it: in the quote no other name with a number comes between."""
    name: Token | None = None
    for token in said:
        if token.number and name:
            betweens = list(_betweens(name.key, token.key, shown))
            if betweens and all(_has_another(between, name, token) for between in betweens):
                return f"the quote does not say {token.surface} of {name.surface}"
        elif _is_name(token):
            name = token
    return ""


def _has_another(between: Sequence[Token], name: Token, number: Token) -> bool:
    return any(t.number and t.key != number.key for t in between) and any(
        _is_name(t) and t.key != name.key for t in between
    )


def _betweens(a: str, b: str, text: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """What stands between each two nearest occurrences of ``a`` and ``b``, in either order."""
    places = [i for i, token in enumerate(text) if token.key in (a, b)]
    for i, j in pairwise(places):
        if text[i].key != text[j].key:
            yield text[i + 1 : j]


def _is_name(token: Token) -> bool:
    return token.surface[0].isupper() and not token.number and is_content(token)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two names in the order of a text, what stands between them, and whether "by" is part of it."""

    first: str
    second: str
    between: frozenset[str]
    passive: bool


def _pairs(sequence: Sequence[Token]) -> Iterator[_Pair]:
    names = [i for i, token in enumerate(sequence) if _is_name(token)]
    for position, i in enumerate(names):
        for j in names[position + 1 :]:
            middle = [t for t in sequence[i + 1 : j] if not t.surface[0].isupper()]
            content = frozenset(t.key for t in middle if is_content(t))
            # Where nothing else stands between two names, a preposition says which is which.
            between = content or frozenset(t.key for t in middle) - _INDIFFERENT
            if sequence[i].key != sequence[j].key and between:
                passive = bool(content) and any(token.surface.lower() == "by" for token in middle)
                yield _Pair(sequence[i].key, sequence[j].key, between, passive)
