"""The conversation: handlers from what the page holds to what it shows next."""

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag
from weakref import WeakValueDictionary

import gradio as gr

from qa.errors import AttestError, UserError
from qa.export.text import plain_text
from qa.ingest.readers.sandbox import draw_in_sandbox
from qa.pipeline import Ask, Pipeline
from qa.query.document_filter import DocumentFilter
from qa.schema import Document, Span, place_at
from qa.web.addresses import find_target
from qa.web.metrics import observe
from qa.web.ui import answer_html, document_html, exchange_html, frames, panels, quotes_html
from qa.web.ui.conversations import Conversation, Exchange, parse
from qa.web.ui.frames import Frame
from qa.web.ui.layout import Layout, Update
from qa.web.ui.session import Session

log = logging.getLogger(__name__)

RENDER_SECONDS = 20.0
"""The longest time that rendering a page of a PDF may take. Set by hand: most take less than a second."""

STOPPED = "Stopped before the answer was ready."
FAILED = (
    "Something went wrong, and this question was not answered. Please ask again. If it keeps happening, tell "
    "whoever runs this server: its log has the details."
)
FULL = "This conversation is full. Start a new one with “New conversation”, and ask there."
MISSING = (
    "This conversation is not stored here. A conversation is stored only in the browser where it was held, "
    "until it is deleted there."
)

_PAGE_LABEL = re.compile(r"page (\d+)")


class Chat:
    """Handlers of the conversation. Keeps nothing of a visitor but a flag to stop their question."""

    def __init__(self, layout: Layout, *, verdicts: bool) -> None:
        """Use the components of ``layout``. With ``verdicts``, visitors can rate answers."""
        self._ui = layout
        self._verdicts = verdicts
        # A browser session's flag exists only while a question of it is being answered.
        self._stop_flags: WeakValueDictionary[str, Flag] = WeakValueDictionary()

    def answer(
        self, record: object, question: str, session: Session, request: gr.Request
    ) -> Iterator[Update]:
        """Answer ``question`` after the conversation ``record``, in which the browser has stored it."""
        ui = self._ui
        if not question.strip():
            yield {ui.question: question}  # a handler that yields nothing would blank every output
            return
        conversation = parse(record)
        if conversation and conversation.problem == "full":
            yield {ui.test_form: panels.form_message_html(FULL)}
            return
        self._stop_flags[str(request.session_hash)] = stop = Flag()
        earlier = _exchanges(conversation, session)
        number = len(earlier) + 1
        yield {
            ui.question: "",
            ui.stop: gr.Button(interactive=True),
            ui.earlier_exchanges: self._exchanges_html(earlier),
            ui.current_exchange: exchange_html.exchange_html(number, question, ""),
            ui.document: "",
            ui.tabs: gr.Tabs(selected="sources"),
        }
        asked = Exchange(question, scope=session.scope.named)
        exchange, shown = asked, False
        pipeline = session.library.pipeline
        for frame in _answer_in_scope(question, earlier, session, pipeline, stop):
            if isinstance(frame, str):
                exchange = Exchange(question, note=frame)
                break
            # Again with the first quotes: of two updates in quick succession Gradio may drop the former.
            tabs: Update = {} if shown else {ui.tabs: gr.Tabs(selected="sources")}
            shown = bool(frame.sources)
            exchange = replace(asked, answer=frame.answer, state=pipeline.state)
            yield {
                ui.current_exchange: exchange_html.exchange_html(number, question, frame.reply),
                ui.quotes: frame.sources or quotes_html.HINT,
                **tabs,
            }
        yield {
            ui.current_exchange: self._exchange_html(number, exchange),
            ui.ended: panels.ended_html(conversation.id, exchange.record(conversation.asking))
            if conversation
            else "",
        }

    def stop(self, request: gr.Request) -> gr.Button:
        """Stop the question that this browser session is asking."""
        if flag := self._stop_flags.get(str(request.session_hash)):
            flag.set()
        return gr.Button(interactive=False)

    def open_document(self, session: Session, event: gr.EventData) -> Update:
        """Open the document that a citation names, at its quote."""
        shown = render_citation(event, session.documents, session.library.file)
        return {self._ui.document: shown, self._ui.tabs: gr.Tabs(selected="sources")}

    def open_address(self, session: Session, event: gr.EventData) -> Update:
        """Open the document to which an address leads."""
        return self._open_address(str(event.address), session)

    def show_page_image(self, session: Session, event: gr.EventData) -> Update:
        """Show the page of the open document that has the marked quote."""
        shown = render_citation(event, session.documents, session.library.file, page_image=True)
        return {self._ui.document: shown}

    def show_overview(self, session: Session, event: gr.EventData) -> object:
        """Return what is in the open document, for its panel."""
        doc_id = str(event.document)
        if doc_id not in session.documents:
            return gr.skip()
        overview = session.library.pipeline.overview(DocumentFilter(frozenset({doc_id})))
        return answer_html.overview_html(overview, int(event.asked))

    def open_conversation(self, record: object, session: Session) -> Update:
        """Show the conversation that the browser has open, as it is while no question is being answered."""
        conversation = parse(record)
        exchanges = _exchanges(conversation, session)
        answer = exchanges[-1].answer if exchanges else None
        address = conversation.document if conversation else ""
        return {
            self._ui.quotes: (quotes_html.sources_html(answer, (), session.documents) if answer else "")
            or quotes_html.HINT,
            **(self._open_address(address, session) if address else {self._ui.document: ""}),
            **self.refresh_conversation(record, session),
        }

    def refresh_conversation(self, record: object, session: Session) -> Update:
        """Show the exchanges of the conversation that the browser has open."""
        conversation = parse(record)
        html = self._exchanges_html(_exchanges(conversation, session))
        if conversation and conversation.problem == "missing":
            html = answer_html.note_html(MISSING)
        return {self._ui.earlier_exchanges: html, self._ui.current_exchange: ""}

    def edit_question(self, record: object, session: Session, event: gr.EventData) -> Update:
        """Put an earlier question back into the box. Asking it will replace all that came after."""
        ui = self._ui
        exchanges = _exchanges(parse(record), session)
        before = int(event.number) - 1
        if not 0 <= before < len(exchanges):
            return {ui.question: ""}
        return {
            ui.question: exchanges[before].question,
            ui.earlier_exchanges: self._exchanges_html(exchanges[:before]),
            ui.current_exchange: panels.editing_html(before, len(exchanges) - before),
        }

    def _open_address(self, address: str, session: Session) -> Update:
        shown = render_address(address, session.documents, session.library.file)
        return {self._ui.document: shown, self._ui.tabs: gr.Tabs(selected="sources")}

    def _exchanges_html(self, exchanges: Sequence[Exchange]) -> str:
        return "".join(self._exchange_html(i, exchange) for i, exchange in enumerate(exchanges, start=1))

    def _exchange_html(self, number: int, exchange: Exchange) -> str:
        answer = exchange.answer
        if answer is None:
            return exchange_html.unanswered_html(number, exchange.question, exchange.note)
        return exchange_html.finished_html(number, answer, plain_text(answer), verdicts=self._verdicts)


def _exchanges(conversation: Conversation | None, session: Session) -> list[Exchange]:
    if conversation is None:
        return []
    changed = session.library.pipeline.changed
    return [each.mark_changed(changed) for each in conversation.exchanges(session.documents)]


def _answer_in_scope(
    question: str, earlier: Sequence[Exchange], session: Session, pipeline: Pipeline, stop: Flag
) -> Iterator[Frame | str]:
    """Answer ``question`` from the documents that the visitor has selected, as :func:`stream_frames` does."""
    try:
        ask = Ask(question, tuple(each.turn for each in earlier), session.document_filter)
    except UserError as error:
        yield str(error)
        return
    yield from stream_frames(pipeline, ask, stop)


def stream_frames(pipeline: Pipeline, ask: Ask, stop: Flag) -> Iterator[Frame | str]:
    """Yield what the page shows while ``ask`` is answered. If there is no answer, the last is a sentence that
    says why. Setting ``stop`` stops the model.
    """
    try:
        with closing(observe(pipeline.stream(ask))) as events:
            for frame in frames.render_frames(events, time.monotonic, pipeline.documents):
                if stop.is_set():
                    yield STOPPED
                    return
                yield frame
    except AttestError as error:
        yield str(error)
    except Exception:  # whatever fails, the reader is told and the log says what
        log.exception("A question could not be answered")
        yield FAILED


def render_citation(
    event: gr.EventData,
    documents: Mapping[str, Document],
    find_file: Callable[[str], Path | None] = lambda doc_id: None,
    *,
    page_image: bool = False,
) -> object:
    """Return the HTML of the document that a clicked citation names, marked at its span; ``gr.skip()`` if
    there is no such span.

    If ``find_file`` knows the document's file and it is a PDF, there is a button to show its page; with
    ``page_image``, the page is shown.
    """
    try:
        span = Span(event.document, int(event.start), int(event.end))
        tone = min(max(int(event.tone), 1), quotes_html.TONES)
        document = documents[span.doc_id]
    except (AttributeError, KeyError, TypeError, ValueError):
        return gr.skip()
    if not 0 <= span.start < span.end <= len(document.text):
        return gr.skip()
    short = _short_span(event, span)
    page = _page(document, span, find_file)
    if page is None:
        return document_html.document_html(document, [span], tone, short=short)
    html = _page_image_html(*page, span.cut(documents)) if page_image else ""
    return document_html.document_html(
        document, [span], tone, short=short, has_page_image=not page_image, html=html
    )


def render_address(
    address: str, documents: Mapping[str, Document], find_file: Callable[[str], Path | None]
) -> str:
    """Return the HTML of the document to which ``address`` leads, marked at its quote, or of a sentence that
    says why there is none.
    """
    target = find_target(address, documents)
    if target.document is None:
        return document_html.no_document_html(target.message, address)
    spans = [target.span] if target.span else []
    has_page_image = any(_page(target.document, span, find_file) for span in spans)
    return document_html.document_html(
        target.document, spans, has_page_image=has_page_image, address=address, message=target.message
    )


def _page(document: Document, span: Span, find_file: Callable[[str], Path | None]) -> tuple[Path, int] | None:
    """Return the file and the page of a PDF that ``span`` is on; None if either is not known."""
    if not document.id.lower().endswith(".pdf"):
        return None
    page = _PAGE_LABEL.fullmatch(place_at(document, span.start))
    path = find_file(document.id) if page else None
    return (path, int(page[1])) if page and path else None


def _short_span(event: gr.EventData, cited: Span) -> Span | None:
    """Return the place of the short answer inside the ``cited`` quote; None where there is none."""
    try:
        short = Span(cited.doc_id, int(event.shortStart), int(event.shortEnd))
    except (AttributeError, TypeError, ValueError):
        return None
    return short if cited.start <= short.start < short.end <= cited.end else None


def _page_image_html(path: Path, page: int, quote: str) -> str:
    try:
        drawn = draw_in_sandbox(path.read_bytes(), page, quote, RENDER_SECONDS)
    except (OSError, UserError) as error:
        reason = str(error) if isinstance(error, UserError) else "the file cannot be read"
        return answer_html.note_html(f"Page {page} cannot be shown: {reason}.")
    return document_html.page_image_html(drawn.png, f"Page {page}", boxed=drawn.boxed)
