"""Does a text answer what was asked? Checks on question and text that need no model. Pure.

Support is not enough: a sentence may stand in a quote word for word and still be about something else.
"""

import re
from enum import StrEnum

from qa.nlp.terms import terms
from qa.nlp.tokens import Token, is_content, tokens
from qa.query.types import wants_yes_or_no


class Sought(StrEnum):
    """What an answer must bring that the question does not have."""

    MONEY = "a sum of money"
    NUMBER = "a number"
    PROPER_NAME = "the name"
    NAME = "a name"


_SOUGHT = (
    (
        Sought.MONEY,
        re.compile(
            r"\bhow much\b.*\b(costs?|pays?|paid|worth|price[ds]?|spend|spent|earn(s|ed)?|charged?|money)\b"
            r"|\bwhat\s+(is|was|are|were|did)\b.*\b(cost|price|budget|salary|fee|revenue)s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        Sought.PROPER_NAME,
        re.compile(r"\bnames? of\b|\b(is|was|are|were) (his|her|its|their) names?\b", re.IGNORECASE),
    ),
    (
        Sought.NUMBER,
        re.compile(
            r"\bhow (many|much|old|long|fast|far|tall|large|big|high|deep|wide|heavy|often)\b"
            r"|\b(what|which) (year|day|date|percentage|percent|proportion|number|price|amount|sum)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Sought.NAME,
        re.compile(
            r"^\W*(who|whose|whom|where)\b|\b(what|which) (city|town|country|company|person)\b",
            re.IGNORECASE,
        ),
    ),
)


def sought(question: str) -> Sought | None:
    """The kind of thing that the question asks for, where its form tells."""
    if wants_yes_or_no(question):
        return None
    return next((kind for kind, pattern in _SOUGHT if pattern.search(question)), None)


QUANTITIES = frozenset(
    """hundred hundreds thousand thousands million millions billion billions dozen dozens half halves third
    thirds quarter quarters twice double triple several few majority minority annually daily weekly monthly
    yearly""".split()
)
"""Words that tell how many or how much without a figure."""


CURRENCIES = frozenset(
    terms(
        """euro euros dollar dollars cent cents pound pounds pence penny yen yuan renminbi rupee rupees
        ruble rouble rubles roubles franc francs mark marks krona krone lira peso pesos real reais rand
        won tenge sum som manat dinar dirham riyal shekel shilling shillings guinea guineas florin ducat
        talent gold silver usd eur gbp jpy chf free nothing"""
    )
)
"""Currencies, spelt out or as :data:`qa.nlp.tokens.SYMBOLS` spells their signs."""

PEOPLE = frozenset(
    terms(
        """source representative spokesman spokeswoman spokesperson official minister president chancellor
        director manager chairman king queen emperor pope bishop general governor mayor judge professor
        scientist researcher author student teacher people citizen member voter worker farmer soldier settler
        company government parliament court council party committee army state states family men women"""
    )
)
"""Words for a person or a body that acts as one, where no name is given."""


TIMES = frozenset(
    terms(
        """january february march april may june july august september october november december monday
        tuesday wednesday thursday friday saturday sunday today yesterday tomorrow now currently recently
        earlier later early late ago soon beginning end month year week day century decade era age spring
        summer autumn winter morning evening night after before during since until following while war"""
    )
)
"""Words that tell when without a figure."""

_COUNT = re.compile(r"\bhow many\b", re.IGNORECASE)
_ENUMERATION = re.compile(r"\w+,(?: [\w’'-]+){1,3},? (?:and|or) \w")
"""Three things or more in a row."""

_PRONOUN = re.compile(r"^\W*(he|she|they|it)\b", re.IGNORECASE)

_WHEN = re.compile(r"^\W*when\b", re.IGNORECASE)


def missing_answer_type(text: str, question: str) -> str:
    """What the question asks for and ``text`` does not bring: a number, a name."""
    kind = sought(question)
    if kind is None:
        return ""
    asked = {token.key for token in tokens(question)}
    new = [token for token in tokens(text) if token.key not in asked]
    if kind is Sought.MONEY:
        # The currency may stand in the question ("how many euros"), the sum may not.
        paid = any(token.key in CURRENCIES for token in tokens(text))
        return "" if paid and any(token.number for token in new) else _missing(kind)
    if kind is Sought.NUMBER and _COUNT.search(question) and _ENUMERATION.search(text):
        return ""  # what is listed can be counted
    if kind is Sought.NAME and _PRONOUN.match(text):
        return _missing(kind)
    return "" if any(_is(kind, token) for token in new) else _missing(kind)


def _missing(kind: Sought) -> str:
    return f"it does not give {kind}, which was asked for"


def leaves_time_open(text: str, question: str) -> bool:
    """Whether the question asks when, and ``text`` has neither a figure nor a word of time."""
    if not _WHEN.match(question):
        return False
    return not any(token.number or token.key in TIMES for token in tokens(text))


def _is(kind: Sought, token: Token) -> bool:
    if kind is Sought.PROPER_NAME:
        return is_content(token) and token.surface[0].isupper()
    if kind is Sought.NAME:
        return is_content(token) and (token.surface[0].isupper() or token.key in PEOPLE)
    return token.number or token.surface.lower() in QUANTITIES
