"""What a reader takes away: exports of a conversation, questions kept as tests, and a verdict left behind."""

import datetime
import json
from collections.abc import Mapping, Sequence

import gradio as gr

from qa.errors import AttestError, UserError
from qa.export.eval_case import eval_case
from qa.export.markdown import conversation_markdown
from qa.export.text import evidence_sheet
from qa.schema import Document, Span
from qa.web.ui import conversations, panels
from qa.web.ui.conversations import Conversation, Conversations, Exchange
from qa.web.ui.feedback import FeedbackFile, Thumb, feedback
from qa.web.ui.layout import Layout, Shown
from qa.web.ui.session import Visit

MAX_TESTS = 500
"""Kept in the browser at a time; each takes about a thousand characters of its five million."""


class Exports:
    """Exports, tests and verdicts. What a conversation holds comes from the browser each time."""

    def __init__(self, layout: Layout, box: FeedbackFile | None) -> None:
        """Verdicts go into ``box``, if there is one."""
        self._at = layout
        self._box = box

    def take(
        self, record: object, done: Conversation | None, tests: object, visit: Visit, event: gr.EventData
    ) -> Shown:
        """The open conversation, or the tests, as a file."""
        store = conversations.known(record, done)
        title = store.opened.title if store.opened else "Attest"
        documents = visit.documents
        answers = [each.answer for each in _exchanges(store, documents) if each.answer]
        form = str(event.form)
        try:
            if form == "markdown":
                file = panels.File("conversation.md", "text/markdown", conversation_markdown(title, answers))
            elif form == "sheet":
                sheet = evidence_sheet(title, answers, documents, datetime.datetime.now(datetime.UTC).date())
                file = panels.File("evidence.html", "text/html", sheet)
            else:
                lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in _tests(tests))
                file = panels.File("attest-tests.jsonl", "application/jsonl", lines)
        except AttestError as error:
            return {self._at.take: panels.take_html(bool(answers), len(_tests(tests)), said=str(error))}
        return {self._at.take: panels.take_html(bool(answers), len(_tests(tests)), file=file)}

    def offer(self, record: object, tests: object) -> Shown:
        """The buttons for what there is to take."""
        return self._offer(conversations.read(record), tests)

    def ask_to_keep(
        self, record: object, done: Conversation | None, visit: Visit, event: gr.EventData
    ) -> Shown:
        """The form that makes a test of a question."""
        documents = visit.documents
        exchange = _nth(_exchanges(conversations.known(record, done), documents), event)
        if exchange is None or exchange.answer is None:
            return {self._at.keeper: ""}
        span = _selected(event, documents)
        text = span.cut(documents) if span else ""
        return {self._at.keeper: panels.keep_html(int(event.number), exchange.answer, span, text)}

    def keep(
        self, record: object, done: Conversation | None, tests: object, visit: Visit, event: gr.EventData
    ) -> Shown:
        """Put a question among the tests."""
        documents = visit.documents
        store = conversations.known(record, done)
        exchanges = _exchanges(store, documents)
        exchange = _nth(exchanges, event)
        if exchange is None or exchange.answer is None:
            return {self._at.keeper: ""}
        place, wording = str(event.place), str(event.wording).strip()
        spans = [
            quote.span
            for quote in exchange.answer.quotes or exchange.answer.nearest
            if place == f"quote-{quote.number}"
        ]
        marked = _selected(event, documents)
        if place == "selected" and marked:
            spans = [marked]
        history = [each.turn for each in exchanges[: exchanges.index(exchange)]]
        try:
            case = eval_case(
                exchange.question,
                history,
                bool(spans),
                spans,
                documents,
                [wording] if wording and spans else [],
            )
        except UserError as error:
            return {self._at.keeper: panels.said_html(str(error))}
        kept = [each for each in _tests(tests) if each.get("id") != case["id"]]
        kept = [*kept, case][-MAX_TESTS:]
        said = "Kept in this browser. “Tests” below saves all of them as a file that attest eval runs."
        return {
            self._at.tests: kept,
            self._at.keeper: panels.said_html(said),
            **self._offer(store, kept),
        }

    def thumbs_up(
        self, record: object, done: Conversation | None, visit: Visit, event: gr.EventData
    ) -> Shown:
        """Tell the owner that an answer is good."""
        return self._verdict(Thumb.UP, conversations.known(record, done), visit, event)

    def thumbs_down(
        self, record: object, done: Conversation | None, visit: Visit, event: gr.EventData
    ) -> Shown:
        """Tell the owner that an answer is bad."""
        return self._verdict(Thumb.DOWN, conversations.known(record, done), visit, event)

    def _offer(self, store: Conversations, tests: object) -> Shown:
        some = bool(store.opened and store.opened.records)
        return {self._at.take: panels.take_html(some, len(_tests(tests)))}

    def _verdict(self, thumb: Thumb, store: Conversations, visit: Visit, event: gr.EventData) -> Shown:
        exchange = _nth(_exchanges(store, visit.documents), event)
        now = datetime.datetime.now(datetime.UTC)
        said = ""
        if exchange and exchange.answer and self._box:
            kept = self._box.append(feedback(exchange.answer, thumb, visit.documents, now))
            said = panels.said_html("Thank you: the owner of this page can read it.") if kept else ""
        return {self._at.keeper: said}


def _exchanges(store: Conversations, documents: Mapping[str, Document]) -> list[Exchange]:
    return store.opened.exchanges(documents) if store.opened else []


def _nth(exchanges: Sequence[Exchange], event: gr.EventData) -> Exchange | None:
    number = int(event.number) if str(event.number).isdecimal() else 0
    return exchanges[number - 1] if 0 < number <= len(exchanges) else None


def _selected(event: gr.EventData, documents: Mapping[str, Document]) -> Span | None:
    """What the reader has marked in the open document, if it is a place in one."""
    try:
        span = Span(event.selected["document"], int(event.selected["start"]), int(event.selected["end"]))
        inside = 0 <= span.start < span.end <= len(documents[span.doc_id].text)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return span if inside else None


def _tests(tests: object) -> list[dict[str, object]]:
    return [each for each in tests if isinstance(each, dict)] if isinstance(tests, list) else []
