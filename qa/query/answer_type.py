"""The type of answer a question asks for, and whether a text has it. Pure.

Support is not enough: a sentence may be in a quote word for word and still not answer the question.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from qa.nlp.dimensions import dimensions_after
from qa.nlp.language import ENGLISH, UNKNOWN
from qa.nlp.terms import terms
from qa.nlp.tokens import Token, is_content, tokens
from qa.query.types import wants_yes_or_no


class AnswerType(StrEnum):
    """Something that an answer must have and the question does not."""

    MONEY = "a sum of money"
    PERCENTAGE = "a percentage"
    NUMBER = "a number"
    PROPER_NAME = "a proper name"
    NAME = "a name"


_FORMS = (
    (
        AnswerType.MONEY,
        re.compile(
            r"\bhow much\b.*\b(costs?|pays?|paid|worth|price[ds]?|spend|spent|earn(s|ed)?|charged?|money)\b"
            r"|\bwhat\s+(is|was|are|were|did)\b.*\b(cost|price|budget|salary|fee|revenue)s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        AnswerType.PROPER_NAME,
        re.compile(r"\bnames? of\b|\b(is|was|are|were) (his|her|its|their) names?\b", re.IGNORECASE),
    ),
    (
        AnswerType.PERCENTAGE,
        re.compile(r"\b(what|which|how many) (percentage|percent|per cent)\b", re.IGNORECASE),
    ),
    (
        AnswerType.NUMBER,
        re.compile(
            r"\bhow (many|much|old|long|fast|far|tall|large|big|high|deep|wide|heavy|often)\b"
            r"|\b(what|which) (year|day|date|proportion|number|price|amount|sum)\b",
            re.IGNORECASE,
        ),
    ),
    (
        AnswerType.NAME,
        re.compile(
            r"^\W*(who|whose|whom|where)\b|\b(what|which) (city|town|country|company|person)\b",
            re.IGNORECASE,
        ),
    ),
)
"""The form of a question for each type; the first that matches decides."""

QUANTITIES = frozenset(
    """hundred hundreds thousand thousands million millions billion billions dozen dozens half halves third
    thirds quarter quarters twice double triple several few majority minority annually daily weekly monthly
    yearly""".split()
)
"""Words that say how many or how much without a figure."""

CURRENCIES = frozenset(
    terms(
        """euro euros dollar dollars cent cents pound pounds pence penny yen yuan renminbi rupee rupees
        ruble rouble rubles roubles franc francs mark marks krona krone lira peso pesos real reais rand
        won tenge sum som manat dinar dirham riyal shekel shilling shillings guinea guineas florin ducat
        talent gold silver usd eur gbp jpy chf free nothing"""
    )
)
"""Stems of currencies, spelt out or as :data:`qa.nlp.tokens.SYMBOLS` spells their signs."""

PEOPLE = frozenset(
    terms(
        """source representative spokesman spokeswoman spokesperson official minister president chancellor
        director manager chairman king queen emperor pope bishop general governor mayor judge professor
        scientist researcher author student teacher people citizen member voter worker farmer soldier settler
        company government parliament court council party committee army state states family men women"""
    )
)
"""Stems of words for a person, or a body that acts like one, given instead of a name."""

TIMES = frozenset(
    terms(
        """january february march april may june july august september october november december monday
        tuesday wednesday thursday friday saturday sunday today yesterday tomorrow now currently recently
        earlier later early late ago soon beginning end month year week day century decade era age spring
        summer autumn winter morning evening night after before during since until following while war"""
    )
)
"""Stems of words that say when without a figure."""

_WHEN = re.compile(r"^\W*when\b", re.IGNORECASE)
_COUNT = re.compile(r"\bhow many\b", re.IGNORECASE)
_TIME_UNITS = frozenset(
    terms("second seconds minute hour day week fortnight month quarter year decade century centuries")
)
"""Stems of the units of time that are counted in: who asks how many days is not told a number of weeks."""
_UNIT_WITHIN = 2
"""Words after a number among which its unit stands: "4 consecutive weeks"."""
_COUNTED = re.compile(r"\bhow many (?:\w+ )?(\w+)", re.IGNORECASE)
MEASURED = re.compile(r"\bhow (old|long|fast|far|tall|deep|wide|heavy)\b", re.IGNORECASE)
"""A question for a measure. Of 895 right answers to such, one is taken for another measure: "50 gallons or a
month and a half" (``python -m eval.constants`` with all files of SQuAD's format)."""
_DIMENSIONS = {
    "old": {"duration"},
    "long": {"duration", "length", "digital"},
    "fast": {"speed", "acceleration", "duration", "frequency", "digital"},
    "far": {"length", "duration"},
    "tall": {"length"},
    "deep": {"length"},
    "wide": {"length", "angle"},
    "heavy": {"mass"},
}
"""The dimensions of unit, by CLDR's names, in which each of these is answered; a share of all, "20 percent",
answers any of them."""
_SHARE = "concentr"
_MEASURE = re.compile(r"(?<![\w.])(\d[\d.,]*(?<=\d))(?:[\s-]?[^\W\d_][^\s,;]*)?")
"""A number and the word after it, which may be its unit."""
_OF_ANOTHER = re.compile(r"\s+of\s+(?!which\b)")
"""What follows a measure that is of what is named next."""
_CODE = re.compile(r"(?<![\w.,$€£¥])\d+([^\W\d_])(?!\w)")
"""A number with a letter, as classes, rooms and clauses are called: "7b"."""
_NUMBERED = re.compile(r"(?<![\w-])(?<!\d\s)(?:[^\W\d_]+[-‐]?\d|\d+[-‐][A-Z]{2})[\w.-]*")
"""A name with a number, "R290", or the number of a document, "1140-EN-04", which measure nothing."""
_PERCENT = re.compile(r"[%％]|\bper ?cent\b", re.IGNORECASE)
_LETTER_UNITS = frozenset("ghjklmstvw")
"""Letters after a number that say thousand, million or a unit."""
_ENUMERATION = re.compile(r"\w+,(?: [\w’'-]+){1,3},? (?:and|or) \w")
"""Three or more things in a row."""
_PRONOUN = re.compile(r"^\W*(he|she|they|it)\b", re.IGNORECASE)


_READ = {ENGLISH, UNKNOWN}
"""Languages in which the words above are looked for."""


def expected_answer_type(question: str) -> AnswerType | None:
    """Return the type of answer that the form of ``question`` asks for; None where the form does not tell."""
    if wants_yes_or_no(question):
        return None
    return next((kind for kind, pattern in _FORMS if pattern.search(question)), None)


def missing_answer_type(text: str, question: str, language: str = ENGLISH) -> str:
    """Return why ``text`` does not have what ``question`` asks for, such as a number; empty when it does, and
    where it cannot be told, because ``text`` is in another ``language`` than English.
    """
    kind = expected_answer_type(question)
    if kind is None or language not in _READ or _has(kind, text, question):
        return ""
    return f"the question asks for {kind}, which this does not give"


def asks_when(question: str) -> bool:
    """Return whether an English question asks for a time."""
    return bool(_WHEN.match(question))


def leaves_time_open(text: str, question: str, language: str = ENGLISH) -> bool:
    """Return whether the question asks when, and ``text``, which is in English, has neither a figure nor a
    word of time.
    """
    if not asks_when(question) or language not in _READ:
        return False
    return not any(token.number or token.key in TIMES for token in tokens(text))


def _has(kind: AnswerType, text: str, question: str) -> bool:
    """Return whether ``text`` adds something of type ``kind`` to the words of ``question``. The name of a
    class or a room is no count: "7b", unlike "7m", is in no unit.
    """
    if kind is AnswerType.NUMBER and _COUNT.search(question):
        text = _CODE.sub(lambda match: match[0] if match[1].lower() in _LETTER_UNITS else " ", text)
    if kind is AnswerType.NUMBER and (measured := MEASURED.search(question)):
        text = _without_other_measures(_NUMBERED.sub(" ", text), _DIMENSIONS[measured[1].lower()])
    asked = {token.key for token in tokens(question)}
    given = tokens(text)
    unit = _counted_unit(question) if kind is AnswerType.NUMBER else ""
    new = [
        token
        for i, token in enumerate(given)
        if token.key not in asked and not (unit and _is_in_other_unit(given, i, unit))
    ]
    if kind is AnswerType.MONEY:
        # The currency may be in the question ("how many euros"), the sum may not.
        has_currency = any(token.key in CURRENCIES for token in tokens(text))
        return has_currency and any(token.number for token in new)
    if kind is AnswerType.PERCENTAGE:
        return bool(_PERCENT.search(text)) and any(token.number for token in new)
    if kind is AnswerType.NUMBER and _COUNT.search(question) and _ENUMERATION.search(text):
        return True  # the reader can count a list
    if kind is AnswerType.NAME and _PRONOUN.match(text):
        return False
    return any(_is(kind, token) for token in new)


def _without_other_measures(text: str, asked: set[str]) -> str:
    """Return ``text`` without the numbers whose unit has none of the dimensions ``asked`` for, and without
    the mass of something else, "1.45 kg of the refrigerant", where one is asked for.
    """

    def keep(measure: re.Match[str]) -> str:
        dimensions = dimensions_after(text, measure.end(1))
        of_another = asked == _DIMENSIONS["heavy"] and _OF_ANOTHER.match(text, measure.end())
        return measure[0] if not of_another and (not dimensions or dimensions & {*asked, _SHARE}) else " "

    return _MEASURE.sub(keep, text)


def _counted_unit(question: str) -> str:
    """Return the stem of the unit of time that ``question`` asks the number of; empty if of another thing."""
    match = _COUNTED.search(question)
    return next((stem for stem in terms(match[0])[-2:] if stem in _TIME_UNITS), "") if match else ""


def _is_in_other_unit(given: Sequence[Token], i: int, unit: str) -> bool:
    """Return whether the number at ``i`` has a unit of time, and not ``unit``."""
    units = {token.key for token in given[i + 1 : i + 1 + _UNIT_WITHIN]} & _TIME_UNITS
    return given[i].number and bool(units) and unit not in units


def _is(kind: AnswerType, token: Token) -> bool:
    if kind is AnswerType.PROPER_NAME:
        return is_content(token) and token.surface[0].isupper()
    if kind is AnswerType.NAME:
        return is_content(token) and (token.surface[0].isupper() or token.key in PEOPLE)
    return token.number or token.surface.lower() in QUANTITIES
