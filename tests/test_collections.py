"""A collection of documents can be asked by its name, and every answer says what was searched."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr
import pytest
from playwright.sync_api import Browser, expect

from qa.config import Config
from qa.export.evidence_sheet import evidence_sheet
from qa.export.markdown import answer_markdown
from qa.export.sheet_checker import check_sheet, read_sheet
from qa.export.text import plain_text
from qa.export.word import conversation_docx
from qa.ingest.documents import parse
from qa.nlp.dates import Period
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import Collection, find_documents
from qa.runtime import StaticRuntime
from qa.web.tools import Tools
from qa.web.ui.answer_html import answer_html
from qa.web.ui.layout import Update
from qa.web.ui.scope import ScopeChoice
from qa.web.ui.session import Session
from tests.export.test_export import MADE
from tests.support.browser import Tab, opened, served
from tests.support.cli import Run
from tests.support.fakes import html_text
from tests.web.test_api import client_of
from tests.web.test_server import called

INTERVIEW, UZBEKISTAN = "alstom-boyet-interview.md", "What did Boyet say about Uzbekistan?"
QUESTION = "Who installs gas turbines?"
DATES = {"contracts/a.docx": "2023", "contracts/b.pdf": "2024-05-01", "report.pdf": None}


@pytest.fixture
def defined(indexed: Run) -> Run:
    Path("attest.toml").write_text(
        '[collections]\n"Gas power" = { documents = ["turbines.md"] }\nyoung = { since = "2900" }\n'
    )
    return indexed


def test_a_collection_is_a_set_of_folders_documents_and_dates():
    collections = {
        "old": Collection(("contracts", "gone.txt"), Period.of(None, "2023")),
        "dated": Collection((), Period.of("1900", None)),
        "contracts": Collection(("report.pdf",)),
    }
    assert find_documents(["old"], DATES, collections) == {"contracts/a.docx"}
    assert find_documents(["dated"], DATES, collections) == {"contracts/a.docx", "contracts/b.pdf"}
    assert find_documents(["contracts"], DATES, collections) == {"report.pdf"}
    assert find_documents(["contracts/"], DATES, collections) == {"contracts/a.docx", "contracts/b.pdf"}


def test_a_collection_is_asked_by_its_name_on_the_command_line(defined: Run):
    ran = defined("ask", QUESTION, "--in", "Gas power", "--json")
    assert ran.json["searched"] == {"documents": 1, "of": 2, "name": "Turbines"}
    assert {quote["document"] for quote in ran.json["quotes"]} == {"turbines.md"}
    assert "\nSearched: 1 of 2 documents: Turbines\n" in defined("ask", QUESTION, "--in", "Gas power").out
    found = defined("search", QUESTION, "--in", "Gas power", "--json")
    assert {hit["document"] for hit in found.json["results"]} == {"turbines.md"}


def test_every_answer_and_refusal_says_that_all_was_searched(indexed: Run, monkeypatch: pytest.MonkeyPatch):
    assert "\nSearched: 2 documents\n" in indexed("ask", QUESTION).out
    monkeypatch.setenv("ATTEST_THRESHOLD", "1")
    assert "\nSearched: 2 documents\n" in indexed("ask", QUESTION).out


def test_an_answer_says_what_was_searched_wherever_it_is_taken(quick_pipeline: Pipeline):
    pipeline = quick_pipeline
    answer = pipeline.invoke(Ask(UZBEKISTAN, document_filter=pipeline.document_filter([INTERVIEW])))
    total = len(pipeline.documents)
    said = f"Searched: 1 of {total} documents: {pipeline.documents[INTERVIEW].title}"
    word = parse(conversation_docx("Turbines", [answer]), "a.docx").text
    assert all(said in text for text in (plain_text(answer), answer_markdown(answer), word))
    assert said in html_text(answer_html(answer))
    sheet = evidence_sheet("Turbines", [answer], pipeline.documents, MADE)
    assert check_sheet(sheet, pipeline.documents) == []
    assert read_sheet(sheet).entries[0].searched == said.removeprefix("Searched: ")
    assert check_sheet(
        sheet.replace(f"1 of {total} documents", f"1 of {total} documents<i></i>"), pipeline.documents
    )


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_empty_collection_says_so(defined: Run, command: str):
    ran = defined(command, QUESTION, "--in", "young")
    assert (ran.status, ran.out) == (2, "")
    assert "The collection young is empty: none of the 2 documents is in it" in ran.err


def test_a_collection_with_a_date_that_is_none_is_refused(indexed: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_COLLECTIONS", json.dumps({"old": {"until": "yesterday"}}))
    ran = indexed("ask", QUESTION)
    assert ran.status == 2
    assert "'yesterday' is not a date" in ran.err


@pytest.fixture
def page(browser: Browser, quick_parts: StaticRuntime) -> Iterator[Tab]:
    """The page of a server with a collection of one document, and an empty one."""
    pipeline = copy(quick_parts.pipeline)
    pipeline.collections = {"Interviews": Collection((INTERVIEW,)), "Empty": Collection(("nowhere",))}
    with served(replace(quick_parts, pipeline=pipeline)) as url, opened(browser, url) as tab:
        yield tab


def test_a_collection_is_chosen_beside_the_question_box_and_agrees_with_the_list(
    page: Tab, quick_pipeline: Pipeline
):
    choice = page.page.get_by_label("Search", exact=True)
    total = len(quick_pipeline.documents)
    choice.select_option("Interviews")
    expect(choice.locator("option:checked")).to_have_text(f"1 of {total}: Interviews")
    answer = page.ask(UZBEKISTAN)
    expect(answer).to_contain_text(f"Searched: 1 of {total} documents")
    page.page.get_by_role("tab", name="Documents").click()
    ticked = page.page.locator("#documents input[type=checkbox]:checked")
    expect(ticked).to_have_count(1)
    ticked.uncheck()
    expect(choice.locator("option:checked")).to_have_text(f"{total} documents")


def test_the_choice_shows_the_last_of_several_quick_ticks(
    quick_parts: StaticRuntime, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    refresh, all_ticked = ScopeChoice.refresh, Event()

    def refresh_late(self: ScopeChoice, session: Session, request: gr.Request) -> Update:
        update = refresh(self, session, request)
        if session.scope.selected:
            all_ticked.wait(30)
        return update

    monkeypatch.setattr(ScopeChoice, "refresh", refresh_late)
    with served(quick_parts) as url, opened(browser, url) as tab:
        tab.page.get_by_role("tab", name="Documents").click()
        lines = tab.page.locator("#documents li:has(input[type=checkbox])")
        expect(lines).to_have_count(2)
        first, second = lines.all()
        first.get_by_role("checkbox").check()
        expect(tab.page.locator("#documents")).to_contain_text("1 selected")
        second.get_by_role("checkbox").check()
        expect(tab.page.locator("#documents")).to_contain_text("2 selected")
        first.get_by_role("checkbox").uncheck()
        expect(tab.page.locator("#documents")).to_contain_text("1 selected")
        all_ticked.set()
        line = second.text_content() or ""
        (last,) = (each.title for each in quick_parts.pipeline.documents.values() if each.title in line)
        chosen = tab.page.get_by_label("Search", exact=True).locator("option:checked")
        expect(chosen).to_have_text(f"1 of 2 documents: {last}")


def test_a_question_to_an_empty_collection_is_told_so(page: Tab):
    page.page.get_by_label("Search", exact=True).select_option("Empty")
    expect(page.page.locator("#scope option:checked")).to_contain_text("Empty")
    page.page.locator("#question textarea").fill(UZBEKISTAN)
    page.button("Ask").click()
    expect(page.page.locator("#current")).to_contain_text("The collection Empty is empty")


def test_programs_ask_a_collection_by_its_name(quick_parts: StaticRuntime, settings: Config):
    pipeline = copy(quick_parts.pipeline)
    pipeline.collections = {"Interviews": Collection((INTERVIEW,)), "Empty": Collection(("nowhere",))}
    parts = replace(quick_parts, pipeline=pipeline)
    client = client_of(parts, settings)
    searched = {
        "documents": 1,
        "of": len(pipeline.documents),
        "name": pipeline.documents[INTERVIEW].title,
    }
    asked = {"question": UZBEKISTAN, "documents": ["Interviews"]}
    assert client.post("/ask", json=asked).json()["searched"] == searched
    assert Tools(parts).ask(UZBEKISTAN, within="Interviews")["searched"] == searched
    said = {"messages": [{"role": "user", "content": UZBEKISTAN}], "documents": ["Interviews"]}
    reply = client.post("/v1/chat/completions", json=said).json()
    assert {source["document"] for source in reply["sources"]} == {INTERVIEW}
    found = client.post("/search", json={"query": UZBEKISTAN, "documents": ["Interviews"]}).json()
    assert {each["document"] for each in found["results"]} == {INTERVIEW}
    for path, sent in (
        ("/search", {"query": "gas"}),
        ("/ask", {"question": UZBEKISTAN}),
        ("/v1/chat/completions", {"messages": said["messages"]}),
    ):
        refused = client.post(path, json={**sent, "documents": ["Empty"]})
        assert refused.status_code == 400, path
        assert "The collection Empty is empty" in refused.text
    assert refused.json()["error"]["type"] == "invalid_request_error"  # as of OpenAI


def search(address: str, asked: dict[str, str]) -> Any:
    """What the tool ``search`` returns; asked in another thread, because the browser keeps this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, called(address, {}, "search", asked)).result()[1]


def test_an_assistant_asks_a_collection_over_http(quick_parts: StaticRuntime, settings: Config):
    pipeline = copy(quick_parts.pipeline)
    pipeline.collections = {"Interviews": Collection((INTERVIEW,)), "Empty": Collection(("nowhere",))}
    with served(replace(quick_parts, pipeline=pipeline), settings) as address:
        asked = {"query": UZBEKISTAN, "within": "Interviews"}
        told = search(address, asked)
        assert {each["document"] for each in json.loads(told.content[0].text)["results"]} == {INTERVIEW}
        told = search(address, {**asked, "within": "Empty"})
        assert told.isError
        assert "The collection Empty is empty" in told.content[0].text
