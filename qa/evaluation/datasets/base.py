"""Known answers as cases, and samples of them."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from qa.query.document_filter import DocumentFilter
from qa.schema import Document, Span, Turn

T = TypeVar("T")

UNANSWERABLE_KINDS = ("adversarial", "absent")
"""Written to look answerable, and answerable but asked without the documents that answer it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply of another system to a question, as a dataset records it."""

    system: str
    refused: bool | None
    """True if it said that nothing answers the question; None if it said neither that nor the opposite."""


@dataclass(frozen=True, slots=True)
class LongAnswer:
    """A right answer in whole sentences, as a person wrote it, and the places that it rests on."""

    text: str
    places: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and what a system that is right does with it."""

    id: str
    kind: str
    question: str
    answerable: bool
    answers: tuple[tuple[str, ...], ...] = ()
    """Groups of accepted answers: a right answer has one of every group."""
    gold: tuple[Span, ...] = ()
    """The places that state the answer; any one of them will do."""
    history: tuple[Turn, ...] = ()
    without: frozenset[str] = frozenset()
    """Documents that this question is asked without."""
    only: frozenset[str] | None = None
    """The documents that this question is asked of; None for all."""
    by_document: bool = False
    """True if ``gold`` names whole documents: then one that was cut into passages counts once in a rank."""
    replies: tuple[Reply, ...] = ()
    """The reactions of other systems to the same question and documents."""
    long_answers: tuple[LongAnswer, ...] = ()
    """Right answers in whole sentences, with which an answer is compared but whose words it need not have."""

    @property
    def document_filter(self) -> DocumentFilter:
        """The documents to search for this question."""
        return DocumentFilter(only=self.only, without=self.without)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents and the questions asked of them."""

    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]
    notes: tuple[str, ...] = ()
    """Remarks on what was left out when it was read, as sentences for a person."""


def sample(dataset: Dataset, limit: int | None, seed: int) -> Dataset:
    """Return ``limit`` questions, half of them unanswerable if there are enough of both; all for None."""
    if limit is None or limit >= len(dataset.cases):
        return dataset
    chosen = sample_halves(dataset.cases, lambda case: case.answerable, limit, seed)
    return replace(dataset, cases=tuple(chosen))


def sample_halves(items: Sequence[T], is_positive: Callable[[T], bool], limit: int, seed: int) -> list[T]:
    """Return ``limit`` of ``items`` in random order, half of them positive if there are enough of both."""
    chance = random.Random(seed)  # noqa: S311  a reproducible sample, not a secret
    yes = [item for item in items if is_positive(item)]
    no = [item for item in items if not is_positive(item)]
    share = min(len(no), max(limit // 2, limit - len(yes)))
    chosen = chance.sample(yes, min(len(yes), limit - share)) + chance.sample(no, share)
    chance.shuffle(chosen)
    return chosen


def with_own_documents(dataset: Dataset) -> Dataset:
    """Return ``dataset`` with the documents alone that its questions are asked of; with all of them if that
    would be none, because an index needs a document.
    """
    needed = frozenset[str]().union(*(case.only or () for case in dataset.cases))
    if not needed:
        return dataset
    return replace(dataset, documents=tuple(each for each in dataset.documents if each.id in needed))


def absent(cases: Iterable[Case]) -> list[Case]:
    """Return the answerable questions, to be asked without the documents that answer them.

    They keep their accepted answers, which show whether another document has one.
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
            only=case.only,
        )
        for case in cases
        if case.answerable
    ]


def article(case: Case) -> str:
    """Return the article of a SQuAD file that a question is about."""
    doc_id = case.gold[0].doc_id if case.gold else min(case.without)
    return doc_id.rpartition("/")[0]
