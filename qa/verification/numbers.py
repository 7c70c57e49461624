"""Compare the numbers of a sentence with those of a quote: value, hedge and unit. Pure."""

from collections.abc import Sequence

from qa.nlp.hedges import hedge
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
        unit = _unit(claimed[i + 1 : i + 3])
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
    """Return the stem of a unit as American English has it: "kilometre" is "kilometer"."""
    return key.replace("metr", "met").replace("litr", "lit")


def _unit(after: Sequence[Token]) -> Token | None:
    """Return the unit or counted thing among the two tokens after a number; None where there is none."""
    if after and after[0].surface.lower() in SUBJECT_WORDS:
        return None  # "in 2019 it opened": a new subject, not a unit
    unit = next((token for token in after if is_content(token)), None)
    return None if unit is None or unit.number else unit
