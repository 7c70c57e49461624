"""What changed in the documents, over HTTP: for programs, for models, and as a page for readers."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.changes.folder import compare_states
from qa.changes.record import changes_record
from qa.config import Config
from qa.index.index import Index
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.web import server
from qa.web.addresses import find_target
from qa.web.security.auth import new_token, set_password
from qa.web.tools import MOST_SENTENCES, Tools
from tests.support.changed_folder import AFTER, changed_folder
from tests.support.fakes import IDENTITY, FakeEncoder

AT = "http://127.0.0.1:7860"


@pytest.fixture
def runtime(tmp_path: Path) -> StaticRuntime:
    return changed_folder(tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(index=tmp_path / "index", model="none")


@pytest.fixture
def client(runtime: StaticRuntime, config: Config) -> TestClient:
    return TestClient(server.create(runtime, config), AT, client=("127.0.0.1", 50_000))


def test_a_program_gets_what_the_command_line_prints(client: TestClient, runtime: StaticRuntime):
    told = client.get("/diff").json()
    assert told == json.loads(json.dumps(changes_record(compare_states(runtime.index))))
    assert [each["change"] for each in told["documents"]] == ["changed", "added", "removed"]
    (state,) = client.get("/diff/states").json()["states"]
    assert told["until"] == state["state"]
    assert client.get("/diff", params={"since": state["state"]}).json()["documents"] == []
    text = client.get("/diff/markdown")
    assert text.headers["content-type"].startswith("text/markdown")
    assert "The contract lasts **36** months." in text.text


def test_a_sentence_leads_to_its_place_in_the_document(client: TestClient, runtime: StaticRuntime):
    page = client.get("/changes").text
    links = [part.partition('"')[0] for part in page.split('href="/')[1:] if part.startswith("d/")]
    found = [find_target(each, runtime.index.documents) for each in links]
    assert found
    assert not any(each.message for each in found)
    quoted = {
        each.document.text[each.span.start : each.span.end] for each in found if each.document and each.span
    }
    assert "The contract lasts 36 months." in quoted
    assert "The contract lasts 24 months." not in quoted  # what it said before is nowhere in it now


def test_a_wrong_date_is_a_problem_in_a_sentence(client: TestClient):
    told = client.get("/diff", params={"since": "yesterday"})
    assert (told.status_code, told.headers["content-type"]) == (400, "application/problem+json")
    assert "'yesterday' is not a date" in told.json()["detail"]


def test_a_model_gets_the_most_telling_sentences(runtime: StaticRuntime):
    document = Tools(runtime).what_changed()["documents"][0]
    assert (document["sentences"][0]["kinds"], document["left_out"]) == (["number"], 0)
    assert len(document["sentences"]) < MOST_SENTENCES


def test_the_page_shows_both_versions_and_escapes_them(client: TestClient):
    shown = client.get("/changes", headers={"Accept": "text/html"})
    assert shown.status_code == 200
    assert "The contract lasts <del>24</del> months." in shown.text
    assert "The contract lasts <ins>36</ins> months." in shown.text
    assert "&lt;b&gt;paid&lt;/b&gt;" in shown.text
    assert "<b>paid" not in shown.text
    assert shown.text.index(">negation<") < shown.text.index(">added<") < shown.text.index(">reworded<")
    assert "رسالة.txt" in shown.text
    assert "is kept for 30 days" in shown.text
    saved = client.get("/changes/changes.md")
    assert "attachment" in saved.headers["content-disposition"]
    assert "## Removed" in saved.text


def test_the_page_says_what_is_wrong_with_a_date(client: TestClient):
    shown = client.get("/changes", params={"since": "<script>"})
    assert shown.status_code == 400
    assert "is not a date" in shown.text
    assert "<script>&" not in shown.text
    assert "&lt;script&gt;" in shown.text


def test_strangers_see_nothing(runtime: StaticRuntime, config: Config, tmp_path: Path):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", "correct horse")
    token = new_token(accounts, "nightly")
    client = TestClient(
        server.create(runtime, config.model_copy(update={"auth": accounts})), AT, follow_redirects=False
    )
    for path in ("/changes", "/changes/changes.md", "/diff", "/diff/markdown", "/diff/states"):
        assert client.get(path).status_code == 401
    assert client.get("/changes", headers={"Accept": "text/html"}).status_code == 303
    assert client.get("/diff", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    ("keep_days", "said"), [(30, "nothing to compare yet"), (0, "does not keep what documents said before")]
)
def test_without_a_former_state_the_page_says_so_in_a_readers_words(
    config: Config, keep_days: int, said: str
):
    index, encoder = Index.empty(IDENTITY), FakeEncoder()
    pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.0)
    config = config.model_copy(update={"keep_days": keep_days})
    client = TestClient(server.create(StaticRuntime(index, encoder, IDENTITY, pipeline), config), AT)
    shown = client.get("/changes")
    assert (shown.status_code, said in shown.text) == (200, True)
    assert "keep_days" not in shown.text
    assert AFTER not in shown.text
