"""CLAPnq's questions, each with one passage and long answers from it, or with none, as cases.

Rosenthal et al. 2024, "CLAPnq: Cohesive Long-form Answers from Passages in Natural Questions for RAG
systems".
"""

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, Field

from qa.errors import UserError
from qa.evaluation.datasets.base import Case, Dataset, LongAnswer
from qa.evaluation.datasets.json_lines import read_records
from qa.ingest.documents import normalise
from qa.nlp.language import detect_language
from qa.schema import Document, Span

CLAPNQ = "clapnq"
"""The format's name on the command line."""


class _Passage(BaseModel):
    title: str
    text: str


class _Output(BaseModel):
    """One person's answer; empty if the passage does not answer the question."""

    answer: str
    selected_sentences: list[str]


class _Record(BaseModel):
    """A line of a file."""

    id: str
    input: str = Field(min_length=1)
    passages: list[_Passage] = Field(min_length=1)
    output: list[_Output]


def is_clapnq(content: object) -> bool:
    """Return whether ``content``, the JSON value of a line, has what a line of CLAPnq has."""
    return isinstance(content, dict) and {"input", "passages", "output"} <= content.keys()


def read_clapnq(paths: Iterable[Path]) -> Dataset:
    """Read files of CLAPnq: every passage is a document, and a question is asked of its own.

    A question is answerable if somebody answered it.

    Raises:
        UserError: a file cannot be read or is not in that format, or a passage lacks a selected sentence.
    """
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    for path in paths:
        for number, record in read_records(path, "CLAPnq's questions", _Record.model_validate):
            own = {f"{record.id}/{i}": passage for i, passage in enumerate(record.passages, start=1)}
            passages = [_document(doc_id, passage) for doc_id, passage in own.items()]
            documents |= {passage.id: passage for passage in passages}
            cases.append(_case(record, passages, f"{path}, line {number}"))
    return Dataset(CLAPNQ, tuple(documents.values()), tuple(cases))


def _document(doc_id: str, passage: _Passage) -> Document:
    text = normalise(passage.text)
    return Document(doc_id, text, passage.title, language=detect_language(text))


def _case(record: _Record, passages: list[Document], where: str) -> Case:
    answers = tuple(
        LongAnswer(
            " ".join(output.answer.split()),
            tuple(_place(sentence, passages, where) for sentence in output.selected_sentences),
        )
        for output in record.output
        if output.answer.strip()
    )
    return Case(
        id=record.id,
        kind="answerable" if answers else "unanswerable",
        question=record.input.strip(),
        answerable=bool(answers),
        long_answers=answers,
        gold=tuple(dict.fromkeys(place for answer in answers for place in answer.places)),
        only=frozenset(passage.id for passage in passages),
    )


def _place(sentence: str, passages: list[Document], where: str) -> Span:
    """Return where the passages have ``sentence``."""
    wanted = normalise(sentence)
    for passage in passages:
        if (start := passage.text.find(wanted)) >= 0:
            return Span(passage.id, start, start + len(wanted))
    raise UserError(
        f"{where}: the passage does not have the selected sentence “{wanted}”; correct that line or take it "
        "out"
    )
