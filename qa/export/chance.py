"""Write the estimated chance that the documents answer, beside the least at which Attest answers. Pure."""

from collections.abc import Sequence

from qa.schema import Answer

DECIMALS = (".2f", ".3f", ".4f")
"""Forms of a chance as a decimal, the shortest first."""

PERCENTAGES = (".0%", ".1%", ".2%")
"""The same forms in percent."""


def chance_text(answer: Answer) -> str:
    """Return the estimated chance that the documents answer, and the least at which Attest answers."""
    chance, threshold = chance_and_threshold(answer, PERCENTAGES)
    return (
        f"Estimated chance that the documents answer this: {chance}. Attest answers at {threshold} or more."
    )


def chance_and_threshold(answer: Answer, forms: Sequence[str]) -> tuple[str, str]:
    """Return both numbers in the first of ``forms`` in which they differ, in the last if they do in none: a
    chance just below the threshold does not read as the threshold.
    """
    written = [(format(answer.p_answerable, form), format(answer.threshold, form)) for form in forms]
    return next((pair for pair in written if pair[0] != pair[1]), written[-1])
