"""Find the kept questions that new passages can matter to, without the language model.

First every sentence of the new documents is compared with every question at once: a product of matrices for
meaning, another for words. It gives the most that the ranking could give the sentence. Only where that
reaches the weakest evidence of a question is the question searched again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import Encoder
from qa.embedding.question_cache import QuestionCache
from qa.index.index import Index
from qa.nlp.question_words import punctuate
from qa.nlp.terms import terms
from qa.query.document_filter import ALL_DOCUMENTS, DocumentFilter
from qa.query.types import wants_list, wants_order
from qa.retrieval.evidence import MARGIN, MAX_LIST_QUOTES, MAX_QUOTES, select_quotes
from qa.retrieval.features import QuestionTerms
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Document, Evidence, Hit, Rarity
from qa.tracking.values import KeptEvidence
from qa.weights import Weights

SLACK = 0.5
"""Added to what a sentence can score: words become rarer or more frequent as an index changes, and scores
with them. A tenth of ``MARGIN``, within which sentences are quoted at all."""

_Matrix = NDArray[np.float32]


def keep_evidence(
    question: str, retriever: HybridRetriever, document_filter: DocumentFilter = ALL_DOCUMENTS
) -> KeptEvidence:
    """Return what ``retriever`` finds for ``question``, a part of one as it was searched, in the documents
    that match.
    """
    encoder = QuestionCache(retriever.encoder)  # the search embeds the question, too
    retriever = retriever.model_copy(update={"encoder": encoder})
    evidence, hits = _find(question, retriever, document_filter)
    return KeptEvidence(
        question,
        evidence.asked_in,
        frozenset(each.span.doc_id for each in evidence.quotes),
        _floor(evidence, hits),
        encoder.encode_question(punctuate(question)),
    )


def questions_to_ask(
    kept: Mapping[str, Sequence[KeptEvidence]],
    new: Collection[str],
    gone: Collection[str],
    index: Index,
    weights: Weights,
    find: Callable[[str, KeptEvidence], Evidence],
) -> set[str]:
    """Return the ids of the ``kept`` questions whose answers can have changed: a document of their evidence
    is ``new`` or ``gone``, or a passage of a ``new`` one would be among it. A document that changed is both.

    The ``new`` documents are in ``index``, ranked by ``weights``. ``find`` returns the evidence for a part of
    the question of an id as it is now.
    """
    changed = {*new, *gone}
    hit = {id_ for id_, parts in kept.items() if any(part.documents & changed for part in parts)}
    rest = [(id_, part) for id_, parts in kept.items() if id_ not in hit for part in parts]
    near = _reached([part for _, part in rest], new, index, weights)
    for (id_, part), reached in zip(rest, near, strict=True):
        if reached and id_ not in hit:
            hit |= {id_ for quote in find(id_, part).quotes if quote.span.doc_id in changed}
    return hit


def find_evidence(
    part: KeptEvidence, retriever: HybridRetriever, document_filter: DocumentFilter = ALL_DOCUMENTS
) -> Evidence:
    """Return what ``retriever`` finds now for a part of a question in the documents that match."""
    encoder = _KnownQuestion(retriever.encoder, part.vector)
    return _find(part.question, retriever.model_copy(update={"encoder": encoder}), document_filter)[0]


@dataclass(frozen=True, slots=True)
class _KnownQuestion:
    """An embedding model for one question that was embedded before: most of a search is embedding it."""

    encoder: Encoder
    vector: NDArray[np.float32]

    @property
    def dimensions(self) -> int:
        return self.encoder.dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encoder.encode(texts)

    def encode_question(self, question: str) -> NDArray[np.float32]:
        return self.vector


def _find(
    question: str, retriever: HybridRetriever, document_filter: DocumentFilter
) -> tuple[Evidence, Sequence[Hit]]:
    found = retriever.search(question, document_filter)
    return select_quotes(found.question, found.hits, retriever.source.documents, found.language), found.hits


def _floor(evidence: Evidence, hits: Sequence[Hit]) -> float:
    """Return the least score with which another sentence would be among ``evidence``."""
    if not evidence.quotes or wants_order(evidence.question):
        return -np.inf
    scored = [sentence for hit in hits for sentence in hit.sentences]
    chosen = [
        sentence.score
        for sentence in scored
        for quote in evidence.quotes
        if quote.span.doc_id == sentence.span.doc_id
        and quote.span.start <= sentence.span.start < quote.span.end
    ]
    limit = MAX_LIST_QUOTES if wants_list(evidence.question) else MAX_QUOTES
    if len(evidence.quotes) < limit:
        return min(*chosen, max(chosen) - MARGIN) if chosen else -np.inf
    return min(chosen)


def _reached(
    parts: Sequence[KeptEvidence], new: Iterable[str], index: Index, weights: Weights
) -> NDArray[np.bool_]:
    """Return for each of ``parts`` whether a sentence of the documents ``new`` could be among its
    evidence.
    """
    reached = np.zeros(len(parts), dtype=bool)
    if not parts:
        return reached
    vectors = np.stack([part.vector for part in parts])
    floors = np.array([part.floor for part in parts], dtype=np.float32) - SLACK
    words: dict[str, _QuestionWords] = {}
    for doc_id in new:
        found = list(index.sentence_vectors([doc_id]))
        if not found:
            continue
        document = index.documents[doc_id]
        asked = words.get(document.language) or _QuestionWords(parts, document.language, index.rarity)
        words[document.language] = asked
        cosines = vectors @ np.stack([vector for _, vector in found]).T
        most = asked.most([text for text, _ in found], document, cosines, weights)
        reached |= most.max(axis=1) >= floors
    return reached


class _QuestionWords:
    """The terms of questions, weighted as the ranking weighs them in texts of one language."""

    def __init__(self, parts: Sequence[KeptEvidence], language: str, rarity: Rarity) -> None:
        self._count = len(parts)
        self._weights: dict[str, list[tuple[int, float]]] = {}
        """For each term, the questions that have it, and the share of their weight."""
        asked = [QuestionTerms(part.question, rarity, part.language, language) for part in parts]
        for row, each in enumerate(asked):
            total = sum(each.weights.values()) or 1.0
            for term, weight in each.weights.items():
                self._weights.setdefault(term, []).append((row, weight / total))
        self._foreign = np.array([each.is_foreign for each in asked])
        self._seeks = np.array([[float(each.seeks)] for each in asked], dtype=np.float32)

    def most(self, texts: Sequence[str], document: Document, cosines: _Matrix, weights: Weights) -> _Matrix:
        """Return the most that the ranking can give each of the sentences ``texts`` of ``document``, a column
        each, for each question, whose ``cosines`` to them are given.
        """
        sentences = [set(terms(text, document.language)) for text in texts]
        heads = (document.title, *(each.text for each in document.headings))
        headed = set().union(*(terms(each, document.language) for each in heads))
        known = sorted(self._weights.keys() & headed.union(*sentences))
        shares = self._matrix(known)
        present = np.array([[term in each for each in sentences] for term in known], dtype=np.float32)
        present = present.reshape(len(known), len(sentences))
        title = np.array([[term in headed] for term in known], dtype=np.float32).reshape(len(known), 1)

        cosines = (cosines - weights.background) / (1 - weights.background)  # Weights.similarity of a matrix
        covered = shares @ present
        before = shares @ np.maximum(present, np.roll(present, 1, axis=1)) - covered
        after = shares @ np.maximum(present, np.roll(present, -1, axis=1)) - covered
        titled = shares @ np.maximum(present, title) - covered
        pairs = np.minimum(1.0, 2.0 * covered)  # a term is in two pairs at most
        features = (0.0, covered, cosines, pairs, before, after, titled, self._seeks)
        most = weights.sentence.bias + _weigh(weights.sentence.weights.values(), features)
        if weights.foreign_sentence and self._foreign.any():
            weighed = _weigh(weights.foreign_sentence.weights.values(), (0.0, covered, cosines))
            most = np.where(self._foreign[:, None], weights.foreign_sentence.bias + weighed, most)
        return most

    def _matrix(self, known: Sequence[str]) -> _Matrix:
        """Return the weights of the terms ``known``, a column each, for each question."""
        weights = np.zeros((self._count, len(known)), dtype=np.float32)
        for column, term in enumerate(known):
            for row, weight in self._weights[term]:
                weights[row, column] = weight
        return weights


def _weigh(weights: Iterable[float], features: Iterable[float | _Matrix]) -> _Matrix:
    """Return the weighted sum of ``features`` in the order of the ranking's. A passage trails the best one by
    at least nothing, so that feature is 0.
    """
    terms = (np.float32(weight) * feature for weight, feature in zip(weights, features, strict=True))
    return np.asarray(sum(terms, start=np.float32(0.0)), dtype=np.float32)
