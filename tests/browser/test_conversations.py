"""Conversations: kept in the reader's browser, and in no other."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from qa.config import Config
from qa.pipeline import Pipeline
from qa.runtime import StaticRuntime
from qa.web.security.auth import set_password
from tests.support.browser import Tab, opened, served
from tests.support.fakes import FakeChat, answered_by

UZBEKISTAN = "What did Boyet say about Uzbekistan?"
WORTH = "How much is the contract in Uzbekistan worth?"
GOAL = "What is the goal of the program?"
LEGACY = (
    "AAAAAAAAAAAAAAAAAAAAAA==:U2FsdGVkX18XD0bbnb3BO6TvGXn962zjjvyYd8CxuhJJzHvGPWgSuJB8EWPnTBGLJaRHjhC"
    "OMYgY4L95Dfh7lW1HoP4Bg8C+cg4qZwifOdjoD6cnv85AFj8UtFGjc1/xiRV7ENNhIe7HHLboVigI79sC//+ofEGZAXbHNbx"
    "N3LUb1zZb9Z+P0gP3KkXdwZ0m8zdj3vStZ6YCRk/F970wnHHDpKjBK66kNJaXIDHO1PTtKsOUaUmsoqFj6AHh9yq1z3VFFcI"
    "sQuCO60JyA5Zj39gSDHekS/fPMY0TOU5C+UJBSEx1XqiZAKgm/gH37CkjXuCvB/Cv+GFumJ6PKy25TtsDOtnNruROxvu0V0F"
    "BiQ+67DCJeW1GUi5sO1a6RE5K"
)
"""Two conversations as earlier versions stored them: Gradio encrypts what a BrowserState stores."""


def listed(tab: Tab) -> Locator:
    """The conversations in the list, which this opens where it is closed."""
    if not tab.page.locator("#conversations").is_visible():
        tab.button("Conversations").click()
    return tab.page.locator("#conversations li:visible")


def begin_another(tab: Tab) -> None:
    tab.button("New conversation").click()
    expect(tab.exchanges).to_have_count(0)


@contextmanager
def beside(tab: Tab) -> Iterator[Tab]:
    """What ``tab`` shows in a second tab of its browser."""
    other = Tab(tab.page.context.new_page())
    other.page.on("pageerror", lambda error: other.troubles.append(str(error)))
    other.page.goto(tab.page.url)
    expect(other.page.locator("body[data-ready]")).to_be_visible()
    yield other
    assert other.troubles == []
    other.page.close()


def questions(tab: Tab) -> list[str]:
    return tab.page.locator(".exchange .question").all_text_contents()


def reload(tab: Tab) -> None:
    tab.page.reload()
    expect(tab.box).to_be_focused()
    expect(tab.page.locator("body[data-ready]")).to_be_visible()


def test_a_new_conversation_is_empty(tab: Tab):
    tab.ask(UZBEKISTAN)
    tab.button("New conversation").click()
    expect(tab.exchanges).to_have_count(0)
    expect(tab.box).to_be_focused()


def test_no_question_is_lost_of_a_reader_in_a_hurry(tab: Tab):
    for n in range(1, 11):
        tab.begin(UZBEKISTAN)
        expect(tab.exchanges).to_have_count(n)
    begin_another(tab)  # an answer that is shown is not yet kept, and a reload would forget it
    listed(tab).first.locator(".title").click()
    expect(tab.exchanges).to_have_count(10)
    reload(tab)
    expect(tab.exchanges).to_have_count(10)


def test_two_readers_do_not_see_each_other(browser: Browser, quick_chat: str, tab: Tab):
    tab.ask(UZBEKISTAN)
    with opened(browser, quick_chat) as other:
        expect(other.exchanges).to_have_count(0)
        assert listed(other).count() == 0
        other.page.keyboard.press("Escape")
        other.ask("And how much is it worth?")
        expect(other.exchanges).to_have_count(1)
        expect(other.page.locator(".resolved")).to_have_count(0)


def test_a_page_loaded_again_is_as_it_was(tab: Tab):
    tab.ask(UZBEKISTAN)
    tab.ask(WORTH)
    expect(listed(tab)).to_have_count(1)
    shown = tab.exchanges.all_inner_texts()
    cards = tab.page.locator("#quotes").inner_text()
    reload(tab)
    expect(tab.exchanges).to_have_count(2)
    expect(tab.exchanges).to_have_text(shown, use_inner_text=True)
    expect(tab.page.locator("#quotes")).to_have_text(cards, use_inner_text=True)
    expect(tab.page.locator("#welcome")).to_be_hidden()
    tab.exchanges.first.locator(".cite").first.click()
    expect(tab.mark).to_be_in_viewport()


def test_conversations_can_be_opened_and_deleted(tab: Tab):
    tab.ask(UZBEKISTAN)
    begin_another(tab)
    tab.ask(GOAL)
    expect(listed(tab).locator(".title")).to_have_text([GOAL, UZBEKISTAN])
    expect(listed(tab).first).to_have_attribute("aria-current", "true")
    listed(tab).last.locator(".title").click()
    expect(tab.exchanges.locator(".question")).to_have_text([UZBEKISTAN])
    expect(tab.page.locator("#conversations")).to_be_hidden()
    tab.ask(WORTH)
    expect(tab.exchanges).to_have_count(2)
    remove = listed(tab).filter(has_text=GOAL).get_by_role("button", name=re.compile("^Delete"))
    remove.click()
    expect(listed(tab)).to_have_count(2)  # it asks once more
    remove.click()
    expect(tab.page.locator("#conversations li")).to_have_count(1)
    assert questions(tab) == [UZBEKISTAN, WORTH]
    reload(tab)
    expect(tab.exchanges).to_have_count(2)
    listed(tab).get_by_role("button", name="Delete").dblclick()
    expect(tab.exchanges).to_have_count(0)
    expect(tab.page.locator("#welcome")).to_be_visible()


def test_a_deletion_clicked_once_is_not_forgotten_when_the_list_changes(tab: Tab):
    tab.ask(UZBEKISTAN)
    begin_another(tab)
    tab.ask(GOAL)
    deleted, renamed = listed(tab).first, listed(tab).last
    deleted.get_by_role("button", name="Delete").click()
    renamed.get_by_role("button", name="Rename").click()
    tab.page.keyboard.type("Rail")
    tab.page.keyboard.press("Enter")
    expect(renamed.locator(".title")).to_have_text("Rail")
    tab.page.get_by_role("button", name="Delete for good?").click()
    expect(tab.page.locator("#conversations li .title")).to_have_text(["Rail"])


def test_a_conversation_can_be_renamed_and_found(tab: Tab):
    tab.ask(UZBEKISTAN)
    begin_another(tab)
    tab.ask(GOAL)
    listed(tab).last.get_by_role("button", name="Rename").click()
    tab.page.keyboard.type("<b>Boyet</b> & rail")
    tab.page.keyboard.press("Enter")
    expect(listed(tab).last.locator(".title")).to_have_text("<b>Boyet</b> & rail")
    tab.page.get_by_role("searchbox", name="Search conversations").fill("RAIL")
    expect(listed(tab).locator(".title")).to_have_text(["<b>Boyet</b> & rail"])
    tab.page.get_by_role("searchbox", name="Search conversations").fill("rename")
    expect(listed(tab)).to_have_count(0)
    reload(tab)
    expect(listed(tab).locator(".title")).to_have_text([GOAL, "<b>Boyet</b> & rail"])


def test_an_edited_question_replaces_what_came_after_it(tab: Tab):
    for question in (UZBEKISTAN, WORTH, GOAL):
        tab.ask(question)
    tab.exchanges.nth(1).get_by_role("button", name="Edit").click()
    expect(tab.box).to_have_value(WORTH)
    expect(tab.exchanges).to_have_count(1)
    tab.ask("Which countries take part in the water programme?")
    expected = [UZBEKISTAN, "Which countries take part in the water programme?"]
    assert questions(tab) == expected
    expect(listed(tab)).to_have_count(1)
    reload(tab)
    expect(tab.page.locator(".exchange .question")).to_have_text(expected)


def test_an_edit_can_be_called_off(tab: Tab):
    tab.ask(UZBEKISTAN)
    tab.ask(WORTH)
    tab.exchanges.first.get_by_role("button", name="Edit").click()
    expect(tab.page.locator(".editing")).to_contain_text(
        "Asking it replaces its answer and removes the question after it."
    )
    tab.button("Cancel editing").click()
    expect(tab.page.locator(".exchange .question")).to_have_text([UZBEKISTAN, WORTH])
    expect(tab.box).to_have_value("")
    tab.ask(GOAL)
    expect(tab.page.locator(".exchange .question")).to_have_text([UZBEKISTAN, WORTH, GOAL])


def test_a_question_asked_again_is_answered_again(tab: Tab):
    tab.ask(UZBEKISTAN)
    tab.ask(WORTH)
    tab.exchanges.first.get_by_role("button", name="Ask again").click()
    expect(tab.page.locator(".exchange .question")).to_have_text([UZBEKISTAN])
    expect(tab.exchanges).to_have_count(1)
    expect(tab.exchanges.locator(".answer .cite").first).to_be_visible()
    expect(tab.box).to_have_value("")


def test_a_changed_document_is_told_and_breaks_nothing(
    tab: Tab, quick_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
):
    link = tab.ask(UZBEKISTAN).locator(".cite").first
    changed = quick_pipeline.documents[tab.named(link).doc_id]
    expect(listed(tab)).to_have_count(1)
    with monkeypatch.context() as patched:
        patched.setitem(quick_pipeline.documents, changed.id, replace(changed, text=f"New. {changed.text}"))
        reload(tab)
        expect(tab.exchanges.locator(".note")).to_contain_text("has changed or is gone; ask again")
        expect(tab.exchanges.locator(".cite")).to_have_count(0)
    tab.exchanges.get_by_role("button", name="Ask again").click()
    expect(tab.exchanges.locator(".answer .cite").first).to_be_visible()


def test_a_tampered_answer_is_not_shown(tab: Tab):
    tab.ask(UZBEKISTAN)
    expect(listed(tab)).to_have_count(1)

    def tamper(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent = json.dumps(json.loads(route.request.post_data or "{}"), ensure_ascii=False)
        return route.continue_(post_data=sent.replace("Our presence", "Nobody's presence"))

    tab.page.route("**/gradio_api/**", tamper)
    reload(tab)
    expect(tab.exchanges.locator(".note")).to_contain_text("ask again")
    expect(tab.page.locator("#conversation")).not_to_contain_text("Nobody's")
    tab.page.unroute("**/gradio_api/**")
    expect(tab.ask(WORTH).locator(".answer")).to_be_visible()


@pytest.mark.parametrize("stored", ["", "null", "%%%", '{"all": 1}', "aaaa:bbbb"])
def test_a_spoilt_storage_breaks_nothing(tab: Tab, stored: str):
    tab.ask(UZBEKISTAN)
    for key in ("attest-conversations", "attest-tests", "attest-visitor"):
        tab.page.evaluate("([key, stored]) => localStorage.setItem(key, stored)", [key, stored])
    reload(tab)
    expect(tab.exchanges).to_have_count(1)
    expect(tab.ask(WORTH).locator(".answer")).to_be_visible()


def test_two_tabs_lose_no_exchange(tab: Tab):
    tab.ask(UZBEKISTAN)
    with beside(tab) as other:
        expect(other.exchanges).to_have_count(1)
        other.begin(WORTH)
        tab.begin(GOAL)
        for each in (tab, other):
            expect(each.exchanges).to_have_count(3)
            expect(each.page.locator(".exchange .answer")).to_have_count(3)
            assert set(questions(each)) == {UZBEKISTAN, WORTH, GOAL}
        begin_another(other)
        other.ask(GOAL)
        expect(tab.exchanges).to_have_count(3)
        for each in (tab, other):
            expect(listed(each)).to_have_count(2)
        tab.page.keyboard.press("Escape")
    reload(tab)
    expect(tab.exchanges).to_have_count(3)


def test_a_conversation_deleted_in_another_tab_is_told(tab: Tab):
    tab.ask(UZBEKISTAN)
    with beside(tab) as other:
        listed(other).get_by_role("button", name="Delete").dblclick()
        expect(other.exchanges).to_have_count(0)
    expect(tab.page.locator("#earlier")).to_contain_text("This conversation is not stored here.")
    tab.ask(WORTH)
    assert questions(tab) == [WORTH]


def test_a_long_conversation_loses_nothing(tab: Tab):
    tab.ask(UZBEKISTAN)
    for n in range(2, 32):
        tab.begin(f"{n}?")
        expect(tab.exchanges).to_have_count(n)
    reload(tab)
    expect(tab.exchanges).to_have_count(31)
    assert questions(tab)[0] == UZBEKISTAN


def test_a_conversation_that_is_full_says_so_and_stays(tab: Tab):
    tab.ask(UZBEKISTAN)
    tab.page.evaluate("""async () => {
        const { id } = await attest.conversations.current();
        const request = indexedDB.open("attest-");
        await new Promise((next) => (request.onsuccess = next));
        const transaction = request.result.transaction("conversations", "readwrite");
        const store = transaction.objectStore("conversations");
        const found = store.get(id);
        await new Promise((next) => (found.onsuccess = next));
        const { records, ...rest } = found.result;
        const long = Array.from({ length: 9 }, (_, n) => ({ id: `${n}`, question: "long ".repeat(20000) }));
        store.put({ ...rest, records: [...records, ...long] });
        await new Promise((next) => (transaction.oncomplete = next));
    }""")
    tab.begin(WORTH)
    expect(tab.page.locator("#test-form")).to_contain_text("This conversation is full.")
    expect(tab.box).to_have_value(WORTH)
    assert questions(tab) == [UZBEKISTAN]
    begin_another(tab)
    expect(tab.ask(WORTH).locator(".answer")).to_be_visible()


def test_a_reload_while_answering_keeps_the_question(browser: Browser, quick_parts: StaticRuntime):
    slow = answered_by(FakeChat(says="word " * 60, pause=1.0), quick_parts)
    with served(slow) as address, opened(browser, address) as tab:
        tab.begin(UZBEKISTAN)
        expect(tab.page.locator(".exchange[aria-busy=true]")).to_be_visible()
        reload(tab)
        assert questions(tab) == [UZBEKISTAN]
        expect(tab.exchanges.locator(".note")).to_contain_text("ask again")
        expect(tab.exchanges.get_by_role("button", name="Ask again")).to_be_visible()
        expect(listed(tab).locator(".title")).to_have_text([UZBEKISTAN])


def test_back_leads_through_the_conversations(tab: Tab):
    tab.ask(UZBEKISTAN)
    begin_another(tab)
    tab.ask(GOAL)
    expect(tab.page).to_have_url(re.compile("#c/"))
    shown = tab.page.locator(".exchange .question")
    tab.page.go_back()
    expect(shown).to_have_count(0)
    tab.page.go_back()
    expect(shown).to_have_text([UZBEKISTAN])
    tab.page.go_forward()
    tab.page.go_forward()
    expect(shown).to_have_text([GOAL])
    tab.page.go_back()
    tab.page.go_back()
    expect(shown).to_have_text([UZBEKISTAN])
    tab.ask(WORTH)
    expect(shown).to_have_text([UZBEKISTAN, WORTH])


def test_the_address_of_a_conversation_opens_it_in_its_browser_alone(
    browser: Browser, quick_chat: str, tab: Tab
):
    tab.ask(UZBEKISTAN)
    with beside(tab) as again:
        expect(again.page.locator(".exchange .question")).to_have_text([UZBEKISTAN])
    with opened(browser, tab.page.url) as stranger:
        expect(stranger.page.locator("#earlier")).to_contain_text("This conversation is not stored here.")
        expect(stranger.exchanges).to_have_count(0)


def test_each_account_has_its_own_conversations(browser: Browser, quick_parts: StaticRuntime, tmp_path: Path):
    file = tmp_path / "accounts"
    for name in ("anna", "bela"):
        set_password(file, name, "correct horse")
    context = browser.new_context()
    page = context.new_page()

    def log_in(address: str, name: str) -> Tab:
        page.goto(address)
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Sign in").click()
        tab = Tab(page)
        expect(tab.box).to_be_focused()
        return tab

    with served(quick_parts, Config(auth=file)) as address:
        anna = log_in(address, "anna")
        anna.ask(UZBEKISTAN)
        conversation = page.url
        anna.button("Sign out").click()
        bela = log_in(address, "bela")
        assert listed(bela).count() == 0
        page.goto(conversation)
        page.reload()
        expect(page.locator("#earlier")).to_contain_text("This conversation is not stored here.")
    context.close()


def test_what_an_earlier_version_stored_is_still_there(tab: Tab):
    tab.page.evaluate("stored => localStorage.setItem('attest-conversations', stored)", LEGACY)
    for _ in range(2):  # it is taken over once
        reload(tab)
        expect(listed(tab).locator(".title")).to_have_text(["Newer", "Older"])
    listed(tab).last.locator(".title").click()
    expect(tab.page.locator(".exchange .question")).to_have_text(["First?", "Second?"])
    assert tab.page.evaluate("localStorage.getItem('attest-conversations')") is None
