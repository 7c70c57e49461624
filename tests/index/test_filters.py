"""A question may be asked of some of the documents only."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa import storage
from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.index.dense import DenseIndex, write_dense
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.nlp.dates import Period
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.retrieval.hybrid import POOL, HybridRetriever
from qa.schema import Hit
from tests.support.fakes import IDENTITY, FakeEncoder, candidates, document

INTERVIEW, CONTRACT = "alstom-boyet-interview.md", "siemens-energy-central-asia.md"

CROWD = [
    document(f"Plant {i} has four gas turbines. Gas turbines were installed in plant {i}.", f"crowd/{i}.txt")
    for i in range(5 * POOL)
]
QUIET = document("The harbour is deep. It has a lighthouse.", "quiet.txt")

QUESTIONS = ("How many gas turbines has plant 17?", "lighthouse", "the of", "中文")


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.span.doc_id for hit in hits]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    """One document among many that are nearer to a question on turbines."""
    folder = tmp_path_factory.mktemp("crowd")
    build_index(LocalStore(folder, IDENTITY), [*CROWD, QUIET], FakeEncoder())
    return HybridRetriever(source=Index.open(LocalStore(folder, IDENTITY)), encoder=FakeEncoder())


@pytest.fixture(scope="module")
def real(index: Index, encoder: TextEncoder) -> Pipeline:
    """The two articles and the real embedding model; the quotes are the answer."""
    return Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.0)


def test_one_document_among_many_is_found_however_far_it_is_from_the_question(crowded: HybridRetriever):
    question = "Who installed the gas turbines?"
    assert QUIET.id not in ids(crowded.search(question).hits)
    assert ids(crowded.search(question, DocumentFilter(only=frozenset({QUIET.id}))).hits) == [QUIET.id]


def test_what_is_left_out_makes_room_for_the_rest(crowded: HybridRetriever):
    without = frozenset(each.id for each in CROWD[1:])
    assert set(ids(crowded.search("gas turbines", DocumentFilter(without=without)).hits)) == {
        CROWD[0].id,
        QUIET.id,
    }


def test_a_document_that_is_both_chosen_and_left_out_is_left_out(crowded: HybridRetriever):
    chosen = frozenset({CROWD[0].id, QUIET.id})
    assert ids(
        crowded.search("gas turbines", DocumentFilter(without=frozenset({CROWD[0].id}), only=chosen)).hits
    ) == [QUIET.id]


@pytest.mark.parametrize("only", [frozenset[str](), frozenset({"nowhere.txt"})])
def test_no_document_finds_nothing(crowded: HybridRetriever, only: frozenset[str]):
    assert crowded.search("gas turbines", DocumentFilter(only=only)).hits == ()


@pytest.mark.parametrize("question", QUESTIONS)
def test_choosing_every_document_is_choosing_none(crowded: HybridRetriever, question: str):
    everything = frozenset(crowded.source.documents)
    assert crowded.search(question, DocumentFilter(only=everything)).hits == crowded.search(question).hits


@pytest.mark.parametrize("question", QUESTIONS)
def test_among_all_documents_the_chosen_keep_their_order_and_scores(crowded: HybridRetriever, question: str):
    wide = crowded.model_copy(update={"k": 1_000})
    best = wide.search(question).hits
    chosen = frozenset(ids(best)[::2])
    expected = [(hit.passage, pytest.approx(hit.score, abs=1e-5)) for hit in best[::2]]
    assert [
        (hit.passage, hit.score) for hit in wide.search(question, DocumentFilter(only=chosen)).hits
    ] == expected


FILTERS = [
    DocumentFilter(),
    DocumentFilter(only=frozenset({"old.txt", "new.txt", "undated.txt", "nowhere.txt"})),
    DocumentFilter(without=frozenset({"old.txt", "nowhere.txt"})),
    DocumentFilter(only=frozenset({"old.txt", "new.txt"}), without=frozenset({"old.txt"})),
    DocumentFilter(period=Period.of("2000", None)),
    DocumentFilter(period=Period.of(None, "1999")),
    DocumentFilter(only=frozenset({"old.txt", "undated.txt"}), period=Period.of("2000", None)),
    DocumentFilter(without=frozenset({"new.txt"}), period=Period.of("1900", "2100")),
]


@pytest.mark.parametrize("document_filter", FILTERS)
def test_an_index_finds_exactly_the_documents_that_match(document_filter: DocumentFilter, tmp_path: Path):
    dates = {"old.txt": "1904", "new.txt": "2024-05-06", "other.txt": "2001-02", "undated.txt": None}
    documents = [replace(document("The plant has turbines.", each), date=dates[each]) for each in dates]
    build_index(LocalStore(tmp_path, IDENTITY), documents, FakeEncoder())
    index = Index.open(LocalStore(tmp_path, IDENTITY))
    found = {each.passage.span.doc_id for each in candidates(index, "turbines", 9, document_filter)}
    assert found == {doc_id for doc_id, date in dates.items() if document_filter.matches(doc_id, date)}


@pytest.mark.parametrize("admitted", [[], [7], [0, 8, 49], list(range(50))])
def test_the_nearest_are_those_of_the_passages_let_in(admitted: list[int], tmp_path: Path):
    random = np.random.default_rng(1)
    vectors = random.normal(size=(50, 16)).astype(np.float32)
    query = random.normal(size=16).astype(np.float32)
    mask = np.isin(np.arange(50), admitted)
    nearest = sorted(admitted, key=lambda number: -float(vectors[number] @ query))
    write_dense(tmp_path, len(vectors), lambda: [vectors])
    assert DenseIndex.load(tmp_path).search(query, 10, mask) == nearest[:10]


@pytest.mark.parametrize("doc_id", [INTERVIEW, CONTRACT])
def test_only_the_chosen_document_is_quoted(real: Pipeline, doc_id: str):
    answer = real.invoke(
        Ask("What is said about Uzbekistan?", document_filter=DocumentFilter(only=frozenset({doc_id})))
    )
    assert {quote.span.doc_id for quote in answer.quotes} == {doc_id}


def test_every_part_of_a_question_is_asked_of_the_chosen_document_alone(real: Pipeline):
    question = "Who is Jerome Boyet, and how much is the contract in Uzbekistan worth?"
    answer = real.invoke(Ask(question, document_filter=DocumentFilter(only=frozenset({INTERVIEW}))))
    assert {quote.span.doc_id for quote in answer.quotes} == {INTERVIEW}


def test_asked_of_no_document_there_is_no_answer(real: Pipeline):
    answer = real.invoke(
        Ask("What is said about Uzbekistan?", document_filter=DocumentFilter(only=frozenset()))
    )
    assert (answer.answered, answer.nearest) == (False, ())


def test_one_document_among_many_is_found_with_the_real_model(encoder: TextEncoder, tmp_path: Path):
    crowd = [
        document(f"The contract of plant {i} is worth {i} million euros.", f"{i}.txt") for i in range(99)
    ]
    store = LocalStore(tmp_path, storage.embedding_identity(Config()))
    build_index(store, [*crowd, QUIET], encoder)
    retriever = HybridRetriever(source=Index.open(store), encoder=encoder)
    question = "How much is the contract worth?"
    assert QUIET.id not in ids(retriever.model_copy(update={"k": 80}).search(question).hits)
    assert ids(retriever.search(question, DocumentFilter(only=frozenset({QUIET.id}))).hits) == [QUIET.id]
