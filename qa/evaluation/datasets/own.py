"""The project's own known answers, and a user's in the same format, as cases."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import AliasChoices, BaseModel, Field

from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset
from qa.schema import Document, Span, Turn

OWN = Path(__file__).parents[3] / "eval"
QUESTIONS = OWN / "questions.jsonl"
CONVERSATIONS = OWN / "conversations.jsonl"


class _Place(BaseModel, extra="forbid"):
    document: str
    start: int
    end: int
    text: str


class _Exchange(BaseModel, extra="forbid"):
    question: str
    answer: str


class _Record(BaseModel, extra="forbid"):
    """A line of ``questions.jsonl`` or ``conversations.jsonl``."""

    id: str
    kind: str = "conversation"
    question: str
    resolved: str = ""
    answerable: bool
    answers: list[list[str]]
    spans: list[_Place]
    turns: list[_Exchange] = Field(default=[], validation_alias=AliasChoices("turns", "history"))


def read_own(documents: Sequence[Document], path: Path = QUESTIONS) -> Dataset:
    """The project's own questions on ``corpus/``, or those that a user kept on their documents.

    Raises:
        UserError: the file cannot be read, has no questions, or a span does not cut what it says it does.
    """
    texts = {document.id: document.text for document in documents}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # JSON may hold what splitlines takes for ends
        records = [_Record.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    if not records:
        raise UserError(f"There are no questions in {path}")
    for record in records:
        for span in record.spans:
            if texts.get(span.document, "")[span.start : span.end] != span.text:
                raise UserError(f"{path}: {record.id} does not cut {span.text!r} from {span.document}")
    cases = (
        Case(
            id=record.id,
            kind=record.kind,
            question=record.question,
            answerable=record.answerable,
            answers=tuple(tuple(group) for group in record.answers),
            gold=tuple(Span(span.document, span.start, span.end) for span in record.spans),
            history=tuple(Turn(turn.question, turn.answer) for turn in record.turns),
        )
        for record in records
    )
    return Dataset(path.stem, tuple(documents), tuple(cases))
