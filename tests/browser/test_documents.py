"""A visitor's documents on the page, in a real browser."""

import importlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

import gradio as gr
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from qa.config import Config
from qa.embedding.encoder import TextEncoder
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.web.security.auth import set_password
from qa.web.ui.documents import DocumentsTab
from qa.web.ui.session import Session
from tests.support.browser import Tab, opened, served
from tests.support.fakes import IDENTITY, FakeEncoder, document

LIGHTHOUSE = "The lighthouse of Arholma was lit in 1768. Its keeper was Anna Lindqvist."
HARBOUR = "The harbour of Visby has three cranes. They were built in 1904."
KEEPER = "Who was the keeper of the lighthouse of Arholma?"
CRANES = "How many cranes has the harbour of Visby?"

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of Gradio's uploads alone: what else it keeps is where it was said on importing it."""
    importlib.import_module("gradio")
    folder = tmp_path_factory.mktemp("uploads")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of visitors' indexes: the system's temporary directory, empty."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="module")
def address(quick_parts: StaticRuntime, uploaded: Path, kept: Path) -> Iterator[str]:
    with served(quick_parts, Config(max_upload=1)) as at:
        yield at


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Tab]:
    with opened(browser, address) as each:
        documents(each)
        yield each
        assert each.troubles == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the visitor has their files."""
    return tmp_path


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def documents(tab: Tab) -> None:
    """Show the documents."""
    open_documents(tab)
    expect(tab.page.locator("#documents li").first).to_be_visible()


def open_documents(tab: Tab) -> None:
    """Go to where the documents are, whether they are listed yet or not."""
    tab.page.get_by_role("tab", name="Documents").click()


def bring(tab: Tab, *files: Path) -> None:
    """Add ``files`` as a reader does who picks them."""
    tab.page.locator("#drop input[type=file]").set_input_files([str(each) for each in files])


def row(tab: Tab, name: str) -> Locator:
    """The line of one document, by what it is called there."""
    exact = re.compile(f"^{re.escape(name)}$")
    return tab.page.locator("#documents li").filter(has=tab.page.locator("b", has_text=exact))


def remove(line: Locator) -> None:
    """Press the button to remove the document of ``line``, and say yes to the question."""
    line.get_by_role("button", name="Remove", exact=True).click()
    line.get_by_role("button", name="Remove for good?").click()


def added(tab: Tab, *names: str) -> None:
    """Wait until documents are there to be asked."""
    documents(tab)
    for name in names:
        expect(row(tab, name).get_by_role("checkbox")).to_be_visible()
    expect(tab.page.locator("#upload-progress")).to_have_text("")


def failed(tab: Tab, name: str, reason: str) -> None:
    """Wait for the line of a file that was not taken."""
    expect(row(tab, name)).to_have_class("failed")
    expect(row(tab, name)).to_contain_text("Not added")
    expect(row(tab, name)).to_contain_text(reason)


def refused(tab: Tab, name: str, reason: str) -> None:
    """Wait until the page says that it did not send a file, and why."""
    expect(tab.page.locator("#not-sent")).to_contain_text(f"{name}: {reason}")


def choose(tab: Tab, name: str) -> None:
    documents(tab)
    row(tab, name).get_by_role("checkbox").check()
    expect(tab.page.locator("#documents legend")).to_have_text("Questions search this selection only")


def everything(tab: Tab) -> None:
    documents(tab)
    tab.page.get_by_role("button", name="Search all documents").click()
    expect(tab.page.locator("#documents legend")).to_have_text("Questions search all documents")


def quoted(exchange: Locator) -> set[str]:
    """The documents that an answer cites."""
    cited = exchange.locator(".cite").evaluate_all("links => links.map((link) => link.dataset.document)")
    return set(cited)


def left(folder: Path) -> list[str]:
    """What stands in ``folder``, but for the folder that a server keeps for uploads, and its lock."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return [path for path in paths if not re.fullmatch(r"attest-[^/.]+(\.lock)?", path)]


def test_a_file_is_added_asked_and_opened(tab: Tab, folder: Path):
    bring(tab, file(folder, "lighthouse.txt", LIGHTHOUSE), file(folder, "photo.txt", b"\x00\x01"))
    added(tab, "lighthouse")
    expect(row(tab, "lighthouse")).to_contain_text(f"{len(LIGHTHOUSE)} characters · 1 passage")
    failed(tab, "photo.txt", "binary")
    exchange = tab.ask(KEEPER)
    expect(exchange.locator(".answer")).to_contain_text("Anna Lindqvist")
    exchange.locator(".cite").first.click()
    expect(tab.mark).to_contain_text("Anna Lindqvist")
    assert tab.page.locator("#document .text").text_content() == LIGHTHOUSE


def test_the_field_for_files_says_in_a_sentence_what_to_do(tab: Tab):
    documents(tab)
    field = tab.page.locator("#drop")
    words = field.get_by_test_id("upload-text")
    shown = words.evaluate("words => getComputedStyle(words, '::after').content")
    assert shown == '"Drop files here, or click to choose them"'
    assert words.evaluate("words => getComputedStyle(words).fontSize") == "0px"  # of Gradio's own words
    expect(field.get_by_text("- or -")).to_be_hidden()
    expect(field.get_by_role("button", name="Click to upload or drop files")).to_be_visible()


def test_asking_with_the_documents_open_shows_the_quotes(tab: Tab):
    expect(tab.page.locator("#quotes")).to_be_hidden()
    tab.ask("What did Boyet say about Uzbekistan?")
    expect(tab.page.locator("#quotes .card").first).to_be_visible()


def test_documents_are_there_after_a_reload_and_for_nobody_else(
    browser: Browser, address: str, tab: Tab, folder: Path
):
    bring(tab, file(folder, "lighthouse.txt", LIGHTHOUSE))
    added(tab, "lighthouse")
    tab.page.reload()
    documents(tab)
    added(tab, "lighthouse")
    expect(tab.ask(KEEPER).locator(".answer")).to_contain_text("Anna Lindqvist")
    with opened(browser, address) as other:
        documents(other)
        expect(row(other, "lighthouse")).to_have_count(0)
        expect(other.ask(KEEPER).locator(".answer")).not_to_contain_text("Lindqvist")


def test_a_question_on_what_was_removed_is_refused(
    browser: Browser, index: Index, encoder: TextEncoder, quick_parts: StaticRuntime, folder: Path
):
    pipeline = Pipeline(HybridRetriever(source=index, encoder=encoder), index.documents, None, None)
    parts = StaticRuntime(index, encoder, quick_parts.identity, pipeline)
    with served(parts) as address, opened(browser, address) as tab:
        documents(tab)
        bring(tab, file(folder, "lighthouse.txt", LIGHTHOUSE))
        added(tab, "lighthouse")
        expect(tab.ask(KEEPER).locator(".answer")).to_contain_text("Anna Lindqvist")
        documents(tab)
        remove(row(tab, "lighthouse"))
        expect(row(tab, "lighthouse")).to_have_count(0)
        refused = tab.ask(KEEPER)
        expect(refused.locator(".abstention")).to_contain_text("No answer")
        expect(refused).not_to_contain_text("Lindqvist")


def test_several_files_and_a_folder(tab: Tab, folder: Path):
    bring(tab, file(folder, "a.txt", LIGHTHOUSE), file(folder, "b.md", f"# Visby\n\n{HARBOUR}"))
    added(tab, "a", "Visby")
    book = folder / "book"
    file(book, "one.txt", "The mill of Kivik has two wheels.")
    file(book, "deep/two.txt", "The dam of Ullared is forty metres high.")
    file(book, "cover.gif", b"GIF89a")
    with tab.page.expect_file_chooser() as chooser:
        tab.page.get_by_role("button", name="Add a folder").click()
    chooser.value.set_files(str(book))
    added(tab, "a", "Visby", "one", "two")
    refused(tab, "cover.gif", "files ending in .gif cannot be added")
    expect(tab.ask("How high is the dam of Ullared?").locator(".answer")).to_contain_text("forty metres")
    expect(tab.ask(CRANES).locator(".answer")).to_contain_text("three cranes")


def test_a_file_that_cannot_be_taken_is_a_line_and_stops_no_other(tab: Tab, folder: Path):
    bring(
        tab,
        file(folder, "large.txt", "word " * (MEGABYTE // 5 + 1)),
        file(folder, "page.exe", "<p>Text.</p>"),
        file(folder, "empty.txt", b""),
        file(folder, "torn.pdf", b"%PDF-1.7 and no more"),
        file(folder, "good.txt", LIGHTHOUSE),
    )
    added(tab, "good")
    refused(tab, "large.txt", "it has 1 MB, and a file can have at most 1 MB")
    refused(tab, "page.exe", "files ending in .exe")
    failed(tab, "empty.txt", "no text")
    failed(tab, "torn.pdf", "")
    remove(row(tab, "torn.pdf"))
    expect(row(tab, "torn.pdf")).to_have_count(0)


def test_names_cannot_mislead_the_page(tab: Tab, folder: Path):
    hostile = [
        "<img src=x onerror=alert(1)>.txt",
        '"><script>alert(2)<script>.txt',
        "..%2f..%2fup.txt",
        "innocent\u202etxt.exe.txt",
        "&lt;b&gt;' onmouseover='alert(3).txt",
        "long" * 50 + ".txt",
        "..txt",
    ]
    bring(tab, *(file(folder, name, f"{HARBOUR} This is number {i}.") for i, name in enumerate(hostile)))
    rows = tab.page.locator("#documents li.indexed:has([data-act=remove])")
    expect(rows).to_have_count(len(hostile))
    assert tab.page.locator("#documents :is(script, img, ul b *)").count() == 0
    names = rows.locator("b").all_text_contents()
    assert all(name.isprintable() and len(name) < 100 for name in names)
    assert not [name for name in names if "/" in name or "\u202e" in name]
    ids = rows.evaluate_all("rows => rows.map((row) => row.dataset.document)")
    assert all(re.fullmatch(r"uploads/[^/<>\"&]+", doc_id) for doc_id in ids)
    tab.ask(CRANES).locator(".cite").first.click()
    expect(tab.mark).to_contain_text("three cranes")
    documents(tab)
    for remaining in reversed(range(len(hostile))):
        remove(rows.first)
        expect(rows).to_have_count(remaining)


def test_files_that_come_before_the_session_is_open_wait_for_it(
    browser: Browser, quick_parts: StaticRuntime, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    may_open = Event()
    open_session = DocumentsTab.open_session

    def late(tab: DocumentsTab, request: gr.Request) -> object:
        may_open.wait()
        return open_session(tab, request)

    monkeypatch.setattr(DocumentsTab, "open_session", late)
    with served(quick_parts, Config()) as address, opened(browser, address) as tab:
        open_documents(tab)
        bring(tab, file(folder, "light.txt", LIGHTHOUSE))
        tab.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it looks for changes
        tab.page.wait_for_timeout(1_000)
        may_open.set()
        added(tab, "light")


def test_a_list_that_is_opened_early_does_not_end_the_session(
    browser: Browser, quick_parts: StaticRuntime, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    may_open, is_open = Event(), Event()
    open_session, browse = DocumentsTab.open_session, DocumentsTab.browse

    def open_late(tab: DocumentsTab, request: gr.Request) -> object:
        may_open.wait()
        return open_session(tab, request)

    def browse_long(tab: DocumentsTab, session: Session, event: gr.EventData) -> object:
        is_open.wait()
        return browse(tab, session, event)

    monkeypatch.setattr(DocumentsTab, "open_session", open_late)
    monkeypatch.setattr(DocumentsTab, "browse", browse_long)
    with served(quick_parts, Config()) as address, opened(browser, address) as tab:
        open_documents(tab)
        tab.page.wait_for_timeout(500)  # the list has asked for itself by now, if it does not wait
        may_open.set()
        expect(tab.page.locator("#following pre")).to_have_count(1)
        is_open.set()
        bring(tab, file(folder, "light.txt", LIGHTHOUSE))
        added(tab, "light")


def test_only_what_is_chosen_is_quoted_until_all_is_asked_again(tab: Tab, folder: Path):
    old = f"---\ntitle: On cranes\ndate: 1904-05-06\n---\n{HARBOUR}"
    new = "---\ntitle: On new cranes\ndate: 2024-05-06\n---\nThe harbour of Visby has nine cranes."
    bring(tab, file(folder, "old.md", old), file(folder, "new.md", new))
    added(tab, "On cranes", "On new cranes")
    assert quoted(tab.ask(CRANES)) >= {"uploads/old.md", "uploads/new.md"}
    documents(tab)
    choose(tab, "On cranes")
    assert quoted(tab.ask(CRANES)) == {"uploads/old.md"}
    documents(tab)
    expect(row(tab, "On cranes").get_by_role("checkbox")).to_be_checked()
    everything(tab)
    expect(row(tab, "On cranes").get_by_role("checkbox")).not_to_be_checked()
    tab.page.get_by_label("Since").fill("2024-05-06")
    expect(tab.page.locator("#documents legend")).to_have_text("Questions search this selection only")
    tab.page.get_by_label("Until").fill("2024-05-07")
    expect(tab.page.get_by_label("Since")).to_have_value("2024-05-06")
    assert quoted(tab.ask(CRANES)) == {"uploads/new.md"}
    documents(tab)
    everything(tab)
    expect(tab.page.get_by_label("Since")).to_have_value("")
    assert quoted(tab.ask(CRANES)) >= {"uploads/old.md", "uploads/new.md"}


DATED = {
    "old.md": "---\ntitle: On cranes\ndate: 1904\n---\nThe harbour of Visby has three cranes.",
    "new.md": "---\ntitle: On new cranes\ndate: 2024-05-06\n---\nThe harbour of Visby has nine cranes.",
    "undated.md": "---\ntitle: On some cranes\n---\nThe harbour of Visby has six cranes.",
}


def slowly(tab: Tab) -> None:
    """Let the server's answers come later than the next key."""
    network = tab.page.context.new_cdp_session(tab.page)
    speed = {"offline": False, "latency": 200, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", speed)


def of_some_time(tab: Tab, folder: Path) -> Locator:
    """Bring documents of some time, and return what is said of the time that is chosen."""
    bring(tab, *(file(folder, name, text) for name, text in DATED.items()))
    added(tab, "On cranes", "On new cranes", "On some cranes")
    return tab.page.locator("#dated")


def test_a_time_is_typed_and_stays_until_all_is_asked_again(tab: Tab, folder: Path):
    said = of_some_time(tab, folder)
    shared = tab.page.locator("#documents li[data-document]").count() - len(DATED)
    slowly(tab)
    tab.page.get_by_label("Since").press_sequentially("12311903", delay=50)
    tab.page.keyboard.press("Tab")
    tab.page.get_by_label("Until").press_sequentially("10301904", delay=50)
    expect(said).to_have_text(
        f"1 of {shared + 3} documents is from this period; 1 without a date is left out."
    )
    expect(tab.page.get_by_label("Since")).to_have_value("1903-12-31")
    expect(tab.page.get_by_label("Until")).to_have_value("1904-10-30")
    assert quoted(tab.ask(CRANES)) == {"uploads/old.md"}
    tab.button("New conversation").click()
    expect(tab.exchanges).to_have_count(0)
    assert quoted(tab.ask(CRANES)) == {"uploads/old.md"}
    documents(tab)
    everything(tab)
    expect(said).to_have_text("")
    assert quoted(tab.ask(CRANES)) >= {f"uploads/{name}" for name in DATED}


def test_a_time_without_documents_is_told(tab: Tab, folder: Path):
    said = of_some_time(tab, folder)
    tab.page.get_by_label("Until").fill("1900-01-01")
    expect(said).to_contain_text("0 of ")
    refused = tab.ask(CRANES).locator(".abstention")
    expect(refused).to_contain_text("No answer: no document is dated 1900-01-01 or earlier; 1 of")


def test_a_time_that_ends_before_it_begins_is_told(tab: Tab, folder: Path):
    said = of_some_time(tab, folder)
    tab.page.get_by_label("Since").fill("2024-05-07")
    tab.page.get_by_label("Until").fill("2024-05-06")
    expect(said).to_contain_text("ends on 2024-05-06, before it begins on 2024-05-07")
    expect(tab.page.get_by_label("Since")).to_have_attribute("aria-invalid", "true")
    expect(tab.page.get_by_label("Since")).to_have_value("2024-05-07")
    expect(tab.ask(CRANES).locator(".note")).to_contain_text("ends on 2024-05-06, before it begins")
    documents(tab)
    tab.page.get_by_label("Since").fill("2024-05-06")
    expect(said).to_contain_text("1 of ")
    assert quoted(tab.ask(CRANES)) == {"uploads/new.md"}


def test_a_chosen_document_can_be_removed(tab: Tab, folder: Path):
    bring(tab, file(folder, "a.txt", LIGHTHOUSE), file(folder, "b.txt", HARBOUR))
    added(tab, "a", "b")
    choose(tab, "a")
    row(tab, "b").get_by_role("checkbox").check()
    expect(tab.page.locator("#documents input:checked")).to_have_count(2)
    remove(row(tab, "a"))
    expect(row(tab, "a")).to_have_count(0)
    assert quoted(tab.ask(KEEPER)) == {"uploads/b.txt"}
    documents(tab)
    remove(row(tab, "b"))
    expect(tab.page.locator("#documents legend")).to_have_text("Questions search all documents")


def test_a_new_list_does_not_take_the_focus_from_elsewhere(tab: Tab, folder: Path):
    bring(tab, file(folder, "a.txt", LIGHTHOUSE), file(folder, "b.txt", HARBOUR))
    added(tab, "a", "b")
    row(tab, "a").get_by_role("checkbox").focus()
    searched = tab.page.locator("#searched")
    searched.focus()
    line = row(tab, "b")
    line.locator("[data-act=remove]").evaluate("button => { button.click(); button.click(); }")
    expect(line).to_have_count(0)
    expect(searched).to_be_focused()
    remove(row(tab, "a"))


def test_a_document_is_removed_only_after_a_question(tab: Tab, folder: Path):
    bring(tab, file(folder, "a.txt", LIGHTHOUSE), file(folder, "b.txt", HARBOUR))
    added(tab, "a", "b")
    one, other = (row(tab, name).locator("[data-act=remove]") for name in ("a", "b"))
    one.press("Enter")
    expect(one).to_have_text("Remove for good?")
    expect(one).to_be_focused()
    other.press("Enter")
    expect(other).to_have_text("Remove for good?")
    expect(one).to_have_text("Remove")
    # Whoever goes on to something else has not said yes.
    row(tab, "a").get_by_role("checkbox").focus()
    expect(other).to_have_text("Remove")
    one.press("Enter")
    one.press("Enter")
    expect(row(tab, "a")).to_have_count(0)
    expect(other).to_have_text("Remove")
    other.press("Enter")
    expect(other).to_have_text("Remove for good?")
    other.press("Enter")
    expect(row(tab, "b")).to_have_count(0)


def test_a_search_narrows_the_list(tab: Tab, folder: Path):
    bring(tab, file(folder, "lighthouse.txt", LIGHTHOUSE))
    added(tab, "lighthouse")
    tab.page.get_by_label("Search documents").fill("LIGHT")
    expect(tab.page.locator("#documents li:visible")).to_have_count(1)
    expect(row(tab, "lighthouse")).to_be_visible()


def test_what_is_too_much_is_told_before_anything_is_sent(
    browser: Browser, quick_parts: StaticRuntime, folder: Path
):
    settings = Config(max_upload=1, max_upload_files=2)
    with served(quick_parts, settings) as address, opened(browser, address) as tab:
        documents(tab)
        expect(tab.page.locator("#documents .note").first).to_contain_text(
            "up to 2 files at once, each up to 1 MB"
        )
        sent: list[str] = []
        tab.page.on("request", lambda request: sent.append(request.url))
        bring(tab, *(file(folder, f"{i}.txt", f"Nothing is said here. {i}") for i in range(3)))
        expect(tab.page.get_by_role("alert")).to_contain_text(
            "You chose 3 files, and at most 2 can be added at once"
        )
        assert not [url for url in sent if "upload" in url]
        bring(tab, file(folder, "larger.txt", "x" * (MEGABYTE * 3 // 2)), file(folder, "a.txt", LIGHTHOUSE))
        added(tab, "a")
        refused(tab, "larger.txt", "it has 1.5 MB, and a file can have at most 1 MB")


def test_the_outcome_of_an_upload_is_told_at_the_top_and_the_count_follows(tab: Tab, folder: Path):
    header = tab.page.locator("#header p").first
    before = int(re.findall(r"\d+", header.text_content() or "1")[0])
    tab.page.get_by_role("tab", name="Sources").click()
    documents(tab)
    bring(tab, file(folder, "lighthouse.txt", LIGHTHOUSE), file(folder, "photo.txt", b"\x00\x01"))
    report = tab.page.locator("#upload-report .report:not(#not-sent)")
    expect(report).to_be_in_viewport()
    news = tab.page.locator("#upload-news").bounding_box()
    assert news
    assert news["height"] < 200
    expect(report).to_contain_text("1 document was added: lighthouse.")
    expect(report).to_contain_text("photo.txt: ")
    expect(tab.page.locator("#upload-news [role=status].unseen")).to_contain_text("photo.txt")
    expect(header).to_contain_text(f"{before + 1} documents")
    tab.page.get_by_role("button", name="Close").click()
    expect(report).to_have_count(0)
    remove(row(tab, "lighthouse"))
    expect(header).to_contain_text(f"{before} documents")


DROP = """([name, text]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name));
    const at = document.querySelector("#conversation");
    for (const kind of ["dragenter", "dragover", "drop"])
        at.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
}"""


def test_a_file_is_dropped_anywhere_on_the_first_page(browser: Browser, address: str):
    with opened(browser, address) as tab:
        expect(tab.page.locator("#welcome")).to_contain_text("drop files anywhere on this page")
        tab.page.evaluate(DROP, ["lighthouse.txt", LIGHTHOUSE])
        expect(tab.page.locator("#upload-report")).to_contain_text("1 document was added: lighthouse.")
        added(tab, "lighthouse")
        expect(tab.ask(KEEPER).locator(".answer")).to_contain_text("Anna Lindqvist")
        expect(tab.page.locator("#welcome")).to_be_hidden()


def test_what_a_reader_with_an_account_adds_stays_theirs_over_a_restart(
    browser: Browser, quick_parts: StaticRuntime, folder: Path
):
    for name in ("anna", "bert"):
        set_password(folder / "accounts", name, "correct horse")
    settings = Config(auth=folder / "accounts", index=folder / "index")

    def enter(context: BrowserContext, address: str, name: str) -> Tab:
        answer = context.request.post(f"{address}login", form={"username": name, "password": "correct horse"})
        assert answer.ok
        tab = Tab(context.new_page())
        tab.page.goto(address)
        documents(tab)
        return tab

    with served(quick_parts, settings) as address:
        tab = enter(browser.new_context(), address, "anna")
        expect(tab.page.locator("#documents .note").first).to_contain_text("they stay until you remove them")
        bring(tab, file(folder, "lighthouse.txt", LIGHTHOUSE))
        added(tab, "lighthouse")
        tab.page.context.close()
    with served(quick_parts, settings) as address:
        other = enter(browser.new_context(), address, "bert")
        expect(row(other, "lighthouse")).to_have_count(0)
        tab = enter(browser.new_context(), address, "anna")
        expect(row(tab, "lighthouse")).to_have_count(1)
        expect(tab.ask(KEEPER).locator(".answer")).to_contain_text("Anna Lindqvist")
        documents(tab)
        remove(row(tab, "lighthouse"))
        expect(row(tab, "lighthouse")).to_have_count(0)
        for each in (tab, other):
            each.page.context.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> StaticRuntime:
    """Six thousand documents in two folders."""
    store = LocalStore(tmp_path_factory.mktemp("many"), IDENTITY)
    cranes = [
        document(
            f"Crane {i} of Visby lifts {i} tonnes.",
            f"{'north' if i < 40 else 'south'}/{i}.txt",
            title=f"Crane {i}",
        )
        for i in range(6_000)
    ]
    build_index(store, cranes, FakeEncoder())
    index = Index.open(store)
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    return StaticRuntime(index, FakeEncoder(), IDENTITY, Pipeline(retriever, index.documents, None, 0.0))


def test_any_of_six_thousand_documents_is_found_and_chosen(browser: Browser, many: StaticRuntime):
    with served(many) as address, opened(browser, address) as tab:
        documents(tab)
        found = tab.page.locator("#found")
        expect(found).to_have_text("1 to 100 of 6,000 documents")
        search = tab.page.get_by_label("Search documents")
        search.press_sequentially("crane 5990", delay=20)
        expect(found).to_have_text("1 document found")
        expect(search).to_be_focused()
        choose(tab, "Crane 5990")
        search.fill("oslo")
        expect(found).to_have_text("Nothing found for “oslo”.")
        search.fill("")
        expect(found).to_have_text("1 to 100 of 6,000 documents, 1 selected")
        tab.page.locator("[name=folder]").select_option("north")
        expect(found).to_have_text("40 documents found, 1 selected")
        tab.button("Select all 40 found").press("Enter")
        expect(found).to_have_text("40 documents found, 41 selected")
        expect(tab.page.locator("#documents li input:checked")).to_have_count(40)
        assert quoted(tab.ask("What lifts crane 5990?")) <= {
            "south/5990.txt",
            *(f"north/{i}.txt" for i in range(40)),
        }
        documents(tab)
        everything(tab)
        tab.page.locator("[name=folder]").select_option("")
        tab.page.locator("[name=sort]").select_option("title")
        tab.button("Next page").press("Enter")
        expect(found).to_have_text("101 to 200 of 6,000 documents")
        assert tab.troubles == []


def test_what_is_shared_is_everybodys(browser: Browser, quick_parts: StaticRuntime, folder: Path):
    settings = Config(shared=True, index=folder / "index")
    with served(quick_parts, settings) as address, opened(browser, address) as one:
        documents(one)
        expect(one.page.locator("#documents .note").first).to_contain_text("Everyone who uses this page")
        bring(one, file(folder, "lighthouse.txt", LIGHTHOUSE))
        added(one, "lighthouse")
        with opened(browser, address) as other:
            documents(other)
            added(other, "lighthouse")
            expect(other.ask(KEEPER).locator(".answer")).to_contain_text("Anna Lindqvist")
            documents(other)
            remove(row(other, "lighthouse"))
            expect(row(other, "lighthouse")).to_have_count(0)
        one.page.reload()
        documents(one)
        expect(row(one, "lighthouse")).to_have_count(0)


@pytest.mark.usefixtures("quick_servers")
def test_what_is_shared_is_on_every_server_and_stays(
    browser: Browser, quick_parts: StaticRuntime, folder: Path
):
    settings = Config(shared=True, index=folder / "index")
    with served(quick_parts, settings) as other:
        with served(quick_parts, settings) as address, opened(browser, address) as tab:
            documents(tab)
            expect(tab.page.locator("#documents .note").first).to_contain_text("they stay until someone does")
            bring(tab, file(folder, "lighthouse.txt", LIGHTHOUSE))
            added(tab, "lighthouse")
        with opened(browser, other) as tab:  # the server that took it has ended
            documents(tab)
            while not row(tab, "lighthouse").count():
                tab.page.reload()
                documents(tab)
            expect(tab.ask(KEEPER).locator(".answer")).to_contain_text("Anna Lindqvist")
            tab.exchanges.last.locator(".cite").first.click()
            expect(tab.mark).to_contain_text("Anna Lindqvist")


def test_nothing_of_an_upload_is_left_but_the_index_which_goes_with_the_last_document(
    tab: Tab, folder: Path, uploaded: Path, kept: Path
):
    before = set(kept.iterdir())
    bring(tab, *(file(folder, name, LIGHTHOUSE + name) for name in ("a.txt", "b.txt", "c.exe")))
    added(tab, "a", "b")
    refused(tab, "c.exe", "files ending in .exe")
    assert left(uploaded) == []
    own, lock = sorted(set(kept.iterdir()) - before)
    assert own.name.startswith("attest-")
    assert lock.name == f"{own.name}.lock"
    for name in ("a", "b"):
        remove(row(tab, name))
        expect(row(tab, name)).to_have_count(0)
    assert set(kept.iterdir()) == before


def test_two_visitors_may_send_the_same_file(browser: Browser, address: str, tab: Tab, folder: Path):
    handout = [file(folder, f"{i}.txt", f"{HARBOUR} {i}") for i in range(5)]
    with opened(browser, address) as other:
        documents(other)
        for each in (tab, other):
            bring(each, *handout)
        for each in (tab, other):
            added(each, *(path.stem for path in handout))
            expect(each.page.locator("#documents .failed")).to_have_count(0)


class Held(FakeEncoder):
    """Waits, when it embeds what is said of crane 100, until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.released = Event(), Event()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any("Crane 100 " in text for text in texts):
            self.reached.set()
            assert self.released.wait(120)
        return super().encode(texts)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    encoder = Held()
    yield encoder
    encoder.released.set()


@pytest.fixture
def slow_parts(held: Held, tmp_path: Path) -> StaticRuntime:
    build_index(LocalStore(tmp_path / "index", IDENTITY), [document(HARBOUR, "harbour.txt")], FakeEncoder())
    index = Index.open(LocalStore(tmp_path / "index", IDENTITY))
    return StaticRuntime(
        index,
        held,
        IDENTITY,
        Pipeline(HybridRetriever(source=index, encoder=held), index.documents, None, 0.0),
    )


def crane_book(folder: Path, name: str) -> Path:
    return file(folder, name, name + "".join(f"Crane {i} of Visby lifts {i} tonnes. " for i in range(1_000)))


def test_the_chat_is_of_use_while_a_file_is_indexed(
    browser: Browser, slow_parts: StaticRuntime, held: Held, folder: Path
):
    with served(slow_parts) as address, opened(browser, address) as tab:
        documents(tab)
        bring(tab, crane_book(folder, "cranes.txt"))
        assert held.reached.wait(60)
        expect(tab.page.locator("#upload-progress")).to_contain_text(
            re.compile(r"\d of 1,0\d\d sentences indexed")
        )
        expect(row(tab, "cranes.txt")).to_contain_text("Reading …")
        expect(tab.ask(CRANES).locator(".answer")).to_contain_text("three cranes")
        documents(tab)
        choose(tab, "A title")
        tab.page.reload()
        documents(tab)
        expect(row(tab, "cranes.txt")).to_contain_text("Reading …")
        choose(tab, "A title")
        held.released.set()
        added(tab, "cranes")
        expect(row(tab, "A title").get_by_role("checkbox")).to_be_checked()
        everything(tab)
        expect(tab.ask("What lifts crane 707?").locator(".answer")).to_contain_text("707 tonnes")


def test_a_visitor_whose_files_wait_for_others_is_told_so(
    browser: Browser, slow_parts: StaticRuntime, held: Held, folder: Path
):
    with (
        served(slow_parts) as address,
        opened(browser, address) as one,
        opened(browser, address) as two,
        opened(browser, address) as three,
    ):
        for number, each in enumerate((one, two, three)):
            documents(each)
            bring(each, crane_book(folder, f"cranes{number}.txt"))
            expect(each.page.locator("#upload-progress")).to_contain_text(
                "sentences" if number < 2 else "Waiting"
            )
        expect(three.page.locator("#upload-progress")).to_have_text("Waiting: 1 upload is ahead of yours")
        held.released.set()
        for number, each in enumerate((one, two, three)):
            added(each, f"cranes{number}")


@pytest.mark.parametrize("named", ["local", "address"])
def test_no_file_is_read_that_was_not_sent(address: str, uploaded: Path, folder: Path, named: str):
    secret = file(folder, "secret.txt", "The secret of the owner is xyzzy.")
    path = str(secret) if named == "local" else "http://127.0.0.1:9/secret.txt"
    forged = [{"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": "secret.txt"}]
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        events = client.get("config").json()["dependencies"]
        loading = next(e["id"] for e in events if ["load"] in [t[1:] for t in e["targets"]])
        sending = next(e["id"] for e in events if ["upload"] in [t[1:] for t in e["targets"]])
        asking = next(e["id"] for e in events if ["submit"] in [t[1:] for t in e["targets"]])

        def do(event: int, data: list[object]) -> list[dict]:
            sent = {"data": data, "fn_index": event, "session_hash": "forger", "event_data": None}
            client.post("gradio_api/queue/join", json=sent).raise_for_status()
            told = client.get("gradio_api/queue/data", params={"session_hash": "forger"}).text
            return [json.loads(line.removeprefix("data: ")) for line in told.splitlines() if line]

        do(loading, [None])
        for event, data in ((sending, [forged, None]), (asking, [forged, None, None, None])):
            told = do(event, data)
            (ended,) = (each for each in told if each["msg"] == "process_completed")
            assert not ended["success"]
            assert "xyzzy" not in str(told)
        assert "xyzzy" not in str(do(asking, ["What is the secret of the owner?", None, None, None]))
    assert left(uploaded) == []
    assert secret.exists()


@pytest.mark.parametrize(
    "path",
    ["file=http://127.0.0.1:9/", "file=/etc/hostname", "file/etc/hostname", "proxy=http://x/", "deep_link"],
)
def test_the_server_fetches_and_reads_nothing_for_a_stranger(address: str, path: str):
    told = httpx.get(f"{address}gradio_api/{path}", trust_env=False)
    assert (told.status_code, told.json()["detail"]) == (404, "There is nothing at this address")


def test_what_is_sent_cannot_be_fetched(address: str, uploaded: Path):
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        sent = client.post("gradio_api/upload", files={"files": ("a.txt", LIGHTHOUSE.encode())}).json()
        assert Path(sent[0]).is_file()
        assert client.get(f"gradio_api/file={sent[0]}").status_code == 404
        again = client.post("gradio_api/upload", files={"files": ("a.txt", LIGHTHOUSE.encode())}).json()
        assert sent != again
    for path in map(Path, (*sent, *again)):
        path.unlink()
        path.parent.rmdir()
        path.parent.parent.rmdir()
