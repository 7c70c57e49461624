"""Conversations: kept in the reader's browser, and in no other."""

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from qa.pipeline import Pipeline
from tests.support.browser import Tab, opened

UZBEKISTAN = "What did Boyet say about Uzbekistan?"
WORTH = "How much is the contract in Uzbekistan worth?"
GOAL = "What is the goal of the program?"


def listed(tab: Tab) -> Locator:
    """The conversations in the list, which this opens where it is closed."""
    if not tab.page.locator("#conversations").is_visible():
        tab.button("Conversations").click()
    return tab.page.locator("#conversations li:visible")


def begin_another(tab: Tab) -> None:
    tab.button("New conversation").click()
    expect(tab.exchanges).to_have_count(0)


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
    assert tab.exchanges.all_inner_texts() == shown
    assert tab.page.locator("#quotes").inner_text() == cards
    expect(tab.page.locator("#welcome")).to_be_hidden()
    tab.exchanges.first.locator(".cite").first.click()
    expect(tab.mark).to_be_in_viewport()


def test_conversations_can_be_opened_and_deleted(tab: Tab):
    tab.ask(UZBEKISTAN)
    begin_another(tab)
    tab.ask(GOAL)
    assert listed(tab).locator(".title").all_text_contents() == [GOAL, UZBEKISTAN]
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
def test_a_spoilt_storage_is_an_empty_one(tab: Tab, stored: str):
    tab.ask(UZBEKISTAN)
    expect(listed(tab)).to_have_count(1)
    for key in ("attest-conversations", "attest-tests", "attest-visitor"):
        tab.page.evaluate("([key, stored]) => localStorage.setItem(key, stored)", [key, stored])
    reload(tab)
    expect(tab.exchanges).to_have_count(0)
    expect(tab.ask(WORTH).locator(".answer")).to_be_visible()
