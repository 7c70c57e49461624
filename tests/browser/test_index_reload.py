"""A chat that is open while its index is updated."""

import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import LiveRuntime, StaticRuntime
from tests.support.browser import opened, served
from tests.support.fakes import IDENTITY, FakeEncoder

RAIL = "Alstom builds electric locomotives."
WIND = "Wind turns the turbines of Baku."


@pytest.mark.usefixtures("quick_servers")
def test_the_page_and_the_api_answer_from_a_finished_update(browser: Browser, tmp_path: Path):
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()

    def index(name: str, text: str) -> None:
        (corpus / name).write_text(text)
        update_index(LocalStore(folder, IDENTITY), survey([corpus]), FakeEncoder())

    index("rail.txt", RAIL)
    first = Index.open(LocalStore(folder, IDENTITY))
    pipeline = Pipeline(
        HybridRetriever(source=first, encoder=FakeEncoder()),
        first.documents,
        None,
        0.0,
        changed=first.changed,
    )
    following = LiveRuntime(
        StaticRuntime(first, FakeEncoder(), IDENTITY, pipeline), LocalStore(folder, IDENTITY)
    )
    with following.follow(), served(following) as address, opened(browser, address) as tab:
        expect(tab.page.get_by_text("Answers from your one document")).to_be_visible()
        tab.ask("Who builds locomotives?")
        expect(tab.exchanges.last).to_contain_text(RAIL)
        index("wind.txt", WIND)
        while httpx.get(f"{address}health", trust_env=False).json()["documents"] < 2:
            time.sleep(0.1)
        tab.ask("What does wind turn?")
        expect(tab.exchanges.last).to_contain_text(WIND)
        tab.exchanges.last.locator(".cite").first.click()
        expect(tab.mark).to_have_text(WIND)
        tab.page.reload()
        expect(tab.page.get_by_text("Answers from your 2 documents")).to_be_visible()
        (corpus / "rail.txt").write_text("Rail is the future.")
        tab.page.reload()
        expect(tab.exchanges.first.locator(".cite").first).to_have_attribute(
            "data-source", "rail, changed since it was indexed"
        )
