"""The vectors of a segment are finished before it is written, and each sentence is embedded once."""

from pathlib import Path

import numpy as np
import pytest

from qa.errors import IndexDamagedError
from qa.index.prepare import by_id, cut_documents
from qa.index.update.checkpoint import EmbeddingCheckpoint
from qa.index.update.embed import STEP, Embedder
from qa.index.update.workers.local import InProcessPool
from tests.support.fakes import IDENTITY, FakeEncoder, document

ONE, TWO, THREE = "One harbour is wide.", "Two cranes stand in it.", "Three ships are there."
MANY = [f"Harbour {n} has {n} berths." for n in range(3 * STEP)]


def embedder(encoder: FakeEncoder, checkpoint: EmbeddingCheckpoint | None = None) -> Embedder:
    return Embedder(InProcessPool(encoder), encoder.dimensions, checkpoint)


def test_every_sentence_has_its_vector_in_the_order_of_the_sentences():
    encoder = FakeEncoder()
    vectors = embedder(encoder).embed([*MANY, TWO, MANY[7]], {})[:]
    assert np.allclose(vectors, FakeEncoder().encode([*MANY, TWO, MANY[7]]), atol=1e-3)
    assert sorted(encoder.encoded) == sorted([*MANY, TWO])


def test_what_is_known_is_not_embedded():
    encoder, known = FakeEncoder(), np.ones(FakeEncoder.dimensions, dtype=np.float32)
    vectors = embedder(encoder).embed([ONE, TWO, ONE, THREE], {ONE: known, "Other.": known})[:]
    assert encoder.encoded == sorted([TWO, THREE], key=len)
    assert (vectors[[0, 2]] == known).all()
    assert np.allclose(vectors[[1, 3]], FakeEncoder().encode([TWO, THREE]), atol=1e-3)


def test_what_is_in_the_checkpoint_is_not_embedded(tmp_path: Path):
    first, second = FakeEncoder(), FakeEncoder()
    embedder(first, EmbeddingCheckpoint(tmp_path, IDENTITY, first.dimensions)).embed([ONE, TWO], {})
    left = EmbeddingCheckpoint(tmp_path, IDENTITY, first.dimensions)
    vectors = embedder(second, left).embed([THREE, TWO, ONE], {})[:]
    assert second.encoded == [THREE]
    assert np.allclose(vectors, FakeEncoder().encode([THREE, TWO, ONE]), atol=1e-3)


def test_progress_counts_new_sentences_once():
    told: list[tuple[int, int]] = []
    encoder = FakeEncoder()
    Embedder(InProcessPool(encoder), encoder.dimensions, on_sentence=lambda *each: told.append(each)).embed(
        [*MANY, *MANY], {}
    )
    assert told == [(done, len(MANY)) for done in range(0, len(MANY) + 1, STEP)]


def test_a_prepared_segment_has_all_that_is_written_of_it():
    documents = [document(f"{ONE} {TWO}", "a.txt"), document(THREE, "b.txt")]
    prepared = embedder(FakeEncoder()).prepare(by_id(documents), {})
    assert list(prepared.documents) == ["a.txt", "b.txt"]
    assert [span.cut(prepared.documents) for each in prepared.passages for span in each.sentences] == [
        *(ONE, TWO, THREE),
    ]
    assert prepared.passages.first_rows.tolist() == [0, 2, 3]
    assert prepared.vectors.shape == (3, FakeEncoder.dimensions)
    mean = prepared.vectors[:2].mean(axis=0)
    (passages,) = prepared.passage_vectors()
    assert np.allclose(passages[0], mean / np.linalg.norm(mean))
    assert [len(terms) for terms in prepared.passage_terms()] == [9, 4]


def test_a_sentence_without_a_vector_is_said_to_be_damage():
    documents = [document(f"{ONE} {TWO}", "a.txt")]
    (one, two) = FakeEncoder().encode([ONE, TWO])
    prepared = cut_documents(by_id(documents)).with_known_vectors({ONE: one, TWO: two})
    assert np.allclose(prepared.vectors[:2], np.stack([one, two]), atol=1e-3)
    assert list(cut_documents(by_id(documents)).sentences) == [ONE, TWO]
    with pytest.raises(IndexDamagedError, match="attest index"):
        cut_documents(by_id(documents)).with_known_vectors({ONE: one})
