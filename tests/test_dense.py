from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.dense import DenseIndex
from qa.embedding import SentenceEmbeddings

SEED = np.random.default_rng(1)


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


VECTORS = unit(SEED.normal(size=(50, 16)))
QUERY = unit(SEED.normal(size=16))


@pytest.fixture(params=["built", "saved and loaded"])
def dense(request: pytest.FixtureRequest, tmp_path: Path) -> DenseIndex:
    built = DenseIndex.build(VECTORS)
    if request.param == "built":
        return built
    built.save(tmp_path)
    return DenseIndex.load(tmp_path)


def test_the_nearest_come_first_and_none_is_missed(dense: DenseIndex):
    assert dense.search(QUERY, 10) == np.argsort(-(VECTORS @ QUERY))[:10].tolist()


def test_no_more_are_found_than_there_are(dense: DenseIndex):
    assert sorted(dense.search(QUERY, 1_000)) == list(range(50))
    assert dense.size == 50


def test_cosines_are_those_of_the_passages_asked_for(dense: DenseIndex):
    assert np.allclose(dense.cosines(QUERY, [7, 3]), VECTORS[[7, 3]] @ QUERY, atol=1e-6)
    assert dense.cosines(QUERY, []) == []


def test_the_model_gives_unit_vectors_in_the_order_of_the_texts(encoder: SentenceEmbeddings):
    texts = [
        "Gas turbines.",
        "A much longer sentence about railways in Central Asia. " * 5,
        "",
        "👩‍👩‍👧 中文",
    ]
    vectors = encoder.encode(texts)
    assert vectors.shape == (4, encoder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    for text, vector in zip(texts, vectors, strict=True):
        assert float(encoder.encode([text])[0] @ vector) > 0.995


def test_the_model_puts_what_means_the_same_near(encoder: SentenceEmbeddings):
    train, same, other = encoder.encode(
        ["Electric locomotives pollute little.", "Trains with low emissions.", "The cat sat on the mat."]
    )
    assert train @ same > train @ other + 0.2


def test_questions_and_documents_are_embedded_alike_through_langchain(encoder: SentenceEmbeddings):
    assert np.allclose(encoder.embed_query("rail"), encoder.embed_documents(["rail"])[0], atol=1e-3)
