"""Split a question into the single questions it asks. Pure."""

import re

from qa.nlp.question_words import WH
from qa.nlp.tokens import AUXILIARY

MIN_WORDS = 3
"""Words that a part must have; with a shorter one the question stays whole."""

_NEXT_PART = re.compile(rf"\?\s+(?=\S)|[,;]?\s+and\s+(?:also\s+)?(?={WH}\b)", re.IGNORECASE)
_OPENING = re.compile(rf"^\W*({WH}|{AUXILIARY})\b", re.IGNORECASE)

_NAME = rf"(?!(?i:{WH}|{AUXILIARY}|compare|contrast)\b)[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*"
_NAMES = re.compile(rf"(?P<all>{_NAME}(?:, {_NAME})*,? and {_NAME})")
_DISTRIBUTIVE = re.compile(r"\b(each|compared?|respectively)\b|\b(contrast)\b", re.IGNORECASE)
"""Words that ask for an answer to each of several names."""
_CUE = re.compile(r"^\W*(compare|contrast)\s+|\b(each|respectively)\b\s*|\s*\bcompared\b", re.IGNORECASE)
"""Words of a comparison, as they are taken out of a question about one name."""
_SAME_PREPOSITION = re.compile(
    r"^(?P<head>.+?) (?P<word>for|of|in|about|by|from|on|at) (?P<one>.+?),? and (?P=word) (?P<other>.+?)\W*$",
    re.IGNORECASE,
)
"""A question about two things after the same preposition: "for A and for B"."""


def split_question(question: str) -> list[str]:
    """Split ``question`` into its parts, in order: "Who is Boyet, and what did he say?" has two.

    A question about several things one by one ("What are A and B each doing?", "for A and for B") gives one
    part for each of them. Returns ``[question]`` where a part would have fewer than ``MIN_WORDS`` words.
    """
    parts = [part.strip(" ,;") for part in _NEXT_PART.split(question) if part.strip(" ,;?")]
    if not parts or any(len(part.split()) < MIN_WORDS for part in parts):
        return [question]
    parts = [part if part.endswith("?") or part == parts[-1] else f"{part}?" for part in parts]
    return [single for part in parts for single in _distribute(part)]


def _distribute(question: str) -> list[str]:
    """Ask a question about several things one by one: "What do A and B each do?" of A, then of B."""
    names = _NAMES.search(question)
    if names and _DISTRIBUTIVE.search(question):
        before, after = question[: names.start()], question[names.end() :]
        each = re.split(r",? and |, ", names["all"])
        parts = [_CUE.sub("", f"{before}{name}{after}").strip(" ?.") for name in each]
        return [f"{part}?" if _OPENING.match(part) else f"What is said about {part}?" for part in parts]
    twice = _SAME_PREPOSITION.match(question)
    if twice and _OPENING.match(question):
        head, word = twice["head"], twice["word"]
        return [f"{head} {word} {twice['one']}?", f"{head} {word} {twice['other']}?"]
    return [question]
