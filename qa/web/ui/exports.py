"""Exports, tests and ratings: handlers that export a conversation, save a test, rate an answer."""

import datetime
import json
from collections.abc import Mapping, Sequence

import gradio as gr

from qa.errors import AttestError, UserError
from qa.export.absence_sheet import absence_sheet
from qa.export.eval_case import eval_case
from qa.export.files import ExportFile, export
from qa.export.text import is_refusal
from qa.schema import Answer, Document, Span
from qa.web.ui import panels
from qa.web.ui.conversations import Conversation, Exchange, parse
from qa.web.ui.feedback import FeedbackFile, Thumb, feedback
from qa.web.ui.layout import Layout, Update
from qa.web.ui.session import Session

MAX_TESTS = 500
"""Tests that the browser stores; each takes about a thousand characters of its five million."""

TEST_SAVED = "Saved in this browser. “Tests” below downloads all saved tests as a file for attest eval."
RATING_SAVED = "Thank you! Whoever runs this server can see your rating."


class Exports:
    """Handlers of exports, tests and ratings. The browser sends the conversation each time."""

    def __init__(self, layout: Layout, ratings: FeedbackFile | None) -> None:
        """Use the components of ``layout``, and write ratings to the file ``ratings``, if there is one."""
        self._ui = layout
        self._ratings = ratings

    def export(
        self,
        record: object,
        tests: object,
        session: Session,
        event: gr.EventData,
    ) -> Update:
        """Make the file that the visitor asked for: the conversation, what it cites, or the tests."""
        conversation = parse(record)
        title = (conversation.title if conversation else "") or "Attest"
        answers = _open_answers(conversation, session)
        try:
            if str(event.form) == "absence":
                file = _absence_file(answers, session)
            else:
                file = _export_file(str(event.form), title, answers, session.documents, _parse_tests(tests))
        except AttestError as error:
            html = panels.export_html(answers, len(_parse_tests(tests)), message=str(error))
        else:
            html = panels.export_html(answers, len(_parse_tests(tests)), file=file)
        return {self._ui.export_panel: html}

    def refresh(self, record: object, tests: object, session: Session) -> Update:
        """Show the buttons for what can be exported."""
        return self._refresh(parse(record), tests, session)

    def open_test_form(self, record: object, session: Session, event: gr.EventData) -> Update:
        """Show the form that saves a question as a test."""
        documents = session.documents
        exchange = _find_exchange(parse(record), event, documents)
        if exchange is None or exchange.answer is None:
            return {self._ui.test_form: ""}
        span = _selected_span(event, documents)
        text = span.cut(documents) if span else ""
        html = panels.form_html(int(event.number), exchange.answer, span, text)
        return {self._ui.test_form: html}

    def save_test(
        self,
        record: object,
        tests: object,
        session: Session,
        event: gr.EventData,
    ) -> Update:
        """Save a question as a test, in place of a former test of it."""
        documents = session.documents
        conversation = parse(record)
        exchanges = _open_exchanges(conversation, documents)
        exchange = _find_exchange(conversation, event, documents)
        if exchange is None or exchange.answer is None:
            return {self._ui.test_form: ""}
        spans = _answer_spans(exchange.answer, event, documents)
        wording = str(event.wording).strip()
        history = [each.turn for each in exchanges[: exchanges.index(exchange)]]
        accepted = [wording] if wording and spans else []
        try:
            case = eval_case(exchange.question, history, bool(spans), spans, documents, accepted)
        except UserError as error:
            return {self._ui.test_form: panels.form_message_html(str(error))}
        others = [each for each in _parse_tests(tests) if each.get("id") != case["id"]]
        saved = [*others, case][-MAX_TESTS:]
        return {
            self._ui.stored_tests: saved,
            self._ui.test_form: panels.form_message_html(TEST_SAVED),
            **self._refresh(conversation, saved, session),
        }

    def rate_good(self, record: object, session: Session, event: gr.EventData) -> Update:
        """Record that an answer is good."""
        return self._rate(Thumb.UP, parse(record), session, event)

    def rate_bad(self, record: object, session: Session, event: gr.EventData) -> Update:
        """Record that an answer is bad."""
        return self._rate(Thumb.DOWN, parse(record), session, event)

    def _refresh(self, conversation: Conversation | None, tests: object, session: Session) -> Update:
        answers = _open_answers(conversation, session)
        return {self._ui.export_panel: panels.export_html(answers, len(_parse_tests(tests)))}

    def _rate(
        self, thumb: Thumb, conversation: Conversation | None, session: Session, event: gr.EventData
    ) -> Update:
        exchange = _find_exchange(conversation, event, session.documents)
        now = datetime.datetime.now(datetime.UTC)
        html = ""
        if exchange and exchange.answer and self._ratings:
            saved = self._ratings.append(feedback(exchange.answer, thumb, session.documents, now))
            html = panels.form_message_html(RATING_SAVED) if saved else ""
        return {self._ui.test_form: html}


def _export_file(
    form: str,
    title: str,
    answers: Sequence[Answer],
    documents: Mapping[str, Document],
    tests: Sequence[Mapping[str, object]],
) -> ExportFile:
    """Make the file of one export.

    Raises:
        AttestError: a quote is not what its document says any more, or there is nothing to export.
    """
    if form == "tests":
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in tests)
        return ExportFile("attest-tests.jsonl", "application/jsonl", lines.encode())
    return export(form, title, answers, documents, datetime.datetime.now(datetime.UTC).date())


def _open_exchanges(conversation: Conversation | None, documents: Mapping[str, Document]) -> list[Exchange]:
    return conversation.exchanges(documents) if conversation else []


def _open_answers(conversation: Conversation | None, session: Session) -> list[Answer]:
    return [each.answer for each in _open_exchanges(conversation, session.documents) if each.answer]


def _absence_file(answers: Sequence[Answer], session: Session) -> ExportFile:
    """Make the sheet of the last refusal.

    Raises:
        UserError: there is none, or other documents are searched by now.
    """
    refusal = next((each for each in reversed(answers) if is_refusal(each)), None)
    if refusal is None:
        raise UserError("No question of this conversation was refused, so there is nothing to prove")
    pipeline, document_filter = session.library.pipeline, session.document_filter
    if refusal.searched and pipeline.describe(document_filter) != refusal.searched:
        raise UserError("The documents that questions search have changed since; ask the question again")
    absence = pipeline.absence(refusal, document_filter)
    html = absence_sheet(absence, session.documents, datetime.datetime.now(datetime.UTC).date())
    return ExportFile("not-found.html", "text/html", html.encode())


def _find_exchange(
    conversation: Conversation | None, event: gr.EventData, documents: Mapping[str, Document]
) -> Exchange | None:
    return conversation.exchange(event.number, documents) if conversation else None


def _answer_spans(answer: Answer, event: gr.EventData, documents: Mapping[str, Document]) -> list[Span]:
    """Return the places that the visitor chose in the form; none if the documents do not answer."""
    place = str(event.place)
    selected = _selected_span(event, documents)
    if place == "selected" and selected:
        return [selected]
    return [quote.span for quote in answer.quotes or answer.nearest if place == f"quote-{quote.number}"]


def _selected_span(event: gr.EventData, documents: Mapping[str, Document]) -> Span | None:
    """Return the place of the text that is selected in the open document; None if there is none."""
    try:
        span = Span(event.selected["document"], int(event.selected["start"]), int(event.selected["end"]))
        inside = 0 <= span.start < span.end <= len(documents[span.doc_id].text)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return span if inside else None


def _parse_tests(tests: object) -> list[dict[str, object]]:
    return [each for each in tests if isinstance(each, dict)] if isinstance(tests, list) else []
