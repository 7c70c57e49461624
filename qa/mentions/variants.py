"""Other forms of a name that documents use: its short form, its long form, its last word. Pure."""

import re
from collections.abc import Iterable

from qa.mentions.wording import Run, Wording
from qa.nlp.terms import is_stop, terms

_CAPITAL_WORDS = r"[A-Z][\w'’-]*(?:\s+(?:of|the|and|for|de|du|des)\s+|\s+|-)"
_DEFINED_SHORT = re.compile(r"^\W{0,3}\s*\(\s*(?:the\s+)?[\"“]?([A-Z][A-Za-z&]{1,9})[\"”]?\s*[),;]")
"""The short name after a long one: ``(EU)``, ``(the "EU")``."""

_TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Prof Professor President Sir Lady Lord Chancellor Minister Judge".split()
)

_PART_OF_PLACES = frozenset(
    """Central East Eastern Grand Great Greater Las Los Lower New North Northern Old Port Saint San Santa
    South Southern Upper West Western""".split()
)
"""First words of names whose last word alone means something else: "South Africa", "New York"."""


def short_forms(wording: Wording, sentences: Iterable[str]) -> list[Wording]:
    """Return the short forms that ``sentences`` define right after a name: "EU" for "European Union (EU)"."""
    name = wording.runs[0].text
    found: dict[str, None] = {}
    for sentence in sentences:
        for match in re.finditer(re.escape(name), sentence, re.IGNORECASE):
            defined = _DEFINED_SHORT.match(sentence[match.end() :])
            if defined and _abbreviates(defined[1], name):
                found[defined[1]] = None
    return [_as_written(each) for each in found]


def long_forms(wording: Wording, sentences: Iterable[str]) -> list[Wording]:
    """Return the names that ``sentences`` give a short form to: "European Union" for "EU"."""
    short = wording.runs[0].text
    defined = re.compile(
        rf"((?:{_CAPITAL_WORDS})+[A-Z]?[\w'’-]+)\s*\(\s*[\"“]?{re.escape(short)}[\"”]?\s*[),;]"
    )
    found: dict[str, None] = {}
    for sentence in sentences:
        for match in defined.finditer(sentence):
            words = match[1].split()
            # The name may follow other words with a capital letter, such as the first of the sentence.
            names = (" ".join(words[at:]) for at, word in enumerate(words) if word[0].isupper())
            if name := next((each for each in names if _abbreviates(short, each)), ""):
                found[name] = None
    return [Wording(name, (Run(name, name=True),)) for name in found]


def last_word(wording: Wording) -> Wording | None:
    """Return the last word of a name, by which a document that has the whole name may go on to call it; None
    where that would mean something else.
    """
    words = wording.runs[0].text.split()
    whole = all(word[0].isupper() for word in words)
    if len(words) < 2 or not whole or words[0] in _PART_OF_PLACES or len(words[-1]) < 3:
        return None
    return _as_written(words[-1])


def stands_alone(word: str, sentence: str) -> bool:
    """Return whether ``sentence`` has ``word`` outside another name: no word with a capital letter beside it,
    but a title, or a stop word that begins the sentence, and none after "of": not "Court" in "Court of
    Auditors".
    """
    after = r"(?!\w)(?!-)(?:\s+(?:of\s+)?([A-Z]\w+))?"
    beside = re.compile(rf"(?:(\w[\w'’.-]*)\s+)?(?<!\w){re.escape(word)}{after}")
    return any(
        not found[2] and (not found[1] or not found[1][0].isupper() or _is_no_name(found[1]))
        for found in beside.finditer(sentence)
    )


def _is_no_name(word: str) -> bool:
    return word.rstrip(".") in _TITLES or is_stop(terms(word)[0])


def _abbreviates(short: str, name: str) -> bool:
    """Return whether the capital letters of ``short`` are the initials of ``name``, small words left out or
    not.
    """
    wanted = [letter for letter in short if letter.isupper()]
    initials = [part[0] for part in re.split(r"[\s-]+", name) if part]
    capitals = [letter for letter in initials if letter.isupper()]
    return wanted in (capitals, [letter.upper() for letter in initials])


def _as_written(word: str) -> Wording:
    return Wording(word, (Run(word, as_written=True),))
