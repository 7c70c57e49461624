"""Lists of documents that follow what others change, without a reload."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web.security.auth import set_password
from qa.web.ui.documents import DocumentsTab
from qa.web.ui.layout import Update
from qa.web.ui.session import Session
from tests.browser.test_accessibility import faults
from tests.browser.test_documents import HARBOUR, LIGHTHOUSE, added, bring, documents, file, remove, row
from tests.browser.test_uploaded_files import NARROW, PASSWORD, signed_in
from tests.support.browser import Tab, opened, served

pytestmark = pytest.mark.usefixtures("quick_servers")


@pytest.fixture
def locked(tmp_path: Path) -> Config:
    """Settings of a server with two readers."""
    for name in ("anna", "bert"):
        set_password(tmp_path / "accounts", name, PASSWORD)
    return Config(auth=tmp_path / "accounts", index=tmp_path / "index")


def count(tab: Tab) -> str:
    return (tab.page.locator("#header p").first.text_content() or "").split()[3]


def test_two_tabs_of_a_reader_follow_each_other(
    browser: Browser, quick_parts: StaticRuntime, locked: Config, tmp_path: Path
):
    with served(quick_parts, locked) as address, signed_in(browser, address, "anna") as one:
        other = Tab(one.page.context.new_page())
        other.page.goto(address)
        header = other.page.locator("#header p").first
        before = int(count(one))
        expect(header).to_contain_text(f"{before} documents")
        bring(one, file(tmp_path, "light.txt", LIGHTHOUSE))
        added(one, "light")
        expect(header).to_contain_text(f"{before + 1} documents")  # the list was never opened there
        documents(other)
        expect(row(other, "light")).to_have_count(1)
        remove(row(other, "light"))
        expect(row(one, "light")).to_have_count(0)
        expect(one.page.locator("#header p").first).to_contain_text(f"{before} documents")


def test_a_number_of_documents_that_comes_late_does_not_stay(
    browser: Browser, quick_parts: StaticRuntime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    counted, late = DocumentsTab.count, 0
    earlier: Update = {}

    def count_late(tab: DocumentsTab, session: Session) -> Update:
        nonlocal late, earlier
        late -= 1
        if late < 0:
            earlier = counted(tab, session)
        return earlier

    monkeypatch.setattr(DocumentsTab, "count", count_late)
    with served(quick_parts) as address, opened(browser, address) as tab:
        header = tab.page.locator("#header p").first
        at_first = int(count(tab))
        documents(tab)
        bring(tab, file(tmp_path, "light.txt", LIGHTHOUSE))
        added(tab, "light")
        expect(header).to_contain_text(f"{at_first + 1} documents")
        late = 2  # what removing says itself, and what follows it
        remove(row(tab, "light"))
        expect(header).to_contain_text(f"{at_first} documents")


def test_readers_of_shared_files_on_two_servers_follow_each_other(
    browser: Browser, quick_parts: StaticRuntime, locked: Config, tmp_path: Path
):
    shared = locked.model_copy(update={"shared": True})
    with (
        served(quick_parts, shared) as first,
        served(quick_parts, shared) as second,
        signed_in(browser, first, "anna") as anna,
        signed_in(browser, second, "bert", NARROW) as bert,
    ):
        before = int(count(bert))
        bring(bert, file(tmp_path, "harbour.txt", HARBOUR))
        added(bert, "harbour")
        expect(row(anna, "harbour")).to_contain_text("added by bert")
        # What a reader has ticked and typed stays while others change the list.
        row(anna, "harbour").get_by_role("checkbox").check()
        anna.page.get_by_label("Search documents").fill("h")
        bring(anna, file(tmp_path, "light.txt", LIGHTHOUSE))
        expect(row(bert, "light")).to_contain_text("added by anna")
        expect(bert.page.locator("#header p").first).to_contain_text(f"{before + 2} documents")
        expect(bert.page.locator("#searched option").first).to_have_text(f"{before + 2} documents")
        assert faults(bert) == []
        remove(row(anna, "light"))
        expect(row(bert, "light")).to_have_count(0)
        expect(row(anna, "harbour").get_by_role("checkbox")).to_be_checked()
        expect(anna.page.get_by_label("Search documents")).to_have_value("h")
        # Of what is chosen and removed by who added it, nothing is searched any more.
        remove(row(bert, "harbour"))
        expect(row(anna, "harbour")).to_have_count(0)
        expect(anna.page.locator("#documents legend")).to_have_text("Questions search all documents")


def test_two_tabs_of_a_visitor_follow_each_other(
    browser: Browser, quick_parts: StaticRuntime, tmp_path: Path
):
    with served(quick_parts) as address, opened(browser, address) as one:
        other = Tab(one.page.context.new_page())
        other.page.goto(address)
        for each in (one, other):
            documents(each)
        bring(one, file(tmp_path, "light.txt", LIGHTHOUSE))
        expect(row(other, "light").get_by_role("checkbox")).to_be_visible()


def test_a_page_whose_reader_has_signed_out_is_quiet(
    browser: Browser, quick_parts: StaticRuntime, locked: Config
):
    with served(quick_parts, locked) as address, signed_in(browser, address, "anna") as tab:
        with tab.page.expect_response(f"{address}signed-in") as asked:
            pass
        assert asked.value.status == 204
        tab.page.context.clear_cookies()
        # One that was under way before is still answered as signed in.
        with tab.page.expect_response(lambda said: (said.url, said.status) == (f"{address}signed-in", 401)):
            pass
        with tab.page.expect_response(f"{address}signed-in"):
            pass
        expect(tab.page.locator(".toast-body")).to_have_count(0)
