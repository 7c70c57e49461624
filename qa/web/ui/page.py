"""The page: each event of a component, wired to the function that handles it."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from qa.runtime import Runtime
from qa.tracking.tracker import Tracker
from qa.uploads.libraries import Libraries
from qa.uploads.limits import LIMITS, Limits
from qa.web.security.owner import OwnerCheck
from qa.web.security.visits import Visits
from qa.web.ui.about import about_html
from qa.web.ui.chat import Chat
from qa.web.ui.documents import DocumentsTab
from qa.web.ui.downloads import Downloads
from qa.web.ui.exports import Exports
from qa.web.ui.feedback import FeedbackFile
from qa.web.ui.gradio_patches import allow_threads
from qa.web.ui.gradio_uploads import CHECK_SECONDS, KEPT_SECONDS, Uploads
from qa.web.ui.layout import Layout, build_layout
from qa.web.ui.scope import ReaderCollections, ScopeChoice
from qa.web.ui.tracking import TrackButton

MAX_QUESTIONS = 64
"""Questions that are answered at a time. All find their evidence at once, and take turns at the model
(qa.concurrency). Further questions wait in Gradio's queue, where they need no thread."""

THREADS = 2 * MAX_QUESTIONS
"""Gradio's default, 40, is less than the questions and uploads that may wait at a time, each of which keeps a
thread most of the time. Stopping a question or opening a document needs a thread besides."""

_SET_READY = "() => { document.body.dataset.ready = 'yes'; }"
_BEGIN = """async (record, question, ...rest) => {
    while (!document.body.dataset.ready) await new Promise((next) => setTimeout(next, 50));
    return [await attest.conversations.begin(record, question), question, ...rest];
}"""
"""Stores a question and sends the conversation before it, once the page knows its visitor and shows the open
conversation."""

_WITH_CONVERSATION = "async (record, ...rest) => [await attest.conversations.current(record), ...rest]"
"""Sends the conversation that is open in this tab, as the browser stores it."""

_START = """async (record, ...rest) => {
    attest.conversations.open("");
    return [await attest.conversations.current(record), ...rest];
}"""
"""Leaves the open conversation for one without questions."""

_CLICK_ASK = "() => document.getElementById('send').click()"
_FOCUS_QUESTION = "() => document.querySelector('#question textarea').focus()"
_QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_AT_ONCE: dict[str, Any] = {**_QUEUED, "queue": False}
"""Events that are answered at once stay out of Gradio's queue, so that questions and uploads have its event
stream to themselves; see :class:`qa.web.ui.gradio_patches.JoinDelay`."""
_LATEST: dict[str, Any] = {**_AT_ONCE, "trigger_mode": "always_last"}
"""Events that show how something is now. One that comes while the last is under way follows it; Gradio's
usual mode drops it, and what was ticked in between would not be shown."""
_SENDING: dict[str, Any] = {**_AT_ONCE, "js": _WITH_CONVERSATION}


def build_page(
    parts: Runtime,
    limits: Limits = LIMITS,
    *,
    uploads: Uploads,
    downloads: Downloads,
    libraries: Libraries,
    visits: Visits,
    reader_collections: ReaderCollections | None = None,
    verdicts: FeedbackFile | None = None,
    tracker: Tracker,
    owner: OwnerCheck | None = None,
) -> gr.Blocks:
    """Return the page over ``parts``.

    Each visitor's conversations are in their own browser. Files arrive in ``uploads``, within ``limits``, and
    leave through ``downloads``; the documents are in the ``libraries`` of readers and ``visits``. Ratings of
    answers go into ``verdicts``, and questions whose answers are to be kept true to ``tracker``.
    """
    documents = parts.index.documents
    page = gr.Blocks(title="Attest", fill_width=True, delete_cache=(CHECK_SECONDS, KEPT_SECONDS))
    allow_threads(page, THREADS)
    with page:
        ui = build_layout(len(documents), limits)
        chat = Chat(ui, verdicts=verdicts is not None)
        documents_tab = DocumentsTab(parts, limits, ui, uploads, downloads, libraries, visits, owner)
        exports = Exports(ui, verdicts)
        opening = page.load(
            documents_tab.open_session,
            None,
            [ui.session, ui.account, ui.following, ui.document_list, ui.header, ui.welcome],
            **_AT_ONCE,
        )
        page.load(_about(parts, owner), None, ui.about, **_AT_ONCE)
        _wire_questions(ui, chat, exports)
        _wire_conversations(ui, chat, exports, opening)
        scope = ScopeChoice(ui, reader_collections)
        _wire_documents(ui, documents_tab, opening, scope)
        opening.then(scope.refresh, ui.session, ui.scope_choice, **_LATEST)
        listed = [ui.document_list, ui.header, ui.welcome]
        for event, handler, mode in (
            (ui.scope_choice.choose, scope.choose, _LATEST),
            # Pressed twice, these are done once.
            (ui.scope_choice.save, scope.save, _AT_ONCE),
            (ui.scope_choice.rename, scope.rename, _AT_ONCE),
            (ui.scope_choice.remove, scope.remove, _AT_ONCE),
        ):
            choosing = event(handler, ui.session, [ui.session, ui.scope_choice], **mode)
            choosing.then(documents_tab.refresh, ui.session, listed, **_LATEST)
        _wire_exports(ui, exports)
        _wire_tracking(ui, TrackButton(ui, tracker))
        page.queue(default_concurrency_limit=MAX_QUESTIONS, api_open=False)
    return page


def _about(parts: Runtime, owner: OwnerCheck | None) -> Callable[[gr.Request], str]:
    def show(request: gr.Request) -> str:
        is_owner = owner is not None and request.request is not None and not owner.refusal(request.request)
        return about_html(parts.index, owner=is_owner)

    return show


def _conversation_inputs(ui: Layout) -> list[Any]:
    return [ui.stored_conversations, ui.session]


def _conversation_outputs(ui: Layout) -> list[Any]:
    return [ui.earlier_exchanges, ui.current_exchange, ui.quotes, ui.document, ui.tabs]


def _wire_questions(ui: Layout, chat: Chat, exports: Exports) -> None:
    answering = gr.on(
        [ui.question.submit, ui.ask.click],
        chat.answer,
        [ui.stored_conversations, ui.question, ui.session],
        [*_conversation_outputs(ui), ui.stop, ui.question, ui.ended, ui.test_form],
        js=_BEGIN,
        trigger_mode="always_last",  # a question that comes while the last answer is being shown is not lost
        **_QUEUED,
    )
    _refresh_exports(ui, exports, answering)
    ui.stop.click(chat.stop, None, ui.stop, **_AT_ONCE)
    inputs, outputs = _conversation_inputs(ui), _conversation_outputs(ui)
    for event, script in (
        (ui.new_conversation.click, _START),
        (ui.conversation_list.open, _WITH_CONVERSATION),
    ):
        switching = event(
            chat.open_conversation,
            inputs,
            outputs,
            js=script,
            cancels=[answering],
            trigger_mode="always_last",  # Back and Forward may come in quick succession
            **_AT_ONCE,
        )
        switching.then(None, js=_FOCUS_QUESTION)
        _refresh_exports(ui, exports, switching)


def _refresh_exports(ui: Layout, exports: Exports, after: Any) -> None:
    inputs = [ui.stored_conversations, ui.stored_tests, ui.session]
    after.then(exports.refresh, inputs, ui.export_panel, **_SENDING)


def _wire_conversations(ui: Layout, chat: Chat, exports: Exports, opening: Any) -> None:
    inputs, outputs = _conversation_inputs(ui), _conversation_outputs(ui)
    restoring = opening.then(chat.open_conversation, inputs, outputs, **_SENDING)
    restoring.then(None, js=_SET_READY)
    _refresh_exports(ui, exports, restoring)
    shown = [ui.earlier_exchanges, ui.current_exchange]
    refreshing = ui.conversation_list.refresh(
        chat.refresh_conversation, inputs, shown, trigger_mode="always_last", **_SENDING
    )
    _refresh_exports(ui, exports, refreshing)
    for pane in shown:
        edited = [ui.question, *shown]
        pane.edit(chat.edit_question, inputs, edited, **_SENDING).then(None, js=_FOCUS_QUESTION)
        pane.retry(chat.edit_question, inputs, edited, **_SENDING).then(None, js=_CLICK_ASK)
    cancelling = ui.current_exchange.cancel_edit(chat.open_conversation, inputs, outputs, **_SENDING)
    cancelling.then(lambda: "", None, ui.question, **_AT_ONCE)
    for pane in (ui.earlier_exchanges, ui.current_exchange, ui.quotes, ui.document):
        pane.cite(chat.open_document, ui.session, [ui.document, ui.tabs], **_AT_ONCE)
    ui.document.visit(
        chat.open_address, ui.session, [ui.document, ui.tabs], trigger_mode="always_last", **_AT_ONCE
    )
    ui.document.picture(chat.show_page_image, ui.session, ui.document, **_AT_ONCE)
    ui.document.overview(chat.show_overview, ui.session, ui.document_overview, **_AT_ONCE)
    ui.document.close(None, None, ui.document, js="() => ''", **_AT_ONCE)


def _wire_documents(ui: Layout, documents_tab: DocumentsTab, opening: Any, scope: ScopeChoice) -> None:
    shown = [ui.document_list, ui.header, ui.welcome]
    for source in (ui.drop_zone, ui.folder_button):
        # Without preprocessing, which would leave an empty file behind for each uploaded one.
        adding = source.upload(
            documents_tab.add,
            [source, ui.session],
            [ui.drop_zone, ui.upload_progress, ui.upload_report, *shown],
            preprocess=False,
            **_QUEUED,
        )
        adding.then(documents_tab.refresh, ui.session, shown, **_LATEST)
        adding.then(documents_tab.suggest, ui.session, ui.welcome, **_LATEST)
        adding.then(scope.refresh, ui.session, ui.scope_choice, **_LATEST)
    waiting = opening.then(
        documents_tab.follow_uploads, ui.session, [ui.upload_progress, ui.upload_report], **_QUEUED
    )
    waiting.then(documents_tab.refresh, ui.session, shown, **_LATEST)
    waiting.then(documents_tab.suggest, ui.session, ui.welcome, **_LATEST)
    # The list is not among them: it asks for itself, so that nothing that is ticked meanwhile is lost.
    looked = [ui.following, ui.header, ui.welcome]
    ui.following.look(documents_tab.look, [ui.session, ui.header], looked, **_AT_ONCE)
    following = ui.following.changed(documents_tab.suggest, ui.session, ui.welcome, **_LATEST)
    following.then(scope.refresh, ui.session, ui.scope_choice, **_LATEST)
    ui.upload_report.close(None, None, ui.upload_report, js="() => ''", **_AT_ONCE)
    outputs = [ui.session, *shown]
    removing = ui.document_list.remove(documents_tab.remove, ui.session, outputs, **_AT_ONCE)
    removing.then(documents_tab.suggest, ui.session, ui.welcome, **_LATEST)
    removing.then(scope.refresh, ui.session, ui.scope_choice, **_LATEST)
    linked = [ui.download, ui.upload_progress]
    ui.document_list.download(documents_tab.download, ui.session, linked, trigger_mode="multiple", **_AT_ONCE)
    # Each event has what was ticked since the one before, and none is dropped for coming soon after another.
    selecting = ui.document_list.browse(
        documents_tab.browse, ui.session, [ui.session, ui.document_list], trigger_mode="multiple", **_AT_ONCE
    )
    selecting.then(scope.refresh, ui.session, ui.scope_choice, **_LATEST)


def _wire_tracking(ui: Layout, button: TrackButton) -> None:
    for pane in (ui.earlier_exchanges, ui.current_exchange):
        pane.track(button.track, _conversation_inputs(ui), ui.test_form, **_SENDING)


def _wire_exports(ui: Layout, exports: Exports) -> None:
    inputs = _conversation_inputs(ui)
    for pane in (ui.earlier_exchanges, ui.current_exchange):
        pane.save_test(exports.open_test_form, inputs, ui.test_form, **_SENDING)
        pane.up(exports.rate_good, inputs, ui.test_form, **_SENDING)
        pane.down(exports.rate_bad, inputs, ui.test_form, **_SENDING)
    with_tests = [ui.stored_conversations, ui.stored_tests, ui.session]
    ui.test_form.submit_test(
        exports.save_test, with_tests, [ui.stored_tests, ui.test_form, ui.export_panel], **_SENDING
    )
    ui.test_form.cancel(lambda: "", None, ui.test_form, **_AT_ONCE)
    ui.export_panel.export(exports.export, with_tests, ui.export_panel, **_SENDING)
