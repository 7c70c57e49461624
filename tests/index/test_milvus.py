"""An index in Milvus is searched, updated and checked as one in a folder is; on a real server."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pymilvus import MilvusClient

from eval.bench import stores
from qa import assemble, config
from qa.changes.folder import compare_states
from qa.cli.status import status
from qa.errors import IndexDamagedError, IndexMissingError, IndexUnavailableError, UserError
from qa.index import change
from qa.index.base import Store
from qa.index.index import Index
from qa.index.stats import IndexStats
from qa.index.stores.local import LocalStore
from qa.index.stores.milvus import connection, segment
from qa.index.stores.milvus.connection import MAX_BYTES, Address
from qa.index.stores.milvus.store import MilvusStore
from qa.index.update import grow
from qa.index.update.copy import copy_index
from qa.index.update.update import build_index, update_index
from qa.ingest import discovery
from qa.ingest.discovery import survey
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import LiveRuntime, StaticRuntime
from tests.support.cli import Run
from tests.support.fakes import CORPUS, IDENTITY, FakeEncoder, by_id, candidates, document, facts
from tests.support.milvus_lite_server import Milvus, running

DOCUMENTS = [
    *discovery.load([CORPUS]).documents,
    document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md"),
    document("The Ministry of Water signed an agreement. 水不足。 Water is scarce.", 'water\'s "own".md'),
    document("!!!", "empty of words.txt"),
    document("На заводах Сименс установил турбины. Они большие.", "завод.txt", language="ru"),
    document("संयंत्र में चार टरबाइन हैं। वे बड़ी हैं।", "संयंत्र.txt", language="hi"),
    document("工厂有四台涡轮机。它们很大。", "工厂.txt", language="zh"),
]
QUESTIONS = (
    "Who installs gas turbines in Uzbekistan?",
    "What did Boyet say about Uzbekistan?",
    "How many employees does Alstom have in Kazakhstan?",
    "Is water scarce?",
    "zyzzyva",
    "the of and",
    "Какую турбину установили на заводе?",
    "संयंत्रों में कितने टरबाइन हैं?",
    "工厂有几台涡轮机？",
)


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Milvus]:
    with running(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture
def store(milvus: Milvus, tmp_path: Path, request: pytest.FixtureRequest) -> MilvusStore:
    name = "t" + str(abs(hash(request.node.nodeid)))
    return MilvusStore(Address(milvus.uri, "", name), IDENTITY, tmp_path / "home")


@pytest.fixture(scope="module")
def both(milvus: Milvus, tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, Index]:
    """The same documents in a folder and in Milvus."""
    folder = tmp_path_factory.mktemp("both")
    stores = LocalStore(folder, IDENTITY), MilvusStore(Address(milvus.uri, "", "both"), IDENTITY, folder)
    for each in stores:
        build_index(each, DOCUMENTS, FakeEncoder())
    local, remote = (Index.open(each) for each in stores)
    return local, remote


def collections(store: MilvusStore, milvus: Milvus) -> set[str]:
    name = store.snapshot().segments[0].name.partition("_build_")[0]
    found = MilvusClient(milvus.uri).list_collections()
    return {each.removeprefix(name) for each in found if each.startswith(f"{name}_")}


def test_it_holds_what_an_index_in_a_folder_holds(both: tuple[Index, Index]):
    local, remote = both
    assert dict(remote.documents) == dict(local.documents) == by_id(*DOCUMENTS)
    assert remote.stats == local.stats
    assert remote.passages == local.passages
    assert remote.words == local.words
    assert remote.faults() == []
    for term in ("gas", "uzbekistan", "the", "unheard"):
        assert remote.rarity(term) == local.rarity(term)
    ours, theirs = dict(remote.sentence_vectors()), dict(local.sentence_vectors())
    assert ours.keys() == theirs.keys()
    assert all((ours[text] == theirs[text]).all() for text in ours)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("only", [None, {"turbines.md"}, {each.id for each in DOCUMENTS[1:]}])
def test_it_finds_the_same_with_the_same_scores(
    both: tuple[Index, Index], question: str, only: set[str] | None
):
    document_filter = DocumentFilter(only=frozenset(only) if only else None)
    ours, theirs = (
        {c.passage: c for c in candidates(index, question, 40, document_filter)} for index in reversed(both)
    )
    assert list(ours) == list(theirs)
    for passage, candidate in ours.items():
        other = theirs[passage]
        assert candidate.bm25 == pytest.approx(other.bm25, abs=1e-4)
        assert candidate.passage_cosine == pytest.approx(other.passage_cosine, abs=2e-3)
        assert candidate.sentence_cosines == pytest.approx(other.sentence_cosines, abs=1e-5)
        numberless = {"bm25": 0.0, "passage_cosine": 0.0, "sentence_cosines": ()}
        assert replace(candidate, **numberless) == replace(other, **numberless)


def test_a_small_pool_has_the_best_of_both(both: tuple[Index, Index]):
    for index in both:
        found = candidates(index, "gas turbines in Uzbekistan", 1)
        assert "turbines.md" in {candidate.passage.span.doc_id for candidate in found}
        assert len(found) <= 2


@pytest.mark.parametrize(
    "query", ["Uzbekistan", "gas turbines of Siemens", "Siemens Energy", "zyzzyva", "турбина"]
)
@pytest.mark.parametrize("most", [16_384, 1])
def test_it_has_the_same_mentions(
    both: tuple[Index, Index], query: str, most: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(segment, "MOST", most)  # beyond it, all passages are gone through
    here, there = (
        Pipeline(HybridRetriever(source=each, encoder=FakeEncoder()), each.documents, None) for each in both
    )
    chosen = DocumentFilter(without=frozenset({"turbines.md"}))
    for document_filter in (DocumentFilter(), chosen):
        a, b = (each.find(query, document_filter) for each in (here, there))
        assert [(m.span, m.found) for m in a.mentions] == [(m.span, m.found) for m in b.mentions]
        assert a.passages == b.passages


def test_an_answer_cuts_its_quotes_from_there(both: tuple[Index, Index]):
    index = both[1]
    answer = Pipeline(
        HybridRetriever(source=index, encoder=FakeEncoder()), index.documents, None, 0.0
    ).invoke(Ask(QUESTIONS[0]))
    assert answer.quotes
    for quote in answer.quotes:
        assert quote.span.cut(by_id(*DOCUMENTS)) == quote.text


def test_text_longer_than_a_field_is_kept_whole(store: MilvusStore):
    long = document("Water " * 20_000 + "ends. The turbine turns.", "long.txt")
    many = document("\n".join(f"Sentence {n} is about harbours." for n in range(5_000)), "many.txt")
    wide = document("水" * (MAX_BYTES // 2) + "。 Uzbekistan.", "wide.txt")
    build_index(store, [long, many, wide], FakeEncoder())
    index = Index.open(store)
    assert dict(index.documents) == by_id(long, many, wide)
    assert index.faults() == []
    for question, doc_id in (("What turns?", "long.txt"), ("Uzbekistan", "wide.txt")):
        assert (
            HybridRetriever(source=index, encoder=FakeEncoder()).search(question).hits[0].passage.span.doc_id
            == doc_id
        )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(8):
        (folder / f"{n}.txt").write_text(f"Plant {n} has {n + 2} turbines. It stands in harbour {n}.")
    (folder / "same.txt").write_text((folder / "1.txt").read_text())
    (folder / "bad.pdf").write_bytes(b"nothing")
    return folder


def test_it_follows_a_folder(store: MilvusStore, corpus: Path):
    def update(encoder: FakeEncoder) -> dict[str, str]:
        update_index(store, survey([corpus]), encoder)
        return {doc_id: each.text for doc_id, each in Index.open(store).documents.items()}

    assert len(update(FakeEncoder())) == 8
    found = status(store)
    assert (found["documents"], found["files"]) == (8, 10)
    assert found["duplicates"] == [{"path": "same.txt", "same_as": "1.txt"}]
    assert [each["path"] for each in found["failed"]] == ["bad.pdf"]
    (corpus / "new.txt").write_text("Wind turns the turbines of Baku.")
    (corpus / "0.txt").unlink()
    (corpus / "2.txt").rename(corpus / "two.txt")
    encoder = FakeEncoder()
    texts = update(encoder)
    assert encoder.encoded == ["Wind turns the turbines of Baku."]
    assert texts.keys() == {*(f"{n}.txt" for n in (1, 3, 4, 5, 6, 7)), "two.txt", "new.txt"}
    assert texts["two.txt"].startswith("Plant 2")
    index = Index.open(store)
    assert not index.changed("new.txt")
    hits = (
        HybridRetriever(source=index, encoder=FakeEncoder())
        .search("Which plant has 2 turbines in harbour 0?")
        .hits
    )
    assert "0.txt" not in {hit.passage.span.doc_id for hit in hits}
    assert index.stats.passages == len(index.passages) == 8


def test_it_is_searched_once_it_is_complete(
    store: MilvusStore, corpus: Path, monkeypatch: pytest.MonkeyPatch
):
    """A passage in Milvus cannot be without a vector."""
    monkeypatch.setattr(grow, "FIRST_SECONDS", 0.0)
    monkeypatch.setattr(grow, "FIRST_CHARACTERS", 1)

    class Looking(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            with pytest.raises(IndexMissingError):
                store.snapshot()
            return super().encode(texts)

    update_index(store, survey([corpus]), Looking())
    assert Index.open(store).coverage.complete


def test_a_reader_keeps_the_state_before_and_a_server_picks_up_the_new_one(
    store: MilvusStore, milvus: Milvus, corpus: Path
):
    update_index(store, survey([corpus]), FakeEncoder())
    before = Index.open(store)
    pipeline = Pipeline(HybridRetriever(source=before, encoder=FakeEncoder()), before.documents, None, 0.0)
    live = LiveRuntime(StaticRuntime(before, FakeEncoder(), IDENTITY, pipeline), store)
    for n in range(3):  # each merges with the one before, which the next makes needless
        for m in range(9):
            (corpus / f"{n}-{m}.txt").write_text(f"The lighthouse of cape {n}-{m} has a keeper.")
        update_index(store, survey([corpus]), FakeEncoder())
        if n == 0:
            assert pipeline.invoke(Ask("Which plant has 5 turbines?")).quotes
            assert not pipeline.documents.keys() & {"0-0.txt"}
    assert live.refresh()
    assert live.pipeline.invoke(Ask("What does the lighthouse of cape 2-8 have?")).quotes
    kinds = sorted(each.split("_")[1] for each in collections(store, milvus))
    assert kinds.count("snapshot") == 2
    assert kinds.count("build") == kinds.count("texts") <= 4


class Broken(FakeEncoder):
    def encode(self, texts: list[str]) -> NDArray:
        raise MemoryError


def test_an_update_that_fails_leaves_what_was(store: MilvusStore):
    build_index(store, DOCUMENTS, FakeEncoder())
    with pytest.raises(MemoryError):
        build_index(store, [document("Other.", "o.txt")], Broken())
    assert dict(Index.open(store).documents) == by_id(*DOCUMENTS)
    with pytest.raises(UserError, match="no text"):
        build_index(store, [], FakeEncoder())


def test_the_same_documents_are_not_written_again(store: MilvusStore):
    build_index(store, DOCUMENTS, FakeEncoder())
    state = store.snapshot()
    build_index(store, DOCUMENTS, Broken())
    assert store.snapshot() == state


def test_an_index_of_another_model_is_refused(store: MilvusStore):
    build_index(store, DOCUMENTS, FakeEncoder())
    store.identity = replace(IDENTITY, name="other", sha256="1" * 64)
    with pytest.raises(IndexDamagedError, match="bag of words, but other is configured"):
        Index.open(store)


def test_no_index_is_said_to_be_none(store: MilvusStore):
    with pytest.raises(IndexMissingError, match="attest index"):
        Index.open(store)


@pytest.mark.parametrize("key", ["manifest/0", "words/0", "outline/0", "dates/0"])
def test_what_was_changed_behind_its_back_is_refused(store: MilvusStore, milvus: Milvus, key: str):
    build_index(store, DOCUMENTS, FakeEncoder())
    texts = store.snapshot().segments[0].name.replace("_build_", "_texts_")
    client = MilvusClient(milvus.uri)
    (row,) = client.get(texts, ids=[key])
    client.upsert(texts, [row | {"text": row["text"].translate({ord("e"): "a", ord("2"): "1"})}])
    with pytest.raises(IndexDamagedError, match="rebuild it with: attest index"):
        Index.open(store)
    build_index(store, DOCUMENTS, FakeEncoder())  # a damaged one is made anew
    assert dict(Index.open(store).documents) == by_id(*DOCUMENTS)


def test_a_forged_document_is_never_quoted(store: MilvusStore, milvus: Milvus):
    build_index(store, DOCUMENTS, FakeEncoder())
    texts = store.snapshot().segments[0].name.replace("_build_", "_texts_")
    client = MilvusClient(milvus.uri)
    number = [each.id for each in DOCUMENTS].index("turbines.md")
    (row,) = client.get(texts, ids=[f"document/{number}/0"])
    client.upsert(texts, [row | {"text": row["text"].replace("four", "nine")}])
    index = Index.open(store)
    with pytest.raises(IndexDamagedError, match=r"turbines\.md has changed"):
        Pipeline(HybridRetriever(source=index, encoder=FakeEncoder()), index.documents, None, 0.0).invoke(
            Ask(QUESTIONS[0])
        )


def test_indexing_again_mends_a_forged_document(store: MilvusStore, milvus: Milvus, corpus: Path):
    update_index(store, survey([corpus]), FakeEncoder())
    texts = store.snapshot().segments[0].name.replace("_build_", "_texts_")
    client = MilvusClient(milvus.uri)
    (row,) = client.get(texts, ids=["document/0/0"])
    client.upsert(texts, [row | {"text": row["text"].replace("turbines", "windmills")}])
    with pytest.raises(IndexDamagedError, match="attest index"):
        dict(Index.open(store).documents)
    update_index(store, survey([corpus]), FakeEncoder())
    found = Index.open(store).documents
    assert {doc_id: each.text for doc_id, each in found.items()} == {
        path.name: path.read_text() for path in corpus.glob("?.txt")
    }


def test_missing_passages_are_noticed(store: MilvusStore, milvus: Milvus):
    build_index(store, DOCUMENTS, FakeEncoder())
    MilvusClient(milvus.uri).delete(store.snapshot().segments[0].name, ids=[0])
    with pytest.raises(IndexDamagedError, match="passages, not"):
        Index.open(store)


@pytest.mark.parametrize("kind", ["build", "texts"])
def test_a_collection_that_was_dropped_is_made_anew(store: MilvusStore, milvus: Milvus, kind: str):
    build_index(store, DOCUMENTS, FakeEncoder())
    MilvusClient(milvus.uri).drop_collection(
        store.snapshot().segments[0].name.replace("_build_", f"_{kind}_")
    )
    with pytest.raises(IndexDamagedError, match=r"is missing; .*attest index"):
        Index.open(store)
    build_index(store, DOCUMENTS, FakeEncoder())
    assert dict(Index.open(store).documents) == by_id(*DOCUMENTS)


def test_indexes_of_like_names_leave_each_other_alone(milvus: Milvus, tmp_path: Path):
    stores = [
        MilvusStore(Address(milvus.uri, "", name), IDENTITY, tmp_path) for name in ("like", "like_build")
    ]
    for text in ("One.", "Two."):
        for store in reversed(stores):
            build_index(store, [document(text)], FakeEncoder())
    for store in stores:
        assert [each.text for each in Index.open(store).documents.values()] == ["Two."]


def test_a_server_that_goes_away_is_told_of_and_come_back_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 3.0)
    with running(tmp_path / "data") as server:
        store = MilvusStore(Address(server.uri, "", "attest"), IDENTITY, tmp_path / "home")
        build_index(store, DOCUMENTS, FakeEncoder())
        index = Index.open(store)
        pipeline = Pipeline(HybridRetriever(source=index, encoder=FakeEncoder()), index.documents, None, 0.0)
        expected = pipeline.invoke(Ask(QUESTIONS[0])).quotes
        server.kill()
        with pytest.raises(IndexUnavailableError, match=f"{server.uri}.*ATTEST_MILVUS_URI"):
            pipeline.invoke(Ask(QUESTIONS[0]))
        with pytest.raises(IndexUnavailableError):
            build_index(store, [document("Other.", "o.txt")], FakeEncoder())
        server.start()
        assert pipeline.invoke(Ask(QUESTIONS[0])).quotes == expected


def test_a_full_disk_behind_it_leaves_what_was(tmp_path: Path):
    many = [document(f"Plant {n} has {n} turbines in harbour {n}. " * 40, f"{n}.txt") for n in range(300)]
    with running(tmp_path / "data") as server:
        store = MilvusStore(Address(server.uri, "", "attest"), IDENTITY, tmp_path / "home")
        build_index(store, DOCUMENTS, FakeEncoder())
        server.kill()
        server.start(disk=100_000)
        with pytest.raises(IndexUnavailableError, match="cannot be used"):
            build_index(store, many, FakeEncoder())
        assert dict(Index.open(store).documents) == by_id(*DOCUMENTS)
        server.kill()
        server.start()
        build_index(store, many, FakeEncoder())
        assert dict(Index.open(store).documents) == by_id(*many)


def test_a_wrong_address_is_said_to_be_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 1.0)
    for uri in ("http://127.0.0.1:1", "no address"):
        store = MilvusStore(Address(uri, "", "attest"), IDENTITY, tmp_path)
        with pytest.raises(IndexUnavailableError, match="ATTEST_MILVUS_URI"):
            store.snapshot()


def changed_twice(store: LocalStore | MilvusStore, corpus: Path) -> None:
    """An index of two segments, of one of which a document was removed."""
    update_index(store, survey([corpus]), FakeEncoder())
    (corpus / "0.txt").unlink()
    (corpus / "new.txt").write_text("Wind turns the turbines of Baku.")
    update_index(store, survey([corpus]), FakeEncoder())
    assert [len(each.removed) for each in store.snapshot().segments] == [1, 0]


def test_an_index_is_copied_there_and_back(store: MilvusStore, corpus: Path, tmp_path: Path):
    here, back = LocalStore(tmp_path / "here", IDENTITY), LocalStore(tmp_path / "back", IDENTITY)
    changed_twice(here, corpus)
    assert (
        copy_index(here, store)
        == copy_index(store, back)
        == IndexStats(IDENTITY.name, IDENTITY.sha256, 8, 8, 15)
    )
    opened = [Index.open(each) for each in (here, store, back)]
    for index in opened[1:]:
        assert dict(index.documents) == dict(opened[0].documents)
        assert sorted(index.passages, key=str) == sorted(opened[0].passages, key=str)
        assert not index.changed("new.txt")
        hits = HybridRetriever(source=index, encoder=FakeEncoder()).search("Which plant has 5 turbines?").hits
        assert hits[0].passage.span.doc_id == "3.txt"
    assert status(back) | {"builds": 0} == status(here) | {"builds": 0}
    encoder = FakeEncoder()  # what was copied is updated as what was indexed
    assert update_index(back, survey([corpus]), encoder).added == len(encoder.encoded) == 0


def test_a_copy_that_was_stopped_goes_on(
    store: MilvusStore, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    here = LocalStore(tmp_path / "here", IDENTITY)
    changed_twice(here, corpus)

    def stop(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_index(here, store, stop)
    with pytest.raises(IndexMissingError):
        store.snapshot()
    inserted: list[str] = []
    really = MilvusClient.insert

    def insert(client: MilvusClient, collection_name: str, **given: object) -> object:
        inserted.append(collection_name)
        return really(client, collection_name, **given)

    monkeypatch.setattr(MilvusClient, "insert", insert)
    copy_index(here, store)
    first, second = (each.name for each in store.snapshot().segments)
    assert second in inserted
    assert first not in inserted


def test_only_an_index_of_the_same_model_is_copied(store: MilvusStore, tmp_path: Path):
    other = LocalStore(tmp_path, replace(IDENTITY, sha256="1" * 64))
    with pytest.raises(UserError, match="same embedding model"):
        copy_index(store, other)


def test_former_texts_are_kept_there_for_a_while_and_copied(
    store: MilvusStore, milvus: Milvus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "corpus"
    folder.mkdir()

    def update(months: int, keep_days: int = 30) -> None:
        (folder / "contract.txt").write_text(f"It lasts {months} months. " + "Water is scarce. " * 2_000)
        update_index(store, survey([folder]), FakeEncoder(), keep_days=keep_days)

    def changed(own: Store) -> list[tuple[str, str]]:
        (document,) = compare_states(Index.open(own)).documents
        return [
            (each.before.text, each.after.text) for each in document.sentences if each.before and each.after
        ]

    for months in (12, 24, 36):
        update(months)
    assert changed(store) == [("It lasts 24 months.", "It lasts 36 months.")]
    back = LocalStore(tmp_path / "back", IDENTITY)
    copy_index(store, back)
    assert changed(back) == changed(store)
    monkeypatch.setattr(change, "MOST_BYTES", 60_000)
    update(48)
    assert len(store.snapshot().changes) == 1
    (texts,) = (each for each in collections(store, milvus) if each.endswith("_changes"))
    name = store.snapshot().segments[0].name.partition("_build_")[0] + texts
    kept = store.snapshot().changes[0].name
    rows = MilvusClient(milvus.uri).query(name, filter="pieces >= 0", output_fields=["key"])
    assert {row["key"].partition("/")[0] for row in rows} == {kept}
    assert changed(store) == [("It lasts 36 months.", "It lasts 48 months.")]
    update(48, keep_days=0)
    assert MilvusClient(milvus.uri).query(name, filter="pieces >= 0", output_fields=["key"]) == []


@pytest.fixture
def settings_in_milvus(milvus: Milvus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("INDEX", "milvus"), ("MILVUS_URI", milvus.uri), ("MILVUS_NAME", "from_settings")):
        monkeypatch.setenv(f"ATTEST_{name}", value)


@pytest.mark.usefixtures("settings_in_milvus")
def test_every_command_works_on_it(attest: Run, corpus: Path, tmp_path: Path):
    assert "8 documents" in attest("index", str(corpus), "--index", "milvus").err
    asked = attest("ask", "How many turbines has plant 3?", "--json", "--index", "milvus").json
    assert asked["quotes"][0]["document"] == "3.txt"
    found = attest("search", "harbour 5", "--json", "--index", "milvus").json
    assert found["results"][0]["document"] == "5.txt"
    assert attest("show", "4.txt", "--index", "milvus").out == (corpus / "4.txt").read_text() + "\n"
    assert attest("status", "--json", "--index", "milvus").json["documents"] == 8
    assert attest("verify", "--index", "milvus").status == 0
    copied = attest("copy", "--from", "milvus", "--to", str(tmp_path / "copy"))
    assert (copied.status, "8 documents" in copied.err) == (0, True)
    assert attest("show", "4.txt", "--index", str(tmp_path / "copy")).status == 0


def test_a_command_says_that_milvus_is_away(attest: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 1.0)
    monkeypatch.setenv("ATTEST_MILVUS_URI", "http://127.0.0.1:1")
    told = attest("ask", "Who?", "--index", "milvus")
    assert (told.status, told.err.count("\n"), "ATTEST_MILVUS_URI" in told.err) == (1, 1, True)


def test_its_address_must_be_given(attest: Run):
    told = attest("ask", "Who?", "--index", "milvus")
    assert (told.status, "ATTEST_MILVUS_URI" in told.err) == (2, True)


def test_the_key_is_not_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_MILVUS_TOKEN", "root:hush")
    assert "hush" not in repr(config.load())


@pytest.mark.usefixtures("settings_in_milvus")
def test_both_are_measured_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(assemble, "load_encoder", lambda config: FakeEncoder())
    (tmp_path / "facts.json").write_text(json.dumps(facts()))
    out = tmp_path / "stores.md"
    assert stores.main([str(tmp_path / "facts.json"), "--sizes", "6", "30", "--out", str(out)]) == 0
    assert out.read_text() == capsys.readouterr().out.removesuffix("\n")
    rows = [line.split("|")[1:-1] for line in out.read_text().splitlines() if line.startswith("| ")][1:]
    assert [row[2].strip() for row in rows] == ["a folder", "Milvus"] * 2
    assert {row[-1].strip() for row in rows} == {"1.000"}
    assert out.with_suffix(".svg").exists()
