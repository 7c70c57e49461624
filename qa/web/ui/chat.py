"""What a reader does in the conversation, as functions from what the page holds to what it shows next."""

import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from weakref import WeakValueDictionary

import gradio as gr

from qa.errors import AttestError, UserError
from qa.export.text import plain
from qa.ingest.readers.sandbox import picture_apart
from qa.pipeline import Ask, Pipeline
from qa.schema import Document, Span, place_at
from qa.web.metrics import observed
from qa.web.ui import answer_html, conversations, panels
from qa.web.ui.answer_html import Frame
from qa.web.ui.conversations import Conversation, Conversations, Exchange
from qa.web.ui.layout import Layout, Shown
from qa.web.ui.session import Visit

log = logging.getLogger(__name__)

DRAWING_SECONDS = 20.0
"""How long drawing a page may take. Set by hand: most take less than one."""

_PAGE = re.compile(r"page (\d+)")


class Chat:
    """The conversation. Holds nothing of any reader's but flags to stop with."""

    def __init__(self, layout: Layout, *, verdicts: bool) -> None:
        """The chat in ``layout``; with ``verdicts``, readers can say whether an answer is good."""
        self._at = layout
        self._verdicts = verdicts
        # A session's flag is there while a question of it is being answered, and no longer.
        self._stops: WeakValueDictionary[str, Flag] = WeakValueDictionary()

    def reply(
        self,
        question: str,
        record: object,
        done: Conversation | None,
        standing: int | None,
        visit: Visit,
        request: gr.Request,
    ) -> Iterator[Shown]:
        """Ask ``question`` after the first ``standing`` exchanges (None: all) of the open conversation, which
        may have been ``done`` with so lately that the browser does not hold it.
        """
        at = self._at
        if not question.strip():
            yield {at.done: done}  # a run that yields nothing would blank every output
            return
        self._stops[str(request.session_hash)] = flag = Flag()
        store = conversations.known(record, done)
        past = _opened(store, visit)[:standing]
        number = len(past) + 1
        yield {
            at.box: "",
            at.stop: gr.Button(interactive=True),
            at.earlier: self._all_html(past),
            at.current: answer_html.exchange_html(number, question, ""),
            at.document: "",
        }
        exchange = Exchange(question)
        for frame in _frames(question, past, visit, flag):
            if isinstance(frame, str):
                exchange = Exchange(question, note=frame)
                break
            exchange = Exchange(question, frame.answer)
            yield {
                at.current: answer_html.exchange_html(number, question, frame.reply),
                at.quotes: frame.sources or answer_html.HINT,
            }
        id_ = store.opened.id if store.opened else secrets.token_hex(8)
        yield {
            at.current: self._html(number, exchange),
            at.done: store.with_exchange(id_, exchange, len(past)).opening(id_).opened,
            at.after: None,
        }

    def keep(self, record: object, done: Conversation | None) -> Shown:
        """Put what was asked into what the browser holds by now."""
        return self._listed(conversations.known(record, done))

    def halt(self, request: gr.Request) -> gr.Button:
        """Stop the question that the session is asking."""
        if flag := self._stops.get(str(request.session_hash)):
            flag.set()
        return gr.Button(interactive=False)

    def show(self, visit: Visit, event: gr.EventData) -> Shown:
        """Open the document that a citation names, at its place."""
        shown = source(event, visit.documents, visit.library.file)
        return {self._at.document: shown, self._at.panes: gr.Tabs(selected="sources")}

    def picture(self, visit: Visit, event: gr.EventData) -> Shown:
        """Show the page that the marked quote of the open document stands on."""
        return {self._at.document: source(event, visit.documents, visit.library.file, picture=True)}

    def load(self, record: object, done: Conversation | None, visit: Visit) -> Shown:
        """The page as the reader left it."""
        return self._display(conversations.known(record, done), visit)

    def begin(self, record: object, done: Conversation | None, visit: Visit) -> Shown:
        """A new conversation."""
        return self._display(conversations.known(record, done).opening(""), visit)

    def switch(self, record: object, done: Conversation | None, visit: Visit, event: gr.EventData) -> Shown:
        """Another conversation."""
        return self._display(conversations.known(record, done).opening(str(event.conversation)), visit)

    def remove(self, record: object, done: Conversation | None, visit: Visit, event: gr.EventData) -> Shown:
        """One conversation less."""
        return self._display(conversations.known(record, done).without(str(event.conversation)), visit)

    def rename(self, record: object, event: gr.EventData) -> Shown:
        """Another title for a conversation."""
        return self._listed(conversations.read(record).renamed(str(event.conversation), str(event.title)))

    def edit(self, record: object, done: Conversation | None, visit: Visit, event: gr.EventData) -> Shown:
        """Put an earlier question back into the box; what came after it goes when it is asked."""
        at = self._at
        exchanges = _opened(conversations.known(record, done), visit)
        standing = int(event.number) - 1
        if not 0 <= standing < len(exchanges):
            return {at.after: None}
        return {
            at.box: exchanges[standing].question,
            at.earlier: self._all_html(exchanges[:standing]),
            at.current: panels.editing_html(len(exchanges) - standing),
            at.after: standing,
        }

    def _all_html(self, exchanges: Sequence[Exchange]) -> str:
        return "".join(self._html(i, exchange) for i, exchange in enumerate(exchanges, start=1))

    def _html(self, number: int, exchange: Exchange) -> str:
        answer = exchange.answer
        if answer is None:
            return answer_html.unanswered_html(number, exchange.question, exchange.note)
        return answer_html.finished_html(number, answer, plain(answer), verdicts=self._verdicts)

    def _listed(self, store: Conversations) -> Shown:
        listed = [(each.id, each.title) for each in store.all]
        return {self._at.kept: store.record(), self._at.history: panels.history_html(listed, store.open_id)}

    def _display(self, store: Conversations, visit: Visit) -> Shown:
        """Everything as it is when nothing is being asked."""
        at = self._at
        exchanges = _opened(store, visit)
        answer = exchanges[-1].answer if exchanges else None
        return {
            **self._listed(store),
            at.earlier: self._all_html(exchanges),
            at.current: "",
            at.quotes: (answer_html.sources_html(answer) if answer else "") or answer_html.HINT,
            at.document: "",
            at.after: None,
            at.done: None,
        }


def _opened(store: Conversations, visit: Visit) -> list[Exchange]:
    if store.opened is None:
        return []
    changed = visit.library.pipeline.changed
    return [each.marked(changed) for each in store.opened.exchanges(visit.documents)]


def _frames(question: str, past: Sequence[Exchange], visit: Visit, stop: Flag) -> Iterator[Frame | str]:
    """Those of ``question`` after ``past``, asked of the documents that the visitor has chosen."""
    scope = visit.scope
    if scope.fault:
        yield scope.fault
        return
    ask = Ask(question, tuple(each.turn for each in past), scope.document_filter)
    yield from frames(visit.library.pipeline, ask, stop)


def frames(pipeline: Pipeline, ask: Ask, stop: Flag) -> Iterator[Frame | str]:
    """What the page shows, moment by moment, while ``ask`` is answered; last, where that is no answer, the
    sentence that says why. Setting ``stop`` stops the model.
    """
    try:
        with closing(observed(pipeline.stream(ask))) as events:
            for frame in answer_html.frames(events):
                if stop.is_set():
                    yield "Stopped before there was an answer."
                    return
                yield frame
    except AttestError as error:
        yield str(error)
    except Exception:
        log.exception("A question could not be answered")
        yield "Something went wrong while answering; the log says what. Please ask again."


def source(
    event: gr.EventData,
    documents: Mapping[str, Document],
    file: Callable[[str], Path | None] = lambda doc_id: None,
    *,
    picture: bool = False,
) -> object:
    """The document that a clicked link names, at its span; nothing new when there is no such span.

    Where ``file`` knows it, and it is a PDF, its page can be asked for, or is shown, as a ``picture``.
    """
    try:
        span = Span(event.document, int(event.start), int(event.end))
        tone = min(max(int(event.tone), 1), answer_html.TONES)
        document = documents[span.doc_id]
    except (AttributeError, KeyError, TypeError, ValueError):
        return gr.skip()
    if not 0 <= span.start < span.end <= len(document.text):
        return gr.skip()
    page = _PAGE.fullmatch(place_at(document, span.start)) if document.id.lower().endswith(".pdf") else None
    path = file(document.id) if page else None
    if page is None or path is None:
        return answer_html.document_html(document, [span], tone)
    html = _pictured(path, int(page[1]), span.cut(documents)) if picture else ""
    return answer_html.document_html(document, [span], tone, pictured=not picture, html=html)


def _pictured(path: Path, page: int, quote: str) -> str:
    try:
        drawn = picture_apart(path.read_bytes(), page, quote, DRAWING_SECONDS)
    except (OSError, UserError) as error:
        reason = str(error) if isinstance(error, UserError) else "its file cannot be read"
        return answer_html.note_html(f"The page cannot be drawn: {reason}.")
    return answer_html.picture_html(drawn.png, f"Page {page}", boxed=drawn.boxed)
