"""What stands where on the page. Gradio components by name; what they do is in qa.web.ui.page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from gradio.blocks import Block

from qa.web.ui import answer_html, panels

KEPT_UNDER = "attest-conversations"
"""The key of the browser's storage that holds a reader's conversations."""

TESTS_UNDER = "attest-tests"
"""The key under which it holds the questions that the reader keeps as tests."""

VISITOR_UNDER = "attest-visitor"
"""The key under which it holds what tells the visitor from others."""

Shown = dict[Block, object]
"""New values of components; those it leaves out stay as they are."""

_ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class Layout:
    """The components of a page."""

    kept: gr.BrowserState
    """The reader's conversations, as :mod:`qa.web.ui.conversations` reads and writes them."""
    done: gr.State
    """The conversation asked in last, which may not be among ``kept`` yet; None once another is open."""
    after: gr.State
    """How many exchanges stand while an earlier question is edited; None when none is."""
    visitor: gr.BrowserState
    """A secret that tells the visitor from others, so that a page loaded again has the same documents."""
    visit: gr.State
    """The visitor's :class:`qa.web.ui.session.Visit`."""
    tests: gr.BrowserState
    """The questions kept as tests, each a line of an eval file."""
    header: gr.HTML
    """What Attest is, over how many documents."""
    new: gr.Button
    history: gr.HTML
    earlier: gr.HTML
    current: gr.HTML
    offered: Sequence[gr.Button]
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    document: gr.HTML
    quotes: gr.HTML
    panes: gr.Tabs
    documents: gr.HTML
    bringing: gr.HTML
    """How far the reader's new documents are."""
    drop: gr.File
    folder: gr.UploadButton
    keeper: gr.HTML
    """The form that makes a test of a question."""
    take: gr.HTML
    """The buttons that export, and what is being taken away."""


def asset(name: str) -> str:
    """The text of a file of the page's."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def head() -> str:
    """What the page has in its head: style, and the script that is not of one component."""
    return f"<style>{asset('page.css')}</style><script>{asset('page.js')}</script>"


def lay_out(documents: int, examples: Sequence[str]) -> Layout:
    """The components, inside the ``gr.Blocks`` that is open."""
    kept = gr.BrowserState(storage_key=KEPT_UNDER, secret=KEPT_UNDER)
    visitor = gr.BrowserState(storage_key=VISITOR_UNDER, secret=VISITOR_UNDER)
    tests = gr.BrowserState(storage_key=TESTS_UNDER, secret=TESTS_UNDER)
    with gr.Row(elem_id="header"):
        header = gr.HTML(answer_html.header_html(documents), apply_default_css=False)
        new = gr.Button("New conversation", elem_id="new", min_width=0)
        history = _html("history", "conversations.js", panels.history_html([], ""))
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="conversation"):
            with gr.Column(elem_id="log"):
                earlier, current = _html("earlier", "citations.js"), _html("current", "citations.js")
                keeper = _html("keeper", "test_case_form.js")
                take = _html("take", "export.js")
            with gr.Row(elem_id="examples"):
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
                stop = gr.Button("Stop", elem_id="stop", min_width=0)
        with gr.Column(elem_id="sources"), gr.Tabs() as panes:
            with gr.Tab("Sources", id="sources"):
                document = _html("document", "citations.js")
                quotes = _html("quotes", "citations.js", answer_html.HINT)
            with gr.Tab("Documents", id="documents"):
                drop = gr.File(label="Add documents", file_count="multiple", height=120, elem_id="drop")
                folder = gr.UploadButton(
                    "Add a folder", file_count="directory", elem_id="folder", min_width=0
                )
                bringing = gr.HTML(elem_id="bringing", apply_default_css=False)
                listing = _html("documents", "documents.js")
    return Layout(
        kept=kept,
        done=gr.State(None),
        after=gr.State(None),
        visitor=visitor,
        visit=gr.State(None),
        tests=tests,
        header=header,
        new=new,
        history=history,
        earlier=earlier,
        current=current,
        offered=offered,
        box=box,
        send=send,
        stop=stop,
        document=document,
        quotes=quotes,
        panes=panes,
        documents=listing,
        bringing=bringing,
        drop=drop,
        folder=folder,
        keeper=keeper,
        take=take,
    )


def _html(name: str, script: str, value: str = "") -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=asset(script), apply_default_css=False)
