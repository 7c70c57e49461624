"""Compare the numbers of a sentence with those of a quote: value, hedge and unit. Pure."""

from collections.abc import Sequence

from qa.nlp.calendar_names import is_calendar_name
from qa.nlp.hedges import hedge
from qa.nlp.periods import YEAR
from qa.nlp.tokens import Token, is_content
from qa.quantities.units import UNITS
from qa.query.answer_type import CURRENCIES
from qa.verification.clauses import SUBJECT_WORDS

UNIT_REACH = 6
"""Tokens after a number (or two before it) among which its unit or counted thing must be in the quote."""


def number_mismatch(claimed: Sequence[Token], quoted: Sequence[Token]) -> str:
    """Return the first number of ``claimed`` that ``quoted`` lacks, hedges differently or gives with another
    unit, as a reason for a person; the empty string without one.
    """
    for i, token in enumerate(claimed):
        if not token.number:
            continue
        places = [j for j, other in enumerate(quoted) if other.number and other.key == token.key]
        if not places:
            return f"the number {token.surface} is not in the quote"
        if hedge(i, claimed) not in {hedge(j, quoted) for j in places}:
            return f"the sentence and the quote qualify {token.surface} differently"
        unit = None if _is_in_date(i, claimed) else _unit(claimed[i + 1 : i + 4])
        if unit is None or unit.key not in {other.key for other in quoted}:
            continue  # the check of the words reports a unit that the quote lacks altogether
        near = [quoted[max(0, j - 2) : j + 1 + UNIT_REACH] for j in places]
        if not any(unit.key == other.key for window in near for other in window):
            return f"the quote does not say “{token.surface} {unit.surface}”"
    return ""


def missing_unit(claimed: Sequence[Token], quoted: Sequence[Token]) -> str:
    """Return the first unit or currency of ``claimed`` that ``quoted`` lacks, with its number, as a reason
    for a person; the empty string without one.
    """
    known = {_one_spelling(token.key) for token in quoted}
    for i, token in enumerate(claimed):
        if not token.number:
            continue
        for unit in (*claimed[max(0, i - 1) : i], *claimed[i + 1 : i + 3]):
            if unit.key in UNITS | CURRENCIES and _one_spelling(unit.key) not in known:
                return f"the quote does not say “{token.surface} {unit.surface}”"
    return ""


def _one_spelling(key: str) -> str:
    """Return one stem of a unit, whether it is written as British or American English has it: of "metres" and
    "meters", "kilometre" and "kilometer".
    """
    for british, american, stem in (("metr", "meter", "met"), ("litr", "liter", "lit")):
        key = key.replace(american, stem).replace(british, stem)
    return key


def _is_in_date(i: int, claimed: Sequence[Token]) -> bool:
    """Return whether number ``i`` is a day or a year that counts nothing: it stands after the name of a
    month, or is a year before a name, "in 2004 Paramore parted".
    """
    before = claimed[max(0, i - 2) : i]
    if before and (is_month(before[-1]) or (before[-1].number and is_month(before[0]))):
        return True
    following = next(filter(is_content, claimed[i + 1 : i + 3]), None)
    return bool(YEAR.fullmatch(claimed[i].surface) and following and following.name)


def is_month(token: Token) -> bool:
    """Return whether a token is the name of a month or of a day of the week."""
    return is_calendar_name(token.surface, token.language)


def _unit(after: Sequence[Token]) -> Token | None:
    """Return the unit or counted thing among the two tokens after a number, of which ``after`` has three;
    None where there is none.
    """
    if after and after[0].surface.lower() in SUBJECT_WORDS:
        return None  # "in 2019 it opened": a new subject, not a unit
    i = next((i for i, token in enumerate(after[:2]) if is_content(token)), None)
    if i is None or after[i].number:
        return None
    if after[i].key in CURRENCIES and any(token.number for token in after[i + 1 :]):
        return None  # "the KX-1080 is EUR 39.80": the currency of the next number
    return after[i]
