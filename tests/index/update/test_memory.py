"""A build holds a part of its texts, sentences and vectors in memory, however many there are."""

import gc
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.bench.null_encoder import NullEncoder
from qa.index import document_store, prepare, segment_writer
from qa.index.stores.local import LocalStore
from qa.index.update import embed, grow
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.schema import Document
from tests.support.fakes import IDENTITY, FakeEncoder

FILES = 40


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(FILES):
        sentences = (f"Plant {n} has {n * k} turbines and boiler {k % 7}." for k in range(40))
        (folder / f"{n:02}.txt").write_text(" ".join(sentences))
    return folder


def files_of(corpus: Path, folder: Path) -> Mapping[str, str]:
    """Build an index, and return the digest of every file in its one segment."""
    store = LocalStore(folder, IDENTITY)
    update_index(store, survey([corpus]), FakeEncoder())
    (segment,) = store.describe().segments
    return segment.manifest.files


def test_an_index_that_is_built_piece_by_piece_is_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = files_of(corpus, tmp_path / "whole")
    monkeypatch.setattr(document_store, "CACHE_CHARACTERS", 3_000)
    monkeypatch.setattr(embed, "WINDOW", 100)
    monkeypatch.setattr(prepare, "BLOCK", 7)
    monkeypatch.setattr(segment_writer, "_ROWS", 11)
    monkeypatch.setattr(grow, "FIRST_CHARACTERS", 2_000)
    assert files_of(corpus, tmp_path / "pieces") == whole


def test_texts_that_have_been_read_wait_on_the_disk(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(document_store, "CACHE_CHARACTERS", 3_000)
    counted: list[int] = []

    class Counting(NullEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            alive = {each.id for each in gc.get_objects() if type(each) is Document}
            counted.append(len(alive & {path.name for path in corpus.iterdir()}))
            return super().encode(texts)

    update_index(LocalStore(tmp_path / "index", IDENTITY), survey([corpus]), Counting())
    assert counted
    assert max(counted) < FILES / 4
