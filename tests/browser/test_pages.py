"""The pages beside the chat, as a reader finds them: one frame, a way back, and all of each page in sight."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from qa.config import Config
from qa.web.pages.links import page_links
from tests.browser.test_accessibility import faults
from tests.support.browser import Tab, reload_until, served
from tests.support.contracts import contracts_runtime

LINKS = page_links(owner=True)

SHOWN = {
    "mentions": "mentions?q=agreement",
    "overview": "overview?in=2024.md",
    "conflicts": "conflicts?compare=true",
}
"""The address at which a page has something to show, where a link to it shows an empty form."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over contracts."""
    root = tmp_path_factory.mktemp("pages")
    with served(contracts_runtime(root), Config(index=root / "index", model="none")) as at:
        yield at


def new_grid(page: Page, address: str) -> None:
    page.goto(f"{address}grid")
    page.get_by_label("Questions, one per line").fill("What is the notice period?\nWhat is the price?")
    page.get_by_role("button", name="Ask every document").click()
    reload_until(page, "6 of 6 cells filled")


def track(page: Page, address: str) -> None:
    page.goto(f"{address}tracked")
    page.get_by_label("Track a question").fill("What is the notice period for this agreement?")
    page.get_by_role("button", name="Track", exact=True).click()
    expect(page.get_by_role("link", name="What is the notice period")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1440, "dark")])
@pytest.mark.parametrize("path", LINKS)
def test_every_page_is_accessible_fits_and_leads_back(
    browser: Browser, address: str, path: str, width: int, scheme: Literal["light", "dark"]
):
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    if path == "grid":
        new_grid(page, address)
    elif path == "tracked":
        track(page, address)
    else:
        page.goto(address + SHOWN.get(path, path))
    assert faults(Tab(page)) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")  # the grid scrolls by itself
    assert page.locator("h1").count() == 1
    expect(page.locator("nav [aria-current=page]")).to_have_text(LINKS[path])
    for way_back in ("Attest", "Ask"):
        assert page.get_by_role("link", name=way_back, exact=True).get_attribute("href") == "/"
    context.close()
