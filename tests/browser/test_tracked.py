"""The whole story of a tracked question in a real browser, over two versions of a contract."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from qa import assemble, storage
from qa.cli import parser
from qa.config import Config
from qa.index.index import Index
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Ask, Event, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import LiveRuntime, StaticRuntime
from qa.tracking.values import Scope
from tests.browser.test_accessibility import beyond_the_edge, faults
from tests.support.browser import Tab, open_page, opened, reload_until, served
from tests.support.fakes import FakeEncoder
from tests.support.milvus_lite_server import running

pytestmark = pytest.mark.usefixtures("quick_servers")

QUESTION = "What is the term of the supply contract?"
A_FEW_LOOKS = 1_000
"""Milliseconds in which a server of these tests looks several times at what is due."""


class Contract:
    """A folder with a contract, and the index that servers have of it."""

    def __init__(self, at: Path, config: Config) -> None:
        self.corpus = at / "corpus"
        self.corpus.mkdir()
        self.config = config
        self.store = storage.open_store(self.config)
        self.write("2024-03-01", 24)

    def runtime(self) -> LiveRuntime:
        """What a server has of the index."""
        index, encoder = Index.open(self.store), FakeEncoder()
        pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, 0.3)
        return LiveRuntime(StaticRuntime(index, encoder, self.store.identity, pipeline), self.store)

    def write(self, date: str, months: int) -> None:
        text = f"---\ntitle: Contract\ndate: {date}\n---\nThe term of the supply contract is {months} months."
        (self.corpus / "contracts").mkdir(exist_ok=True)
        (self.corpus / "contracts/supply.md").write_text(text)
        update_index(self.store, survey([self.corpus]), FakeEncoder())


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    return Contract(tmp_path, Config(index=tmp_path / "index", model="none"))


@contextmanager
def serving(contract: Contract) -> Iterator[str]:
    """The address of a server of its own."""
    runtime = contract.runtime()
    with served(runtime, contract.config) as at, runtime.follow():
        yield at


@pytest.fixture
def address(contract: Contract) -> Iterator[str]:
    with serving(contract) as at:
        yield at


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that any server is asked, by a reader or by itself."""
    asked: list[str] = []
    stream = Pipeline.stream

    def recording(self: Pipeline, ask: Ask, *rest: Any) -> Generator[Event, None, None]:
        asked.append(ask.question)
        return stream(self, ask, *rest)

    monkeypatch.setattr(Pipeline, "stream", recording)
    return asked


@pytest.fixture(params=["a server", "two servers of Milvus"])
def story(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Contract, str, str]]:
    """A contract, the server where its question is tracked, and the one where the change is seen."""
    if request.param == "a server":
        contract = Contract(tmp_path, Config(index=tmp_path / "index", model="none"))
        with serving(contract) as address:
            yield contract, address, address
        return
    monkeypatch.setattr(storage, "_milvus_home", lambda _: tmp_path / "home")
    with running(tmp_path / "milvus") as milvus:
        monkeypatch.setenv("ATTEST_MILVUS_URI", milvus.uri)
        contract = Contract(tmp_path, Config(index=storage.MILVUS, milvus_uri=milvus.uri, model="none"))
        with serving(contract) as one, serving(contract) as other:
            yield contract, one, other


def test_track_change_see_follow_both_quotes_export_verify(
    browser: Browser,
    story: tuple[Contract, str, str],
    asked: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    contract, address, other = story
    with opened(browser, address) as tab:
        tab.ask(QUESTION)
        assert asked == [QUESTION]
        tab.button("Track").press("Enter")
        link = tab.page.locator("#test-form").get_by_role("link", name="Tracked questions")
        expect(link).to_be_focused()
        link.press("Enter")
        page = tab.page
        expect(page.get_by_role("heading", name="Tracked questions")).to_be_visible()
        expect(page.get_by_text("24 months")).to_be_visible()  # what was shown, at once
        page.wait_for_timeout(A_FEW_LOOKS)
        assert asked == [QUESTION]  # and it was not asked again
        expect(page.get_by_text("Nothing is new")).to_be_visible()

        contract.write("2025-01-15", 36)
        page.goto(f"{other}tracked")
        reload_until(page, "Answer changed")
        page.wait_for_timeout(A_FEW_LOOKS)
        others = page.get_by_text("servers of the same index on other machines have their own")
        expect(others).to_have_count(int(contract.config.index == storage.MILVUS))
        assert asked == [QUESTION, QUESTION]  # one of the servers asked again
        new = page.locator("#new")
        expect(new).to_contain_text("24 months")
        expect(new).to_contain_text("36 months")
        assert faults(tab) == []

        now = page.get_by_role("link", name="in the document as it is now")
        expect(now).to_have_count(2)
        now.last.click()
        expect(page.locator("#document mark")).to_have_text("The term of the supply contract is 36 months.")
        page.goto(f"{other}tracked")
        page.get_by_role("link", name="Quote before").click()
        expect(page.locator("mark")).to_have_text("The term of the supply contract is 24 months.")
        expect(page.get_by_text("2024-03-01")).to_be_visible()
        assert faults(tab) == []
        page.go_back()
        page.get_by_role("link", name="Quote now").click()
        expect(page.locator("mark")).to_have_text("The term of the supply contract is 36 months.")
        page.go_back()

        new.get_by_role("link", name=QUESTION).click()
        plot = page.get_by_role("img", name="Figures over time")
        expect(plot).to_have_accessible_description("2024-03-01: 24; 2025-01-15: 36")
        expect(page.get_by_role("table", name="Figures over time")).to_contain_text("2025-01-15")
        assert faults(tab) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="Export as an evidence sheet").click()
        sheet = tmp_path / "sheet.html"
        download.value.save_as(sheet)

        page.get_by_role("link", name="All tracked questions").click()
        page.get_by_role("button", name="Mark all as seen").press("Enter")
        expect(page.get_by_text("Nothing is new")).to_be_visible()
        expect(page.get_by_text("Earlier changes")).to_be_visible()
        assert tab.troubles == []
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert parser.main(["verify", "--index", str(contract.config.index), str(sheet)]) == 1
    assert "1 quote holds, 1 quote is gone" in capsys.readouterr().err


def test_every_width_and_scheme(browser: Browser, contract: Contract, address: str):
    tracker = assemble.open_tracker(contract.config, contract.runtime())
    tracker.add(QUESTION)
    tracker.update()
    contract.write("2025-01-15", 36)
    for width, scheme in product((375, 2560), ("light", "dark")):
        page = open_page(browser, f"{address}tracked", "Tracked questions", width, scheme)
        reload_until(page, "Answer changed")
        for path in ("tracked", page.locator("#new h3 a").get_attribute("href")):
            page.goto(f"{address}{str(path).removeprefix('/')}")
            assert beyond_the_edge(Tab(page)) == []
            assert faults(Tab(page)) == []
        page.context.close()


def test_the_documents_that_were_chosen_are_kept(browser: Browser, contract: Contract, address: str):
    with opened(browser, address) as tab:
        tab.page.get_by_role("combobox", name="Search").select_option("contracts/")
        expect(tab.page.get_by_role("combobox", name="Search")).to_have_value("contracts/")
        tab.ask(QUESTION)
        tab.page.get_by_role("combobox", name="Search").select_option("")  # what it was asked of counts
        tab.button("Track").click()
        tab.page.locator("#test-form").get_by_role("link", name="Tracked questions").click()
        expect(tab.page.get_by_text("in contracts/")).to_be_visible()
        assert tab.troubles == []
    (question,) = assemble.open_tracking(contract.config).questions()
    assert question.scope == Scope(("contracts/",))
    assert not question.due
