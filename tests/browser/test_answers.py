"""An answer as a visitor sees it: its short answer, the words that are in no quote, and what is no answer."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.verification import short_answer
from tests.browser.test_accessibility import faults
from tests.support.browser import Tab, opened, served
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, answered_by, document

QUESTION = "How much is the contract in Uzbekistan worth?"
SHORT = "72 million euros"
MESSAGE = "not in the quotes; the check gives this sentence "


@pytest.fixture(scope="module")
def phrasing_chat(quick_parts: StaticRuntime) -> Iterator[str]:
    """A chat whose model adds a word to what a quote says."""
    says = "The contract for gas turbines in Uzbekistan is now worth 72 million euros [1]."
    with served(answered_by(FakeChat(short=SHORT, says=says), quick_parts)) as address:
        yield address


@pytest.fixture(scope="module")
def inventing_chat(quick_parts: StaticRuntime) -> Iterator[str]:
    """A chat whose model says nothing that a quote supports."""
    with served(answered_by(FakeChat(says="It is worth 99 million yen."), quick_parts)) as address:
        yield address


def size(words: Locator) -> float:
    """The height of its letters in pixels."""
    return float(words.evaluate("each => parseFloat(getComputedStyle(each).fontSize)"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_short_answer_is_large_and_highlighted_in_its_quote_and_document(
    browser: Browser, phrasing_chat: str, scheme: str
):
    with opened(browser, phrasing_chat, scheme=scheme) as tab:
        exchange = tab.ask(QUESTION)
        short = exchange.locator(".short strong")
        expect(short).to_have_text(SHORT)
        assert size(short) > 1.4 * size(exchange.locator(".words"))
        assert short.bounding_box()["y"] < exchange.locator(".words").bounding_box()["y"]
        expect(tab.page.locator("#quotes .short-words")).to_have_text(SHORT)
        assert faults(tab) == []
        exchange.locator(".short .cite").click()
        expect(tab.mark.locator(".short-words")).to_have_text(SHORT)
        expect(tab.page.locator("#announcement")).to_contain_text(f"Short answer: {SHORT}.")
        assert faults(tab) == []
        assert tab.troubles == []


def test_a_marked_word_says_on_focus_that_it_is_in_no_quote(
    browser: Browser, phrasing_chat: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(short_answer, "BRIEF_CHARS", 0)  # no quote explains itself
    with opened(browser, phrasing_chat) as tab:
        exchange = tab.ask(QUESTION)
        word = exchange.locator(".unquoted")
        expect(word).to_have_text("is now")
        assert word.evaluate("each => getComputedStyle(each).textDecorationStyle") == "dotted"
        message = tab.page.locator("#preview")
        exchange.locator(".short .cite").focus()
        tab.page.keyboard.press("Tab")
        expect(word).to_be_focused()
        expect(message).to_be_visible()
        expect(message).to_contain_text(MESSAGE)
        expect(message).to_be_in_viewport(ratio=1)
        tab.page.keyboard.press("Escape")
        expect(message).to_be_hidden()
        word.hover()
        expect(message).to_be_visible()
        word.click()  # as a finger does, which cannot hover
        expect(message).to_be_visible()
        assert MESSAGE in exchange.locator(".words").aria_snapshot()
        assert MESSAGE not in str(exchange.locator(".words").text_content())


def test_a_draft_of_which_nothing_is_left_is_no_checked_answer(browser: Browser, inventing_chat: str):
    with opened(browser, inventing_chat) as tab:
        exchange = tab.ask(QUESTION)
        expect(exchange.locator(".abstention")).to_contain_text("No checked answer. The nearest passages:")
        expect(exchange.locator(".meter")).to_have_count(0)
        exchange.locator(".cut summary").click()
        expect(exchange.locator(".cut")).to_contain_text("It is worth 99 million yen.")
        assert faults(tab) == []


def test_a_waiting_reader_sees_the_steps_the_seconds_and_the_quotes(
    browser: Browser, quick_parts: StaticRuntime
):
    says = "The contract for gas turbines in Uzbekistan is now worth 72 million euros [1]."
    slow = FakeChat(says=says, pause=0.4)
    with served(answered_by(slow, quick_parts)) as address, opened(browser, address) as tab:
        tab.begin(QUESTION)
        steps = tab.page.locator("#current .steps")
        expect(steps).to_contain_text("listed under Sources")
        expect(steps).to_contain_text("Judged whether they answer the question")
        expect(steps).to_contain_text("Writing the answer")
        expect(tab.page.locator("#quotes .card").first).to_be_visible()
        expect(steps.locator("[aria-current=step] .seconds")).to_have_text(re.compile(r"^[1-9]\d* s$"))
        found = tab.page.locator("#quotes .card").count()
        expect(tab.exchanges).to_have_count(1)
        assert tab.page.locator("#quotes .card").count() == found
        assert faults(tab) == []


def test_passages_without_a_model_are_called_so(tab: Tab):
    exchange = tab.ask(QUESTION)
    expect(exchange.locator(".passages")).to_contain_text("Passages that may answer this:")
    expect(tab.page.locator("#quotes .label").first).to_have_text("Passages that may answer this")
    expect(exchange.locator(".short")).to_have_count(0)
    assert faults(tab) == []


@pytest.fixture(scope="module")
def plants_chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A chat over two plants of which each has a capacity."""
    texts = ("The Karaganda plant has a capacity of 120 MW.", "The Aktau plant has a capacity of 80 MW.")
    documents = [document(text, f"{i}.txt", title=f"Report {i}") for i, text in enumerate(texts)]
    store = LocalStore(tmp_path_factory.mktemp("plants"), IDENTITY)
    build_index(store, documents, FakeEncoder())
    index = Index.open(store)
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    model = FakeChat(short="80 MW", says="The Aktau plant has a capacity of 80 MW.")
    pipeline = Pipeline(retriever, index.documents, model, threshold=0.0)
    with served(StaticRuntime(index, FakeEncoder(), IDENTITY, pipeline)) as address:
        yield address


def test_a_question_that_could_mean_several_things_is_asked_back_with_buttons(
    browser: Browser, plants_chat: str
):
    with opened(browser, plants_chat) as tab:
        exchange = tab.ask("What is the capacity?")
        expect(exchange).to_contain_text("Which do you mean?")
        choices = exchange.locator(".choice")
        expect(choices).to_have_text(["Karaganda", "Aktau"])
        assert faults(tab) == []
        choices.nth(1).click()
        newest = tab.page.locator("#current .exchange")
        expect(newest.locator(".question")).to_have_text("What is the capacity (Aktau)?")
        expect(newest.locator(".short strong")).to_have_text("80 MW")
        assert tab.troubles == []
