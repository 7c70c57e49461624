"""An index that is searched while it is made, and is in the end what it would have been at once."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.cli.status import status
from qa.concurrency import StopToken
from qa.errors import StoppedError, UserError
from qa.export.json import answer_record, search_record
from qa.index.follower import IndexFollower
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update import grow
from qa.index.update.copy import copy_index
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Ask, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer, Coverage
from tests.support.fakes import IDENTITY, FakeEncoder

FILES = 24
LAST = "The lighthouse of Aden was lit in 1867."
"""In the newest file."""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grow, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(grow, "FIRST_CHARACTERS", 100)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(FILES):
        (folder / f"{n:02}.txt").write_text(f"Harbour {n} has {n * 7} berths. Its master is number {n}.")
        os.utime(folder / f"{n:02}.txt", (n, n))
    (folder / "aden.txt").write_text(LAST)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "index", IDENTITY)


def ask(store: LocalStore, question: str) -> Answer:
    index = Index.open(store)
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    return Pipeline(retriever, index.documents, None, 0.0).invoke(Ask(question))


class Watching(FakeEncoder):
    """Calls ``watch`` before every batch is embedded."""

    def __init__(self, watch: Callable[[], object]) -> None:
        super().__init__()
        self.watch = watch

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.watch()
        return super().encode(texts)


def test_a_question_is_answered_with_its_quote_before_anything_is_embedded(corpus: Path, store: LocalStore):
    answers: list[Answer] = []
    update_index(store, survey([corpus]), Watching(lambda: answers.append(ask(store, "When was Aden lit?"))))
    first, last = answers[0], answers[-1]
    assert [quote.text for quote in first.quotes] == [LAST]
    assert first.coverage == Coverage(FILES + 1, FILES + 1, FILES + 1, 0)
    assert "searched 25 of 25 files; 0% also by meaning" in first.note
    assert answer_record(first)["coverage"] == {"files": 25, "searched": 25, "by_meaning": 0.0}
    assert last.coverage
    assert 0 < last.coverage.by_meaning < FILES + 1
    finished = ask(store, "When was Aden lit?")
    assert (finished.coverage, finished.note) == (None, "")
    assert "coverage" not in answer_record(finished)


def test_files_can_be_asked_about_while_others_are_read(corpus: Path, store: LocalStore):
    seen: list[Coverage] = []

    def listen(done: int, of: int) -> None:
        if done:
            seen.append(Index.open(store).coverage)

    update_index(store, survey([corpus]), FakeEncoder(), on_file=listen)
    assert [each.searched for each in seen] == list(range(1, FILES + 2))
    assert {each.files for each in seen} == {FILES + 1}


def test_the_newest_files_are_read_and_embedded_first(corpus: Path, store: LocalStore):
    encoder = FakeEncoder()
    update_index(store, survey([corpus]), encoder)
    assert LAST in encoder.encoded[:6]  # a step is embedded by length
    numbers = [int(text.split()[1]) for text in encoder.encoded if text.startswith("Harbour")]
    assert min(numbers[:3]) > max(numbers[-3:])


def test_a_refusal_over_a_part_says_so(corpus: Path, store: LocalStore):
    refused: list[Answer] = []

    def refuse() -> None:
        index = Index.open(store)
        retriever = HybridRetriever(source=index, encoder=FakeEncoder())
        refused.append(Pipeline(retriever, index.documents, None, 1.0).invoke(Ask("Who painted Guernica?")))

    update_index(store, survey([corpus]), Watching(refuse))
    assert not refused[0].answered
    assert refused[0].reason.endswith("in the part that has been searched so far")
    assert refused[0].coverage
    refuse()
    assert "so far" not in refused[-1].reason


def test_search_and_status_tell_how_much_is_searched(corpus: Path, store: LocalStore):
    told: list[tuple[object, object]] = []

    def look() -> None:
        index = Index.open(store)
        found = HybridRetriever(source=index, encoder=FakeEncoder()).search("Harbour 3")
        told.append((search_record(found, index.documents)["coverage"], status(store)["coverage"]))

    update_index(store, survey([corpus]), Watching(look))
    for searched, stated in told:
        assert searched == stated
    assert told[0][0] == {"files": 25, "searched": 25, "by_meaning": 0.0}
    assert status(store)["coverage"] == {"files": 25, "searched": 25, "by_meaning": 1.0}
    assert status(store)["duplicates"] == []


def content(store: LocalStore) -> dict[str, bytes]:
    """Every file of the segments, which the manifests name."""
    return {
        path.relative_to(store.home).as_posix(): path.read_bytes()
        for path in store.home.glob("build-*/**/*")
        if path.is_file()
    }


def test_the_end_is_what_one_step_makes(corpus: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch):
    update_index(store, survey([corpus]), FakeEncoder())
    at_once = LocalStore(store.home.with_name("at once"), IDENTITY)
    monkeypatch.setattr(grow, "FIRST_SECONDS", 1e9)
    monkeypatch.setattr(grow, "FIRST_CHARACTERS", 10**9)
    update_index(at_once, survey([corpus]), FakeEncoder())
    assert content(store) == content(at_once)
    assert store.snapshot().segments == at_once.snapshot().segments


def stop_after(batches: int, stop: StopToken) -> FakeEncoder:
    left = [batches]

    def count() -> None:
        left[0] -= 1
        if not left[0]:
            stop.stop()

    return Watching(count)


@pytest.mark.parametrize("batches", [1, 3, 5])
def test_an_interrupted_run_goes_on_where_it_stopped(corpus: Path, store: LocalStore, batches: int):
    stop = StopToken()
    first, second = stop_after(batches, stop), FakeEncoder()
    with pytest.raises(StoppedError):
        update_index(store, survey([corpus]), first, stop=stop)
    assert not Index.open(store).coverage.complete
    read: list[int] = []
    update_index(store, survey([corpus]), second, on_file=lambda done, of: read.append(of))
    assert set(read) == {0}
    assert len(first.encoded) + len(second.encoded) == 2 * FILES + 1
    index, at_once = Index.open(store), LocalStore(store.home.with_name("at once"), IDENTITY)
    update_index(at_once, survey([corpus]), FakeEncoder())
    assert index.coverage.complete
    assert len(index.snapshot.segments) <= FILES.bit_length()
    vectors = dict(Index.open(at_once).sentence_vectors())
    assert {text: vector.tolist() for text, vector in index.sentence_vectors()} == {
        text: vector.tolist() for text, vector in vectors.items()
    }


def test_files_that_change_on_the_way_are_as_they_were_until_they_are_read(corpus: Path, store: LocalStore):
    stop = StopToken()
    with pytest.raises(StoppedError):
        update_index(store, survey([corpus]), stop_after(2, stop), stop=stop)
    (corpus / "03.txt").write_text("Harbour 3 was closed in 1999. " * 9)
    (corpus / "04.txt").unlink()
    (corpus / "new.txt").write_text("Dredgers work at night. " * 9)
    follower = IndexFollower(store)

    def look(done: int, of: int) -> None:
        follower.refresh()
        assert follower.index
        assert follower.index.faults() == []
        assert {"03.txt", "aden.txt"} <= follower.index.documents.keys()

    update_index(store, survey([corpus]), FakeEncoder(), on_file=look)
    index = Index.open(store)
    assert {doc_id: each.text for doc_id, each in index.documents.items()} == {
        path.name: path.read_text().strip() for path in corpus.iterdir()
    }
    assert index.coverage.complete


def test_an_unfinished_index_is_not_copied(corpus: Path, store: LocalStore, tmp_path: Path):
    stop = StopToken()
    with pytest.raises(StoppedError):
        update_index(store, survey([corpus]), stop_after(1, stop), stop=stop)
    with pytest.raises(UserError, match="not finished"):
        copy_index(store, LocalStore(tmp_path / "copy", IDENTITY))


def test_there_are_few_segments_on_the_way(tmp_path: Path, store: LocalStore):
    corpus = tmp_path / "many"
    corpus.mkdir()
    for n in range(300):
        (corpus / f"{n}.txt").write_text(f"Harbour {n} has {n * 7} berths. Its master is number {n}.")
    most: list[int] = []
    grow.FIRST_SECONDS = 1e9  # all are read first
    update_index(store, survey([corpus]), Watching(lambda: most.append(len(store.snapshot().segments))))
    assert 3 < max(most) <= 14
