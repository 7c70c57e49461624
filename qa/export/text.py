"""Write answers as plain text and as evidence sheets, and the wording that all formats share. Pure."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from qa.export.evidence_sheet import build_sheet, sheet_html
from qa.schema import Answer, Document, Quote, RejectedSentence

UNANSWERED = "No answer found in the documents for"
"""The words before a part of a question that is not answered."""

NEAREST = "Nearest passages, which are not an answer:"
"""The heading of the passages shown with an abstention."""

_INDENT = "\n    "
"""Indents every further line of a quote, so that none can pass for a line of Attest's own."""


def plain_text(answer: Answer) -> str:
    """Return an answer or an abstention as plain text: numbered citations, then the quotes and sources."""
    blocks = [f"Question: {_line(answer.question)}"]
    if answer.follows_up:
        blocks.append(f"Understood as: {_line(answer.resolved)}")
    if answer.note:
        blocks.append(f"{_line(answer.note)}.")
    if answer.answered:
        sentences = (
            _line(sentence.text) + " " + "".join(f"[{number}]" for number in sentence.cites)
            for sentence in answer.sentences
        )
        blocks.append(" ".join(sentences))
        blocks += [f"{UNANSWERED}: {_line(part)}" for part in answer.refused]
        blocks.append("Quotes, word for word, each with its source and its characters in the text:")
    else:
        blocks.append(
            f"No answer: {_line(answer.reason)}. (P(answerable) is {answer.p_answerable:.2f}; "
            f"Attest answers at {answer.threshold:.2f} or more.)"
        )
        if answer.nearest:
            blocks.append(NEAREST)
    blocks += [_quote(quote) for quote in (answer.quotes if answer.answered else answer.nearest)]
    return "\n\n".join(blocks) + "\n"


def evidence_sheet(
    title: str, answers: Iterable[Answer], documents: Mapping[str, Document], made: datetime.date | None
) -> str:
    """Return ``answers`` as one HTML file without script or network, which ``attest verify`` checks.

    For each question it says what the answer is, or that there is none, and shows each quote among the words
    around it with its document's id, title, date, offsets, length and SHA-256. ``made`` is the date that it
    shows. Write it as UTF-8.

    Raises:
        AttestError: a quote differs from its document at its offsets, or the document does not exist.
    """
    return sheet_html(build_sheet(title, answers, documents, made))


def chance_text(answer: Answer) -> str:
    """Return the estimated chance that the documents answer, and the least at which Attest answers."""
    return (
        f"Estimated chance that the documents answer this: {answer.p_answerable:.0%}. "
        f"Attest answers at {answer.threshold:.0%} or more."
    )


def rejected_text(rejected: Sequence[RejectedSentence]) -> str:
    """Return how many drafted sentences are not shown, and why."""
    if len(rejected) == 1:
        return "1 drafted sentence was left out because no quote supports it"
    return f"{len(rejected):,} drafted sentences were left out because no quote supports them"


def _line(text: str) -> str:
    """Return ``text`` on one line."""
    return " ".join(text.split())


def _quote(quote: Quote) -> str:
    place = f"{_line(quote.span.doc_id)}, {quote.span.start}–{quote.span.end}"
    source = ", ".join(_line(part) for part in (*quote.source, place))
    return f"[{quote.number}] “{quote.text.replace(chr(10), _INDENT)}”{_INDENT}{source}"
