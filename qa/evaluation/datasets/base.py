"""Known answers as cases: from the project's own questions and from any file in SQuAD format."""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import AliasChoices, BaseModel, Field

from qa.errors import UserError
from qa.ingest.documents import normalise
from qa.schema import Document, Span, Turn

OWN = Path(__file__).parents[3] / "eval"
QUESTIONS = OWN / "questions.jsonl"
CONVERSATIONS = OWN / "conversations.jsonl"

UNANSWERABLE_KINDS = ("adversarial", "absent")


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what a right system does with it."""

    id: str
    kind: str
    question: str
    answerable: bool
    answers: tuple[tuple[str, ...], ...] = ()
    """Groups of accepted answers: a right answer has one of every group."""
    gold: tuple[Span, ...] = ()
    """Where the answer stands; any one of these places will do."""
    history: tuple[Turn, ...] = ()
    without: frozenset[str] = frozenset()
    """Documents that this question is asked without."""
    by_document: bool = False
    """Whether ``gold`` names whole documents: then one that was cut into passages counts once in a rank."""


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


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents and the questions asked of them."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]


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


def read_squad(paths: Iterable[Path]) -> Dataset:
    """Files in SQuAD format, 1.1 or 2.0 (Rajpurkar et al. 2016, 2018): every paragraph a document.

    Raises:
        UserError: a file cannot be read or is not in that format.
    """
    documents: dict[str, Document] = {}
    cases: list[Case] = []
    names: list[str] = []
    for path in paths:
        name = path.stem if path.stem not in names else f"{path.stem}-{len(names)}"
        names.append(name)
        try:
            articles = json.loads(path.read_text(encoding="utf-8"))["data"]
            for position, article in enumerate(articles):
                home = f"{name}/{position:03}-{article.get('title', '')}"
                for number, paragraph in enumerate(article["paragraphs"]):
                    document = _paragraph(f"{home}/{number:03}", str(article.get("title") or name), paragraph)
                    documents[document.id] = document
                    cases.extend(_squad_case(document, entry) for entry in paragraph["qas"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path} is not a file in SQuAD format ({error!r})") from error
    if not cases:
        raise UserError("There are no questions in these files")
    return Dataset("+".join(names), tuple(documents.values()), tuple(cases))


def sample(dataset: Dataset, limit: int | None, seed: int) -> Dataset:
    """``limit`` questions, half of them unanswerable where there are enough; all for None."""
    if limit is None or limit >= len(dataset.cases):
        return dataset
    chance = random.Random(seed)  # noqa: S311  a reproducible sample, not a secret
    yes = [case for case in dataset.cases if case.answerable]
    no = [case for case in dataset.cases if not case.answerable]
    share = min(len(no), limit // 2)
    chosen = chance.sample(yes, min(len(yes), limit - share)) + chance.sample(no, share)
    chance.shuffle(chosen)
    return Dataset(dataset.name, dataset.documents, tuple(chosen))


def absent(cases: Iterable[Case]) -> list[Case]:
    """Answerable questions, asked without the documents that answer them. They keep their accepted answers,
    so that it can be told when another document has one.
    """
    return [
        Case(
            id=f"{case.id}-absent",
            kind="absent",
            question=case.question,
            answerable=False,
            answers=case.answers,
            history=case.history,
            without=frozenset(span.doc_id for span in case.gold),
        )
        for case in cases
        if case.answerable
    ]


def article(case: Case) -> str:
    """Which article of a SQuAD file a question is about."""
    doc_id = case.gold[0].doc_id if case.gold else min(case.without)
    return doc_id.rpartition("/")[0]


def _paragraph(doc_id: str, title: str, paragraph: dict[str, object]) -> Document:
    return Document(doc_id, normalise(str(paragraph["context"])), title.replace("_", " "))


def _squad_case(document: Document, entry: dict[str, object]) -> Case:
    stated = entry["answers"] if not entry.get("is_impossible") else []
    assert isinstance(stated, list)
    accepted = tuple(dict.fromkeys(str(answer["text"]) for answer in stated))
    return Case(
        id=str(entry["id"]),
        kind="answerable" if accepted else "adversarial",
        question=str(entry["question"]).strip(),
        answerable=bool(accepted),
        answers=(accepted,) if accepted else (),
        gold=(Span(document.id, 0, len(document.text)),),
        by_document=True,
    )
