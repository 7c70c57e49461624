"""The files that readers uploaded: downloaded, and drawn, by who added them and by nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, expect

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web.security.auth import make_owner, set_password
from tests.browser.test_accessibility import faults
from tests.browser.test_documents import (
    HARBOUR,
    KEEPER,
    LIGHTHOUSE,
    added,
    bring,
    documents,
    file,
    remove,
    row,
)
from tests.support.browser import Tab, opened, served
from tests.support.sample_files import drawn

PASSWORD = "correct horse"
NARROW = 375


@pytest.fixture
def locked(tmp_path: Path) -> Config:
    """Settings of a server with two readers."""
    for name in ("anna", "bert"):
        set_password(tmp_path / "accounts", name, PASSWORD)
    return Config(auth=tmp_path / "accounts", index=tmp_path / "index")


@contextmanager
def signed_in(browser: Browser, address: str, name: str, width: int = 1280) -> Iterator[Tab]:
    """The page of a reader, with the documents open."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    answer = context.request.post(f"{address}login", form={"username": name, "password": PASSWORD})
    assert answer.ok
    tab = Tab(context.new_page())
    tab.page.on("pageerror", lambda error: tab.troubles.append(str(error)))
    tab.page.goto(address)
    documents(tab)
    yield tab
    assert tab.troubles == []
    context.close()


def download(tab: Tab, name: str) -> Download:
    """Press the button, by keyboard, and return what the browser saves."""
    with tab.page.expect_download() as saved:
        tab.button(f"Download {name}").press("Enter")
    return saved.value


def ticket(tab: Tab, name: str) -> str:
    """The address of a download that the page was given and did not follow."""
    tab.page.evaluate("HTMLAnchorElement.prototype.click = () => {}")
    tab.button(f"Download {name}").click()
    link = tab.page.locator("#download a")
    expect(link).to_have_count(1)
    return str(link.evaluate("link => link.href"))


def press_forged(line: Locator, act: str, **data: str) -> None:
    """Press a button of a row that says something else, before the list can be asked for again."""
    line.evaluate(
        """(line, [act, data]) => {
            Object.assign(line.dataset, data);
            line.querySelector(`[data-act=${act}]`).click();
        }""",
        [act, data],
    )


def test_who_added_a_file_downloads_it_and_sees_its_page(
    browser: Browser, quick_parts: StaticRuntime, locked: Config, tmp_path: Path
):
    pdf = drawn([(72, 700, LIGHTHOUSE)])
    with served(quick_parts, locked) as address, signed_in(browser, address, "anna", NARROW) as tab:
        bring(tab, file(tmp_path, "light.pdf", pdf))
        added(tab, "light")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= NARROW
        assert faults(tab) == []
        saved = download(tab, "light")
        assert saved.suggested_filename == "light.pdf"
        assert Path(saved.path()).read_bytes() == pdf
        tab.ask(KEEPER).locator(".cite").first.click()
        expect(tab.mark).to_contain_text("Anna Lindqvist")
        tab.button("Show the page").press("Enter")
        picture = tab.page.locator("#document .picture")
        expect(picture.get_by_role("img", name="Page 1, with a box around the quote")).to_be_visible()
        picture.get_by_role("button", name="Zoom in").press("Enter")
        expect(picture.get_by_label("Zoom", exact=True)).not_to_have_text("100%")


def test_nobody_else_gets_a_readers_file(
    browser: Browser, quick_parts: StaticRuntime, locked: Config, tmp_path: Path
):
    with (
        served(quick_parts, locked) as address,
        signed_in(browser, address, "anna") as anna,
        signed_in(browser, address, "bert") as bert,
    ):
        bring(anna, file(tmp_path, "light.txt", LIGHTHOUSE))
        added(anna, "light")
        bring(bert, file(tmp_path, "other.txt", "Nothing is said here."))
        added(bert, "other")
        # Bert asks for it by its id, as a forged page would.
        press_forged(row(bert, "other"), "download", document="uploads/light.txt")
        expect(bert.page.locator("#upload-progress")).to_contain_text("cannot be downloaded")
        # Her address helps neither him nor a visitor, and works once.
        at = ticket(anna, "light")
        assert bert.page.context.request.get(at).status == 404
        visitor = browser.new_context()
        assert visitor.request.get(at).status == 404
        visitor.close()
        answer = anna.page.context.request.get(at)
        assert (answer.status, answer.body()) == (200, LIGHTHOUSE.encode())
        assert answer.headers["content-disposition"].startswith("attachment")
        assert anna.page.context.request.get(at).status == 404


def test_a_shared_file_is_removed_by_who_added_it_or_by_an_owner(
    browser: Browser, quick_parts: StaticRuntime, locked: Config, tmp_path: Path
):
    make_owner(tmp_path / "accounts", "bert")
    set_password(tmp_path / "accounts", "cleo", PASSWORD)
    shared = locked.model_copy(update={"shared": True})
    with (
        served(quick_parts, shared) as address,
        signed_in(browser, address, "anna") as anna,
        signed_in(browser, address, "bert") as owner,
        signed_in(browser, address, "cleo", NARROW) as cleo,
    ):
        files = [file(tmp_path, "light.txt", LIGHTHOUSE), file(tmp_path, "harbour.txt", HARBOUR)]
        bring(anna, *files)
        added(anna, "light", "harbour")
        expect(anna.page.locator("#documents .note").first).to_contain_text(
            "Only the person who added one, or an owner"
        )
        bring(cleo, file(tmp_path, "other.txt", "Nothing is said here."))
        added(cleo, "light", "harbour", "other")
        expect(row(cleo, "light")).to_contain_text("added by anna")
        expect(row(cleo, "light").get_by_role("button")).to_have_count(0)
        assert cleo.page.evaluate("document.documentElement.scrollWidth") <= NARROW
        # A forged page asks all the same, in the name of somebody else.
        for _ in range(2):  # the button asks first
            press_forged(row(cleo, "other"), "remove", document="uploads/light.txt", uploader="cleo")
        expect(cleo.page.locator("#documents")).to_contain_text(
            "uploads/light.txt was added by anna; only anna"
        )
        expect(row(cleo, "light")).to_have_count(1)
        assert faults(cleo) == []
        remove(row(anna, "light"))
        expect(row(anna, "light")).to_have_count(0)
        owner.page.reload()
        documents(owner)
        remove(row(owner, "harbour"))
        expect(row(owner, "harbour")).to_have_count(0)


def test_a_visitor_downloads_what_is_theirs_and_nothing_of_another(
    browser: Browser, quick_parts: StaticRuntime, tmp_path: Path
):
    with (
        served(quick_parts) as address,
        opened(browser, address) as one,
        opened(browser, address) as other,
    ):
        documents(one)
        bring(one, file(tmp_path, "light.txt", LIGHTHOUSE))
        added(one, "light")
        assert Path(download(one, "light").path()).read_bytes() == LIGHTHOUSE.encode()
        documents(other)
        bring(other, file(tmp_path, "other.txt", "Nothing is said here."))
        added(other, "other")
        press_forged(row(other, "other"), "download", document="uploads/light.txt")
        expect(other.page.locator("#upload-progress")).to_contain_text("cannot be downloaded")
        remove(row(one, "light"))
        expect(row(one, "light")).to_have_count(0)
