"""The page: what a reader does, wired to what answers it."""

from typing import Any

import gradio as gr

from qa.pipeline import Pipeline
from qa.suggestions import suggested
from web.chat import Chat
from web.layout import Layout, lay_out

CONCURRENT = 64
"""Questions that are worked on at a time: all find their evidence at once, and take turns at the model
(qa.turns). More wait in Gradio's queue, where they cost no thread."""

_PRESS_ASK = "() => document.getElementById('send').click()"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build(pipeline: Pipeline) -> gr.Blocks:
    """The page over ``pipeline``. Each reader's conversations are in their own browser."""
    page = gr.Blocks(title="Attest", fill_width=True)
    with page:
        at = lay_out(len(pipeline.documents), suggested(pipeline.documents.values()))
        _wire(page, at, Chat(pipeline, at))
        page.queue(default_concurrency_limit=CONCURRENT, api_open=False)
    return page


def _wire(page: gr.Blocks, at: Layout, chat: Chat) -> None:
    shown = [at.earlier, at.current, at.quotes, at.document, at.offer, at.send, at.stop, at.after]
    listed = [at.kept, at.history]
    asking = gr.on(
        [at.box.submit, at.send.click],
        chat.reply,
        [at.box, at.kept, at.after],
        [*shown, at.box, at.done],
        **_QUIET,
    )
    asking.then(chat.keep, [at.kept, at.done], [*listed, at.done], **_QUIET)
    at.stop.click(chat.halt, None, at.stop, **_QUIET)
    for button in at.offered:
        button.click(None, button, at.box, js="text => text").then(None, js=_PRESS_ASK)

    page.load(chat.load, at.kept, [*listed, *shown], **_QUIET)
    at.new.click(chat.begin, at.kept, [*listed, *shown], cancels=[asking], **_QUIET)
    at.history.open(chat.switch, at.kept, [*listed, *shown], cancels=[asking], **_QUIET)
    at.history.remove(chat.remove, at.kept, [*listed, *shown], cancels=[asking], **_QUIET)
    at.history.rename(chat.rename, at.kept, listed, **_QUIET)

    for pane in (at.earlier, at.current):
        again = [at.box, at.earlier, at.current, at.after]
        pane.edit(chat.edit, at.kept, again, **_QUIET)
        pane.retry(chat.edit, at.kept, again, **_QUIET).then(None, js=_PRESS_ASK)
    for pane in (at.earlier, at.current, at.quotes):
        pane.cite(chat.show, None, at.document, **_QUIET)
    at.document.close(lambda: "", None, at.document, **_QUIET)
