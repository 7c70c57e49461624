"""How a number is hedged: "nearly 3,000" is not "3,000", and "at least five" is not "five". Pure."""

from collections.abc import Sequence

from qa.nlp.tokens import SYMBOLS, Token

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
