"""Each kind of change, with real documents, as the command line and the page tell it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.config import Config
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.tracking.store import TrackingStore
from qa.tracking.tracker import Tracker
from qa.web import server
from tests.support.cli import Run
from tests.support.fakes import IDENTITY, FakeEncoder

QUESTION = "How long is the notice period for this agreement?"
THREE = "The notice period for this agreement is three months."
SIX = "The notice period for this agreement is six months."
OTHER = "Deliveries take place in Karaganda every week."


@dataclass(frozen=True)
class Case:
    """What is in the folder before and after, by name, and what is told."""

    before: dict[str, str]
    after: dict[str, str]
    told: str
    kind: str


CASES = {
    "conflict": Case(
        {"a.md": THREE, "b.md": OTHER},
        {"a.md": THREE, "b.md": f"{OTHER}\n\n{SIX}"},
        "Documents now disagree",
        "conflict",
    ),
    "moved": Case(
        {"a.md": f"{THREE}\n\n{OTHER}"},
        {"a.md": f"{OTHER}\n\n{THREE}"},
        "The quote moved",
        "moved",
    ),
    "other document": Case(
        {"a.md": THREE}, {"b.md": THREE}, "Same answer, from another document", "other document"
    ),
    "unanswerable": Case(
        {"a.md": THREE, "b.md": OTHER}, {"b.md": OTHER}, "No longer answerable", "unanswerable"
    ),
    "answerable": Case({"b.md": OTHER}, {"a.md": THREE, "b.md": OTHER}, "Now answerable", "answerable"),
    "changed": Case({"a.md": THREE}, {"a.md": SIX}, "Answer changed", "changed"),
}


def put(corpus: Path, texts: dict[str, str]) -> None:
    for path in corpus.iterdir():
        path.unlink()
    for name, text in texts.items():
        (corpus / name).write_text(f"---\ntitle: Service agreement\n---\n{text}\n")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_command_line_tells_it(attest: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case):
    monkeypatch.setenv("ATTEST_THRESHOLD", "0.3")
    corpus = tmp_path / "agreements"
    corpus.mkdir()
    put(corpus, case.before)
    assert attest("index", str(corpus)).status == 0
    added = attest("track", "add", QUESTION, "--json").json
    assert added["answer"]["answered"] == (case.kind != "answerable")
    put(corpus, case.after)
    assert attest("index", str(corpus)).status == 0
    told = attest("track").out
    assert f"  {case.told}: " in told
    (change,) = attest("track", "list", "--json").json["changes"]
    assert change["kind"] == case.kind
    assert attest("track").out == "Nothing new in 1 tracked question\n"


def open_parts(store: LocalStore) -> StaticRuntime:
    index, encoder = Index.open(store), FakeEncoder()
    pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.3)
    return StaticRuntime(index, encoder, IDENTITY, pipeline)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_page_tells_it(tmp_path: Path, case: Case):
    corpus = tmp_path / "agreements"
    corpus.mkdir()
    config = Config(index=tmp_path / "index", model="none")
    store = LocalStore(config.index, IDENTITY)
    tracked = TrackingStore(config.index / "tracked")
    for texts in (case.before, case.after):
        put(corpus, texts)
        update_index(store, survey([corpus]), FakeEncoder())
        parts = open_parts(store)
        tracker = Tracker(tracked, parts)
        tracker.add(QUESTION)
        tracker.update()
    app = server.create(parts, config)
    client = TestClient(app, base_url="http://127.0.0.1:7860", client=("127.0.0.1", 50_000))
    page = client.get("/tracked").text
    assert f"<b>{case.told}</b>" in page
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    kept = [each for each in links if each.startswith("/tracked/") and each.count("/") == 4]
    assert len(kept) == 2 - (case.kind in {"answerable", "unanswerable"})
    for each in kept:
        assert "<mark>The notice period for this agreement is " in client.get(each).text
