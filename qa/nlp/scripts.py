"""Scripts: which one a letter belongs to, which languages use it, whether it puts spaces between words."""

import unicodedata
from functools import lru_cache

LATIN = "LATIN"

LANGUAGES: dict[str, tuple[str, ...]] = {
    "ARABIC": ("ar", "fa", "ps", "sd", "ug", "ur"),
    "ARMENIAN": ("hy",),
    "BENGALI": ("as", "bn"),
    "CYRILLIC": ("ba", "be", "bg", "ce", "cv", "kk", "ky", "mk", "mn", "os", "ru", "sr", "tg", "tt", "uk"),
    "DEVANAGARI": ("hi", "mr", "ne", "sa"),
    "ETHIOPIC": ("am", "ti"),
    "GEORGIAN": ("ka",),
    "GREEK": ("el",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "CJK": ("zh",),
    "HANGUL": ("ko",),
    "HEBREW": ("he", "yi"),
    "KANA": ("ja",),
    "KANNADA": ("kn",),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "MALAYALAM": ("ml",),
    "MYANMAR": ("my",),
    "ORIYA": ("or",),
    "SINHALA": ("si",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAANA": ("dv",),
    "THAI": ("th",),
    "TIBETAN": ("bo", "dz"),
}
"""The languages (ISO 639-1) usually written in each script but Latin, by Unicode's name of the script.
``KANA`` is both syllabaries of Japanese, which also uses ``CJK``, the Han characters."""

SCRIPTS = {language: script for script, languages in LANGUAGES.items() for language in languages}
"""The script of each language but those in Latin letters."""

OTHER_THAN_LATIN = frozenset(SCRIPTS) - {"sr"}
"""The languages that are not written in Latin letters. Serbian is written in both."""

UNSPACED = (
    "\u0e01-\u0e4e\u0e80-\u0ecf\u0edc-\u0edf"  # Thai and Lao, without their signs and digits
    "\u1000-\u103f\u1050-\u108f\u1780-\u17d3\u17dc\u17dd"  # Myanmar and Khmer, likewise
    "\u3005-\u3007\u3031-\u3035\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Hiragana, Katakana
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
"""The letters and marks of scripts that put no spaces between words, as the inside of a class of a regular
expression. Hangul is among them: it spaces phrases, in which particles follow their word."""

_LAST_WITH_MARKS = 0x20000
"""Above it Unicode has no combining marks of a living script."""


def _marks() -> str:
    marks = [code for code in range(_LAST_WITH_MARKS) if unicodedata.category(chr(code)).startswith("M")]
    starts = [code for code, before in zip(marks, [0, *marks], strict=False) if code != before + 1]
    ends = [code for code, after in zip(marks, [*marks[1:], 0], strict=True) if after != code + 1]
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))


MARKS = _marks()
"""Every combining mark (vowel signs of Hindi and Thai, accents), as the inside of such a class."""


@lru_cache(maxsize=16_384)
def script_of(char: str) -> str:
    """Return the script of a letter, as in :data:`LANGUAGES` or ``LATIN``; empty if it is none."""
    if not char.isalpha():
        return ""
    word = unicodedata.name(char, "").replace("-", " ").replace("FULLWIDTH ", "").split(" ", 1)[0]
    if word in ("HIRAGANA", "KATAKANA", "HALFWIDTH"):
        return "KANA"
    return "CJK" if word == "IDEOGRAPHIC" else word
