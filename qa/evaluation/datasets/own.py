"""Known answers in the project's own format, a JSON object on each line, as cases.

The page saves questions in this format, and the project's own in ``eval/`` have it. The places that state an
answer are given by their offsets (``spans``), or by their words (``evidence``) and the files they are in.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import AliasChoices, BaseModel, Field

from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset
from qa.evaluation.datasets.evidence import find_evidence, is_part_of
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
    spans: list[_Place] = []
    documents: list[str] = []
    """Files that state the answer, where ``evidence`` names the places."""
    evidence: list[str | list[str]] = []
    """Phrases, or words of one line, as a person may find them in the files; one that is there will do."""
    turns: list[_Exchange] = Field(default=[], validation_alias=AliasChoices("turns", "history"))


def read_own(documents: Sequence[Document], path: Path) -> Dataset:
    """Read the known answers about ``documents`` in the file ``path``.

    Raises:
        UserError: the file cannot be read or has no questions, or a document has another text at a place.
    """
    texts = {document.id: document.text for document in documents}
    cases: list[Case] = []
    for _, record in read_records(path, "known answers", _Record.model_validate):
        where = f"{path}: {record.id}"
        for place in record.spans:
            _check(place, texts, where)
        cases.append(_case(record, _places(record, documents, where)))
    return Dataset(path.stem, tuple(documents), tuple(cases))


def _places(record: _Record, documents: Sequence[Document], where: str) -> tuple[Span, ...]:
    """Return the places that have the words of the evidence.

    Raises:
        UserError: a file is not among ``documents``, or no words of the evidence are in the files.
    """
    named: list[Document] = []
    for name in record.documents:
        parts = [document for document in documents if is_part_of(document.id, name)]
        if not parts:
            raise UserError(f"{where} is about {name}, which is not among the documents")
        named += parts
    places = tuple(
        span for document in named for words in record.evidence for span in find_evidence(words, document)
    )
    if record.evidence and not places:
        raise UserError(
            f"{where} expects {record.evidence[0]!r} in {', '.join(record.documents) or 'no file'}, where it "
            "is not found; the file has changed since, or is read in another way"
        )
    return places


def _check(place: _Place, texts: Mapping[str, str], where: str) -> None:
    text = texts.get(place.document)
    if text is None:
        raise UserError(f"{where} is about {place.document}, which is not among the documents")
    if text[place.start : place.end] != place.text:
        raise UserError(
            f"{where} expects {place.text!r} at {place.start}–{place.end} of {place.document}, where the "
            "document has other text; it has changed since, or the offsets are wrong"
        )


def _case(record: _Record, evidence: tuple[Span, ...]) -> Case:
    return Case(
        id=record.id,
        kind=record.kind,
        question=record.question,
        answerable=record.answerable,
        answers=tuple(tuple(group) for group in record.answers),
        gold=(*(Span(place.document, place.start, place.end) for place in record.spans), *evidence),
        history=tuple(Turn(turn.question, turn.answer) for turn in record.turns),
    )
