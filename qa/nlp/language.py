"""Tell the language of a text: by its script where that decides, else by py3langid.

py3langid (Lui and Baldwin 2012, "langid.py") needs no network, has one wheel for every platform, and gives
the same answer for the same text. Of 600 questions and 120 paragraphs in each of five languages (English of
SQuAD; Spanish, Russian, Arabic and Chinese of XQuAD) it and the scripts tell at least 99 % of the questions,
the documents' languages being known, and every paragraph.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from qa.nlp.scripts import LANGUAGES, LATIN, OTHER_THAN_LATIN, script_of

ENGLISH = "en"
UNKNOWN = ""
"""The language of a text that does not show it: too short, or a table of figures."""

SURE = 0.5
"""The probability from which a language is believed although the documents are in others. Set by hand:
with documents in English, it tells all English questions, 95 to 98 % of Spanish, German and Russian ones."""

LIKELY = 0.2
"""The least probability of the language of a text about which nothing else is known."""

SAMPLE_CHARS = 2_000
"""Characters that are looked at, at the beginning of a text and once more in its middle."""

_SAME = {
    "arz": "ar",
    "ary": "ar",
    "grc": "el",
    "hbo": "he",
    "nn": "no",
    "pcm": "en",
    "wuu": "zh",
    "yue": "zh",
}
"""py3langid's names of dialects and of earlier stages of a language, and the language they count for here."""

_HARDLY_WRITTEN = {"vo"}
"""Languages that are never believed. py3langid learned Volapük from articles that programs wrote, which list
places and figures, and takes tables in any language for it."""

_TWICE = 2
"""A letter of another script counts as much as two Latin ones: names and units stand in Latin letters among
all scripts, and a Han character says as much as several letters. Set by hand."""


def detect_language(text: str, candidates: frozenset[str] = frozenset()) -> str:
    """Return the language of ``text`` in ISO 639-1; ``UNKNOWN`` where it cannot be told.

    ``candidates`` are the languages it is probably in. One of them is returned unless the text is plainly in
    another: a question has few words.
    """
    return _detect(_sample(text), candidates)


@lru_cache(maxsize=4_096)
def _detect(sample: str, candidates: frozenset[str]) -> str:
    """Return the language of a sample: whole texts in the cache would be all documents of an index."""
    script = _main_script(sample)
    if script == "CJK" and "ja" in candidates and "zh" not in candidates:
        return "ja"  # a short question may have no Kana
    written = LANGUAGES.get(script, ())
    if script != LATIN and len(written) < 2:
        return written[0] if written else UNKNOWN
    chances = _chances(sample, script)
    best = max(chances, key=lambda language: chances[language], default=UNKNOWN)
    if best in candidates or chances.get(best, 0.0) >= SURE:
        return best
    expected = [language for language in sorted(candidates) if language in chances]
    if expected:
        return max(expected, key=lambda language: chances[language])
    return best if chances.get(best, 0.0) >= LIKELY else UNKNOWN


def _sample(text: str) -> str:
    middle = len(text) // 2
    if len(text) <= 2 * SAMPLE_CHARS:
        return text
    return f"{text[:SAMPLE_CHARS]} {text[middle : middle + SAMPLE_CHARS]}"


def _main_script(text: str) -> str:
    """Return the script of most letters of ``text``; that of Japanese if Han characters stand among Kana."""
    counts = Counter(map(script_of, text))
    counts.pop("", None)
    weights = {script: count * (1 if script == LATIN else _TWICE) for script, count in counts.items()}
    if "KANA" in weights:
        weights["KANA"] += weights.pop("CJK", 0)
    return max(weights, key=lambda script: weights[script], default="")


def _chances(text: str, script: str) -> Mapping[str, float]:
    """Return how probable each language of a script is, the others left out."""
    of_script = frozenset(LANGUAGES.get(script, ()))
    chances: dict[str, float] = {}
    for name, chance in _identifier().rank(text):
        language = _SAME.get(name, name)
        fits = language in of_script if of_script else language not in OTHER_THAN_LATIN
        if fits and len(language) == 2 and language not in _HARDLY_WRITTEN:
            chances[language] = chances.get(language, 0.0) + chance
    return chances


@cache
def _identifier() -> LanguageIdentifier:
    """Load the model, which takes half a second, when a script of several languages is first met."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
