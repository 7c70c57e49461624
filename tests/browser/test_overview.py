"""What is in the documents: the panel of an open document, the answer to "summarize", the page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa.schema import Document
from tests.browser.test_accessibility import beyond_the_edge, faults
from tests.support.browser import Tab, opened

UZBEKISTAN = "How much is the contract in Uzbekistan worth?"


def test_the_panel_of_a_document_shows_what_is_in_it_and_leads_there(
    tab: Tab, documents: dict[str, Document]
):
    tab.ask(UZBEKISTAN).locator(".answer .cite").first.click()
    panel = tab.page.locator("#document .contents")
    expect(tab.mark).to_be_visible()
    expect(panel.locator(".found")).to_be_hidden()
    panel.locator("summary").press("Enter")
    expect(panel).to_contain_text("1,000 MW")
    expect(panel).to_contain_text("Main sentences")
    expect(panel).not_to_contain_text("Boyet")  # of the other document
    link = panel.locator("li", has_text=re.compile("^1,000 MW")).locator(".cite")
    words = link.get_attribute("data-quote")
    link.click()
    expect(tab.mark).to_have_text(str(words), use_inner_text=False)
    expect(tab.page.locator("#document .short-words")).to_have_text("1,000 MW")


def test_a_summary_has_main_sentences_names_dates_and_figures(tab: Tab):
    answer = tab.ask("Summarize the documents").locator(".answer")
    for part in ("Main sentences", "Named most", "Central Asia", "Dates", "Figures", "72 million euros"):
        expect(answer).to_contain_text(part)
    answer.locator("li", has_text=re.compile("^72 million euros")).locator(".cite").click()
    expect(tab.page.locator("#document .short-words")).to_have_text("72 million euros")


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (2_560, "dark")])
def test_the_page_and_the_panel_are_accessible(browser: Browser, quick_chat: str, scheme: str, width: int):
    with opened(browser, quick_chat, width=width, scheme=scheme) as tab:
        tab.ask(UZBEKISTAN).locator(".answer .cite").first.click()
        tab.page.locator("#document .contents summary").click()
        expect(tab.page.locator("#document .contents .cite").first).to_be_visible()
        assert faults(tab) == []
        tab.page.goto(f"{quick_chat}overview")
        tab.page.get_by_text("72 million euros", exact=True).click()
        assert faults(tab) == []
        assert beyond_the_edge(tab) == []
        box = tab.page.get_by_label("Document, folder or collection")
        box.fill("alstom-boyet-interview.md")
        box.press("Enter")
        expect(tab.page.get_by_text("1 of 2 documents")).to_be_visible()


def test_a_question_that_an_added_document_answers_is_offered(tab: Tab, tmp_path: Path):
    mill = tmp_path / "mill.txt"
    mill.write_text("The mill of Kivik was built by monks from Lund in 1904. It grinds rye.")
    tab.page.get_by_role("tab", name="Documents").click()
    tab.page.locator("#drop input[type=file]").set_input_files(str(mill))
    choice = tab.page.locator("#welcome .choice")
    expect(choice).to_have_text("When was the mill of Kivik built?")
    choice.click()
    expect(tab.page.locator(".exchange .answer")).to_contain_text("1904")
