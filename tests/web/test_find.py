"""Finding every mention over HTTP: the API, the page, and the tables that it gives away."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa import storage
from qa.config import Config
from qa.runtime import LiveRuntime, StaticRuntime
from qa.web import server
from qa.web.security.auth import set_password

AT = "http://127.0.0.1:7860"
HERE = ("127.0.0.1", 50_000)


@pytest.fixture
def config(settings: Config) -> Config:
    return settings.model_copy(update={"model": "none"})


def client_of(config: Config, parts: StaticRuntime) -> TestClient:
    runtime = LiveRuntime(parts, storage.open_store(config))
    return TestClient(server.create(runtime, config), AT, client=HERE)


@pytest.fixture
def client(config: Config, quick_parts: StaticRuntime) -> Iterator[TestClient]:
    with client_of(config, quick_parts) as each:
        yield each


def test_the_api_finds_every_mention_page_by_page(client: TestClient):
    everything = client.post("/find", json={"query": "Uzbekistan", "limit": 1000}).json()
    page = client.post("/find", json={"query": "Uzbekistan", "limit": 2, "first": 2}).json()
    sentences = [each for document in everything["results"] for each in document["sentences"]]
    assert everything["mentions"] == len(sentences) == 5
    assert everything["documents"] == 2
    assert all("uzbek" in each["text"].lower() for each in sentences)
    assert [each for document in page["results"] for each in document["sentences"]] == sentences[2:4]
    assert page["next"] == 4


@pytest.mark.parametrize("body", [{}, {"query": ""}, {"query": "a", "limit": 0}, {"query": "a", "more": 1}])
def test_the_api_refuses_what_it_does_not_understand(client: TestClient, body: dict):
    assert client.post("/find", json=body).status_code in {400, 422}


def test_the_page_shows_mentions_by_document_and_what_may_be_missing(client: TestClient):
    empty = client.get("/mentions").text
    assert 'name="q"' in empty
    assert "What could not be read" not in empty
    shown = client.get("/mentions", params={"q": "gas turbines"}).text
    assert "it, in 1 of 2 documents" in shown
    assert "are expected to be missing" in shown
    assert "Siemens" in shown


def test_what_a_visitor_types_is_shown_as_text(client: TestClient):
    shown = client.get("/mentions", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in shown


def test_the_page_gives_tables_away(client: TestClient):
    given = client.get("/pages/mentions/mentions.csv", params={"q": "Uzbekistan"})
    assert given.headers["content-disposition"] == 'attachment; filename="mentions.csv"'
    assert len(list(csv.DictReader(io.StringIO(given.text)))) == 5
    assert client.get("/pages/mentions/mentions.xlsx", params={"q": "gas"}).content.startswith(b"PK")
    assert client.get("/pages/mentions/mentions.json", params={"q": "gas"}).json()["query"] == "gas"
    assert client.get("/pages/mentions/other.txt", params={"q": "gas"}).status_code == 404


def test_a_page_past_the_end_shows_the_last_one(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.web.pages.find.PER_PAGE", 2)
    last, past = (client.get("/mentions", params={"q": "Uzbekistan", "page": n}).text for n in (3, 99))
    assert "Page 3 of 3" in past
    assert past == last
    assert client.get("/mentions", params={"q": "uranium", "page": 2}).status_code == 200


def test_a_table_that_is_not_there_is_refused_before_the_documents_are_searched(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    searched: list[object] = []
    monkeypatch.setattr("qa.pipeline.Pipeline.find", lambda *args, **_: searched.append(args))
    refused = client.get("/pages/mentions/other.txt", params={"q": "gas"})
    assert (refused.status_code, searched) == (404, [])
    assert "mentions.csv, mentions.xlsx, mentions.json" in refused.text


def test_with_accounts_only_readers_see_the_page(config: Config, quick_parts: StaticRuntime, tmp_path: Path):
    set_password(tmp_path / "accounts", "ada", "correct horse")
    guarded = config.model_copy(update={"auth": tmp_path / "accounts"})
    with client_of(guarded, quick_parts) as stranger:
        assert stranger.get("/mentions", params={"q": "gas"}).status_code == 401
        assert stranger.get("/pages/mentions/mentions.csv", params={"q": "gas"}).status_code == 401
        assert stranger.post("/find", json={"query": "gas"}).status_code == 401
