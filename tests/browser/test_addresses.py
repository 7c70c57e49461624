"""The addresses of conversations, documents and quotes, and the links to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect

from qa.config import Config
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import LiveRuntime, StaticRuntime
from qa.schema import Document
from qa.web.addresses import LOST, MOVED, NO_DOCUMENT, document_address
from qa.web.security.auth import set_password
from tests.support.browser import Tab, opened, served
from tests.support.fakes import IDENTITY, FakeEncoder

UZBEKISTAN = "What did Boyet say about Uzbekistan?"
RAIL = "Alstom builds electric locomotives."


@contextmanager
def visited(browser: Browser, link: str) -> Iterator[Tab]:
    """What somebody else sees at ``link``. The document that it opens has the focus."""
    context = browser.new_context()
    tab = Tab(context.new_page())
    tab.page.on("pageerror", lambda error: tab.troubles.append(str(error)))
    tab.page.goto(link)
    expect(tab.page.locator("body[data-ready]")).to_be_visible()
    yield tab
    assert tab.troubles == []
    context.close()


def copied(tab: Tab, button: str = "Copy link") -> str:
    """The link that a button copies."""
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.button(button).first.click()
    expect(tab.page.get_by_role("button", name="Copied").first).to_be_visible()
    return str(tab.page.evaluate("navigator.clipboard.readText()"))


def test_the_link_of_a_quote_shows_its_words_to_anybody(browser: Browser, tab: Tab):
    cite = tab.ask(UZBEKISTAN).locator(".answer .cite").first
    cite.click()
    words = str(cite.get_attribute("data-quote"))
    expect(tab.mark).to_have_text(words, use_inner_text=False)
    link = copied(tab)
    assert cite.evaluate("link => link.href") == link
    with visited(browser, link) as other:
        expect(other.mark).to_have_text(words, use_inner_text=False)
        expect(other.mark).to_be_in_viewport()
        assert copied(other) == link
        other.ask(UZBEKISTAN)
        expect(other.mark).to_have_count(0)


def test_a_document_is_shown_again_after_a_reload_and_by_back_and_forward(tab: Tab):
    cites = tab.ask(UZBEKISTAN).locator(".answer .cite")
    cites.first.click()
    words = str(cites.first.get_attribute("data-quote"))
    expect(tab.mark).to_have_text(words, use_inner_text=False)
    tab.page.reload()
    expect(tab.mark).to_have_text(words, use_inner_text=False)
    expect(tab.exchanges).to_have_count(1)
    expect(cites.first).to_have_attribute("aria-current", "true")
    tab.page.go_back()
    expect(tab.mark).to_have_count(0)
    expect(tab.exchanges).to_have_count(1)
    tab.page.go_forward()
    expect(tab.mark).to_have_text(words, use_inner_text=False)
    tab.button("New conversation").click()
    expect(tab.mark).to_have_count(0)
    tab.page.go_back()
    expect(tab.mark).to_have_text(words, use_inner_text=False)
    expect(tab.exchanges).to_have_count(1)


def test_the_address_of_a_document_opens_it(
    browser: Browser, quick_chat: str, documents: dict[str, Document]
):
    known = next(iter(documents.values()))
    with visited(browser, f"{quick_chat}{document_address(known.id)}") as tab:
        expect(tab.page.locator("#document .text")).to_have_text(known.text, use_inner_text=False)
        expect(tab.page.locator("#document h2")).to_be_focused()
        assert copied(tab) == f"{quick_chat}{document_address(known.id)}"
        tab.page.locator("#document .close").click()
        expect(tab.page.locator("#document .text")).to_have_count(0)
        for _ in range(2):  # whether or not it is open already
            tab.page.get_by_role("tab", name="Documents").click()
            tab.page.get_by_role("link", name=f"Open {known.title}").click()
            expect(tab.page.locator("#document .text")).to_be_visible()
            expect(tab.page).to_have_url(f"{quick_chat}#{document_address(known.id)}")
        tab.page.goto(f"{quick_chat}#d/nothing")
        expect(tab.page.locator("#document")).to_contain_text(NO_DOCUMENT)
        tab.page.locator("#document .close").click()
        expect(tab.page.locator("#document")).not_to_contain_text(NO_DOCUMENT)


def test_a_link_outlives_a_change_of_the_document(browser: Browser, tmp_path: Path):
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()

    def index(text: str) -> None:
        (corpus / "rail.txt").write_text(text)
        update_index(LocalStore(folder, IDENTITY), survey([corpus]), FakeEncoder())

    def runtime() -> StaticRuntime:
        first = Index.open(LocalStore(folder, IDENTITY))
        retriever = HybridRetriever(source=first, encoder=FakeEncoder())
        pipeline = Pipeline(retriever, first.documents, None, 0.0, changed=first.changed)
        return StaticRuntime(first, FakeEncoder(), IDENTITY, pipeline)

    index(RAIL)
    live = LiveRuntime(runtime(), LocalStore(folder, IDENTITY))
    with served(live) as address, opened(browser, address) as tab:
        tab.ask("Who builds locomotives?").locator(".cite").first.click()
        expect(tab.mark).to_have_text(RAIL)
        for text, message in ((f"It is fast. {RAIL}", MOVED), ("Alstom builds nothing.", LOST)):
            index(text)
            live.refresh()
            tab.page.reload()
            expect(tab.page.locator("#document")).to_contain_text(message)
            expect(tab.page.locator("#document .text")).to_have_text(text)
            expect(tab.mark).to_have_text([RAIL] if message == MOVED else [])


def test_what_a_visitor_uploaded_is_at_no_address_of_others(browser: Browser, tab: Tab, tmp_path: Path):
    (tmp_path / "cranes.txt").write_text("The cranes are blue.")
    tab.page.get_by_role("tab", name="Documents").click()
    tab.page.locator("#drop input[type=file]").set_input_files(tmp_path / "cranes.txt")
    tab.page.get_by_role("link", name="Open cranes").click()
    expect(tab.page.locator("#document .text")).to_have_text("The cranes are blue.")
    link = copied(tab)
    tab.page.reload()
    expect(tab.page.locator("#document .text")).to_have_text("The cranes are blue.")
    with visited(browser, link) as other:
        expect(other.page.locator("#document")).to_contain_text(NO_DOCUMENT)
        expect(other.page.locator("#document .text")).to_have_count(0)


def test_an_address_stays_through_the_login(browser: Browser, quick_parts: StaticRuntime, tmp_path: Path):
    known = next(iter(quick_parts.index.documents.values()))
    set_password(tmp_path / "accounts", "anna", "correct horse")
    with served(quick_parts, Config(auth=tmp_path / "accounts")) as address:
        for between in ("", "#"):
            page = browser.new_context().new_page()
            page.goto(f"{address}{between}{document_address(known.id)}")
            page.get_by_label("Name").fill("anna")
            page.get_by_label("Password").fill("correct horse")
            page.get_by_role("button", name="Sign in").click()
            expect(page.locator("#document h2")).to_have_text(known.title)
            page.context.close()


def test_the_link_of_a_conversation_opens_it(tab: Tab):
    tab.ask(UZBEKISTAN)
    tab.button("Conversations").click()
    link = copied(tab)
    assert link == tab.page.url
    tab.page.goto("about:blank")
    tab.page.goto(link)
    expect(tab.page.locator(".exchange .question")).to_have_text([UZBEKISTAN])
