"""The page of grids: made, followed while it is filled, corrected, stopped, gone on with, taken away."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from qa.config import Config
from qa.grid import fill
from tests.browser.test_accessibility import faults
from tests.support.browser import Tab, open_page, served
from tests.support.contracts import contracts_runtime

PRICE = "What is the contract price?"
NOTICE = "What is the notice period for this agreement?"


class Gate:
    """Lets one cell after the other be filled."""

    def __init__(self) -> None:
        self._open = threading.Semaphore(0)

    def let(self, cells: int) -> None:
        """Let so many cells be filled."""
        self._open.release(cells)

    def __call__(self, *args: object) -> object:
        assert self._open.acquire(timeout=120)
        return ASK(*args)


ASK = fill.ask_cell


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over three contracts."""
    root = tmp_path_factory.mktemp("grid")
    with served(contracts_runtime(root), Config(index=root / "index", model="none")) as at:
        yield at


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(fill, "ask_cell", gate)
    yield gate
    gate.let(1_000)  # what still waits ends


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = open_page(browser, f"{address}grid", "Grid")
    yield page
    page.context.close()


def make(page: Page, *questions: str, within: str = "") -> None:
    page.get_by_label("Questions, one per line").fill("\n".join(questions))
    page.get_by_label("Only in this document").fill(within)
    page.get_by_role("button", name="Ask every document").click()


def finish(page: Page) -> None:
    expect(page.locator("#state")).to_have_text("The grid is finished.")


def test_it_fills_by_itself_and_leaves_what_is_being_edited(page: Page, gate: Gate):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    make(page, NOTICE, PRICE)
    expect(page.locator("#progress")).to_contain_text("0 of 6 cells filled")
    gate.let(1)
    first = page.locator("#cell-0-0 summary")
    first.click()
    answer = page.locator("#cell-0-0").get_by_label("Your answer")
    answer.fill("none at all")
    gate.let(2)
    expect(page.locator("#progress")).to_contain_text("3 of 6 cells filled")
    expect(page.locator("#news")).to_contain_text("3 of 6 cells filled")
    expect(answer).to_be_focused()
    expect(answer).to_have_value("none at all")
    assert faults(Tab(page)) == []
    gate.let(3)
    finish(page)
    expect(page.locator("#news")).to_contain_text("6 of 6 cells filled")
    expect(page.locator("#news")).to_contain_text("The grid is finished.")
    expect(page.locator("#cell-1-0 summary")).to_contain_text("six months")
    expect(answer).to_have_value("none at all")
    page.clock.install()
    before = len(asked)
    page.clock.run_for(60_000)
    assert len(asked) == before  # it asks for nothing more


def test_a_cell_shows_its_quote_and_is_corrected_and_taken_away(page: Page, tmp_path: Path):
    make(page, PRICE, within="2024.md")
    finish(page)
    cell = page.locator("#cell-0-0")
    cell.locator("summary").press("Enter")
    expect(cell.locator("q")).to_have_text("The contract price is 54,000.00 euros.")
    expect(cell.get_by_role("link", name="in the document")).to_have_attribute(
        "href", re.compile("^/d/[0-9a-f]+/136-174$")
    )
    cell.get_by_label("Your answer").fill("54,000 euros, <b>without</b> tax")
    cell.get_by_role("button", name="Correct").press("Enter")
    expect(cell.locator("summary")).to_have_text("54,000 euros, <b>without</b> tax")
    expect(cell.locator("summary")).to_be_focused()
    expect(cell).to_contain_text("Corrected by a reader on 20")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Excel").click()
    saved.value.save_as(tmp_path / "grid.xlsx")
    written = load_workbook(tmp_path / "grid.xlsx")["Grid"]["C2"]
    assert written.value == "54,000 euros, <b>without</b> tax"
    assert "Corrected by a reader" in written.comment.text
    assert "“The contract price is 54,000.00 euros.”" in written.comment.text
    cell.locator("summary").click()
    cell.get_by_role("button", name="Take back").click()
    expect(cell).not_to_contain_text("Corrected")


def test_it_is_stopped_and_gone_on_with(page: Page, gate: Gate):
    make(page, "Where do deliveries take place?", "Who may assign this agreement?", "thanks")
    gate.let(1)
    expect(page.locator("#progress")).to_contain_text("1 of 6 cells filled")
    page.get_by_role("button", name="Stop").click()
    gate.let(1)  # the cell that was being filled
    expect(page.locator("#state")).to_have_text("The grid was stopped; the cells that are filled stay.")
    page.reload()
    expect(page.locator("#state")).to_have_text("The grid was stopped; the cells that are filled stay.")
    page.get_by_text("1 line left out").click()
    expect(page.get_by_text("Line 3 is left out")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    gate.let(10)
    finish(page)
    expect(page.get_by_role("button", name="Go on")).to_have_count(0)


def test_a_page_that_cannot_be_refreshed_says_so_and_stops(page: Page, gate: Gate):
    make(page, "What is delivered every week?")
    expect(page.locator("#progress")).to_contain_text("0 of 3 cells filled")
    page.route("**/grid?*", lambda route: route.abort())
    expect(page.locator("#news")).to_have_text("The grid cannot be refreshed; reload the page.")


def test_many_questions_are_shown_in_parts(page: Page):
    make(page, *(f"What is the price of part {number}?" for number in range(12)), within="bill.md")
    expect(page.get_by_role("navigation", name="Questions")).to_contain_text("Questions 1 to 10 of 12")
    page.get_by_role("link", name="Next questions").click()
    expect(page.locator("thead th")).to_have_count(3)
    expect(page.locator("#cell-0-11 summary")).to_be_visible()
    page.locator("#cell-0-11 summary").click()
    page.locator("#cell-0-11").get_by_label("Your answer").fill("nothing")
    page.locator("#cell-0-11").get_by_role("button", name="Correct").click()
    expect(page.locator("#cell-0-11 summary")).to_have_text("nothing")
    page.get_by_role("link", name="Previous questions").click()
    expect(page.locator("#cell-0-0")).to_be_visible()
