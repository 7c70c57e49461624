"""Finding every mention over HTTP: the API, the page, and the tables that it gives away."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa import storage
from qa.config import Config
from qa.mentions.base import Mentions
from qa.pipeline import Pipeline
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


def test_the_pages_and_files_of_one_list_take_one_sweep(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    swept = count_sweeps(monkeypatch)
    shown = [client.get("/mentions", params={"q": "Uzbekistan", "page": page}).text for page in (1, 2)]
    files = [client.get(f"/pages/mentions/mentions.{end}?q=Uzbekistan") for end in ("csv", "xlsx", "json")]
    assert all("5 sentences mention it, in 2 of 2" in each for each in shown)
    assert all(each.is_success for each in files)
    assert swept == ["Uzbekistan"]
    client.get("/mentions", params={"q": "Uzbekistan", "words": "true"})
    client.get("/mentions", params={"q": "Uzbekistan", "since": "2000"})
    client.get("/mentions", params={"q": "Tashkent"})
    assert swept == ["Uzbekistan"] * 3 + ["Tashkent"]


def test_the_pages_of_the_api_take_one_sweep(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    swept = count_sweeps(monkeypatch)
    for first in (0, 2, 4, 1_000):
        client.post("/find", json={"query": "Uzbekistan", "first": first, "limit": 2}).raise_for_status()
    assert swept == ["Uzbekistan"]


def count_sweeps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the queries for which every sentence is gone over from now on."""
    swept: list[str] = []
    find = Pipeline.find

    def sweep(pipeline: Pipeline, query: str, *args: Any, **more: Any) -> Mentions:
        swept.append(query)
        return find(pipeline, query, *args, **more)

    monkeypatch.setattr(Pipeline, "find", sweep)
    return swept


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ({"since": "2022", "until": "2021"}, "The period ends on 2021-12-31, before it begins on 2022-01-01"),
        ({"since": "soon"}, "soon"),
    ],
)
def test_the_page_says_what_is_wrong_with_a_period(client: TestClient, period: dict[str, str], said: str):
    shown = client.get("/mentions", params={"q": "gas", **period})
    assert shown.status_code == 422
    assert said in shown.text
    for name, value in period.items():
        assert f'name="{name}" value="{value}"' in shown.text
    assert client.get("/pages/mentions/mentions.csv", params={"q": "gas", **period}).status_code == 422


def test_with_accounts_only_readers_see_the_page(config: Config, quick_parts: StaticRuntime, tmp_path: Path):
    set_password(tmp_path / "accounts", "ada", "correct horse")
    guarded = config.model_copy(update={"auth": tmp_path / "accounts"})
    with client_of(guarded, quick_parts) as stranger:
        assert stranger.get("/mentions", params={"q": "gas"}).status_code == 401
        assert stranger.get("/pages/mentions/mentions.csv", params={"q": "gas"}).status_code == 401
        assert stranger.post("/find", json={"query": "gas"}).status_code == 401
