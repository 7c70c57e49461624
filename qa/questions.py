"""What kind of question it is, told from its form: its parts, whether it wants yes or no, or a list. Pure."""

import re

_WH = r"(?:who|whom|whose|what|when|where|why|which|how)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"

_YES_NO = re.compile(rf"^\W*{_AUXILIARY}\b", re.IGNORECASE)
_LIST = re.compile(
    r"^\W*(list|name|enumerate)\b|\b(all|every|each)\s+(of\s+)?(the\s+)?\w+s\b"
    r"|\b(which|what)\s+(\w+\s+)?(countries|companies|people|projects|partners)\b|\bcompare\b",
    re.IGNORECASE,
)
_NEXT_PART = re.compile(rf"\?\s+(?=\S)|[,;]?\s+and\s+(?:also\s+)?(?={_WH}\b)", re.IGNORECASE)


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


def wants_list(question: str) -> bool:
    """Whether the question asks for everything of a kind, or to compare."""
    return bool(_LIST.search(question))
