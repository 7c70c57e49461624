"""What is printed: questions, answers and quotes, on any number of pages."""

import re

import pytest
from playwright.sync_api import Browser, expect
from pypdfium2 import PdfDocument

from qa.runtime import StaticRuntime
from qa.schema import Document
from qa.web.addresses import document_address
from tests.support.browser import Tab, opened, served
from tests.support.fakes import FakeChat, answered_by

QUESTIONS = (
    "What did Boyet say about Uzbekistan?",
    "How much is the contract in Uzbekistan worth?",
    "What is the goal of the program?",
    "What is said about Kazakhstan?",
    "Which countries take part in the water programme?",
    "What is said about Turkmenistan?",
)
SENTENCE = (
    "He emphasized that Alstom’s growth in Kazakhstan serves as a springboard for exploring opportunities in "
    "neighboring markets like Uzbekistan and Turkmenistan [1]."
)
CONTROLS = (
    "Conversations",
    "Ask again",
    "Copy",
    "Quoted in the answer",
    "Documents",
    "About",
    "Export",
    "[short",
)


def printed(tab: Tab) -> list[str]:
    """The text of each page on paper."""
    pages = PdfDocument(tab.page.pdf(print_background=True))
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]


def solid(text: str) -> str:
    """The text without white space: lines end where the paper does, also within a date."""
    return re.sub(r"\s+", "", text)


def test_questions_answers_and_quotes_are_printed_and_nothing_else(
    browser: Browser, quick_parts: StaticRuntime
):
    with (
        served(answered_by(FakeChat(says=SENTENCE), quick_parts)) as address,
        opened(browser, address) as tab,
    ):
        for question in QUESTIONS:
            tab.ask(question)
        cites = tab.page.locator(".exchange .cite").all()
        assert cites
        tab.page.locator(".answer .cite").first.click()
        expect(tab.mark).to_be_in_viewport()
        pages = printed(tab)
        assert len(pages) > 1
        text = " ".join(pages)
        assert text.count(SENTENCE.removesuffix(" [1].")) > 1  # the answer, and its quote
        for said in QUESTIONS:
            assert said in text
        for cite in cites:
            data = cite.evaluate("link => ({...link.dataset})")
            assert solid(f"[{data['number']}] “{data['quote']}” {data['source']}") in solid(text)
        for control in CONTROLS:
            assert control not in text
        expect(tab.page.locator(".printed")).to_have_count(0)  # the page is as it was


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_and_letters_are_dark(browser: Browser, quick_chat: str, scheme: str):
    with opened(browser, quick_chat, scheme=scheme) as tab:
        question = tab.ask(QUESTIONS[0]).locator(".question")
        tab.page.emulate_media(media="print")
        expect(question).to_have_css("color", "rgb(34, 38, 42)")
        expect(tab.page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_an_open_document_is_printed_where_nothing_was_asked(
    browser: Browser, quick_chat: str, documents: dict[str, Document]
):
    known = next(iter(documents.values()))
    context = browser.new_context()
    tab = Tab(context.new_page())
    tab.page.goto(f"{quick_chat}{document_address(known.id)}")
    expect(tab.page.locator("#document .text")).to_be_visible()
    text = " ".join(printed(tab))
    assert known.title in text
    assert solid(known.text)[-60:] in solid(text)
    assert "Ask your documents" not in text
    assert "Copy link" not in text
    context.close()
