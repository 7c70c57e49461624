"""Answers to take away: as plain text, as an evidence sheet that anybody can check. Pure."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from qa.export.evidence_sheet import gather, sheet_html
from qa.schema import Answer, Cut, Document, Quote

_INDENT = "\n    "
"""Sets every further line of a quote off, so that none can pass for a line of Attest's own."""


def plain(answer: Answer) -> str:
    """An answer, or an abstention, as plain text: numbered citations, then every quote with its place."""
    blocks = [f"Question: {_line(answer.question)}"]
    if answer.follows_up:
        blocks.append(f"Understood as: {_line(answer.resolved)}")
    if answer.note:
        blocks.append(f"{_line(answer.note)}.")
    if answer.answered:
        said = (
            _line(sentence.text) + " " + "".join(f"[{number}]" for number in sentence.cites)
            for sentence in answer.sentences
        )
        blocks.append(" ".join(said))
        blocks += [f"{REFUSED}: {_line(part)}" for part in answer.refused]
        blocks.append(
            "Quotes, verbatim, each with its source and its character offsets in the text that Attest read:"
        )
    else:
        blocks.append(
            f"No answer: {_line(answer.reason)}. (P(answerable) is {answer.p_answerable:.2f}; "
            f"Attest answers at {answer.threshold:.2f} or more.)"
        )
        if answer.nearest:
            blocks.append("Nearest passages, which are not an answer:")
    blocks += [_quote(quote) for quote in (answer.quotes if answer.answered else answer.nearest)]
    return "\n\n".join(blocks) + "\n"


def evidence_sheet(
    title: str, answers: Iterable[Answer], documents: Mapping[str, Document], made: datetime.date | None
) -> str:
    """Return ``answers`` as one HTML file without script or network, which ``attest verify`` checks.

    It says, for each question, what was answered or that it was refused, and shows each quote among the
    words around it with its document's id, title, date, offsets, length and SHA-256. ``made`` is the date
    that stands on it. Write it as UTF-8.

    Raises:
        AttestError: a quote is not what its document says at its offsets, or there is no such document.
    """
    return sheet_html(gather(title, answers, documents, made))


def _line(text: str) -> str:
    return " ".join(text.split())


def _quote(quote: Quote) -> str:
    place = f"{_line(quote.span.doc_id)}, {quote.span.start}–{quote.span.end}"
    source = ", ".join(_line(part) for part in (*quote.source, place))
    return f"[{quote.number}] “{quote.text.replace(chr(10), _INDENT)}”{_INDENT}{source}"


REFUSED = "No answer found in the documents for"
"""Stands before a part of a question that is not answered."""


def chance(answer: Answer) -> str:
    """Return the estimated chance that the documents answer, and the least at which Attest answers."""
    return (
        f"Estimated chance that the documents answer this: {answer.p_answerable:.0%}. "
        f"Attest answers at {answer.threshold:.0%} or more."
    )


def left_out(cuts: Sequence[Cut]) -> str:
    """Return how many drafted sentences are not shown, and why."""
    if len(cuts) == 1:
        return "1 drafted sentence was left out because no quote supports it"
    return f"{len(cuts):,} drafted sentences were left out because no quote supports them"
