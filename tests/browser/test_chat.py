"""The chat as a reader meets it, in a real browser."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa import assemble
from qa.config import Config
from qa.errors import AttestError
from qa.export.sheet_checker import check_sheet
from qa.pipeline import Ask, Event, Pipeline
from qa.runtime import StaticRuntime
from qa.schema import Answer, Document, Draft
from qa.verification.policy import AnswerPolicy
from tests.support.browser import ANSWERING_MS, Tab, opened, served

UZBEKISTAN = "What did Boyet say about Uzbekistan?"
EXAMPLE = "How much is the contract in Uzbekistan worth?"
REFUSED = "Who is the chief executive of Alstom?"

WRITING_SECONDS = 0.2
"""The pause after each word of a draft that is to be stopped: on a busy machine the model may be done with a
short one before the click arrives."""

HOSTILE = """---
title: "<img src=x onerror=alert('title')> of turbines"
---
The turbines <script>alert(1)</script><img src=x onerror="alert(2)"> are ${alert(3)} {{constructor}} in Baku.

</div></mark><h1 id="owned">Turbines own this page</h1><style>body{display:none}</style>
"""


@dataclass
class PipelineWatch:
    """What a pipeline got round to."""

    events: list[Event] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def answered(self) -> bool:
        return any(isinstance(event, Answer) for event in self.events)


@pytest.fixture(scope="module")
def chat(parts: StaticRuntime) -> Iterator[str]:
    """The address of the chat over the real pipeline."""
    with served(parts) as address:
        yield address


def test_a_citation_leads_to_its_words_in_the_document(
    browser: Browser, chat: str, documents: dict[str, Document]
):
    with opened(browser, chat) as tab:
        tab.page.keyboard.type(UZBEKISTAN)
        tab.page.keyboard.press("Enter")
        expect(tab.page.locator(".draft")).to_be_visible(timeout=ANSWERING_MS)
        assert tab.page.locator("#quotes .card").count() > 0
        link = tab.page.locator(".answer .cite").first
        expect(link).to_be_visible(timeout=ANSWERING_MS)
        expect(tab.page.locator(".draft")).to_have_count(0)
        link.click()
        expect(tab.mark).to_be_in_viewport(ratio=1)
        named = link.evaluate("link => ({...link.dataset})")
        text = documents[named["document"]].text
        assert tab.mark.text_content() == text[int(named["start"]) : int(named["end"])]
        assert tab.page.locator("#document .text").text_content() == text
        assert tab.troubles == []


def test_a_refusal_is_shown_as_one(
    browser: Browser, chat: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pipeline, "policy", AnswerPolicy(1.0, 1.0))
    with opened(browser, chat) as tab:
        exchange = tab.ask(REFUSED)
        expect(exchange.locator(".abstention")).to_contain_text("No answer")
        expect(exchange.locator(".abstention")).to_contain_text(REFUSED)
        expect(exchange.locator(".abstention .label")).to_contain_text("not an answer")
        expect(tab.page.locator("#quotes .label")).to_contain_text("not an answer")
        exchange.locator(".abstention .cite").first.click()
        expect(tab.mark).to_be_in_viewport()


@pytest.fixture
def watched(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> PipelineWatch:
    """What the real pipeline gets round to while the test looks on, its first draft written slowly."""
    seen = PipelineWatch()
    stream = pipeline.stream

    def watching(ask: Ask) -> Iterator[Event]:
        try:
            for event in stream(ask):
                seen.events.append(event)
                yield event
                if isinstance(event, Draft) and not seen.ended.is_set():
                    time.sleep(WRITING_SECONDS)
        finally:
            seen.ended.set()

    monkeypatch.setattr(pipeline, "stream", watching)
    return seen


def test_stop_stops_the_model(browser: Browser, chat: str, watched: PipelineWatch):
    with opened(browser, chat) as tab:
        tab.begin("Which countries take part in the water programme?")
        expect(tab.page.locator(".draft")).to_be_visible(timeout=ANSWERING_MS)
        tab.page.get_by_role("button", name="Stop").click()
        expect(tab.exchanges.last).to_contain_text("Stopped", timeout=ANSWERING_MS)
        assert watched.ended.wait(10)
        assert not watched.answered
        expect(tab.ask(UZBEKISTAN).locator(".answer")).to_be_visible()
        expect(tab.exchanges.first).to_contain_text("Stopped")


def test_a_reader_who_leaves_stops_the_model(browser: Browser, chat: str, watched: PipelineWatch):
    with opened(browser, chat) as tab:
        tab.begin("Which countries take part in the water programme?")
        expect(tab.page.locator(".draft")).to_be_visible(timeout=ANSWERING_MS)
    assert watched.ended.wait(30)
    assert not watched.answered


def test_an_example_is_asked_by_a_click(browser: Browser, settings: Config, tmp_path: Path):
    faq = f"# Questions\n\n## {EXAMPLE}\n\nThe contract in Uzbekistan is worth 27 million dollars.\n"
    (tmp_path / "faq.md").write_text(faq, encoding="utf-8")
    quick = settings.model_copy(update={"index": tmp_path / "index", "model": "none", "threshold": 0.0})
    assemble.index_corpus(quick, [tmp_path / "faq.md"])
    with served(assemble.open_runtime(quick)) as address, opened(browser, address) as tab:
        tab.page.get_by_role("button", name=EXAMPLE).click()
        expect(tab.exchanges.locator(".question")).to_have_text(EXAMPLE)
        expect(tab.exchanges.locator(".answer")).to_be_visible()
        expect(tab.page.get_by_role("button", name=EXAMPLE)).to_be_hidden()


def test_nothing_is_asked_when_nothing_is_typed(tab: Tab):
    tab.box.press("Enter")
    tab.page.wait_for_timeout(1_000)
    tab.box.fill(" \n")
    tab.page.get_by_role("button", name="Ask", exact=True).click()
    tab.page.wait_for_timeout(1_000)
    expect(tab.page.locator(".exchange")).to_have_count(0)
    expect(tab.page.locator(".welcome")).to_be_visible()
    tab.ask(UZBEKISTAN)
    expect(tab.page.locator(".exchange")).to_have_count(1)


def test_no_request_leaves_this_machine(tab: Tab):
    tab.ask(UZBEKISTAN).locator(".cite").first.click()
    expect(tab.mark).to_be_visible()
    assert tab.hosts == {"127.0.0.1"}


def test_a_document_cannot_become_part_of_the_page(browser: Browser, settings: Config, tmp_path: Path):
    name = "<img src=x onerror=alert(5)>&quot;.md"
    (tmp_path / name).write_text(HOSTILE, encoding="utf-8")
    hostile = settings.model_copy(update={"index": tmp_path / "index", "model": "none", "threshold": 0.0})
    assemble.index_corpus(hostile, [tmp_path / name])
    parts = assemble.open_runtime(hostile)
    text = next(iter(parts.pipeline.documents.values())).text
    with served(parts) as address, opened(browser, address) as tab:
        question = "<img src=x onerror=alert(4)> What of the turbines?"
        exchange = tab.ask(question)
        expect(exchange.locator(".question")).to_have_text(question)
        exchange.locator(".cite").first.hover()
        expect(tab.page.locator("#preview strong")).to_contain_text("<img src=x")
        expect(tab.page.locator("#preview small")).to_contain_text(name)
        exchange.locator(".cite").first.click()
        expect(tab.mark).to_be_in_viewport()
        assert tab.page.locator("#document .text").text_content() == text
        tab.button("Conversations").click()
        expect(tab.page.locator("#conversations .title")).to_have_text(question)
        tab.page.keyboard.press("Escape")
        tab.button("Save as a test").click()
        expect(tab.page.locator("form.test-case")).to_contain_text(question)
        with tab.page.expect_download() as saving:
            tab.button("Evidence sheet").click()
        sheet = Path(saving.value.path()).read_text(encoding="utf-8")
        assert check_sheet(sheet, dict(parts.pipeline.documents)) == []
        assert not re.search("<(img|script|h1 id)", sheet)
        tab.page.get_by_role("tab", name="Documents").click()
        expect(tab.page.locator("#documents li")).to_contain_text("<img src=x")
        expect(tab.page.locator("#document h2")).to_contain_text("<img src=x")
        assert tab.page.locator("gradio-app :is(script, style, img, #owned)").count() == 0
        assert tab.troubles == []
        assert tab.hosts == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("failure", "shown"),
    [
        (AttestError("The index is gone; make it with: attest index"), "attest index"),
        (KeyError("secret"), "log"),
    ],
)
def test_a_failure_is_one_sentence(
    tab: Tab, quick_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, failure: Exception, shown: str
):
    def failing(ask: Ask) -> Iterator[Event]:
        raise failure
        yield

    with monkeypatch.context() as patched:
        patched.setattr(quick_pipeline, "stream", failing)
        exchange = tab.ask(UZBEKISTAN)
        expect(exchange.locator(".note")).to_contain_text(shown)
        expect(tab.page.locator("body")).not_to_contain_text("secret")
    expect(tab.ask(UZBEKISTAN).locator(".answer")).to_be_visible()
