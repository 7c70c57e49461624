"""Embed a question, search an index for it, and rank what is found."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from qa.embedding.base import Encoder, TokenEncoder
from qa.ingest.base import Failure
from qa.nlp.language import ENGLISH, detect_language
from qa.nlp.question_words import punctuate
from qa.nlp.terms import terms
from qa.query.abbreviations import write_out
from qa.query.base import Query
from qa.query.document_filter import ALL_DOCUMENTS, DocumentFilter
from qa.query.financial_statements import find_asked_statements, statements_in
from qa.query.measures import name_measure
from qa.query.place import AskedPlace, find_asked_place, spans_of
from qa.query.spelling import SpellingCorrector
from qa.retrieval.named_document import find_background
from qa.retrieval.phrases import having_phrases, quoted_phrases
from qa.retrieval.ranking import rank
from qa.schema import (
    Candidate,
    Coverage,
    Document,
    Hit,
    Passage,
    RetrievalResult,
    Span,
)
from qa.weights import WEIGHTS, Weights

POOL = 40
"""Candidates from each index: of 4,000 SQuADShifts questions, 99.5 % then have the right passage among them
(``candidates_hold_the_answer`` in ``weights.json``)."""

PLACE_POOL = 400
"""Candidates where the question names a page, a clause or a financial statement: most stand elsewhere. About
as many as a document of 150 pages has passages."""

EMBEDDED = 10
"""The number of passages without vectors that are embedded for a question: about fifty sentences, a second on
two cores. On the public SQuAD questions 96 % have the right paragraph among the ten best by words."""


class IndexedFile(Protocol):
    """A file that documents were read from."""

    @property
    def path(self) -> str:
        """Its path, relative to the folder of the documents."""

    @property
    def sha256(self) -> str:
        """Of its bytes."""


@runtime_checkable
class CandidateSource(Protocol):
    """An index as the retriever needs it."""

    documents: Mapping[str, Document]
    """The documents, by id."""
    words: Mapping[str, Mapping[str, str]]
    """For each language of the documents and every stem in it, its most frequent spelling."""

    @property
    def coverage(self) -> Coverage:
        """The part of it that can be searched, by words and by meaning."""

    @property
    def state(self) -> str:
        """A string that changes whenever a document of it does."""

    def search(self, query: Query) -> list[Candidate]:
        """Return candidate passages with their raw scores."""

    def passages_having(
        self, groups: Sequence[Collection[str]], document_filter: DocumentFilter
    ) -> Iterator[Passage]:
        """Yield every passage that has at least one term of each of ``groups``."""

    def sentences_near(
        self, vector: NDArray[np.float32], least: float, document_filter: DocumentFilter
    ) -> Iterator[tuple[Span, float]]:
        """Yield the sentences whose cosine with ``vector`` is ``least`` or more, with it."""

    def dates(self) -> Mapping[str, str | None]:
        """The date of each document, by id."""

    @property
    def sources(self) -> Mapping[str, IndexedFile]:
        """The file of each document that was read from one, by the document's id."""

    @property
    def left_out(self) -> Sequence[Failure]:
        """The files that are not in it, and why."""

    def frequency(self, term: str) -> int:
        """Return how many passages have a stemmed term."""

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a stemmed term."""


class HybridRetriever(BaseRetriever):
    """A LangChain retriever that embeds a question, searches an index for it and ranks the candidates."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    source: CandidateSource
    encoder: Encoder
    """The model that made the vectors of ``source``."""
    tokens: TokenEncoder | None = None
    """That model, if it can compare passages with a question token by token."""
    vocabulary: Container[str] = frozenset()
    """Common words, in lower case, which are never taken for misspelt ones."""
    weights: Weights = WEIGHTS
    """The weights for that model."""
    k: int = 10
    """The most hits to return."""

    def over(self, source: CandidateSource) -> "HybridRetriever":
        """Return this retriever over another index."""
        return self.model_copy(update={"source": source})

    def retrieve(self, question: str, document_filter: DocumentFilter = ALL_DOCUMENTS) -> RetrievalResult:
        """Correct the spelling of ``question``, then search for it."""
        corrector = SpellingCorrector(self.source.words, self.vocabulary, self.language(question))
        return self.search(corrector.correct(question), document_filter)

    def search(self, question: str, document_filter: DocumentFilter = ALL_DOCUMENTS) -> RetrievalResult:
        """Return the ``k`` best passages for ``question`` as it is written, or the reason why there are none.

        Documents are filtered before passages are searched, so that a question about one document among
        thousands finds what that document says. A passage must contain, word for word, what the question puts
        between quotation marks. Documents that nowhere have the name by which it calls a contract, or a name
        it asks about, are background. What the documents abbreviate is searched for in both forms, and a
        measure as their tables call it. What stands in a financial statement that it names comes before what
        is about as near elsewhere.
        """
        phrases = quoted_phrases(question)
        place = find_asked_place(question)
        statements = {} if place else find_asked_statements(question)
        pool = PLACE_POOL if place or statements else POOL
        found = self.candidates(question, document_filter, pool)
        asked_in = self.language(question)
        texts = [text for each in found for text in each.sentence_texts]
        written = write_out(question, texts, asked_in)
        if asked_in == ENGLISH:
            written = name_measure(written, texts)
        if written != question:
            found = self.candidates(written, document_filter, pool)
        candidates = having_phrases(phrases, found, self.source.documents) if phrases else found
        background = find_background(question, candidates, self.source.documents, asked_in)
        about = [each for each in candidates if each.passage.span.doc_id not in background]
        if statements:
            candidates = self._mark(statements, candidates, about)
        spans = self._spans_of(place, about) if place else []
        if spans:
            candidates = [each for each in candidates if _overlaps_any(each.passage.span, spans)]
        hits = rank(
            written, candidates, self.source.rarity, self.k, asked_in, self.weights, self.tokens, background
        )
        if spans:
            hits = [_only_in(hit, spans) for hit in hits]
        reason = "" if hits else self._explain(document_filter, phrases)
        coverage = self.source.coverage
        return RetrievalResult(
            question, tuple(hits), reason, asked_in, None if coverage.complete else coverage
        )

    def candidates(
        self, question: str, document_filter: DocumentFilter = ALL_DOCUMENTS, pool: int = POOL
    ) -> list[Candidate]:
        """Return the passages that the index proposes for ``question``, unranked. Of those that have not been
        embedded yet, the best by words are embedded now, and the others left out: ranking and judging then
        have the same to go by as in a complete index.
        """
        vector = self.encoder.encode_question(punctuate(question))
        query = Query(question, vector, pool, document_filter, language=self.language(question))
        found = self.source.search(query)
        bare = sorted((each for each in found if not each.sentence_cosines), key=lambda each: -each.bm25)
        return [each for each in found if each.sentence_cosines] + self._embed(bare[:EMBEDDED], vector)

    def _embed(self, candidates: Sequence[Candidate], question: NDArray[np.float32]) -> list[Candidate]:
        """Return ``candidates`` with their cosines to ``question``."""
        if not candidates:
            return []
        vectors = self.encoder.encode([text for each in candidates for text in each.sentence_texts])
        edges = np.cumsum([len(each.sentence_texts) for each in candidates])[:-1]
        return [
            replace(
                each,
                passage_cosine=float(_direction(rows) @ question),
                sentence_cosines=tuple((rows @ question).tolist()),
            )
            for each, rows in zip(candidates, np.split(vectors, edges), strict=True)
        ]

    def _spans_of(self, place: AskedPlace, candidates: Sequence[Candidate]) -> list[Span]:
        """Return where the documents of ``candidates`` have ``place``, as far as a candidate stands there."""
        spans = [span for each in self._documents_of(candidates) for span in spans_of(place, each)]
        return [span for span in spans if any(each.passage.span.overlaps(span) for each in candidates)]

    def _mark(
        self, statements: Mapping[str, str], candidates: Sequence[Candidate], about: Sequence[Candidate]
    ) -> list[Candidate]:
        """Return ``candidates`` with a mark on those in the financial ``statements`` of the documents of
        ``about``. Whatever a company calls it, the name that the question has for it stands over them.
        """
        documents = self._documents_of(about)
        for kind, name in statements.items():
            spans = [span for each in documents for span in statements_in(kind, each)]
            candidates = [
                _under(name, each) if _overlaps_any(each.passage.span, spans) else each for each in candidates
            ]
        return list(candidates)

    def _documents_of(self, candidates: Sequence[Candidate]) -> list[Document]:
        ids = dict.fromkeys(each.passage.span.doc_id for each in candidates)
        return [self.source.documents[doc_id] for doc_id in ids]

    def language(self, question: str) -> str:
        """Return the language of ``question``: most probably one of the documents' languages, or English."""
        return detect_language(question, frozenset({ENGLISH, *self.source.words}))

    def _explain(self, document_filter: DocumentFilter, phrases: Sequence[str]) -> str:
        """Return why nothing was found, as part of a sentence."""
        period = document_filter.period
        dates = [date for doc_id, date in self.source.dates().items() if document_filter.matches_id(doc_id)]
        if not dates:
            return "there is no document to search"
        if period and not any(map(period.matches, dates)):
            undated = sum(date is None for date in dates)
            without = f"; {undated:,} of {len(dates):,} have no date" if undated else ""
            return f"no document is dated {period}{without}"
        if phrases:
            return "none of the best passages contains the words in quotation marks"
        return "no passage matches the question"

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
            for hit in self.search(query).hits
        ]


def _direction(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector of a passage, as an index has it: the direction of the mean of its sentences'."""
    mean: NDArray[np.float32] = vectors.mean(axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-12)
    return mean


def _under(heading: str, candidate: Candidate) -> Candidate:
    """Return ``candidate`` as it is under one more ``heading``, that of a financial statement."""
    more = terms(heading, candidate.language)
    return replace(
        candidate,
        title_terms=candidate.title_terms + more,
        heading_terms=candidate.heading_terms + more,
        is_in_statement=True,
    )


def _overlaps_any(span: Span, others: Sequence[Span]) -> bool:
    return any(span.overlaps(other) for other in others)


def _only_in(hit: Hit, spans: Sequence[Span]) -> Hit:
    """Return ``hit`` with those of its sentences alone that stand in ``spans``."""
    return replace(hit, sentences=tuple(each for each in hit.sentences if _overlaps_any(each.span, spans)))
