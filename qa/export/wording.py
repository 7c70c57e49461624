"""What Attest itself says beside an answer, in the same words on the page, as Markdown and as plain text."""

from collections.abc import Sequence

from qa.schema import Answer, Cut

REFUSED = "The documents do not seem to answer"
"""Before a part of a question that is left open."""


def chance(answer: Answer) -> str:
    """How sure Attest is that the documents answer, and from where on it answers."""
    return (
        f"Estimated chance that the documents answer this: {answer.p_answerable:.0%}. "
        f"Attest answers from {answer.threshold:.0%}."
    )


def left_out(cuts: Sequence[Cut]) -> str:
    """How many drafted sentences are not shown, and why."""
    if len(cuts) == 1:
        return "1 drafted sentence was left out, because no quote bears it out"
    return f"{len(cuts)} drafted sentences were left out, because no quote bears them out"
