"""The words that English questions begin with, and the form of a question that is written out. Pure."""

import re

WH = r"(?:who|whom|whose|what|when|where|why|which|how)"

_UNMARKED = re.compile(rf"{WH}\b[^.?!]*$", re.IGNORECASE)
"""A question without its mark."""


def punctuate(question: str) -> str:
    """Return an English ``question`` with a capital and a question mark, as those have that the ranking and
    the judge were fitted on. Anything else is returned as it is.
    """
    return f"{question[0].upper()}{question[1:]}?" if _UNMARKED.match(question) else question
