"""A folder that changes: what is indexed follows it, and nothing is read or embedded twice."""

import hashlib
import json
import os
import shutil
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.bench.null_encoder import NullEncoder
from qa.cli.status import StatusRecord, status
from qa.concurrency import StopToken
from qa.errors import IndexDamagedError, IndexMissingError, StoppedError, UserError
from qa.export.markdown import answer_markdown
from qa.export.text import plain_text
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.embed import STEP
from qa.index.update.merge import RATIO
from qa.index.update.update import UpdateResult, update_index
from qa.ingest import base, discovery
from qa.ingest.discovery import survey
from qa.pipeline import Ask, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import LiveRuntime, StaticRuntime
from qa.schema import CHANGED
from qa.web.ui.answer_html import answer_html
from qa.web.ui.quotes_html import quotes_html
from tests.support.fakes import IDENTITY, FakeEncoder, candidates

TEXTS = {
    "turbines.txt": "Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.",
    "rail.txt": "Alstom builds electric locomotives. Boyet leads it in Central Asia.",
    "water.md": "# Water\n\nThe ministry signed an agreement. Water is scarce.",
}
NEW = "Wind turns the turbines of Baku."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    return folder


class Indexer:
    """Indexes a folder into ``index``; ``embedded`` has the texts of the last time."""

    def __init__(self, index: Path) -> None:
        self.index = index
        self.store = LocalStore(index, IDENTITY)
        self.embedded: list[str] = []

    def __call__(self, corpus: Path, **patterns: Sequence[str]) -> UpdateResult:
        encoder = FakeEncoder()
        try:
            return update_index(self.store, survey([corpus], **patterns), encoder)
        finally:
            self.embedded = sorted(encoder.encoded)

    def open(self) -> Index:
        return Index.open(self.store)

    def status(self) -> StatusRecord:
        return status(self.store)

    def texts(self) -> dict[str, str]:
        return {doc_id: each.text for doc_id, each in self.open().documents.items()}


@pytest.fixture
def index(tmp_path: Path) -> Indexer:
    return Indexer(tmp_path / "index")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the files whose text was read."""
    found: list[str] = []
    really = discovery.read

    def read(file: base.File, ocr: str) -> object:
        found.append(file.id)
        return really(file, ocr)

    monkeypatch.setattr(discovery, "read", read)
    return found


def test_a_folder_is_indexed(corpus: Path, index: Indexer):
    brought = index(corpus)
    assert (brought.added, brought.removed, brought.failures) == (3, 0, ())
    assert (brought.stats.documents, brought.stats.passages, brought.stats.sentences) == (3, 3, 7)
    assert index.texts() == TEXTS


def test_only_what_is_new_or_changed_is_read_and_embedded(corpus: Path, index: Indexer, reads: list[str]):
    index(corpus)
    reads.clear()
    (corpus / "wind.txt").write_text(NEW)
    (corpus / "rail.txt").write_text("Alstom builds electric locomotives. Rail is the future.")
    brought = index(corpus)
    assert sorted(reads) == ["rail.txt", "wind.txt"]  # several are read at a time
    assert index.embedded == ["Rail is the future.", NEW]
    assert (brought.added, brought.removed) == (2, 1)
    assert index.texts() == TEXTS | {
        "wind.txt": NEW,
        "rail.txt": "Alstom builds electric locomotives. Rail is the future.",
    }


def test_a_file_that_was_only_touched_is_not_read(corpus: Path, index: Indexer, reads: list[str]):
    index(corpus)
    reads.clear()
    os.utime(corpus / "rail.txt", (0, 0))
    assert index(corpus).added == 0
    assert reads == index.embedded == []


def test_what_is_gone_leaves(corpus: Path, index: Indexer):
    index(corpus)
    (corpus / "rail.txt").unlink()
    assert index(corpus).removed == 1
    opened = index.open()
    assert set(opened.documents) == {"turbines.txt", "water.md"}
    found = {each.passage.span.doc_id for each in candidates(opened, "Who builds locomotives?", 10)}
    assert found == {"turbines.txt", "water.md"}
    assert opened.faults() == []


def test_a_renamed_file_is_not_embedded_again(corpus: Path, index: Indexer):
    index(corpus)
    (corpus / "sub").mkdir()
    (corpus / "rail.txt").rename(corpus / "sub" / "trains.txt")
    index(corpus)
    assert index.embedded == []
    assert index.texts() == {
        "turbines.txt": TEXTS["turbines.txt"],
        "water.md": TEXTS["water.md"],
        "sub/trains.txt": TEXTS["rail.txt"],
    }


def test_duplicates_are_indexed_once_and_known_under_all_their_names(corpus: Path, index: Indexer):
    index(corpus)
    shutil.copy(corpus / "rail.txt", corpus / "a copy.txt")
    assert index(corpus).added == 0
    assert set(index.texts()) == set(TEXTS)
    assert index.status()["duplicates"] == [{"path": "a copy.txt", "same_as": "rail.txt"}]
    (corpus / "rail.txt").unlink()
    index(corpus)
    assert index.embedded == []
    assert "a copy.txt" in index.texts()
    assert index.status()["duplicates"] == []


def test_the_same_bytes_under_another_ending_are_another_document(corpus: Path, index: Indexer):
    for name in ("costs.csv", "costs.txt"):
        (corpus / name).write_text("Item,Price\nFuel,5\n")
    index(corpus)
    texts = index.texts()
    assert (texts["costs.csv"], texts["costs.txt"]) == ("Item: Fuel; Price: 5", "Item,Price\nFuel,5")


def test_an_index_among_the_documents_is_not_one_of_them(corpus: Path):
    index = Indexer(corpus / "index")
    index(corpus)
    assert index(corpus).added == 0
    assert index.texts() == TEXTS


def test_a_copy_of_a_file_that_cannot_be_read_is_named(corpus: Path, index: Indexer):
    for name in ("bad.txt", "worse.txt"):
        (corpus / name).write_bytes(b"\x00\x01")
    index(corpus)
    assert index.status()["duplicates"] == [{"path": "worse.txt", "same_as": "bad.txt"}]


def test_a_file_that_cannot_be_read_is_named_until_it_can(corpus: Path, index: Indexer, reads: list[str]):
    (corpus / "bad.txt").write_bytes(b"\x00\x01")
    for _ in range(2):
        assert [failure.path for failure in index(corpus).failures] == ["bad.txt"]
    assert reads.count("bad.txt") == 1
    assert [each["path"] for each in index.status()["failed"]] == ["bad.txt"]
    (corpus / "bad.txt").write_text(NEW)
    assert index(corpus).failures == ()
    assert index.texts()["bad.txt"] == NEW


def test_status_says_what_has_changed_since(corpus: Path, index: Indexer):
    index(corpus)
    assert index.status()["changed"] == []
    os.utime(corpus / "water.md", (0, 0))
    (corpus / "rail.txt").write_text("Other words.")
    (corpus / "turbines.txt").unlink()
    assert index.status()["changed"] == ["rail.txt", "turbines.txt"]


def test_patterns_choose_files(corpus: Path, index: Indexer):
    (corpus / "drafts" / "old").mkdir(parents=True)
    (corpus / "drafts" / "old" / "a.txt").write_text(NEW)
    index(corpus, exclude=["drafts/*"])
    assert set(index.texts()) == set(TEXTS)
    index(corpus, include=["*.md", "drafts/*"])
    assert set(index.texts()) == {"water.md", "drafts/old/a.txt"}
    with pytest.raises(UserError, match="no text to index"):
        index(corpus, include=["*.pdf"])
    assert set(index.texts()) == {"water.md", "drafts/old/a.txt"}


def test_many_small_changes_leave_few_segments(corpus: Path, index: Indexer):
    for n in range(24):
        (corpus / f"{n}.txt").write_text(f"Note {n} is about harbour {n}.")
        index(corpus)
    segments = index.open().snapshot.segments
    assert len(segments) <= (24 + len(TEXTS)).bit_length()
    assert len(list(index.index.glob("build-*"))) == len(segments)
    assert len(index.texts()) == 24 + len(TEXTS)
    assert RATIO == 2


def test_an_updated_index_finds_what_a_new_one_finds(corpus: Path, index: Indexer, tmp_path: Path):
    index(corpus)
    (corpus / "wind.txt").write_text(NEW)
    (corpus / "rail.txt").unlink()
    index(corpus)
    anew = Indexer(tmp_path / "another")
    anew(corpus)
    for question in ("turbines of Baku", "What did the ministry sign?", "Who builds locomotives?"):
        found = [
            {each.passage.span for each in candidates(opened, question, 5)}
            for opened in (index.open(), anew.open())
        ]
        assert found[0] == found[1]


@pytest.mark.parametrize("lost", ["CURRENT", "sources-*", "build-*/spans.npy"])
def test_a_damaged_index_is_made_anew(corpus: Path, index: Indexer, lost: str):
    index(corpus)
    (path,) = index.index.glob(lost)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(IndexDamagedError, match="attest index"):
        index.open()
    assert index(corpus).added == 3
    assert index.texts() == TEXTS


def test_an_open_index_goes_on_answering_while_it_is_updated(corpus: Path, index: Indexer):
    index(corpus)
    before = index.open()
    (corpus / "rail.txt").write_text(NEW)
    index(corpus)
    found = candidates(before, "Who builds locomotives?", 1)
    assert TEXTS["rail.txt"] in {each.passage.span.cut(before.documents) for each in found}


def many(tmp_path: Path) -> Path:
    """A folder with more sentences than are embedded at a time."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for n in range(100):
        (corpus / f"{n}.txt").write_text(f"Sentence {n} is about harbours.")
    return corpus


def test_indexing_stops_when_it_is_asked_to_and_goes_on_where_it_stopped(tmp_path: Path):
    corpus, store = many(tmp_path), LocalStore(tmp_path / "index", IDENTITY)
    stop, first, second = StopToken(), FakeEncoder(), FakeEncoder()

    def listen(done: int, of: int) -> None:
        if done:
            stop.stop()

    with pytest.raises(StoppedError):
        update_index(store, survey([corpus]), first, on_sentence=listen, stop=stop)
    assert len(first.encoded) == STEP
    with pytest.raises(IndexMissingError):
        store.snapshot()
    update_index(store, survey([corpus]), second)
    assert sorted(first.encoded + second.encoded) == sorted(p.read_text() for p in corpus.iterdir())


def test_reading_stops_when_it_is_asked_to(corpus: Path, index: Indexer):
    stop, told = StopToken(), []

    def listen(done: int, of: int) -> None:
        told.append(done)
        if done:
            stop.stop()

    encoder = FakeEncoder()
    with pytest.raises(StoppedError):
        update_index(index.store, survey([corpus]), encoder, on_file=listen, stop=stop)
    assert told == [0, 1]
    assert encoder.encoded == []


def test_a_file_of_a_segment_that_stays_is_read_once_for_its_digest(
    corpus: Path, index: Indexer, monkeypatch: pytest.MonkeyPatch
):
    """Segments are verified at the start; what the index holds is counted by their manifests."""
    for n in range(24):
        (corpus / f"{n}.txt").write_text(f"Note {n} is about harbour {n}. It is wide.")
    index(corpus)
    (before,) = index.store.snapshot().segments
    digested: Counter[Path] = Counter()
    really = hashlib.file_digest

    def digest(file: BinaryIO, name: str) -> object:
        digested[Path(file.name)] += 1
        return really(file, name)

    monkeypatch.setattr(hashlib, "file_digest", digest)
    (corpus / "wind.txt").write_text(NEW)
    (corpus / "3.txt").unlink()
    brought = index(corpus)
    unchanged, new = index.store.snapshot().segments
    assert (unchanged.name, unchanged.removed, new.removed) == (before.name, ("3.txt",), ())
    files = [path for path in (index.index / unchanged.name).rglob("*") if path.is_file()]
    assert {path: digested[path] for path in files} == dict.fromkeys(files, 1)
    assert brought.stats == index.open().stats
    assert (brought.stats.documents, brought.stats.passages, brought.stats.sentences) == (27, 27, 54)


def test_fields_on_the_disk_keep_their_names(corpus: Path, index: Indexer):
    """An index that was made before opens as long as the format has the same number."""
    index(corpus)
    snapshot = json.loads((index.index / "CURRENT").read_text().partition("\n")[2])
    assert list(snapshot) == ["format", "builds", "written", "by", "ocr", "root", "sources", "changes"]
    assert snapshot["format"] == 6
    (segment,) = snapshot["builds"]
    assert list(segment) == ["name", "manifest", "removed"]
    assert segment["name"].startswith("build-")
    assert sorted(path.name for path in (index.index / segment["name"]).iterdir()) == [
        *("dense.faiss", "documents.jsonl", "lexical", "manifest.json", "spans.npy", "vectors.npy"),
        "words.json",
    ]
    (sources,) = index.index.glob("sources-*.json")
    assert list(json.loads(sources.read_text())[0]) == [
        *("path", "sha256", "size", "changed_ns", "documents", "failures"),
    ]


def test_what_the_current_snapshot_names_is_never_half_written(
    corpus: Path, index: Indexer, monkeypatch: pytest.MonkeyPatch
):
    """Steps of an update may have the same list of files."""
    index(corpus)
    before = index.store.describe()
    write = Path.write_bytes

    def fail(path: Path, data: bytes) -> int:
        write(path, data[: len(data) // 2])
        raise OSError("the power went")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="the power went"):
        index.store.commit(replace(before.snapshot, by="another"), before.sources)
    assert index.texts().keys() == TEXTS.keys()


def test_a_merge_holds_no_more_vectors_in_memory_the_more_there_are(tmp_path: Path):
    corpus, store = tmp_path / "corpus", LocalStore(tmp_path / "index", IDENTITY)
    corpus.mkdir()
    weighed: list[int] = []

    class Weighing(NullEncoder):
        """Weighs the arrays of NumPy while it embeds the first sentences."""

        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if not weighed:
                arrays = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
                traces = tracemalloc.take_snapshot().filter_traces([arrays]).traces
                weighed.append(sum(each.size for each in traces))
            return super().encode(texts)

    for name, encoder in (("a", NullEncoder()), ("b", Weighing())):
        (corpus / f"{name}.txt").write_text("\n".join(f"Plant {name}{n} has turbines." for n in range(1_000)))
        if isinstance(encoder, Weighing):
            tracemalloc.start()
        update_index(store, survey([corpus]), encoder)
    tracemalloc.stop()
    assert len(store.snapshot().segments) == 1
    assert weighed[0] < 1_000 * NullEncoder.dimensions * 4 / 4  # a quarter of the vectors that are merged


class StoppingEncoder(FakeEncoder):
    """Is stopped by its user before the second step."""

    def encode(self, texts: Sequence[str]) -> NDArray:
        if self.encoded:
            raise KeyboardInterrupt
        return super().encode(texts)


def test_indexing_that_was_interrupted_goes_on_where_it_stopped(tmp_path: Path):
    corpus, folder = many(tmp_path), tmp_path / "index"
    first, second = StoppingEncoder(), FakeEncoder()
    with pytest.raises(KeyboardInterrupt):
        update_index(LocalStore(folder, IDENTITY), survey([corpus]), first)
    (left,) = folder.glob(".unfinished-*")
    left.write_bytes(left.read_bytes()[:-1])  # its last record was not written to the end
    update_index(LocalStore(folder, IDENTITY), survey([corpus]), second)
    assert 0 < len(second.encoded) == 100 - len(first.encoded) + 1
    assert len(Index.open(LocalStore(folder, IDENTITY)).documents) == 100


def test_a_second_writer_is_told_who_the_first_is(corpus: Path, index: Indexer):
    class Meddling(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray:
            with pytest.raises(UserError, match=f"process {os.getpid()} on .*, since "):
                index(corpus)
            return super().encode(texts)

    update_index(index.store, survey([corpus]), Meddling())
    assert not (index.index / ".writer").exists()


def test_what_an_index_says_of_itself_is_checked(corpus: Path, index: Indexer):
    index(corpus)
    current = index.index / "CURRENT"
    digest, _, said = current.read_text().partition("\n")
    state = json.loads(said)
    state["builds"][0]["removed"] = ["rail.txt"]
    current.write_text(f"{digest}\n{json.dumps(state)}")
    with pytest.raises(IndexDamagedError, match=r"CURRENT.*attest index"):
        index.open()


def test_a_quote_says_that_its_file_has_changed(corpus: Path, index: Indexer):
    index(corpus)
    opened = index.open()
    pipeline = Pipeline(
        HybridRetriever(source=opened, encoder=FakeEncoder()),
        opened.documents,
        None,
        0.0,
        changed=opened.changed,
    )
    (corpus / "rail.txt").write_text("Other words.")
    os.utime(corpus / "turbines.txt", (0, 0))
    found = pipeline.invoke(Ask("Who builds locomotives and who installs turbines?"))
    assert {quote.span.doc_id: quote.changed for quote in found.quotes} == {
        "rail.txt": True,
        "turbines.txt": False,
    }
    for written in (plain_text(found), answer_markdown(found), answer_html(found), quotes_html(found.quotes)):
        assert written.count(CHANGED)
    (corpus / "rail.txt").write_text(TEXTS["rail.txt"])
    assert CHANGED not in plain_text(pipeline.invoke(Ask("Who builds locomotives?")))


def test_a_server_picks_up_a_finished_update(corpus: Path, index: Indexer):
    index(corpus)
    opened = index.open()
    pipeline = Pipeline(HybridRetriever(source=opened, encoder=FakeEncoder()), opened.documents, None, 0.0)
    live = LiveRuntime(StaticRuntime(opened, FakeEncoder(), IDENTITY, pipeline), index.store)
    assert not live.refresh()
    before = live.pipeline
    (corpus / "wind.txt").write_text(NEW)
    index(corpus)
    assert live.refresh()
    assert "wind.txt" in live.pipeline.documents
    assert NEW in live.pipeline.invoke(Ask("What does wind turn?")).text
    assert "wind.txt" not in before.documents


def test_a_server_goes_on_with_the_last_good_index(
    corpus: Path, index: Indexer, caplog: pytest.LogCaptureFixture
):
    index(corpus)
    opened = index.open()
    pipeline = Pipeline(HybridRetriever(source=opened, encoder=FakeEncoder()), opened.documents, None, 0.0)
    live = LiveRuntime(StaticRuntime(opened, FakeEncoder(), IDENTITY, pipeline), index.store)
    (corpus / "wind.txt").write_text(NEW)
    index(corpus)
    (path, *_) = index.index.glob("build-*/spans.npy")
    path.unlink()  # who has it open, keeps it
    for _ in range(2):
        assert not live.refresh()
    assert "answers still come from the previous one" in caplog.text
    assert len(caplog.records) == 1
    assert live.pipeline.invoke(Ask("Who builds locomotives?")).answered
    index(corpus)
    assert live.refresh()
    assert "wind.txt" in live.pipeline.documents


def test_a_lasting_trouble_is_told_once(corpus: Path, index: Indexer, caplog: pytest.LogCaptureFixture):
    index(corpus)
    opened = index.open()
    pipeline = Pipeline(HybridRetriever(source=opened, encoder=FakeEncoder()), opened.documents, None, 0.0)
    live = LiveRuntime(StaticRuntime(opened, FakeEncoder(), IDENTITY, pipeline), index.store)
    (index.index / "CURRENT").write_bytes(b"nonsense")
    for _ in range(3):
        assert not live.refresh()
    assert len(caplog.records) == 1
