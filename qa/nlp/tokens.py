"""Turn text into tokens: words by stem, numbers by value, each marked as negated or not. Pure."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from qa.nlp.stopwords import STOPWORDS
from qa.nlp.terms import terms

_TOKEN = re.compile(
    r"(?<!\w)[-−]?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*"
    r"|\b(?i:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?i:one|two|three|four|five|six|seven|eight|nine)\b"
    r"|[^\W\d_]+|[%€$£¥]|[,;:.!?()\[\]—–\"“”\n]"
)
_NUMBER = re.compile(r"[-−]?\d")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")

_LONG_NAME = re.compile(r"\b[A-Z]\w+(?: [A-Z]\w+)+")

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

_NUMBER_WORDS = {word: value for value, word in enumerate(_UNITS) if word != "one"}  # more often a pronoun
_NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_NUMBER_WORDS |= {
    f"{tens}-{unit}": _NUMBER_WORDS[tens] + i for tens in _TENS for i, unit in enumerate(_UNITS[:10]) if i
}

_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

NEGATORS = frozenset(
    """not no never neither nor none nothing nobody without cannot t hardly barely unable fail fails
    failed refuse refused refuses deny denied denies lack lacks lacked""".split()
)
"""Words that negate what follows them (after NegEx: Chapman et al. 2001). ``t`` is the end of "isn't" once
the apostrophe has split it."""

NEGATION_SCOPE = 5
"""Number of words that a negator reaches forward, unless the clause ends first (NegEx's window)."""

_CLAUSE_ENDS = frozenset(",;:.!?()—–\n") | {"but", "although", "though", "while", "whereas"}

SYMBOLS = {"%": "percent", "€": "euro", "$": "dollar", "£": "pound", "¥": "yen"}
"""Signs, and the words they are compared as."""

DECISIVE = frozenset(
    """after before until above below over under more most less fewer few all some any every each both only
    again against between up down off same""".split()
)
"""Stop words that change a fact, so that the quote must have them like any other word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text."""

    key: str
    """The stem of a word or the value of a number: tokens are equal when their keys are."""
    surface: str
    """The token as it is written."""
    number: bool
    name: bool
    """Whether it is capitalised inside a sentence."""
    negated: bool
    """Whether a negator governs it."""


@lru_cache(maxsize=4_096)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the words and numbers of ``text``, in order."""
    found: list[Token] = []
    reach, first, start, end = 0, True, 0, 0
    for match in _TOKEN.finditer(text):
        surface = match[0]
        lower = surface.lower()
        if lower in _CLAUSE_ENDS or surface in '[]"“”':
            reach = 0 if lower in _CLAUSE_ENDS else reach
            first = surface in ".!?" or first
            continue
        lower = SYMBOLS.get(lower, lower)
        number = bool(_NUMBER.match(surface)) or lower in _NUMBER_WORDS
        if lower in _SCALES and found and found[-1].number and text[end : match.start()].isspace():
            end = match.end()
            found[-1] = _scale(found[-1], text[start:end], _SCALES[lower])
            continue
        start, end = match.span()
        key = _number_key(lower) if number else _stem(lower)
        name = surface[0].isupper() and not first and lower not in STOPWORDS
        found.append(Token(key, surface, number, name, reach > 0))
        reach = NEGATION_SCOPE if lower in NEGATORS and not _is_letter(surface) else max(0, reach - 1)
        first = False
    return tuple(found)


def is_content(token: Token) -> bool:
    """Whether a token carries meaning by itself: a number, a letter used as a name ("T cells"), or a word
    that is neither a stop word nor a negator.
    """
    lower = token.surface.lower()
    if token.number or lower in DECISIVE or _is_letter(token.surface):
        return True
    return lower not in STOPWORDS and lower not in NEGATORS


def initials(text: str) -> set[str]:
    """Return the initials of the multi-word names in ``text``: "EU" where it has "European Union"."""
    runs = ("".join(word[0] for word in name.split()) for name in _LONG_NAME.findall(text))
    return {run[i:j] for run in runs for i in range(len(run)) for j in range(i + 2, len(run) + 1)}


def _is_letter(surface: str) -> bool:
    """Whether a word is a single capital letter other than the English words "A" and "I"."""
    return len(surface) == 1 and surface.isupper() and surface not in "AI"


def _number_key(surface: str) -> str:
    """Return the value of a number: "1,000" is 1000, "7.0" is 7; "3.10", maybe a version, is not "3.1"."""
    if surface in _NUMBER_WORDS:
        return str(_NUMBER_WORDS[surface])
    surface = surface.replace("−", "-")
    plain = surface.replace(",", "") if _GROUPED.fullmatch(surface) else surface.replace(",", ".")
    whole, _, fraction = plain.partition(".")
    return plain if fraction.strip("0") else whole


def _scale(token: Token, surface: str, scale: int) -> Token:
    """Return the number ``token`` multiplied by the scale after it: "72 million" is 72000000."""
    try:
        value = format((Decimal(token.key) * scale).normalize(), "f")
    except InvalidOperation:  # "1.2.3"
        value = f"{token.key} {scale}"
    return replace(token, key=value, surface=surface)


def _stem(word: str) -> str:
    stemmed = terms(word)
    return stemmed[0] if stemmed else word
