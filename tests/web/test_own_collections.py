"""A reader's own collections on the pages beside the chat: theirs to choose, and nobody else's."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from qa import storage
from qa.config import Config
from qa.uploads.collections import CollectionFile
from qa.web import server
from qa.web.security.auth import new_token, set_password
from tests.support.contracts import contracts_runtime

AT = "http://127.0.0.1:7860"
PASSWORD = "correct horse"
MINE = "Ada's drafts"
OFFERED = '<option value="Ada&#39;s drafts">'
QUESTION = "What is the notice period?"
PAGES = [
    ("/overview", {"in": MINE}),
    ("/conflicts", {"in": MINE, "compare": "true"}),
    ("/mentions", {"within": MINE, "q": "agreement"}),
]


@dataclass
class Readers:
    """Ada, who has a collection, and Bert, who has none at first."""

    ada: TestClient
    bert: TestClient
    collections: dict[str, CollectionFile]
    """The collections of each, by name."""


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    settings = Config(index=tmp_path / "index", model="none", auth=tmp_path / "accounts")
    clients = []
    for name in ("ada", "bert"):
        set_password(tmp_path / "accounts", name, PASSWORD)
    app = server.create(contracts_runtime(tmp_path), settings)
    for name in ("ada", "bert"):
        client = TestClient(app, AT, client=("127.0.0.1", 50_000))
        assert client.post("/login", data={"username": name, "password": PASSWORD}).is_success
        clients.append(client)
    collections = {name: storage.reader_collections(settings, name) for name in ("ada", "bert")}
    collections["ada"].save(MINE, ("2022.md",))
    yield Readers(*clients, collections)
    for client in clients:
        client.close()


def make_grid(client: TestClient, within: str) -> Response:
    """Return the page of a new grid over what ``within`` means to the reader, once it is filled."""
    shown = client.post("/pages/grid/new", data={"questions": QUESTION, "within": within})
    for _ in range(200):
        if " data-filling>" not in shown.text:
            break
        time.sleep(0.1)
        shown = client.get(str(shown.url))
    return shown


@pytest.mark.parametrize(("path", "query"), PAGES)
def test_a_collection_is_offered_to_its_reader_and_to_nobody_else(
    readers: Readers, path: str, query: dict[str, str]
):
    assert OFFERED in readers.ada.get(path).text
    assert OFFERED not in readers.bert.get(path).text
    assert readers.ada.get(path, params=query).status_code == 200
    refused = readers.bert.get(path, params=query)
    assert refused.status_code == 422
    assert "There is no document, folder or collection called" in refused.text


def test_the_documents_of_the_collection_are_what_a_page_shows(readers: Readers):
    overview = readers.ada.get("/overview", params={"in": MINE}).text
    assert "1 of 3 documents" in overview
    assert "2024.md" in readers.ada.get("/conflicts?compare=true").text
    assert (
        "1 document was compared"
        in readers.ada.get("/conflicts", params={"in": MINE, "compare": "true"}).text
    )
    wanted = {"q": "agreement", "within": MINE}
    found = readers.ada.get("/pages/mentions/mentions.json", params=wanted).json()
    assert [each["document"] for each in found["results"]] == ["2022.md"]
    assert readers.bert.get("/pages/mentions/mentions.json", params=wanted).status_code == 422


def test_what_is_kept_of_a_collection_does_not_tell_its_name_to_others(readers: Readers):
    pair = ("2022.md", "2024.md")
    readers.collections["ada"].save("Drafts", pair)
    readers.collections["bert"].save("Letters", pair)
    assert "2 of 3 documents" in readers.ada.get("/overview", params={"in": "Drafts"}).text
    shown = readers.bert.get("/overview", params={"in": "Letters"}).text
    assert "2 of 3 documents" in shown
    assert "Drafts" not in shown


def test_a_grid_asks_the_documents_of_the_collection_for_its_reader_alone(readers: Readers):
    assert OFFERED in readers.ada.get("/grid").text
    assert OFFERED not in readers.bert.get("/grid").text
    shown = make_grid(readers.ada, MINE)
    assert "1 of 1 cells filled" in shown.text
    assert "Only documents of Ada&#39;s drafts." in shown.text
    refused = readers.bert.post("/pages/grid/new", data={"questions": QUESTION, "within": MINE})
    assert refused.status_code == 422
    assert "There is no document, folder or collection called" in refused.text
    assert "There is no such grid" in readers.bert.get(str(shown.url)).text


def test_a_program_cannot_name_the_collection_of_its_reader(readers: Readers, tmp_path: Path):
    program = {"Authorization": f"Bearer {new_token(tmp_path / 'accounts', 'script')}"}
    for path, body in [("/grids", {"questions": [QUESTION]}), ("/find", {"query": "agreement"})]:
        answer = readers.ada.post(path, json={**body, "documents": [MINE]}, headers=program)
        assert answer.status_code == 400
        assert "There is no document, folder or collection called" in answer.text


def test_a_grid_goes_on_with_its_documents_whatever_becomes_of_the_collection(readers: Readers):
    page = str(make_grid(readers.ada, MINE).url)
    readers.collections["ada"].rename(MINE, "Old")
    renamed = readers.ada.get(page).text
    assert "Only documents of Old, which was called Ada&#39;s drafts when the grid was made." in renamed
    assert str(make_grid(readers.ada, "Old").url) == page
    readers.collections["ada"].remove("Old")
    removed = readers.ada.get(page).text
    assert "Only the documents that Ada&#39;s drafts had when the grid was made." in removed
    assert "You no longer have such a collection." in removed
    assert "1 of 1 cells filled" in removed


def test_a_grid_says_which_documents_of_the_collection_are_gone(readers: Readers):
    gone = tuple(f"gone {number}.md" for number in range(5))
    readers.collections["ada"].save("Some", ("2022.md", *gone))
    shown = make_grid(readers.ada, "Some").text
    assert "1 of 1 cells filled" in shown
    assert "5 documents and folders of this grid are no longer there" in shown
    readers.collections["ada"].save("Gone", gone)
    refused = readers.ada.post("/pages/grid/new", data={"questions": QUESTION, "within": "Gone"})
    assert refused.status_code == 422
    assert "The collection Gone is empty" in refused.text


def test_a_collection_whose_documents_are_gone_is_told(readers: Readers):
    readers.collections["ada"].save("Gone", ("gone.md",))
    told = readers.ada.get("/overview", params={"in": "Gone"})
    assert told.status_code == 422
    assert "The collection Gone is empty" in told.text
