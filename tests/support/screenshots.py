"""Pictures of the pages for the documentation, into ``docs/``: ``make screenshots``.

The answers are those of the default models over the documents that the tests and ``eval.office`` have.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from eval.office.folder import write_folder
from qa import assemble
from qa.config import CollectionSettings, Config
from tests.browser.test_tracked import QUESTION, Contract, reload_until
from tests.support.browser import chromium, opened, served
from tests.support.changed_folder import changed_folder
from tests.support.fakes import CORPUS, ROOT

ANSWERED = "How much is the gas turbine contract in Uzbekistan worth?"
IN_A_TABLE = "How much did Stanmoor spend on gas in 2023?"
IN_A_PDF = "How many meetings of the audit committee did Carmen Ibarra Soto attend in 2022?"
ABSENT = "Which documents mention uranium?"
GRID = "When does the agreement begin?\nWho may sublet?"

COLLECTION = "Contracts"

COLOURS = 128
"""Of a picture's palette: enough for the page's few, and a third of the bytes."""


def main() -> None:
    """Write every picture."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        _tracked(browser, folder / "tracked")
        _changes(browser, folder / "changes")
        _office(browser, folder / "office")
        _answers(browser, folder / "corpus")


def _answers(browser: Browser, folder: Path) -> None:
    """The picture of the README."""
    config = Config(corpus=CORPUS, index=folder / "index")
    assemble.index_corpus(config, [CORPUS])
    parts = assemble.open_runtime(config)
    with served(parts) as address, opened(browser, address) as tab:
        tab.ask(ANSWERED).locator(".cite").first.click()
        expect(tab.mark).to_be_in_viewport()
        _save(tab.page, "screenshot")


def _office(browser: Browser, folder: Path) -> None:
    """The pictures of a folder of contracts, reports, mails and tables."""
    corpus = folder / "documents"
    write_folder(corpus)
    config = Config(
        corpus=corpus,
        index=folder / "index",
        collections={COLLECTION: CollectionSettings(documents=["contracts/"])},
    )
    assemble.index_corpus(config, [corpus])
    with served(assemble.open_runtime(config), config) as address:
        _citations(browser, address)
        with opened(browser, address) as tab:
            tab.page.get_by_role("combobox", name="Search").select_option(COLLECTION)
            tab.ask("When does the lease end?")
            expect(tab.button("Evidence sheet")).to_be_visible()
            _save(tab.page, "collections")
            tab.ask(ABSENT)
            with tab.page.expect_download() as saving:
                tab.button("What was searched for the last refusal").click()
            sheet = folder / "absence.html"
            saving.value.save_as(sheet)
        with _page(browser, sheet.as_uri()) as page:
            _save(page, "absence")
        for name, path in {
            "find": "mentions?q=liquidated+damages",
            "overview": "overview?in=contracts/",
            "settings": "settings",
        }.items():
            with _page(browser, address + path) as page:
                _save(page, name)
        with _page(browser, f"{address}grid") as page:
            page.get_by_label("Questions, one per line").fill(GRID)
            page.get_by_label("Only in this document").fill("contracts/")
            page.get_by_role("button", name="Ask every document").click()
            reload_until(page, "10 of 10 cells filled, 10 with the model")
            page.locator("td details").nth(2).locator("summary").click()
            _save(page, "grid")


def _citations(browser: Browser, address: str) -> None:
    """A quote from a table, and one on its page."""
    with opened(browser, address) as tab:
        tab.ask(IN_A_TABLE)
        expect(tab.page.locator("#quotes table").first).to_be_visible()
        _save(tab.page, "table")
    with opened(browser, address) as tab:
        tab.ask(IN_A_PDF).locator(".cite[data-document$='.pdf']").first.click()
        tab.button("Show the page").click()
        sheet = tab.page.locator("#document .picture img")
        expect(sheet).to_be_visible()
        sheet.evaluate("sheet => sheet.scrollIntoView({block: 'start'})")  # where the row is
        _save(tab.page, "pdf")


def _tracked(browser: Browser, folder: Path) -> None:
    """A tracked question, whose answer changes."""
    folder.mkdir()
    contract = Contract(folder, Config(index=folder / "index", model="none"))
    runtime = contract.runtime()
    with (
        served(runtime, contract.config) as address,
        runtime.follow(),
        _page(browser, f"{address}tracked") as page,
    ):
        page.get_by_label("Track a question").fill(QUESTION)
        page.get_by_role("button", name="Track", exact=True).click()
        reload_until(page, "24 months")
        contract.write("2025-01-15", 36)
        page.goto(f"{address}tracked")
        reload_until(page, "Answer changed")
        _save(page, "tracked")
        page.locator("#new h3 a").click()
        _save(page, "history")


def _changes(browser: Browser, folder: Path) -> None:
    """Two versions of a contract, sentence by sentence."""
    folder.mkdir()
    config = Config(index=folder / "index", model="none")
    with served(changed_folder(folder), config) as address, _page(browser, f"{address}changes") as page:
        _save(page, "changes")


@contextmanager
def _page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def _save(page: Page, name: str) -> None:
    path = ROOT / "docs" / f"{name}.png"
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)  # for what moves to come to rest
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
