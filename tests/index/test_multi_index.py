"""Indexes that are searched as one."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from qa import storage
from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.index.index import Index
from qa.index.multi_index import MultiIndex
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.retrieval.hybrid import CandidateSource, HybridRetriever
from qa.schema import Hit
from tests.index.conftest import Opened
from tests.support.fakes import FakeEncoder, by_id, candidates, document

SHARED = [
    document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md"),
    document("Alstom builds electric locomotives. Rail is the future.", "rail.md"),
    document("The Ministry of Water signed an agreement. Water is scarce.", "water.md"),
    document("Gas prices rose last year. The future is uncertain.", "prices.md"),
]
OWN = [
    document(
        "The lighthouse of the harbour was lit in 1887. Its keeper was Anna Lindqvist.", "uploads/a.txt"
    ),
    document("The lighthouse keeper kept a lighthouse diary.", "uploads/b.txt"),
]
QUESTIONS = (
    "Who kept the lighthouse?",
    "Who installs gas turbines?",
    "What did the ministry sign?",
    "Is rail the future of the lighthouse?",
)


@pytest.fixture
def joined(opened: Opened) -> MultiIndex:
    return MultiIndex([opened(*SHARED), opened(*OWN)])


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.span.doc_id for hit in hits]


def test_it_is_a_source_that_the_retriever_takes(joined: MultiIndex):
    assert isinstance(joined, CandidateSource)


def test_it_has_the_documents_of_all_in_their_order(joined: MultiIndex):
    assert list(joined.documents) == [each.id for each in (*SHARED, *OWN)]
    assert dict(joined.documents) == by_id(*SHARED, *OWN)


@pytest.mark.parametrize("question", QUESTIONS)
def test_two_indexes_rank_like_one_of_all_documents(joined: MultiIndex, opened: Opened, question: str):
    one = HybridRetriever(source=opened(*SHARED, *OWN), encoder=FakeEncoder()).search(question).hits
    two = HybridRetriever(source=joined, encoder=FakeEncoder()).search(question).hits
    assert ids(two)[:3] == ids(one)[:3]
    # Only the mean length of a passage is each index's own.
    assert [hit.score for hit in two] == pytest.approx([hit.score for hit in one], abs=0.25)


@pytest.mark.parametrize("term", ["lighthous", "gas", "the", "unheard"])
def test_rarity_is_that_of_all_passages(joined: MultiIndex, opened: Opened, term: str):
    assert joined.rarity(term) == opened(*SHARED, *OWN).rarity(term)


def test_a_word_that_fills_a_small_index_still_counts_there(joined: MultiIndex, opened: Opened):
    def best(source: CandidateSource) -> float:
        return max(candidate.bm25 for candidate in candidates(source, "lighthouse", 9))

    assert best(joined) > 2 * best(opened(*OWN))


def test_one_index_alone_scores_as_it_does_unjoined(opened: Opened):
    alone = opened(*SHARED)
    for question in QUESTIONS:
        expected = HybridRetriever(source=alone, encoder=FakeEncoder()).search(question).hits
        hits = HybridRetriever(source=MultiIndex([alone]), encoder=FakeEncoder()).search(question).hits
        assert ids(hits) == ids(expected)
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], abs=1e-4)


def test_words_of_every_index_put_a_question_right(joined: MultiIndex):
    retriever = HybridRetriever(source=joined, encoder=FakeEncoder())
    assert retriever.retrieve("lighthuse turbnes").question == "lighthouse turbines"


@pytest.mark.parametrize("doc_id", ["rail.md", "uploads/b.txt"])
def test_one_document_of_either_index_can_be_asked(joined: MultiIndex, doc_id: str):
    retriever = HybridRetriever(source=joined, encoder=FakeEncoder())
    assert ids(
        retriever.search("Who kept the lighthouse?", DocumentFilter(only=frozenset({doc_id}))).hits
    ) == [doc_id]
    assert doc_id not in ids(
        retriever.search("lighthouse rail", DocumentFilter(without=frozenset({doc_id}))).hits
    )


def test_the_question_is_embedded_once(opened: Opened):
    encoder = FakeEncoder()
    joined = MultiIndex([opened(*SHARED), opened(*OWN)])
    HybridRetriever(source=joined, encoder=encoder).search("gas")
    assert encoder.encoded == ["gas"]


def test_indexes_that_share_an_id_are_not_joined(opened: Opened):
    with pytest.raises(ValueError, match="same id"):
        MultiIndex([opened(*SHARED), opened(SHARED[0])])


def test_a_question_with_the_real_model_is_answered_from_the_index_that_knows(
    index: Index, encoder: TextEncoder, tmp_path: Path
):
    build_index(LocalStore(tmp_path, storage.embedding_identity(Config())), OWN, encoder)
    own = Index.open(LocalStore(tmp_path, storage.embedding_identity(Config())))
    joined = MultiIndex([index, own])
    pipeline = Pipeline(HybridRetriever(source=joined, encoder=encoder), joined.documents, None, 0.0)
    for question, doc_id in [
        ("In which year was the lighthouse of the harbour lit?", "uploads/a.txt"),
        ("How much is the gas turbine contract in Uzbekistan worth?", "siemens-energy-central-asia.md"),
    ]:
        assert pipeline.invoke(Ask(question)).quotes[0].span.doc_id == doc_id
