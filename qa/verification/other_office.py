"""Tell from what stands behind a name whether that person has another office than is asked for. Pure.

Asked for the chief executive, "Jo Lind, director of sales in the North" is no answer, though Jo Lind is a
name and the text is about the company.
"""

import re

from qa.nlp.tokens import content_keys
from qa.query.answer_type import PEOPLE

_ASKS = re.compile(
    r"^\W*who(?:\s+(?:is|was|are|were|became|serves\s+as|served\s+as)|['’]s)\s+(?:currently\s+)?"
    r"(?:the\s+|an?\s+)?(?P<office>.+?)(?:\s+(?:of|for|at|in|from|to|who|that)\b.*)?\W*$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r",\s+(?:(?:an?|the|then|former)\s+)*([^,.;()]{3,80})")
"""What stands behind a name between commas. The longest is set by hand."""

_ANY_OFFICE = content_keys("boss head leader")


def has_other_office(question: str, text: str, end: int) -> bool:
    """Return whether the name that ends at ``end`` in ``text`` has an office behind it, and ``text`` no word
    of that which ``question``, in English, asks for.

    Of 524 right answers to who-questions in SQuAD 2.0 and SQuADShifts it holds for 1 (``python -m
    eval.constants``), and for 4 of the 46 that SQuAD 2.0 calls plausible and that are none.
    """
    asks, behind = _ASKS.match(question), _BEHIND.match(text, end)
    if not asks or not behind or not content_keys(behind[1]) & PEOPLE:
        return False
    asked = content_keys(asks["office"])
    return not asked & _ANY_OFFICE and not asked & content_keys(text)
