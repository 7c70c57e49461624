"""A question that a reader wants answered right from now on, kept as a case that ``attest eval`` can run."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from qa.errors import UserError
from qa.schema import Document, Span, Turn
from qa.web.ui.feedback import add, held

KIND = "kept"

_ID_CHARS = 12
"""Hexadecimal digits of a case's id: among a million cases, two share one with a chance of 1 in 500."""


def kept_case(
    question: str,
    history: Sequence[Turn],
    answerable: bool,
    spans: Sequence[Span],
    documents: Mapping[str, Document],
    accepted: Sequence[str] = (),
) -> dict[str, object]:
    """A line of an eval file: ``question``, asked after ``history``, with what a right system does.

    ``spans`` are the places any one of which answers it. ``accepted`` are wordings one of which a right
    answer has; without any, the words at ``spans`` are, so that the shorter a span, the more answers pass.
    The id depends on question and history alone: the same question kept twice is a duplicate.

    Raises:
        UserError: the question is empty, a span is not in its document, or an answerable question has no
            span or an unanswerable one has any.
    """
    question = question.strip()
    if not question:
        raise UserError("The question is empty; a test needs one")
    if answerable and not spans:
        raise UserError("Say where the answer stands: choose a quote, or keep the question as unanswerable")
    if not answerable and (spans or accepted):
        raise UserError(
            "A question that the documents do not answer cannot have a place or an answer in them"
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


def append(path: Path, record: Mapping[str, object]) -> None:
    """Add a case to an eval file, which is made if there is none, with one write.

    Raises:
        UserError: the file has a case of that id, holds something else than cases, or cannot be written.
    """
    try:
        with held(path) as file:
            file.seek(0)
            if record["id"] in _ids(file.read(), path):
                raise UserError(
                    f"{path} has this question already; to change it, delete {record['id']} there"
                )
            add(file, record)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); the question was not kept") from error


def _id(question: str, turns: Sequence[Mapping[str, str]]) -> str:
    content = json.dumps([question, turns]).encode()
    return f"{KIND}-{hashlib.sha256(content).hexdigest()[:_ID_CHARS]}"


def _place(span: Span, documents: Mapping[str, Document]) -> dict[str, object]:
    document = documents.get(span.doc_id)
    if document is None or not 0 <= span.start < span.end <= len(document.text):
        raise UserError(f"There is no place {span.start}–{span.end} in {span.doc_id}; choose the quote again")
    return {
        "document": span.doc_id,
        "start": span.start,
        "end": span.end,
        "text": span.cut(documents),
    }


def _ids(content: bytes, path: Path) -> set[str]:
    ids: set[str] = set()
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            if line.strip():
                ids.add(json.loads(line)["id"])
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path}: line {number} is no case; put it right or name another file") from error
    return ids
