"""Candidates to ranked passages: a fitted linear fusion of words and meaning (pure), and its retriever.

Fusing scores by a weighted sum beats fusing ranks (Bruch, Gai and Ingber 2023, "An Analysis of Fusion
Functions for Hybrid Retrieval"); here the sum also sees where inside a passage the question's words
stand: in one sentence, in two that follow each other, as pairs in the question's order.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from qa.nlp.dates import Period, none_dated
from qa.retrieval.features import (
    QuestionTerms,
    Rarity,
    passage_features,
    sentence_features,
)
from qa.schema import Admits, Candidate, Document, Hit, ScoredSentence
from qa.weights import FITTED

POOL = 40
"""Candidates each index contributes: of 4,000 SQuADShifts questions, 99.5 % then have the right passage
among them (``candidates_hold_the_answer`` in ``fitted.json``)."""


_PHRASE = re.compile(r"[\"“]([^\"“”]*\w\W+\w[^\"“”]*)[\"”]")
"""Two words or more between quotation marks."""


@runtime_checkable
class CandidateSource(Protocol):
    """What the retriever needs of an index."""

    documents: Mapping[str, Document]

    def candidates(
        self, question: str, pool: int, admits: Admits | None = None, period: Period | None = None
    ) -> list[Candidate]:
        """Candidate passages with their raw scores, of the documents that ``admits`` lets in (None: all), and
        of those only what is of the ``period`` (None: of any).
        """

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a stemmed term."""

    def corrected(self, question: str) -> str:
        """The question with misspelt words replaced by words of the documents."""


def rank(question: str, candidates: Sequence[Candidate], rarity: Rarity, k: int) -> list[Hit]:
    """The ``k`` best candidates, best first, each with its sentences scored. Ties keep document order."""
    asked = QuestionTerms(question, rarity)
    scored = [(FITTED.passage.score(passage_features(asked, c)), c) for c in candidates]
    scored.sort(key=lambda pair: -pair[0])
    return [_hit(asked, candidate, score, score - scored[0][0]) for score, candidate in scored[:k]]


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[‘’]", "'", text).lower().split()).strip(" .,;:!?")


def _hit(asked: QuestionTerms, candidate: Candidate, score: float, lead: float) -> Hit:
    rows = sentence_features(asked, candidate, lead)
    sentences = tuple(
        ScoredSentence(span, FITTED.sentence.score(row), cosine, row[1])
        for span, row, cosine in zip(
            candidate.passage.sentences, rows, candidate.sentence_cosines, strict=True
        )
    )
    return Hit(candidate.passage, score, sentences)


def admitting(only: frozenset[str] | None, without: frozenset[str]) -> Admits | None:
    """Lets in the documents ``only`` (None: all) except those ``without``; None when that is every one."""
    if only is None:
        return (lambda doc_id: doc_id not in without) if without else None
    return (only - without).__contains__


class HybridRetriever(BaseRetriever):
    """The ranking above as a LangChain retriever."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    source: CandidateSource
    k: int = 10

    def corrected(self, question: str) -> str:
        """The question as it should be searched, with misspelt words put right."""
        return self.source.corrected(question)

    def hits(
        self,
        question: str,
        without: frozenset[str] = frozenset(),
        only: frozenset[str] | None = None,
        period: Period | None = None,
    ) -> list[Hit]:
        """The ``k`` best passages, best first, of the documents ``only`` (None: all) except ``without``, of a
        ``period`` (None: of any).

        Documents are chosen before passages are, so that a question asked of one document among thousands
        finds what that document has. What the question puts between quotation marks must stand in a passage
        word for word.
        """
        found = self.source.candidates(question, POOL, admitting(only, without), period)
        sought = [_flat(phrase) for phrase in _PHRASE.findall(question)]
        candidates = [
            candidate
            for candidate in found
            if all(phrase in _flat(candidate.passage.span.cut(self.source.documents)) for phrase in sought)
        ]
        return rank(question, candidates, self.source.rarity, self.k)

    def none_dated(
        self, period: Period, without: frozenset[str] = frozenset(), only: frozenset[str] | None = None
    ) -> str:
        """Why nothing is found in ``period``, where no document that is asked is of it; else empty."""
        admits = admitting(only, without)
        dates = self.source.dates().items()
        return none_dated(period, [date for doc_id, date in dates if admits is None or admits(doc_id)])

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        documents = self.source.documents
        return [
            LangChainDocument(
                page_content=hit.passage.span.cut(documents),
                metadata={
                    "document": hit.passage.span.doc_id,
                    "title": documents[hit.passage.span.doc_id].title,
                    "start": hit.passage.span.start,
                    "end": hit.passage.span.end,
                    "score": hit.score,
                },
            )
            for hit in self.hits(query)
        ]
