"""A question that should be answered right from now on, as a case that ``attest eval`` can run."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from qa.errors import UserError
from qa.schema import Document, Span, Turn

KIND = "kept"
"""The kind of these cases in reports."""

_ID_CHARS = 12
"""Hexadecimal digits of a case's id: the chance that two of a million cases share one is 1 in 500."""


def eval_case(
    question: str,
    history: Sequence[Turn],
    answerable: bool,
    spans: Sequence[Span],
    documents: Mapping[str, Document],
    accepted: Sequence[str] = (),
) -> dict[str, object]:
    """Return a case as JSON types: ``question``, asked after ``history``, and what a right answer is.

    Any one of the ``spans`` answers the question. A right answer has one of the wordings ``accepted``, or
    without any the text of one of the ``spans``, so that shorter spans let more answers pass. The id depends
    on question and history alone: the same question saved twice has the same id.

    Raises:
        UserError: the question is empty, a span is not in its document, or an answerable question has no
            span or an unanswerable one has a span.
    """
    question = question.strip()
    if not question:
        raise UserError("The question is empty; write one")
    if answerable and not spans:
        raise UserError("Choose the quote that answers the question, or save the question as unanswerable")
    if not answerable and (spans or accepted):
        raise UserError(
            "A question that the documents do not answer cannot have a quote or an accepted answer"
        )
    places = [_place(span, documents) for span in spans]
    wordings = list(dict.fromkeys(accepted or (str(place["text"]) for place in places)))
    turns = [{"question": turn.question, "answer": turn.answer} for turn in history]
    return {
        "id": _id(question, turns),
        "kind": KIND,
        "question": question,
        "history": turns,
        "answerable": answerable,
        "answers": [wordings] if answerable else [],
        "spans": places,
    }


def _id(question: str, turns: Sequence[Mapping[str, str]]) -> str:
    content = json.dumps([question, turns]).encode()
    return f"{KIND}-{hashlib.sha256(content).hexdigest()[:_ID_CHARS]}"


def _place(span: Span, documents: Mapping[str, Document]) -> dict[str, object]:
    document = documents.get(span.doc_id)
    if document is None or not 0 <= span.start < span.end <= len(document.text):
        raise UserError(f"{span.doc_id} has no characters {span.start}–{span.end}; choose the quote again")
    return {
        "document": span.doc_id,
        "start": span.start,
        "end": span.end,
        "text": span.cut(documents),
    }
