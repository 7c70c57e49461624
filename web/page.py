"""The page: what a reader sees and can do, wired to a pipeline with Gradio."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from weakref import WeakValueDictionary

import gradio as gr
from gradio.blocks import Block

from qa import render
from qa.errors import AttestError
from qa.pipeline import Ask, Pipeline
from qa.render import Frame
from qa.schema import Document, Span, Turn
from web import tools
from web.metrics import observed

log = logging.getLogger(__name__)

EXAMPLES = {
    "What did Boyet say about Uzbekistan?": "alstom-boyet-interview.md",
    "How much is the contract in Uzbekistan worth?": "siemens-energy-central-asia.md",
    "Which countries take part in the water programme?": "siemens-energy-central-asia.md",
    "Who is the chief executive of Alstom?": "alstom-boyet-interview.md",
}
"""Questions offered at the start, each with the document without which it is not offered."""

CONCURRENT = 8
"""Questions that are worked on at a time; more wait in the queue."""

_ASSETS = Path(__file__).parent / "assets"
_PRESS_ASK = "() => document.getElementById('send').click()"

Shown = dict[Block, object]
"""New values of components; those it leaves out stay as they are."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: as the page shows it, and as a follow-up may refer to it."""

    html: str
    turn: Turn


def frames(pipeline: Pipeline, ask: Ask, stop: Flag) -> Iterator[Frame]:
    """What the page shows, moment by moment, while ``ask`` is answered. Setting ``stop`` stops the model."""
    try:
        with closing(observed(pipeline.stream(ask))) as events:
            for frame in render.frames(events):
                if stop.is_set():
                    yield render.failed("Stopped before there was an answer.")
                    return
                yield frame
    except AttestError as error:
        yield render.failed(str(error))
    except Exception:
        log.exception("A question could not be answered")
        yield render.failed("Something went wrong while answering; the log says what. Please ask again.")


def source(event: gr.EventData, documents: Mapping[str, Document]) -> object:
    """The document that a clicked link names, at its span; nothing new when there is no such span."""
    try:
        span = Span(event.document, int(event.start), int(event.end))
        document = documents[span.doc_id]
    except (AttributeError, KeyError, TypeError, ValueError):
        return gr.skip()
    inside = 0 <= span.start < span.end <= len(document.text)
    return render.document_html(document, [span]) if inside else gr.skip()


def build(pipeline: Pipeline) -> gr.Blocks:
    """The page over ``pipeline``. Each visitor's conversation is a state of their own."""
    script = (_ASSETS / "app.js").read_text(encoding="utf-8")
    examples = [question for question, about in EXAMPLES.items() if about in pipeline.documents]
    # A session's flag is there while a question of it is being answered, and no longer.
    stops: WeakValueDictionary[str, Flag] = WeakValueDictionary()

    def html(name: str, value: str = "") -> gr.HTML:
        return gr.HTML(value, elem_id=name, js_on_load=script, apply_default_css=False)

    page = gr.Blocks(title="Attest", fill_width=True)
    with page:
        exchanges = gr.State(())
        with gr.Row(elem_id="header"):
            gr.HTML(render.header_html(len(pipeline.documents)), apply_default_css=False)
            new = gr.Button("New conversation", elem_id="new", min_width=0)
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="conversation"):
                with gr.Column(elem_id="log"):
                    earlier, current = html("earlier"), html("current")
                with gr.Row(elem_id="examples") as offer:
                    offered = [gr.Button(question) for question in examples]
                with gr.Row(elem_id="ask"):
                    box = gr.Textbox(
                        label="Question",
                        placeholder="Ask a question",
                        show_label=False,
                        container=False,
                        max_lines=5,
                        autofocus=True,
                        elem_id="question",
                    )
                    send = gr.Button("Ask", variant="primary", elem_id="send", min_width=0)
                    stop = gr.Button("Stop", visible=False, elem_id="stop", min_width=0)
            with gr.Column(elem_id="sources"):
                document, quotes = html("document"), html("quotes", render.HINT)

        def reply(question: str, past: tuple[Exchange, ...], request: gr.Request) -> Iterator[Shown]:
            if not question.strip():
                yield {exchanges: past}  # a run that yields nothing would blank every output
                return
            stops[str(request.session_hash)] = flag = Flag()
            yield {
                box: "",
                offer: gr.Row(visible=False),
                send: gr.Button(visible=False),
                stop: gr.Button(visible=True, interactive=True),
                earlier: "".join(exchange.html for exchange in past),
                current: render.exchange_html(question, "", busy=True),
                document: "",
            }
            for frame in frames(pipeline, Ask(question, tuple(e.turn for e in past)), flag):
                shown = render.exchange_html(question, frame.reply, busy=frame.said is None)
                yield {current: shown, quotes: frame.sources}
            done = Exchange(shown, Turn(question, frame.said or ""))
            yield {exchanges: (*past, done), send: gr.Button(visible=True), stop: gr.Button(visible=False)}

        def halt(request: gr.Request) -> gr.Button:
            if flag := stops.get(str(request.session_hash)):
                flag.set()
            return gr.Button(interactive=False)

        def show(event: gr.EventData) -> object:
            return source(event, pipeline.documents)

        gr.on(
            [box.submit, send.click],
            reply,
            [box, exchanges],
            [box, offer, send, stop, earlier, current, document, quotes, exchanges],
            show_progress="hidden",
            api_visibility="private",
        )
        stop.click(halt, None, stop, show_progress="hidden", api_visibility="private")
        new.click(None, js="() => location.reload()")
        for button in offered:
            button.click(None, button, box, js="text => text").then(None, js=_PRESS_ASK)
        for pane in (earlier, current, quotes):
            pane.cite(show, None, document, show_progress="hidden", api_visibility="private")
        document.close(lambda: "", None, document, show_progress="hidden", api_visibility="private")
        tools.offer(pipeline)
        page.queue(default_concurrency_limit=CONCURRENT, api_open=False)
    return page
