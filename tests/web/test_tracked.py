"""Tracked questions over HTTP: the page, the API, the feed, and whose they are."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from qa import assemble, storage
from qa.config import Config
from qa.index.index import Index
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import LiveRuntime, StaticRuntime
from qa.tracking.store import TrackingStore
from qa.tracking.values import KeptAnswer, Question
from qa.web import server
from qa.web.security.auth import new_token, set_password
from tests.support.fakes import FakeEncoder

AT = "http://127.0.0.1:7860"
QUESTION = "What is the term of the supply contract?"
ATOM = "{http://www.w3.org/2005/Atom}"
PASSWORD = "correct horse"


class TrackingServer:
    """A server over a folder that changes."""

    def __init__(self, at: Path, auth: Path | None = None, cors: tuple[str, ...] = ()) -> None:
        self.corpus = at / "corpus"
        self.corpus.mkdir()
        self.config = Config(index=at / "index", auth=auth, cors=cors, model="none")
        self.store = storage.open_store(self.config)
        self.write("The term of the supply contract is 24 months.")
        index, encoder = Index.open(self.store), FakeEncoder()
        pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.3)
        self.runtime = LiveRuntime(StaticRuntime(index, encoder, self.store.identity, pipeline), self.store)
        self.client = TestClient(
            server.create(self.runtime, self.config), base_url=AT, client=("127.0.0.1", 50_000)
        )

    def write(self, text: str) -> None:
        (self.corpus / "contract.txt").write_text(text)
        update_index(self.store, survey([self.corpus]), FakeEncoder())

    def update(self, text: str = "") -> None:
        """Change the contract, and ask what is due."""
        if text:
            self.write(text)
            self.runtime.refresh()
        assemble.open_tracker(self.config, self.runtime).update()

    def sign_in(self, name: str) -> None:
        self.client.cookies.clear()
        form = {"username": name, "password": PASSWORD}
        assert self.client.post("/login", data=form, headers={"Sec-Fetch-Site": "same-origin"}).is_success


@pytest.fixture
def served(tmp_path: Path) -> TrackingServer:
    return TrackingServer(tmp_path)


def test_the_story_on_the_page(served: TrackingServer):
    page = served.client.post("/pages/tracked/add", data={"question": QUESTION})
    assert page.url.path == "/tracked"
    assert "not asked yet" in page.text
    served.update()
    served.update("The term of the supply contract is 36 months.")
    page = served.client.get("/tracked").text
    assert "Answer changed" in page
    assert page.index("24 months") < page.index("36 months")
    assert "365 days" in page
    assert page.count(">in the document</a>") == 2
    (served.corpus / "contract.txt").unlink()
    (served.corpus / "other.txt").write_text("Gulls nest on the lighthouse.")
    update_index(served.store, survey([served.corpus]), FakeEncoder())
    served.runtime.refresh()
    gone = served.client.get("/tracked").text
    assert ">in the document</a>" not in gone
    assert "the document is gone" in gone
    links = [part.partition('"')[0] for part in page.split('href="')[1:] if part.startswith("/tracked/")]
    before = next(each for each in links if each.count("/") == 4)
    assert "<mark>The term of the supply contract is 24 months.</mark>" in served.client.get(before).text
    number = page.partition('name="number" value="')[2].partition('"')[0]
    seen = served.client.post("/pages/tracked/seen", data={"number": number}).text
    assert "Nothing is new." in seen
    assert "Earlier changes" in seen
    history = served.client.get(links[0]).text
    assert "24 months" in history
    assert "<svg" not in history  # the sentence has a figure, and both answers are of one day
    sheet = served.client.get(f"{links[0]}/sheet")
    assert "attachment" in sheet.headers["content-disposition"]
    assert "24 months" in sheet.text


@pytest.mark.parametrize(
    ("said", "name", "values"),
    [
        ("The term of the supply contract is {} months.", "Figures", ("24", "36", "48")),
        ("The term of the supply contract ends on {}.", "Dates", ("2025-12-31", "2026-12-31", "2028-06")),
    ],
)
def test_figures_and_dates_are_plotted_with_a_table(
    served: TrackingServer, said: str, name: str, values: tuple[str, ...]
):
    written = {"2025-12-31": "31 December 2025", "2026-12-31": "December 31, 2026", "2028-06": "June 2028"}
    served.client.post("/pages/tracked/add", data={"question": "What is said of the supply contract?"})
    dates = ("2021", "2022-02", "2023-03-01")
    (served.corpus / "contract.txt").unlink()
    for date, value in zip(dates, values, strict=True):
        sentence = said.format(written.get(value, value))
        (served.corpus / "contract.md").write_text(f"---\ndate: {date}\n---\n{sentence}")
        update_index(served.store, survey([served.corpus]), FakeEncoder())
        served.runtime.refresh()
        served.update()
    page = served.client.get("/tracked").text
    history = served.client.get(page.partition('<h3 dir="auto"><a href="')[2].partition('"')[0]).text
    text = "; ".join(f"{date}: {value}" for date, value in zip(dates, values, strict=True))
    assert f"{name} over time</title>" in history
    assert f"{text}</desc>" in history
    table = history.partition("<table>")[2].partition("</table>")[0]
    assert [table.index(date) for date in dates] == sorted(table.index(date) for date in dates)
    assert all(f"<td>{value}</td>" in table for value in values)
    links = [part.partition('"')[0] for part in table.split('href="')[1:]]
    assert [each.split("/")[1] for each in links] == ["tracked", "d"] * 3
    assert written.get(values[0], values[0]) in served.client.get(links[0]).text


def test_figures_of_other_units_are_on_no_scale_with_the_rest(served: TrackingServer):
    served.client.post("/pages/tracked/add", data={"question": QUESTION})
    for text in ("is 24 months", "is 2 years"):
        served.update(f"The term of the supply contract {text}.")
    page = served.client.get("/tracked").text
    history = served.client.get(page.partition('<h3 dir="auto"><a href="')[2].partition('"')[0]).text
    assert "2 years" in history
    assert "<svg" not in history


def test_what_is_pruned_while_a_page_shows_it(served: TrackingServer, monkeypatch: pytest.MonkeyPatch):
    served.client.post("/pages/tracked/add", data={"question": QUESTION})
    served.update()
    served.update("The term of the supply contract is 36 months.")
    page = served.client.get("/tracked").text
    links = [part.partition('"')[0] for part in page.split('href="')[1:] if part.startswith("/tracked/")]
    before, now = (each for each in links if each.count("/") == 4)
    store = assemble.open_tracking(served.config)
    history = TrackingStore.history

    def then_pruned(self: TrackingStore, question: Question) -> list[KeptAnswer]:
        found = history(self, question)
        store.prune(-1)
        return found

    with monkeypatch.context() as racing:
        racing.setattr(TrackingStore, "history", then_pruned)
        sheet = served.client.get(f"{links[0]}/sheet")
    assert "36 months" in sheet.text
    assert "24 months" not in sheet.text
    gone = served.client.get(before, headers={"Accept": "text/html"})
    assert gone.status_code == 404
    assert "no longer kept" in gone.text
    assert "36 months" in served.client.get(now).text
    assert "36 months" in served.client.get(links[0]).text
    number = page.partition('name="number" value="')[2].partition('"')[0]
    assert "Nothing is new." in served.client.post("/pages/tracked/seen", data={"number": number}).text


def test_the_api_and_the_feed(served: TrackingServer):
    added = served.client.post("/tracked", json={"question": QUESTION})
    assert added.status_code == 201
    assert added.json()["due"]
    again = served.client.post("/tracked", json={"question": QUESTION}).json()
    assert again["id"] == added.json()["id"]
    served.update()
    served.update("The term of the supply contract is 36 months.")
    listed = served.client.get("/tracked.json").json()
    assert listed["tracked"][0]["answer"]["answered"]
    (change,) = listed["changes"]
    assert (change["kind"], change["new"]) == ("changed", True)
    feed = served.client.get("/tracked.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    (entry,) = ElementTree.fromstring(feed.content).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{change['id']}"
    assert "24 months" in (entry.findtext(f"{ATOM}content") or "")
    history = served.client.get(f"/tracked/{again['id']}/history").json()["answers"]
    assert len(history) == 2
    assert served.client.delete(f"/tracked/{again['id']}").status_code == 204
    assert served.client.delete(f"/tracked/{again['id']}").status_code == 404
    assert served.client.get("/tracked.json").json() == {"tracked": [], "changes": []}


def test_a_question_goes_on_searching_what_it_was_asked_of(served: TrackingServer):
    scope = {"documents": ["contract.txt"], "since": "", "until": ""}
    added = served.client.post("/tracked", json={"question": QUESTION, **scope})
    assert added.json()["scope"] == scope
    refused = served.client.post("/tracked", json={"question": QUESTION, "documents": ["nowhere/"]})
    assert refused.status_code == 400
    assert "nowhere/" in refused.json()["detail"]
    form = {"question": QUESTION, "within": "nowhere/"}
    page = served.client.post("/pages/tracked/add", data=form)
    assert page.status_code == 422
    assert "no document, folder or collection called nowhere/" in page.text
    page = served.client.post("/pages/tracked/add", data={**form, "within": "contract.txt", "until": "2030"})
    assert "in contract.txt, until 2030" in page.text


@pytest.mark.parametrize("question", ["", "?", "thanks", "x" * 3_000, "\ud800"])
def test_what_cannot_be_tracked_is_refused(served: TrackingServer, question: str):
    refused = served.client.post("/tracked", content=f'{{"question": {ascii(question)!r}}}'.replace("'", '"'))
    assert refused.status_code in (400, 422)
    assert served.client.get("/tracked.json").json()["tracked"] == []


def test_another_site_tracks_nothing(served: TrackingServer):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert (
        served.client.post("/pages/tracked/add", data={"question": QUESTION}, headers=headers).status_code
        == 403
    )


def test_pages_that_may_use_the_api_press_no_buttons(tmp_path: Path):
    served = TrackingServer(tmp_path, cors=("https://wiki.example.org",))
    headers = {"Origin": "https://wiki.example.org"}
    assert served.client.post("/tracked", json={"question": QUESTION}, headers=headers).status_code == 201
    added = served.client.post("/pages/tracked/add", data={"question": QUESTION}, headers=headers)
    assert added.status_code == 403


def test_each_reader_and_program_has_their_own(tmp_path: Path):
    auth = tmp_path / "accounts"
    for name in ("ada", "bob"):
        set_password(auth, name, PASSWORD)
    token = {"Authorization": f"Bearer {new_token(auth, 'nightly')}"}
    served = TrackingServer(tmp_path, auth)
    for path in ("/tracked", "/tracked/abc", "/tracked.atom", "/tracked.json"):
        assert served.client.get(path).status_code == 401
    assert served.client.post("/pages/tracked/add", data={"question": QUESTION}).status_code == 401
    assert served.client.post("/tracked", json={"question": QUESTION}).status_code == 401
    with served.client:
        served.sign_in("ada")
        served.client.post("/pages/tracked/add", data={"question": QUESTION})
        page = served.client.get("/tracked").text
        assert QUESTION in page
        id_ = page.partition('href="/tracked/')[2].partition('"')[0]
        served.sign_in("bob")
        assert QUESTION not in served.client.get("/tracked").text
        assert served.client.get(f"/tracked/{id_}").status_code == 404
        assert served.client.get(f"/tracked/{id_}/sheet").status_code == 404
        assert served.client.post("/pages/tracked/remove", data={"id": id_}).status_code == 422
        served.client.cookies.clear()
        assert served.client.get("/tracked.json", headers=token).json()["tracked"] == []
        assert served.client.post("/tracked", json={"question": QUESTION}, headers=token).status_code == 201
        assert served.client.get("/tracked.atom", headers=token).status_code == 200
