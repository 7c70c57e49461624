"""Uploads that several servers share, in a folder and in Milvus: what one has, all have, and keep."""

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest
from numpy.typing import NDArray
from pymilvus import MilvusClient

from qa import storage
from qa.config import Config
from qa.embedding.base import Encoder
from qa.errors import UserError
from qa.export.evidence_sheet import evidence_sheet
from qa.index import prepare
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Ask, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.schema import Document, Passage, Span
from qa.uploads import index
from qa.uploads.actor import ANYBODY, Actor, NotAllowedError
from qa.uploads.index import UploadIndex
from qa.uploads.library import Library
from qa.uploads.limits import LIMITS, Limits
from qa.uploads.listing import DocumentState
from tests.support.cli import Run
from tests.support.fakes import IDENTITY, FakeEncoder, document
from tests.support.milvus_lite_server import running

RAIL = "Alstom builds electric locomotives. Rail is the future."
LIGHTHOUSE = "The lighthouse of Arholma was lit in 1768. Its keeper was Anna Lindqvist."
HARBOUR = "The harbour of Visby has three cranes. They were built in 1904."
KEEPER = "Who was the keeper of the lighthouse?"

NUMBERS = count()


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("milvus")) as server:
        yield server.uri


@pytest.fixture(params=["folder", "milvus"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    if request.param == "folder":
        return Config(index=tmp_path / "index", shared=True)
    uri = request.getfixturevalue("milvus")
    name = f"i{next(NUMBERS)}"
    return Config(index="milvus", milvus_uri=uri, milvus_name=name, cache=tmp_path / "cache", shared=True)


@dataclass
class Server:
    """What one server has of the uploads, as its visitors see it."""

    uploads: UploadIndex
    library: Library

    def add(self, *given: Path) -> list[str]:
        """The ids of what was added; a failure fails the test."""
        added = self.library.add(given)
        assert added.failures == ()
        return [each.id for each in added.documents]

    def refused(self, given: Path) -> str:
        """Why the one file that is ``given`` is not added."""
        (failure,) = self.library.add([given]).failures
        return failure.reason

    @property
    def own(self) -> list[str]:
        """The ids of what can be asked beside the index, after a look at the store."""
        self.uploads.refresh()
        return [row.id for row in self.library.listing() if row.own and row.state is DocumentState.INDEXED]

    def quoted(self, question: str) -> str:
        """The document that an answer quotes first."""
        self.uploads.refresh()
        return self.library.pipeline.invoke(Ask(question)).quotes[0].span.doc_id


Start = Callable[..., Server]


@pytest.fixture
def start(settings: Config, tmp_path: Path) -> Start:
    """Start a server over the same stores as the others, which has seen nothing yet."""
    store = LocalStore(tmp_path / "corpus", IDENTITY)
    build_index(store, [document(RAIL, "rail.md")], FakeEncoder())

    def start(limits: Limits = LIMITS, encoder: Encoder | None = None) -> Server:
        encoder = encoder or FakeEncoder()
        index = Index.open(store)
        pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.0)
        uploads = UploadIndex(storage.open_uploads(settings))
        uploads.refresh()
        parts = StaticRuntime(index, encoder, IDENTITY, pipeline)
        return Server(uploads, Library(parts, limits, stored=uploads, shared=True))

    return start


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_what_is_added_on_one_server_is_on_the_others_and_so_is_what_is_removed(start: Start, tmp_path: Path):
    one, other = start(), start()
    one.add(file(tmp_path, "lighthouse.txt", LIGHTHOUSE))
    assert other.quoted(KEEPER) == "uploads/lighthouse.txt"
    assert other.quoted("Who builds locomotives?") == "rail.md"
    other.add(file(tmp_path, "harbour.txt", HARBOUR))
    assert one.own == other.own == ["uploads/lighthouse.txt", "uploads/harbour.txt"]
    other.library.remove("uploads/lighthouse.txt")
    assert one.own == ["uploads/harbour.txt"]
    assert "uploads/lighthouse.txt" not in one.library.pipeline.documents
    one.library.remove("uploads/harbour.txt")
    assert other.own == []
    with pytest.raises(UserError, match="not one of your documents"):
        other.library.remove("uploads/harbour.txt")
    assert other.quoted("Who builds locomotives?") == "rail.md"


def test_a_server_that_is_started_again_has_what_was_there(start: Start, tmp_path: Path):
    one = start()
    one.add(*(file(tmp_path, f"{name}.txt", f"{HARBOUR} {name}") for name in "cab"))
    one.library.close()  # as a session ends: what is everybody's stays
    again = start()
    assert again.own == ["uploads/c.txt", "uploads/a.txt", "uploads/b.txt"]
    assert [row.own for row in again.library.listing()] == [False, True, True, True]
    again.library.remove("uploads/a.txt")
    assert start().own == ["uploads/c.txt", "uploads/b.txt"]


def test_who_added_a_document_and_an_owner_of_the_server_remove_it_and_nobody_else(
    start: Start, tmp_path: Path
):
    given = [file(tmp_path, f"{name}.txt", f"{HARBOUR} {name}") for name in "abc"]
    one, anna, bert, owner = start(), Actor("anna"), Actor("bert"), Actor("olga", is_owner=True)
    for path, who in zip(given, (anna, anna, ANYBODY), strict=True):
        one.library.add([path], by=who)
    other = start()  # it is stored with the document
    assert other.own == ["uploads/a.txt", "uploads/b.txt", "uploads/c.txt"]
    rows = {row.id: row for row in other.library.listing(bert)}
    assert (rows["uploads/a.txt"].uploader, rows["uploads/a.txt"].may_change) == ("anna", False)
    for who in (bert, ANYBODY, Actor("program anna")):
        with pytest.raises(NotAllowedError, match="only anna or an owner of this server can remove it"):
            other.library.remove("uploads/a.txt", who)
        assert other.library.original("uploads/a.txt", who) is None
    with pytest.raises(NotAllowedError, match="not known who added"):
        other.library.remove("uploads/c.txt", bert)
    assert other.own == ["uploads/a.txt", "uploads/b.txt", "uploads/c.txt"]
    other.library.remove("uploads/a.txt", anna)
    other.library.remove("uploads/b.txt", owner)
    other.library.remove("uploads/c.txt", owner)
    assert one.own == []


class Meeting(FakeEncoder):
    """Embeds when as many others do as are to meet, so that none writes before all have read."""

    def __init__(self, barrier: Barrier) -> None:
        super().__init__()
        self._barrier = barrier

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts[0].endswith("?"):
            self._barrier.wait(60)
        return super().encode(texts)


def together(start: Start, *given: Path) -> list[Server]:
    """A server for each of the files, all of which are added at the same moment."""
    barrier = Barrier(len(given))
    servers = [start(encoder=Meeting(barrier)) for _ in given]
    adding = [
        Thread(target=server.library.add, args=([path],)) for server, path in zip(servers, given, strict=True)
    ]
    for each in adding:
        each.start()
    for each in adding:
        each.join()
    return servers


def test_servers_that_add_at_the_same_moment_lose_nothing(start: Start, tmp_path: Path):
    given = [file(tmp_path / str(n), "notes.txt", f"Crane {n} of Visby lifts {n} tonnes.") for n in range(3)]
    servers = together(start, *given)
    ids = {"uploads/notes.txt", "uploads/notes (2).txt", "uploads/notes (3).txt"}
    for server in servers:
        assert set(server.own) == ids
        documents = server.library.pipeline.documents
        assert {documents[each].text for each in ids} == {path.read_text() for path in given}


def test_the_same_text_and_what_is_too_much_are_refused_whoever_was_first(start: Start, tmp_path: Path):
    servers = together(start, *(file(tmp_path, f"{name}.txt", LIGHTHOUSE) for name in "ab"))
    failed = [row for each in servers for row in each.library.listing() if row.state is DocumentState.FAILED]
    assert len(failed) == 1
    assert "which has been added already" in failed[0].reason
    assert len(servers[0].own) == 1


def test_the_limits_are_those_of_all_servers_together(start: Start, tmp_path: Path):
    start().add(file(tmp_path, "a.txt", LIGHTHOUSE))
    more = file(tmp_path, "b.txt", HARBOUR)
    assert "at most 1 document is allowed at a time" in start(Limits(documents=1)).refused(more)
    enough = len(LIGHTHOUSE) + len(HARBOUR)
    assert "all your documents together" in start(Limits(text_bytes=enough - 1)).refused(more)
    assert start(Limits(text_bytes=enough)).add(more) == ["uploads/b.txt"]


def test_what_another_server_has_embedded_is_not_embedded_again(start: Start, tmp_path: Path):
    encoder = FakeEncoder()
    start().add(file(tmp_path, "a.txt", LIGHTHOUSE))
    other = start(encoder=encoder)
    other.add(file(tmp_path, "b.txt", HARBOUR))
    other.library.remove("uploads/a.txt")
    assert sorted(encoder.encoded) == ["The harbour of Visby has three cranes.", "They were built in 1904."]


@pytest.mark.parametrize("settings", ["folder"], indirect=True)
def test_where_the_index_gets_a_document_of_the_same_id_it_answers(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    start().add(file(tmp_path, "a.txt", LIGHTHOUSE))
    corpus = [document(RAIL, "rail.md"), document(HARBOUR, "uploads/a.txt")]
    build_index(LocalStore(tmp_path / "corpus", IDENTITY), corpus, FakeEncoder())
    server = start()
    assert server.quoted("Who builds locomotives?") == "rail.md"
    assert "has the same id as an uploaded one" in caplog.text
    server.library.remove("uploads/a.txt")
    assert server.add(file(tmp_path, "a.txt", LIGHTHOUSE)) == ["uploads/a (2).txt"]
    assert server.quoted(KEEPER) == "uploads/a (2).txt"


def test_who_cannot_wait_any_longer_is_told(
    start: Start, settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(index, "WAIT_SECONDS", 0.2)
    server, given = start(), file(tmp_path, "a.txt", LIGHTHOUSE)
    with storage.open_uploads(settings).write_lock():
        assert "it was not indexed: Another process is writing" in server.refused(given)
    assert server.add(given) == ["uploads/a.txt"]


def test_what_an_earlier_version_cut_otherwise_stays_as_it_was_cut(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Not all files of uploads are kept, so nobody could index them again."""
    start().add(file(tmp_path, "a.txt", LIGHTHOUSE), file(tmp_path, "c.txt", "The pier of Arholma is wide."))

    def whole(document: Document) -> list[Passage]:
        span = Span(document.id, 0, len(document.text))
        return [Passage(span, (span,))]

    monkeypatch.setattr(prepare, "split", whole)
    server = start()
    server.add(file(tmp_path, "b.txt", HARBOUR))
    server.library.remove("uploads/c.txt")
    assert server.own == ["uploads/a.txt", "uploads/b.txt"]
    assert server.quoted(KEEPER) == "uploads/a.txt"
    assert server.quoted("Which harbour has three cranes?") == "uploads/b.txt"


def test_damaged_uploads_are_one_sentence_and_the_index_answers(
    start: Start, settings: Config, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    running_before = start()
    running_before.add(file(tmp_path, "a.txt", LIGHTHOUSE))
    damage(settings)
    server = start()
    for _ in range(2):
        assert server.own == []
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.WARNING, server.library.trouble)
    assert "docs/deployment.md" in server.library.trouble
    assert "attest index" not in server.library.trouble
    assert server.quoted("Who builds locomotives?") == "rail.md"
    state = storage.open_uploads(settings).snapshot()
    assert "cannot be read" in server.refused(file(tmp_path, "b.txt", HARBOUR))
    assert storage.open_uploads(settings).snapshot() == state  # what can be mended is not written over


def damage(settings: Config) -> None:
    (held,) = storage.open_uploads(settings).snapshot().segments
    if settings.index == storage.MILVUS:
        MilvusClient(settings.milvus_uri).drop_collection(held.name.replace("_build_", "_texts_"))
    else:
        (settings.index / "uploads" / held.name / "documents.jsonl").write_text("Other.")


@pytest.mark.parametrize("settings", ["folder"], indirect=True)
def test_a_folder_that_is_removed_holds_nothing_and_is_made_anew(
    start: Start, settings: Config, tmp_path: Path
):
    server = start()
    server.add(file(tmp_path, "a.txt", LIGHTHOUSE))
    shutil.rmtree(settings.index / "uploads")
    assert server.own == []
    server.add(file(tmp_path, "b.txt", HARBOUR))
    assert start().own == ["uploads/b.txt"]


@pytest.mark.parametrize("settings", ["folder"], indirect=True)
def test_what_is_removed_is_gone_from_the_disk_at_once(start: Start, settings: Config, tmp_path: Path):
    server = start()
    server.add(*(file(tmp_path, f"{n}.txt", f"Harbour {n} is wide.") for n in range(3)))
    server.add(file(tmp_path, "a.txt", LIGHTHOUSE))
    server.library.remove("uploads/1.txt")
    left = b"".join(each.read_bytes() for each in (settings.index / "uploads").rglob("*") if each.is_file())
    assert b"Harbour 2" in left
    assert b"Lindqvist" in left
    assert b"Harbour 1" not in left


@pytest.fixture
def shared(attest: Run, corpus: Path) -> Run:
    """An index of ``corpus`` beside which a server has taken a document."""
    attest("index", str(corpus))
    uploads = UploadIndex(storage.open_uploads(Config(index="index")))
    index = Index.open(storage.open_store(Config(index="index")))
    pipeline = Pipeline(HybridRetriever(source=index, encoder=FakeEncoder()), index.documents, None, 0.0)
    library = Library(
        StaticRuntime(index, FakeEncoder(), storage.embedding_identity(Config()), pipeline),
        stored=uploads,
    )
    library.add([file(corpus.parent, "lighthouse.txt", LIGHTHOUSE)])
    answer = library.pipeline.invoke(Ask(KEEPER))
    assert answer.quotes[0].span.doc_id == "uploads/lighthouse.txt"
    sheet = evidence_sheet("Lights", [answer], library.pipeline.documents, None)
    (corpus.parent / "evidence.html").write_text(sheet, encoding="utf-8")
    return attest


def test_indexing_leaves_uploads_alone(shared: Run, corpus: Path, tmp_path: Path):
    (corpus / "rail.txt").unlink()
    for paths in ([corpus], [tmp_path]):  # the second time with the index in the folder that is indexed
        told = shared("index", *map(str, paths), "--exclude", "*lighthouse.txt", "--exclude", "*.html")
        assert "1 document, " in told.err
    found = shared("status", "--json").json
    assert (found["documents"], found["uploads"]) == (1, {"documents": 1, "trouble": ""})


def test_the_commands_know_of_uploads(shared: Run, tmp_path: Path):
    assert "Uploaded to attest serve --shared: 1 document" in shared("status").out
    verified = shared("verify", "evidence.html")
    assert (verified.status, "1 uploaded document" in verified.err) == (0, True)
    assert shared("copy", "--from", "index/uploads", "--to", "moved/uploads").status == 0
    assert shared("copy", "--from", "index", "--to", "moved").status == 0
    assert shared("verify", "evidence.html", "--index", "moved").status == 0
    (damaged,) = tmp_path.glob("index/uploads/build-*/documents.jsonl")
    damaged.write_text("Other.")
    told = shared("verify")
    assert (told.status, told.err.count("\n"), "docs/deployment.md" in told.err) == (1, 1, True)
    assert shared("ask", "Who installs gas turbines?").status == 0
    (tmp_path / "index/uploads/CURRENT").write_text("Other.")
    told = shared("status")
    assert (told.status, "What was uploaded to this server cannot be read" in told.out) == (0, True)
