"""What kind of question it is, told from its form: its parts, whether it wants yes or no, or a list. Pure."""

import re
from enum import StrEnum

_WH = r"(?:who|whom|whose|what|when|where|why|which|how)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"

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
_NEXT_PART = re.compile(rf"\?\s+(?=\S)|[,;]?\s+and\s+(?:also\s+)?(?={_WH}\b)", re.IGNORECASE)


class Sought(StrEnum):
    """What an answer must bring that the question does not have."""

    NUMBER = "a number"
    NAME = "a name"


_SOUGHT = (
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
            r"^\W*(who|whose|whom|where)\b|\bnames of\b|\b(what|which) (city|town|country|company|person)\b",
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

    A part must have three words of its own; otherwise the question stays whole.
    """
    found = [part.strip(" ,;") for part in _NEXT_PART.split(question) if part.strip(" ,;?")]
    if any(len(part.split()) < 3 for part in found):
        return [question]
    return [part if part.endswith("?") or part == found[-1] else f"{part}?" for part in found]


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
