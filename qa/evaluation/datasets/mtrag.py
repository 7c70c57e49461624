"""The last questions of MTRAG-UN's conversations, which documents answer wholly, in part or not, as cases.

Katsis et al. 2025, "MTRAG: A Multi-Turn Conversational Benchmark for Evaluating Retrieval-Augmented
Generation Systems"; MTRAG-UN adds the turns that cannot be answered as they stand.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, Field, field_validator

from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset
from qa.evaluation.datasets.json_lines import read_records
from qa.ingest.documents import normalise
from qa.nlp.language import detect_language
from qa.schema import Document, Turn

MTRAG = "mtrag"
"""The format's name on the command line."""

USER, AGENT = "user", "agent"


class Answerability(StrEnum):
    """The share of a question that the documents answer; the kind of its case."""

    ANSWERABLE = "answerable"
    PARTIAL = "partial"
    """They answer a part of it."""
    UNDERSPECIFIED = "underspecified"
    """It does not say what it is about."""
    UNANSWERABLE = "unanswerable"


class _Context(BaseModel):
    document_id: str
    text: str
    title: str = ""


class _Message(BaseModel):
    speaker: str
    text: str


class _Record(BaseModel):
    """A line of a file."""

    task_id: str
    contexts: list[_Context]
    input: list[_Message]
    answerability: list[Answerability] = Field(min_length=1, max_length=1)

    @field_validator("answerability", mode="before")
    @classmethod
    def _in_lower_case(cls, labels: object) -> object:
        if not isinstance(labels, list):
            return labels
        return [label.lower() if isinstance(label, str) else label for label in labels]

    @field_validator("input")
    @classmethod
    def _ends_in_a_question(cls, messages: list[_Message]) -> list[_Message]:
        if not messages or messages[-1].speaker != USER or not messages[-1].text.strip():
            raise ValueError("the last message must be the user's question")
        return messages


def is_mtrag(content: object) -> bool:
    """Return whether ``content``, the JSON value of a line, has what a line of MTRAG-UN has."""
    return isinstance(content, dict) and {"input", "contexts", "answerability"} <= content.keys()


def read_mtrag(paths: Iterable[Path]) -> Dataset:
    """Read files of MTRAG-UN: every context is a document, and a question is asked of its own, if it has any.

    A question of which a part is answerable counts as answerable; its kind is an :class:`Answerability`.

    Raises:
        UserError: a file cannot be read or is not in that format, or no question has a context.
    """
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    for path in paths:
        for _, record in read_records(path, "MTRAG-UN's conversations", _Record.model_validate):
            contexts = [_document(f"{record.task_id}/{each.document_id}", each) for each in record.contexts]
            contexts = [each for each in contexts if each.text]
            documents |= {each.id: each for each in contexts}
            cases.append(_case(record, contexts))
    if not documents:
        raise UserError(
            "No question of these files has a context, so there is nothing to search; name others"
        )
    return Dataset(MTRAG, tuple(documents.values()), tuple(cases))


def _case(record: _Record, contexts: list[Document]) -> Case:
    (kind,) = record.answerability
    return Case(
        id=record.task_id,
        kind=kind,
        question=record.input[-1].text.strip(),
        answerable=kind in (Answerability.ANSWERABLE, Answerability.PARTIAL),
        history=_turns(record.input),
        only=frozenset(each.id for each in contexts),
    )


def _turns(messages: list[_Message]) -> tuple[Turn, ...]:
    """Return each message of the user but the last, with the reply to it; an empty one if there is none."""
    return tuple(
        Turn(message.text, after.text if after.speaker == AGENT else "")
        for message, after in pairwise(messages)
        if message.speaker == USER
    )


def _document(doc_id: str, context: _Context) -> Document:
    text = normalise(context.text)
    return Document(doc_id, text, context.title, language=detect_language(text))
