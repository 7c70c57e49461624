"""Split a question into the questions it puts. Pure."""

import re

from qa.query.types import AUXILIARY, WH

_OPENING = re.compile(rf"^\W*({WH}|{AUXILIARY})\b", re.IGNORECASE)
_NAME = rf"(?!(?i:{WH}|{AUXILIARY}|compare|contrast)\b)[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*"
_NAMES = re.compile(rf"(?P<all>{_NAME}(?:, {_NAME})*,? and {_NAME})")
_APART = re.compile(r"\b(each|compared?|respectively)\b|\b(contrast)\b", re.IGNORECASE)
_CUE = re.compile(r"^\W*(compare|contrast)\s+|\b(each|respectively)\b\s*|\s*\bcompared\b", re.IGNORECASE)
_SAME_PREPOSITION = re.compile(
    r"^(?P<head>.+?) (?P<word>for|of|in|about|by|from|on|at) (?P<one>.+?),? and (?P=word) (?P<other>.+?)\W*$",
    re.IGNORECASE,
)
_NEXT_PART = re.compile(rf"\?\s+(?=\S)|[,;]?\s+and\s+(?:also\s+)?(?={WH}\b)", re.IGNORECASE)


def parts(question: str) -> list[str]:
    """The questions that ``question`` puts, in order: "Who is Boyet, and what did he say?" puts two.

    A question that wants several things told apart ("What are A and B each doing?", "for A and for B")
    puts one for each. A part must have three words of its own; otherwise the question stays whole.
    """
    found = [part.strip(" ,;") for part in _NEXT_PART.split(question) if part.strip(" ,;?")]
    if not found or any(len(part.split()) < 3 for part in found):
        return [question]
    found = [part if part.endswith("?") or part == found[-1] else f"{part}?" for part in found]
    return [single for part in found for single in _told_apart(part)]


def _told_apart(question: str) -> list[str]:
    names = _NAMES.search(question)
    if names and _APART.search(question):
        before, after = question[: names.start()], question[names.end() :]
        each = re.split(r",? and |, ", names["all"])
        found = [_CUE.sub("", f"{before}{name}{after}").strip(" ?.") for name in each]
        return [f"{part}?" if _OPENING.match(part) else f"What is said about {part}?" for part in found]
    twice = _SAME_PREPOSITION.match(question)
    if twice and _OPENING.match(question):
        head, word = twice["head"], twice["word"]
        return [f"{head} {word} {twice['one']}?", f"{head} {word} {twice['other']}?"]
    return [question]
