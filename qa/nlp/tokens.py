"""Turn text into tokens: words by stem, numbers by value, each marked as negated or not. Pure."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import groupby
from unicodedata import decimal

from qa.nlp.deciding_words import DECISIVE, NEGATORS
from qa.nlp.scripts import MARKS, UNSPACED
from qa.nlp.stopwords import stop_words
from qa.nlp.terms import is_unspaced, terms, words

AUXILIARY = (
    r"(?:(?:am(?= I\b)|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might"
    r"|must)(?:n['’]?t|['’]t)?|won['’]?t)"
)
"""The auxiliary verbs of English, as a pattern, with the "n't" that may end them. "Am" is German as well."""

_TOKEN = re.compile(
    r"(?<!\w)[-−]?\d+(?:[.,\u066b\u066c]\d+)*|\d+(?:[.,\u066b\u066c]\d+)*"
    r"|\b(?i:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?i:one|two|three|four|five|six|seven|eight|nine)\b"
    rf"|[{UNSPACED}][{UNSPACED}{MARKS}]*|[^\W\d_{UNSPACED}](?:[^\W\d_{UNSPACED}]|[{MARKS}])*"
    r"|[%％٪€$£¥]|[,;:.!?()\[\]—–\"“”\n，、；：。！？،؛؟۔।॥]"
)
_NUMBER = re.compile(r"[-−]?\d")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_GROUPED_BY_POINTS = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
_POINTS = str.maketrans({"\u066b": ".", "\u066c": ","})
"""The decimal point and the thousands separator of Arabic, as English writes them."""

DECIMAL_COMMA = frozenset(
    """az be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk ky lt lv mk nl no pl pt ro ru
    sk sl sq sr sv tg tk tr tt uk uz vi""".split()
)
"""Languages that write 1.234,5 where English writes 1,234.5 (Unicode's CLDR)."""

SPACED_GROUPS = frozenset("bg cs da fi fr hu no pl pt ru sk sv uk".split())
"""Languages that group digits by a space: a narrow one in Unicode's CLDR, a plain one as people type it."""

_GROUP_SPACES = frozenset("\u00a0\u2009\u202f")
"""Spaces that group digits in any language: no line may end at them."""

# Six groups at most, 10**18: what is longer is a row of numbers.
_FIRST_GROUPS = re.compile(r"[-−]?\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3}){0,4}")
_LAST_GROUP = re.compile(r"\d{3}(?:[.,]\d+)?")

_LONG_NAME = re.compile(r"\b[A-Z]\w+(?: [A-Z]\w+)+")

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

_NUMBER_WORDS = {word: value for value, word in enumerate(_UNITS) if word != "one"}  # more often a pronoun
_NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_NUMBER_WORDS |= {
    f"{tens}-{unit}": _NUMBER_WORDS[tens] + i for tens in _TENS for i, unit in enumerate(_UNITS[:10]) if i
}

SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

CAPITAL_NOUNS = frozenset({"de", "lb"})
"""Languages in which a capital letter does not tell a name from another noun."""

NEGATION_SCOPE = 5
"""Number of words that a negator reaches forward, unless the clause ends first (NegEx's window)."""

_SENTENCE_ENDS = frozenset(".!?。！？؟۔।॥")
_AFFIRMING = frozenset({"only", "until"})
"""Words of English after which "not" denies nothing: "not only gas", "not until Koch's proofs"."""

_CLAUSE_ENDS = (
    _SENTENCE_ENDS | frozenset(",;:()—–\n，、；：،؛") | {"but", "although", "though", "while", "whereas"}
)

SYMBOLS = {
    "%": "percent",
    "％": "percent",
    "٪": "percent",
    "€": "euro",
    "$": "dollar",
    "£": "pound",
    "¥": "yen",
}
"""Signs, and the words they are compared as."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text."""

    key: str
    """The stem of a word or the value of a number: tokens are equal when their keys are."""
    surface: str
    """The token as it is written."""
    number: bool
    name: bool
    """True if it is capitalised inside a sentence."""
    negated: bool
    """True if a negator governs it."""
    language: str = "en"
    """The language of the text."""


@lru_cache(maxsize=4_096)
def tokens(text: str, language: str = "en") -> tuple[Token, ...]:
    """Return the words and numbers of ``text``, in order. Of scripts without spaces they are the pairs of
    characters between its stop words of one character, and these.
    """
    language = language or "en"
    english, negators = language == "en", NEGATORS.get(language, frozenset())
    found: list[Token] = []
    reach, first, start, end = 0, True, 0, 0
    for surface, begin, finish in _surfaces(text, language):
        lower = surface.lower()
        if lower in _CLAUSE_ENDS or surface in '[]"“”':
            reach = 0 if lower in _CLAUSE_ENDS else reach
            first = surface in _SENTENCE_ENDS or first
            continue
        lower = SYMBOLS.get(lower, lower)
        number = bool(_NUMBER.match(surface)) or (english and lower in _NUMBER_WORDS)
        if english and lower in SCALES and found and found[-1].number and text[end:begin].isspace():
            end = finish
            found[-1] = _scale(found[-1], text[start:end], SCALES[lower])
            continue
        if number and found and found[-1].number and _continues(text, start, end, begin, finish, language):
            end = finish
            written = "".join(char for char in text[start:end] if not char.isspace())
            found[-1] = replace(found[-1], key=_number_key(written, language), surface=text[start:end])
            continue
        start, end = begin, finish
        key = _number_key(lower, language) if number else _stem(lower, language)
        name = surface[0].isupper() and not first and lower not in stop_words(language)
        name = name and language not in CAPITAL_NOUNS
        if english and lower in _AFFIRMING and found and found[-1].surface.lower() == "not":
            reach = 0
        found.append(Token(key, surface, number, name, reach > 0, language))
        reach = NEGATION_SCOPE if lower in negators and not _is_letter(surface) else max(0, reach - 1)
        first = False
    return tuple(found)


def _continues(text: str, start: int, end: int, begin: int, finish: int, language: str) -> bool:
    """Return whether the figures from ``begin`` to ``finish`` are the next group of the number that stands
    from ``start`` to ``end``: "500" after "12" in "12 500".
    """
    space = text[end:begin]
    grouped = space in _GROUP_SPACES or (space == " " and language in SPACED_GROUPS)
    return (
        grouped
        and bool(_LAST_GROUP.fullmatch(text, begin, finish))
        and bool(_FIRST_GROUPS.fullmatch(text, start, end))
    )


def _surfaces(text: str, language: str) -> Iterator[tuple[str, int, int]]:
    """Yield what is a token of ``text`` or ends a clause, with its offsets."""
    for match in _TOKEN.finditer(text):
        if not is_unspaced(match[0]):
            yield match[0], *match.span()
            continue
        start = match.start()
        for part in _between(match[0], stop_words(language)):
            yield from ((word, start, start + len(part)) for word in words(part, language))
            start += len(part)


def _between(run: str, alone: Container[str]) -> Iterator[str]:
    """Split a run of characters at those that are words ``alone``."""
    for stands_alone, group in groupby(run, key=lambda char: char in alone):
        characters = list(group)
        yield from characters if stands_alone else ["".join(characters)]


def is_content(token: Token) -> bool:
    """Return whether a token carries meaning by itself: a number, a letter used as a name ("T cells"), or a
    word that is neither a stop word nor a negator.
    """
    lower, language = token.surface.lower(), token.language
    if token.number or lower in DECISIVE.get(language, ()) or _is_letter(token.surface):
        return True
    return lower not in stop_words(language) and lower not in NEGATORS.get(language, ())


def content_keys(text: str, language: str = "en") -> frozenset[str]:
    """Return the keys of the words of substance in ``text``."""
    return frozenset(token.key for token in tokens(text, language) if is_content(token))


def may_be_name(token: Token) -> bool:
    """Return whether a word of substance has a capital letter, as a name and the first of a sentence do."""
    return token.surface[0].isupper() and not token.number and is_content(token)


def is_checked_by_words(language: str) -> bool:
    """Return whether the words that decide what a sentence states are known in ``language``."""
    return (language or "en") in NEGATORS


def initials(text: str) -> set[str]:
    """Return the initials of the multi-word names in ``text``: "EU" where it has "European Union"."""
    runs = ("".join(word[0] for word in name.split()) for name in _LONG_NAME.findall(text))
    return {run[i:j] for run in runs for i in range(len(run)) for j in range(i + 2, len(run) + 1)}


def _is_letter(surface: str) -> bool:
    """Return whether a word is a single capital letter other than the English words "A" and "I"."""
    return len(surface) == 1 and surface.isupper() and surface not in "AI"


def _number_key(surface: str, language: str) -> str:
    """Return the value of a number: "1,000" is 1000, "7.0" is 7; "3.10", maybe a version, is not "3.1"."""
    if surface in _NUMBER_WORDS:
        return str(_NUMBER_WORDS[surface])
    if not surface.isascii():
        surface = "".join(str(decimal(char, char)) for char in surface.translate(_POINTS)).replace("−", "-")
    comma = language in DECIMAL_COMMA
    # Where both signs stand, or one of them twice, they say themselves which is which, in any language.
    if _GROUPED_BY_POINTS.fullmatch(surface) and (comma or "," in surface or surface.count(".") > 1):
        plain = surface.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(surface) and (not comma or surface.count(",") > 1 or "." in surface):
        plain = surface.replace(",", "")
    else:
        plain = surface.replace(",", ".")
    whole, _, fraction = plain.partition(".")
    return plain if fraction.strip("0") else whole


def _scale(token: Token, surface: str, scale: int) -> Token:
    """Return the number ``token`` multiplied by the scale after it: "72 million" is 72000000."""
    try:
        value = format((Decimal(token.key) * scale).normalize(), "f")
    except InvalidOperation:  # "1.2.3"
        value = f"{token.key} {scale}"
    return replace(token, key=value, surface=surface)


def _stem(word: str, language: str) -> str:
    stemmed = terms(word, language)
    return stemmed[0] if stemmed else word
