"""Collections that readers make on the page."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web.security.auth import set_password
from tests.browser.test_accessibility import beyond_the_edge, faults
from tests.browser.test_documents import (
    CRANES,
    HARBOUR,
    KEEPER,
    LIGHTHOUSE,
    added,
    bring,
    choose,
    documents,
    file,
    quoted,
    remove,
    row,
)
from tests.browser.test_uploaded_files import NARROW, PASSWORD, signed_in
from tests.support.browser import Tab, opened, served


@pytest.fixture
def locked(tmp_path: Path) -> Config:
    """Settings of a server with two readers."""
    for name in ("anna", "bert"):
        set_password(tmp_path / "accounts", name, PASSWORD)
    return Config(auth=tmp_path / "accounts", index=tmp_path / "index")


def said(tab: Tab) -> Locator:
    """What became of the last change of a collection."""
    return tab.page.locator(".scope [role=status]")


def write(tab: Tab, form: str, name: str) -> None:
    """Open a form of the choice by keyboard, if it is closed, type a name and press Enter."""
    field = tab.page.locator(".scope").get_by_label("Name")
    if not field.is_visible():
        tab.page.locator(".scope summary", has_text=form).press("Enter")
    field.fill(name)
    field.press("Enter")


def test_a_reader_makes_a_collection_searches_it_renames_and_removes_it(
    browser: Browser, quick_parts: StaticRuntime, locked: Config, tmp_path: Path
):
    with served(quick_parts, locked) as address, signed_in(browser, address, "anna", NARROW) as tab:
        bring(tab, file(tmp_path, "light.txt", LIGHTHOUSE), file(tmp_path, "harbour.txt", HARBOUR))
        added(tab, "light", "harbour")
        choose(tab, "light")
        write(tab, "Save as a collection", "Lights")
        searched = tab.page.locator("#searched")
        expect(said(tab)).to_have_text("Saved as Lights.")
        expect(searched).to_be_focused()
        expect(searched).to_have_value("own:Lights")
        expect(searched.locator("option:checked")).to_contain_text("1 of ")
        assert faults(tab) == []
        assert beyond_the_edge(tab) == []
        assert quoted(tab.ask(CRANES)) <= {"uploads/light.txt"}
        searched.select_option("")
        assert "uploads/harbour.txt" in quoted(tab.ask(CRANES))
        # Another one cannot have its name, whatever its case.
        choose(tab, "harbour")
        write(tab, "Save as a collection", "lights")
        expect(said(tab)).to_have_text("There is a collection called lights already; choose another name.")
        write(tab, "Save as a collection", "Harbours")
        expect(searched).to_have_value("own:Harbours")
        write(tab, "Change this collection", "Ports")
        expect(said(tab)).to_have_text("Renamed to Ports.")
        expect(searched).to_have_value("own:Ports")
        tab.page.locator(".scope summary").press("Enter")
        tab.page.locator(".scope").get_by_role("button", name="Remove").press("Enter")
        expect(said(tab)).to_have_text("The collection Ports was removed; its documents are still here.")
        expect(searched).to_have_value("")
        expect(searched.locator("optgroup[label='My collections'] option")).to_have_count(1)


def test_a_collection_lasts_is_nobody_elses_and_is_told_when_it_is_empty(
    browser: Browser, quick_parts: StaticRuntime, locked: Config, tmp_path: Path
):
    with served(quick_parts, locked) as address, signed_in(browser, address, "anna") as tab:
        bring(tab, file(tmp_path, "light.txt", LIGHTHOUSE))
        added(tab, "light")
        choose(tab, "light")
        write(tab, "Save as a collection", "Lights")
        expect(said(tab)).to_have_text("Saved as Lights.")
        # A document that comes afterwards changes the choice, and takes nothing back of what was said.
        everything = tab.page.locator("#searched option").first
        before = everything.inner_text()
        bring(tab, file(tmp_path, "harbour.txt", HARBOUR))
        added(tab, "harbour")
        expect(everything).not_to_have_text(before)
        expect(said(tab)).to_have_text("Saved as Lights.")
        tab.page.locator("#searched").select_option("")
        expect(said(tab)).to_have_text("")
    with (
        served(quick_parts, locked) as address,
        signed_in(browser, address, "anna") as tab,
        signed_in(browser, address, "bert") as other,
    ):
        mine = tab.page.locator("optgroup[label='My collections'] option")
        expect(mine).to_have_count(1)
        expect(other.page.locator("#searched")).to_be_visible()
        expect(other.page.locator("optgroup[label='My collections']")).to_have_count(0)
        remove(row(tab, "light"))
        expect(row(tab, "light")).to_have_count(0)
        expect(mine).to_contain_text("0 of ")
        tab.page.locator("#searched").select_option("own:Lights")
        expect(tab.page.locator("#documents legend")).to_have_text("Questions search this selection only")
        told = tab.ask(KEEPER).locator(".note").first
        expect(told).to_have_text(
            "The collection Lights is empty: none of its documents is left; choose another "
            "collection, or all documents"
        )


def test_a_visitor_without_an_account_has_the_owners_collections_only(
    browser: Browser, quick_parts: StaticRuntime, tmp_path: Path
):
    with served(quick_parts) as address, opened(browser, address) as tab:
        documents(tab)
        bring(tab, file(tmp_path, "light.txt", LIGHTHOUSE))
        added(tab, "light")
        choose(tab, "light")
        expect(tab.page.locator("#searched")).to_have_value("*")
        expect(tab.page.locator(".scope details")).to_have_count(0)
