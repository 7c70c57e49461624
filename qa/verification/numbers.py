"""How a number is hedged: "nearly 3,000" is not "3,000", and "at least five" is not "five". Pure."""

from collections.abc import Sequence

from qa.nlp.tokens import SYMBOLS, Token, is_content

_HEDGES = {
    "just under": "nearly almost",
    "about": "about around approximately roughly circa some",
    "more": "over above exceeding more-than greater-than upwards-of",
    "less": "under below less-than fewer-than",
    "at least": "at-least no-less-than no-fewer-than minimum-of",
    "at most": "up-to at-most no-more-than maximum-of as-many-as as-much-as",
    "early": "early",
    "mid": "mid middle",
    "late": "late",
}
_MEANING = {hedge.replace("-", " "): meaning for meaning, ways in _HEDGES.items() for hedge in ways.split()}
_REACH = max(hedge.count(" ") for hedge in _MEANING) + 1


def hedge(i: int, text: Sequence[Token]) -> str:
    """What is said of the exactness of the number ``text[i]``; the empty string where nothing is."""
    return _before(i, text)[0]


def hedging(text: Sequence[Token]) -> set[int]:
    """The places in ``text`` of words that hedge a number."""
    return {j for i, token in enumerate(text) if token.number for j in _before(i, text)[1]}


def _before(i: int, text: Sequence[Token]) -> tuple[str, Sequence[int]]:
    """The hedge before ``text[i]`` and the places of its words."""
    places = [j for j in range(max(0, i - _REACH - 1), i) if text[j].surface not in SYMBOLS]
    for length in range(_REACH, 0, -1):
        last = places[-length:]
        meaning = _MEANING.get(" ".join(text[j].surface.lower() for j in last))
        if meaning:
            return meaning, last
    return "", ()


UNIT_REACH = 6
"""Words after a number (or two before it) within which its unit or counted thing must stand in the quote."""

_SUBJECTS = frozenset("he she it they we i you the a an his her its their our this these".split())
"""Words that open the subject of a clause, and so never stand between a number and its unit."""


def _number_objection(said: Sequence[Token], shown: Sequence[Token]) -> str:
    for i, token in enumerate(said):
        if not token.number:
            continue
        places = [j for j, other in enumerate(shown) if other.number and other.key == token.key]
        if not places:
            return f"the number {token.surface} does not stand in the quote"
        if hedge(i, said) not in {hedge(j, shown) for j in places}:
            return f"the quote is more or less exact about {token.surface} than the sentence"
        after = said[i + 1 : i + 3]
        if after and after[0].surface.lower() in _SUBJECTS:
            continue  # "in 2019 it opened": what follows is no unit
        unit = next((t for t in after if is_content(t)), None)
        if unit is None or unit.number or unit.key not in {t.key for t in shown}:
            continue  # a unit the quote lacks altogether is for the word check to judge
        near = [shown[max(0, j - 2) : j + 1 + UNIT_REACH] for j in places]
        if not any(unit.key == other.key for window in near for other in window):
            return f"the quote does not say “{token.surface} {unit.surface}”"
    return ""
