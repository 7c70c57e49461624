"""Known answers in the project's own format, a JSON object on each line, as cases.

The page saves questions in this format, and the project's ``eval/*.jsonl`` have it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import AliasChoices, BaseModel, Field

from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset
from qa.evaluation.datasets.json_lines import read_records
from qa.schema import Document, Span, Turn


class _Place(BaseModel, extra="forbid"):
    document: str
    start: int
    end: int
    text: str


class _Exchange(BaseModel, extra="forbid"):
    question: str
    answer: str


class _Record(BaseModel, extra="forbid"):
    """A line of a file."""

    id: str
    kind: str = "conversation"
    question: str
    resolved: str = ""
    answerable: bool
    answers: list[list[str]]
    spans: list[_Place]
    turns: list[_Exchange] = Field(default=[], validation_alias=AliasChoices("turns", "history"))


def read_own(documents: Sequence[Document], path: Path) -> Dataset:
    """Read the known answers about ``documents`` in the file ``path``.

    Raises:
        UserError: the file cannot be read or has no questions, or a document has another text at a place.
    """
    texts = {document.id: document.text for document in documents}
    records = [record for _, record in read_records(path, "known answers", _Record.model_validate)]
    for record in records:
        for place in record.spans:
            _check(place, texts, f"{path}: {record.id}")
    return Dataset(path.stem, tuple(documents), tuple(_case(record) for record in records))


def _check(place: _Place, texts: Mapping[str, str], where: str) -> None:
    text = texts.get(place.document)
    if text is None:
        raise UserError(f"{where} is about {place.document}, which is not among the documents")
    if text[place.start : place.end] != place.text:
        raise UserError(
            f"{where} expects {place.text!r} at {place.start}–{place.end} of {place.document}, where the "
            "document has other text; it has changed since, or the offsets are wrong"
        )


def _case(record: _Record) -> Case:
    return Case(
        id=record.id,
        kind=record.kind,
        question=record.question,
        answerable=record.answerable,
        answers=tuple(tuple(group) for group in record.answers),
        gold=tuple(Span(place.document, place.start, place.end) for place in record.spans),
        history=tuple(Turn(turn.question, turn.answer) for turn in record.turns),
    )
