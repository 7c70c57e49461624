"""Tell who is asked to have done something, "how much did York pay", from others in a text. Pure.

Like the rest of such rules it is one-sided: what it cannot tell may be of the one asked about.
"""

import re
from collections.abc import Sequence

from qa.nlp.tokens import Token, is_content, may_be_name, tokens
from qa.query.answer_type import AnswerType, expected_answer_type

_NUMBERS = {AnswerType.MONEY, AnswerType.NUMBER, AnswerType.PERCENTAGE}

_AUXILIARIES = frozenset("did do does had has have will".split())
"""Words before the one who did something, in a question."""

_JOINS_NAMES = frozenset("and or the a an".split())
"""Words that may stand between names that belong together."""

_CLAUSES = re.compile(r"[;:(]|\b(?:but|while|whereas)\b|,\s+(?=and\b)", re.IGNORECASE)
_BEGINS_CLAUSE = frozenset("when after before as that because".split())
"""Words between two clauses, which may stand before the one who does something."""

_LETTERS = 2
"""Letters of the shortest name: a single one is an initial or a sign that was misread."""


def says_of_another(question: str, text: str, language: str) -> bool:
    """Return whether ``question`` asks for a number that belongs to what somebody did, and ``text``, which
    names them, gives its numbers for what others did alone: "York persuaded Leeds to pay 300" does not say
    how much York paid.
    """
    if expected_answer_type(question) not in _NUMBERS:
        return False
    quoted = tokens(text, language)
    agents = _agents(tokens(question, language), {token.key for token in quoted if may_be_name(token)})
    if not agents:
        return False
    asked = {token.key for token in tokens(question, language)} - agents
    clauses = [tokens(clause, language) for clause in _CLAUSES.split(text)]
    owners = [
        _owner(clause, i, agents, asked)
        for clause in clauses
        for i, token in enumerate(clause)
        if token.number
    ]
    return bool(owners) and all(owner and agents.isdisjoint(owner) for owner in owners)


def _agents(question: Sequence[Token], names: set[str]) -> set[str]:
    """Return the keys of those of ``names`` that stand behind the auxiliary of ``question``; none where
    something else does.
    """
    at = next((i for i, each in enumerate(question) if each.surface.lower() in _AUXILIARIES), len(question))
    found: set[str] = set()
    for token in question[at + 1 :]:
        if token.key in names:
            found.add(token.key)
        elif is_content(token):
            break
    return found


def _owner(text: Sequence[Token], number: int, agents: set[str], asked: set[str]) -> set[str]:
    """Return the keys of the names before the token at ``number`` that are not ``asked``, if they are the
    ``agents``, or if they act: "persuaded Leeds to pay", "but Leeds paid"; none where that cannot be told.
    """
    last = next((i for i in reversed(range(number)) if _is_name(text[i]) and text[i].key not in asked), -1)
    first = last
    while first > 0 and (_is_name(text[first - 1]) or text[first - 1].surface.lower() in _JOINS_NAMES):
        first -= 1
    names = {token.key for token in text[first : last + 1] if _is_name(token)}
    if names & agents or (last >= 0 and _acts(text, first, last, number)):
        return names
    return set()


def _acts(text: Sequence[Token], first: int, last: int, number: int) -> bool:
    """Return whether the names from ``first`` to ``last`` do something before ``number``."""
    after = [token for token in text[last + 1 : number] if not token.number]
    if len(after) > 1 and after[0].surface == "to":
        return first > 0 and is_content(text[first - 1]) and _is_verb(after[1])
    begins = first == 0 or text[first - 1].surface.lower() in _BEGINS_CLAUSE
    return begins and bool(after) and _is_verb(after[0])


def _is_verb(token: Token) -> bool:
    """Return whether a word may be a verb: a word of substance in small letters."""
    return is_content(token) and token.surface.islower()


def _is_name(token: Token) -> bool:
    return may_be_name(token) and len(token.surface) >= _LETTERS
