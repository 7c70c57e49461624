"""The page of changes in a real browser: by keyboard, in both colour schemes, on any screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa.config import Config
from tests.browser.test_accessibility import beyond_the_edge, faults
from tests.support.browser import Tab, open_page, served
from tests.support.changed_folder import changed_folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("changed")
    with served(changed_folder(root), Config(index=root / "index", model="none")) as at:
        yield f"{at}changes"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Browser, address: str, scheme: str):
    page = open_page(browser, address, "Changes", scheme=scheme)
    assert faults(Tab(page)) == []
    page.get_by_role("combobox", name="Since").fill("yesterday")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_contain_text("'yesterday' is not a date")
    assert faults(Tab(page)) == []
    page.context.close()


@pytest.mark.parametrize("width", [375, 768, 1280, 2560])
def test_every_width_shows_all_of_the_page(browser: Browser, address: str, width: int):
    page = open_page(browser, address, "Changes", width=width)
    assert beyond_the_edge(Tab(page)) == []
    page.context.close()


def test_a_reader_sees_what_changed_and_saves_it_by_keyboard(browser: Browser, address: str, tmp_path: Path):
    page = open_page(browser, address, "Changes")
    first = page.get_by_role("listitem").filter(has_text="number").first
    expect(first).to_contain_text("Before: The contract lasts 24 months.")
    expect(first).to_contain_text("Now: The contract lasts 36 months.")
    page.get_by_role("combobox", name="Since").focus()
    page.keyboard.type("2020")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}?since=2020&until=")
    expect(page.get_by_role("status")).to_contain_text("1 changed, 1 added and 1 removed")
    page.get_by_role("link", name="Save as Markdown").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "changes.md")
    assert "- − The contract lasts ~~24~~ months." in (tmp_path / "changes.md").read_text(encoding="utf-8")
    page.context.close()
