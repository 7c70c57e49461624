"""The page: what a reader does, wired to what answers it."""

from typing import Any

import gradio as gr

from qa.runtime import Runtime
from qa.uploads.index import UploadIndex
from qa.uploads.limits import LIMITS, Limits
from qa.web import mcp
from qa.web.ui.chat import Chat
from qa.web.ui.documents import Shelf
from qa.web.ui.exports import Exports
from qa.web.ui.feedback import FeedbackFile
from qa.web.ui.gradio_uploads import CHECK_SECONDS, KEPT_SECONDS, Uploads, close_to_others
from qa.web.ui.layout import Layout, lay_out
from qa.web.ui.suggestions import suggested

CONCURRENT = 64
"""Questions that are worked on at a time: all find their evidence at once, and take turns at the model
(qa.turns). More wait in Gradio's queue, where they cost no thread."""

THREADS = 2 * CONCURRENT
"""Gradio's own default, 40, is less than the questions and uploads that may wait at a time, each of which
keeps a thread most of the time. A reader who stops, opens a document or asks needs one beside them."""

_ARRIVED = "() => { document.body.dataset.arrived = 'yes'; }"
_ONCE_ARRIVED = """async (...given) => {
    while (!document.body.dataset.arrived) await new Promise((next) => setTimeout(next, 50));
    return given;
}"""
"""Holds a question back that is asked before the page knows its visitor and shows what it kept."""

_PRESS_ASK = "() => document.getElementById('send').click()"
_FOCUS_BOX = "() => document.querySelector('#question textarea').focus()"
_STREAMED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_QUIET: dict[str, Any] = {**_STREAMED, "queue": False}
"""Whatever answers at once stays out of Gradio's queue. An event that joins the queue in the moment when the
stream of the one before is being closed waits for ever, so questions had better have that stream to
themselves."""


def build(
    parts: Runtime,
    limits: Limits = LIMITS,
    *,
    uploads: Uploads,
    shared_uploads: UploadIndex | None = None,
    verdicts: FeedbackFile | None = None,
) -> gr.Blocks:
    """The page over ``parts``. Each reader's conversations are in their own browser; what they upload, within
    ``limits``, comes through ``uploads`` and is theirs, or goes to ``shared_uploads``. Their ``verdicts`` go into
    a file of feedback.
    """
    documents = parts.index.documents
    page = gr.Blocks(title="Attest", fill_width=True, delete_cache=(CHECK_SECONDS, KEPT_SECONDS))
    page.max_threads = THREADS
    with page:
        at = lay_out(len(documents), suggested(documents.values()))
        chat = Chat(at, verdicts=verdicts is not None)
        shelf = Shelf(parts, limits, at, uploads, shared_uploads)
        taking = Exports(at, verdicts)
        arriving = page.load(
            shelf.arrive, at.visitor, [at.visitor, at.visit, at.documents, at.header], **_QUIET
        )
        _wire_asking(at, chat, taking)
        _wire_conversations(at, chat, taking, arriving)
        _wire_documents(at, shelf, arriving)
        _wire_taking(at, taking)
        mcp.offer(parts)
        page.queue(default_concurrency_limit=CONCURRENT, api_open=False)
    close_to_others(page)
    return page


def _shown(at: Layout) -> list[Any]:
    return [at.earlier, at.current, at.quotes, at.document, at.stop, at.after]


def _wire_asking(at: Layout, chat: Chat, taking: Exports) -> None:
    asking = gr.on(
        [at.box.submit, at.send.click],
        chat.reply,
        [at.box, at.kept, at.done, at.after, at.visit],
        [*_shown(at), at.box, at.done],
        js=_ONCE_ARRIVED,
        trigger_mode="always_last",  # what is asked while the last answer is being put away is not dropped
        **_STREAMED,
    )
    keeping = asking.then(chat.keep, [at.kept, at.done], [at.kept, at.history], **_QUIET)
    keeping.then(taking.offer, [at.kept, at.tests], at.take, **_QUIET)
    at.stop.click(chat.halt, None, at.stop, **_QUIET)
    for button in at.offered:
        button.click(None, button, at.box, js="text => text").then(None, js=_PRESS_ASK)
    for leaving, handle in ((at.new.click, chat.begin), (at.history.open, chat.switch)):
        left = leaving(handle, *_conversation(at), cancels=[asking], **_QUIET)
        left.then(None, js=_FOCUS_BOX)
        _change(at, taking, left)
    _change(at, taking, at.history.remove(chat.remove, *_conversation(at), cancels=[asking], **_QUIET))


def _conversation(at: Layout) -> tuple[list[Any], list[Any]]:
    """What an event that opens a conversation takes and shows."""
    return [at.kept, at.done, at.visit], [at.kept, at.history, *_shown(at), at.done]


def _change(at: Layout, taking: Exports, changing: Any) -> None:
    changing.then(taking.offer, [at.kept, at.tests], at.take, **_QUIET)


def _wire_conversations(at: Layout, chat: Chat, taking: Exports, arriving: Any) -> None:
    arrived = arriving.then(chat.load, *_conversation(at), **_QUIET)
    arrived.then(None, js=_ARRIVED)
    _change(at, taking, arrived)
    at.history.rename(chat.rename, at.kept, [at.kept, at.history], **_QUIET)
    for pane in (at.earlier, at.current):
        again = [at.box, at.earlier, at.current, at.after]
        pane.edit(chat.edit, [at.kept, at.done, at.visit], again, **_QUIET).then(None, js=_FOCUS_BOX)
        pane.retry(chat.edit, [at.kept, at.done, at.visit], again, **_QUIET).then(None, js=_PRESS_ASK)
    at.current.stay(chat.load, *_conversation(at), **_QUIET).then(lambda: "", None, at.box, **_QUIET)
    for pane in (at.earlier, at.current, at.quotes):
        pane.cite(chat.show, at.visit, [at.document, at.panes], **_QUIET)
    at.document.picture(chat.picture, at.visit, at.document, **_QUIET)
    at.document.close(None, None, at.document, js="() => ''", **_QUIET)


def _wire_documents(at: Layout, shelf: Shelf, arriving: Any) -> None:
    shown = [at.bringing, at.documents]
    for bringing in (at.drop, at.folder):
        # Without preprocessing, which would leave an empty file behind for each that was sent.
        adding = bringing.upload(
            shelf.add, [bringing, at.visit], [at.drop, *shown], preprocess=False, **_STREAMED
        )
        adding.then(shelf.show, at.visit, at.documents, **_QUIET)
    following = arriving.then(shelf.follow, at.visit, at.bringing, **_STREAMED)
    following.then(shelf.show, at.visit, at.documents, **_QUIET)
    at.documents.remove(shelf.remove, at.visit, [at.visit, at.documents], **_QUIET)
    # Each choice says all of what is chosen, and none is dropped for coming soon after another.
    chosen = [at.visit, at.documents]
    at.documents.choose(shelf.choose, at.visit, chosen, trigger_mode="multiple", **_QUIET)


def _wire_taking(at: Layout, taking: Exports) -> None:
    for pane in (at.earlier, at.current):
        pane.keep(taking.ask_to_keep, [at.kept, at.done, at.visit], at.keeper, **_QUIET)
        pane.up(taking.thumbs_up, [at.kept, at.done, at.visit], at.keeper, **_QUIET)
        pane.down(taking.thumbs_down, [at.kept, at.done, at.visit], at.keeper, **_QUIET)
    at.keeper.kept(
        taking.keep, [at.kept, at.done, at.tests, at.visit], [at.tests, at.keeper, at.take], **_QUIET
    )
    at.keeper.cancel(lambda: "", None, at.keeper, **_QUIET)
    at.take.take(taking.take, [at.kept, at.done, at.tests, at.visit], at.take, **_QUIET)
