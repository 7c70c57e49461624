"""The page of conflicts in a real browser: by keyboard, in both colour schemes, on any screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from qa.config import Config
from tests.browser.test_accessibility import beyond_the_edge, faults
from tests.support.browser import opened, served
from tests.support.contracts import contracts_runtime


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(contracts_runtime(tmp_path_factory.mktemp("contracts")), Config(model="none")) as at:
        yield at


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (2_560, "dark")])
def test_a_reader_compares_by_keyboard_and_follows_a_quote(
    browser: Browser, address: str, width: int, scheme: str
):
    with opened(browser, address, width=width, scheme=scheme) as tab:
        tab.page.goto(f"{address}conflicts")
        tab.page.get_by_label("Document, folder or collection").press("Enter")
        expect(tab.page.get_by_role("status")).to_contain_text("2 conflicts were found")
        assert faults(tab) == []
        assert beyond_the_edge(tab) == []
        numbers = tab.page.get_by_role("region", name="The documents give different numbers")
        newer, older = numbers.get_by_role("listitem").all()
        expect(newer.locator("mark")).to_have_text("six")
        expect(older.locator("mark")).to_have_text("three")
        side_by_side = newer.bounding_box()["y"] == older.bounding_box()["y"]
        assert side_by_side == (width > 375)
        newer.get_by_role("link").press("Enter")
        expect(tab.mark).to_have_text("The notice period for this agreement is six months.")
