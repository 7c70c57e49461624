"""Whose uploads the pages beside the chat show: those of who asks, and nobody else's."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from qa.config import Config
from qa.uploads.libraries import Libraries
from qa.web import server
from qa.web.security.auth import set_password
from tests.support.contracts import contract, contracts_runtime

AT = "http://127.0.0.1:7860"
PASSWORD = "correct horse"
MINE = "uploads/mine.txt"
NOTE = contract("", "", notice="nine", may="may", price="54,000").text
QUESTION = "Who keeps the lighthouse of Kivik?"


@dataclass
class Person:
    """A reader or a visitor with a document of their own."""

    client: TestClient
    name: str

    def sees(self, path: str, **query: str) -> str:
        """The text of a page that must not fail."""
        shown = self.client.get(path, params=query)
        assert shown.status_code == 200, shown.text
        return shown.text

    def finds(self) -> set[str]:
        """The documents that mention Kivik, and how often, in what the page saves."""
        results = self.client.get("/pages/mentions/mentions.json", params={"q": "Kivik"}).json()["results"]
        return {sentence["text"] for document in results for sentence in document["sentences"]}

    def makes_a_grid(self) -> str:
        """The id of a grid over all documents of theirs, once it is filled."""
        made = self.client.post("/pages/grid/new", data={"questions": QUESTION})
        for _ in range(60):
            if "The grid is finished." in made.text:
                return made.url.params["id"]
            time.sleep(0.5)
            made = self.client.get(str(made.url))
        pytest.fail("The grid is not filled")


@pytest.fixture(scope="module", params=["readers", "visitors"])
def people(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Person]]:
    """Two who have uploaded a document each, under the same name, and one who has none."""
    tmp_path = tmp_path_factory.mktemp("whose")
    settings = Config(index=tmp_path / "index", model="none")
    names = ("ada", "bert", "carl")
    if request.param == "readers":
        settings = settings.model_copy(update={"auth": tmp_path / "accounts"})
        for name in names:
            set_password(tmp_path / "accounts", name, PASSWORD)
    made: list[Libraries] = []

    class Seen(Libraries):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "Libraries", Seen)
        app = server.create(contracts_runtime(tmp_path), settings)
    kept, found = [], []
    for name in names:
        client = TestClient(app, AT, client=("127.0.0.1", 50_000))
        if request.param == "readers":
            assert client.post("/login", data={"username": name, "password": PASSWORD}).is_success
            library = made[0].open(name, "")
        else:
            assert client.get("/").is_success
            (token,) = client.cookies.values()
            library = made[0].open("", token)
        kept.append(library)  # as a session of the chat keeps it
        if name != "carl":
            file = tmp_path / name / "mine.txt"
            file.parent.mkdir()
            file.write_text(f"{NOTE}\n\n{name.title()} keeps the lighthouse of Kivik.")
            library.add([file])
        found.append(Person(client, name.title()))
    yield found
    for library in kept:
        library.close()


def test_every_page_shows_ones_own_documents_and_nobody_elses(people: list[Person]):
    ada, bert, carl = people
    for one, other in ((ada, bert), (bert, ada)):
        assert f"{one.name} keeps the lighthouse" in one.sees("/mentions", q="Kivik")
        assert one.finds() == {f"{one.name} keeps the lighthouse of Kivik."}
        assert one.name in one.sees("/overview", **{"in": MINE})
        assert "nine" in one.sees("/conflicts", compare="true")
        assert other.name not in one.sees("/overview") + one.sees("/conflicts", compare="true")
    assert carl.finds() == set()
    assert carl.client.get("/overview", params={"in": MINE}).status_code == 422
    assert "nine" not in carl.sees("/conflicts", compare="true")


def test_a_grid_asks_ones_own_documents_and_is_shown_to_nobody_else(people: list[Person]):
    ada, bert, carl = people
    id_ = ada.makes_a_grid()
    assert "Ada keeps the lighthouse" in ada.sees("/grid", id=id_)
    for other in (bert, carl):
        assert other.client.get("/grid", params={"id": id_}).status_code == 404
        assert "lighthouse" not in other.sees("/grid")
        for path in ("grid.xlsx", "grid.csv", "grid.json"):
            assert other.client.get(f"/pages/grid/{id_}/{path}").status_code == 404
        for act in ("correct", "go-on", "stop", "remove"):
            form = {"sha256": "0" * 64, "question": QUESTION, "answer": "nobody"}
            assert other.client.post(f"/pages/grid/{id_}/{act}", data=form).status_code == 404
    own = bert.makes_a_grid()
    assert "Bert keeps the lighthouse" in bert.sees("/grid", id=own)
    assert "Ada" not in bert.sees("/grid", id=own)
    refused = carl.client.post("/pages/grid/new", data={"questions": QUESTION, "within": MINE})
    assert refused.status_code == 422
    assert QUESTION in refused.text  # what was typed is still there


def test_who_has_no_visit_yet_sees_the_documents_of_everybody(people: list[Person]):
    stranger = TestClient(people[0].client.app, AT, client=("127.0.0.1", 50_000))
    shown = stranger.get("/mentions", params={"q": "Kivik"})
    assert shown.status_code == 401 or "No sentence" in shown.text
    for name in people[0].client.cookies:
        stranger.cookies.set(name, "x" * 43)
    assert "lighthouse of Kivik" not in stranger.get("/mentions", params={"q": "Kivik"}).text
