"""What kind of question it is, told from its form: its parts, whether it wants yes or no, a list, what is
newer. Pure.
"""

import re
from enum import StrEnum

_WH = r"(?:who|whom|whose|what|when|where|why|which|how)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"

_OPENING = re.compile(rf"^\W*({_WH}|{_AUXILIARY})\b", re.IGNORECASE)
_YES_NO = re.compile(rf"^\W*{_AUXILIARY}\b", re.IGNORECASE)
_LIST = re.compile(
    r"^\W*(list|name|enumerate)\b|\b(all|every|each)\s+(of\s+)?(the\s+)?\w+s\b"
    r"|\b(which|what)\s+(\w+\s+)?(countries|companies|people|projects|partners)\b|\bcompare\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\b(both|each|compare[ds]?|difference|respectively)\b", re.IGNORECASE)
_STATEMENT = re.compile(
    r"\b(say|says|said|saying|tell|told|claim(s|ed)?|think|thinks|thought|comment(s|ed)?|explain(s|ed)?"
    r"|emphasi[sz](e|es|ed)|stress(es|ed)?|opinion|view|words)\b",
    re.IGNORECASE,
)
_NAME = rf"(?!(?i:{_WH}|{_AUXILIARY}|compare|contrast)\b)[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*"
_NAMES = re.compile(rf"(?P<all>{_NAME}(?:, {_NAME})*,? and {_NAME})")
_APART = re.compile(r"\b(each|compared?|respectively)\b|\b(contrast)\b", re.IGNORECASE)
_CUE = re.compile(r"^\W*(compare|contrast)\s+|\b(each|respectively)\b\s*|\s*\bcompared\b", re.IGNORECASE)
_SAME_PREPOSITION = re.compile(
    r"^(?P<head>.+?) (?P<word>for|of|in|about|by|from|on|at) (?P<one>.+?),? and (?P=word) (?P<other>.+?)\W*$",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\b(which|what)\b.*\b(article|document|report|interview|source|text|file|paper|letter|story)s?\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(more recent|most recent|newer|newest|latest|older|oldest)\b"
    r"|\b(published|dated|written|issued)\b.*\b(first|last|earlier|earliest|later)\b",
    re.IGNORECASE,
)
_OLDER = re.compile(r"\b(old(er|est)|earlier|earliest|first)\b", re.IGNORECASE)
_NEXT_PART = re.compile(rf"\?\s+(?=\S)|[,;]?\s+and\s+(?:also\s+)?(?={_WH}\b)", re.IGNORECASE)


class Sought(StrEnum):
    """What an answer must bring that the question does not have."""

    MONEY = "a sum of money"
    NUMBER = "a number"
    PROPER_NAME = "the name"
    NAME = "a name"


_SOUGHT = (
    (
        Sought.MONEY,
        re.compile(
            r"\bhow much\b.*\b(costs?|pays?|paid|worth|price[ds]?|spend|spent|earn(s|ed)?|charged?|money)\b"
            r"|\bwhat\s+(is|was|are|were|did)\b.*\b(cost|price|budget|salary|fee|revenue)s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        Sought.PROPER_NAME,
        re.compile(r"\bnames? of\b|\b(is|was|are|were) (his|her|its|their) names?\b", re.IGNORECASE),
    ),
    (
        Sought.NUMBER,
        re.compile(
            r"\bhow (many|much|old|long|fast|far|tall|large|big|high|deep|wide|heavy|often)\b"
            r"|\b(what|which) (year|day|date|percentage|percent|proportion|number|price|amount|sum)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Sought.NAME,
        re.compile(
            r"^\W*(who|whose|whom|where)\b|\b(what|which) (city|town|country|company|person)\b",
            re.IGNORECASE,
        ),
    ),
)


def sought(question: str) -> Sought | None:
    """The kind of thing that the question asks for, where its form tells."""
    if wants_yes_or_no(question):
        return None
    return next((kind for kind, pattern in _SOUGHT if pattern.search(question)), None)


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


def wants_yes_or_no(question: str) -> bool:
    """Whether the question opens with an auxiliary verb."""
    return bool(_YES_NO.search(question))


def wants_statement(question: str) -> bool:
    """Whether the question asks what somebody said, or who said something."""
    return bool(_STATEMENT.search(question))


def is_joint(question: str) -> bool:
    """Whether the question is about several at once: "both", "each", "compare"."""
    return bool(_JOINT.search(question))


def wants_list(question: str) -> bool:
    """Whether the question asks for everything of a kind, or to compare."""
    return bool(_LIST.search(question))


class Order(StrEnum):
    """Which of several documents is asked for by its date."""

    NEWEST = "newest first"
    OLDEST = "oldest first"


def wants_order(question: str) -> Order | None:
    """Whether the question asks which document is newer or older: "which article is more recent?"."""
    if not (_DOCUMENT.search(question) and _AGE.search(question)):
        return None
    return Order.OLDEST if _OLDER.search(question) else Order.NEWEST
