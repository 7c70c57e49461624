"""Find the hedge of a number: "nearly 3,000" is not "3,000", and "at least five" is not "five". Pure."""

import re
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
_MAX_WORDS = max(hedge.count(" ") for hedge in _MEANING) + 1

_MAX_CHARS = max(map(len, _MEANING)) + 8
"""Characters of the longest hedge with the spaces behind it."""

_BEFORE = re.compile(rf"\b(?:{'|'.join(sorted(_MEANING, key=len, reverse=True))})\s+$", re.IGNORECASE)


def hedge_start(text: str, number: int) -> int:
    """Return where the hedge before the number at offset ``number`` of ``text`` begins; ``number`` without
    one.
    """
    match = _BEFORE.search(text, max(0, number - _MAX_CHARS), number)
    return match.start() if match else number


def hedge(i: int, text: Sequence[Token]) -> str:
    """Return the meaning of the hedge before the number ``text[i]``; the empty string without one."""
    return _hedge_before(i, text)[0]


def hedge_positions(text: Sequence[Token]) -> set[int]:
    """Return the indices of the tokens that hedge a number."""
    return {j for i, token in enumerate(text) if token.number for j in _hedge_before(i, text)[1]}


def _hedge_before(i: int, text: Sequence[Token]) -> tuple[str, Sequence[int]]:
    """Return the meaning of the hedge before ``text[i]`` and the indices of its tokens."""
    before = [j for j in range(max(0, i - _MAX_WORDS - 1), i) if text[j].surface not in SYMBOLS]
    for length in range(_MAX_WORDS, 0, -1):
        last = before[-length:]
        meaning = _MEANING.get(" ".join(text[j].surface.lower() for j in last))
        if meaning:
            return meaning, last
    return "", ()
