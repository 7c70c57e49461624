"""The places of the page: Gradio components by name. What they do is in :mod:`qa.web.ui.page`."""

import json
from dataclasses import dataclass

import gradio as gr

from qa.uploads.limits import Limits
from qa.web.ui import panels, quotes_html
from qa.web.ui.assets import read_asset
from qa.web.ui.gradio_patches import Block

CONVERSATIONS_KEY = "attest-conversations"
"""The key under which earlier versions stored the visitor's conversations in the browser."""

TESTS_KEY = "attest-tests"
"""The key of the questions that the visitor saved as tests."""

_STYLES = ("page.css", "print.css")
_SCRIPTS = ("address.js", "session.js", "clipboard.js", "store.js", "page.js", "print.js")

_SAVE_ANSWER = "watch('value', () => attest.conversations.saveAnswer());"

_FOLLOW_LINK = "watch('value', () => element.querySelector('a')?.click());"

Update = dict[Block, object]
"""New values of components. The others stay as they are."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The components of a page."""

    stored_conversations: gr.BrowserState
    """The record that an earlier version stored. In its place the page sends the open conversation
    (assets/store.js)."""
    session: gr.State
    """The visitor's :class:`qa.web.ui.session.Session`."""
    stored_tests: gr.BrowserState
    """The questions saved as tests, each a line of an eval file."""
    header: gr.HTML
    account: gr.HTML
    """The name of who is signed in, and the button to sign out."""
    new_conversation: gr.Button
    conversation_list: gr.HTML
    welcome: gr.HTML
    """Hints for a visitor who has not asked anything yet."""
    earlier_exchanges: gr.HTML
    current_exchange: gr.HTML
    """The question that is being answered, or that was answered last."""
    ended: gr.HTML
    """The record of the question that was answered last, for the browser to store."""
    scope_choice: gr.HTML
    """The choice of what questions search."""
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    about: gr.HTML
    """The text on what Attest searches, promises and cannot do."""
    document: gr.HTML
    """The document that a citation opened."""
    document_overview: gr.HTML
    """Hidden: the overview of the document, on its way to the panel above its text."""
    quotes: gr.HTML
    tabs: gr.Tabs
    document_list: gr.HTML
    following: gr.HTML
    """Hidden: the version of the documents, by which the page sees that others have changed them."""
    download: gr.HTML
    """Hidden: the link to an uploaded file, which the browser follows at once."""
    upload_progress: gr.HTML
    upload_report: gr.HTML
    """The outcome of the last upload."""
    drop_zone: gr.File
    folder_button: gr.UploadButton
    test_form: gr.HTML
    """The form that saves a question as a test, or a message in its place."""
    export_panel: gr.HTML
    """The export buttons, and the file that the browser is to save."""


def page_head() -> str:
    """Return the content of the page's head: the icon, and the styles and scripts of the whole page."""
    icon = '<link rel="icon" type="image/svg+xml" href="favicon.ico">'
    scripts = "".join(f"<script>{read_asset(name)}</script>" for name in _SCRIPTS)
    return f"{icon}<style>{''.join(map(read_asset, _STYLES))}</style>{scripts}"


def build_layout(documents: int, limits: Limits) -> Layout:
    """Make the components inside the ``gr.Blocks`` that is open."""
    stored_conversations = gr.BrowserState(storage_key=CONVERSATIONS_KEY, secret=CONVERSATIONS_KEY)
    stored_tests = gr.BrowserState(storage_key=TESTS_KEY, secret=TESTS_KEY)
    with gr.Row(elem_id="header"):
        header = gr.HTML(panels.header_html(documents), apply_default_css=False)
        account = gr.HTML(elem_id="signed-in", apply_default_css=False)
        new_conversation = gr.Button("New conversation", elem_id="new", min_width=0)
        conversation_list = _html("history", "conversations.js", panels.conversations_html())
    with gr.Column(elem_id="upload-news"):
        upload_progress = gr.HTML(elem_id="upload-progress", apply_default_css=False)
        upload_report = _html("upload-report", "uploads.js", constants=_limits_script(limits))
        following = _html("following", "following.js")
        download = gr.HTML(elem_id="download", js_on_load=_FOLLOW_LINK, apply_default_css=False)
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="conversation"):
            with gr.Column(elem_id="log"):
                welcome = _html("welcome", "citations.js", panels.welcome_html(documents, ()))
                earlier_exchanges = _html("earlier", "citations.js")
                current_exchange = _html("current", "citations.js")
                ended = gr.HTML(elem_id="ended", js_on_load=_SAVE_ANSWER, apply_default_css=False)
                test_form = _html("test-form", "test_case_form.js")
                export_panel = _html("export", "export.js")
            with gr.Column(elem_id="asking"):
                scope_choice = _html("scope", "scope.js")
                with gr.Row(elem_id="ask"):
                    question = gr.Textbox(
                        label="Question",
                        placeholder="Ask a question",
                        show_label=False,
                        container=False,
                        max_lines=5,
                        autofocus=True,
                        elem_id="question",
                    )
                    ask = gr.Button("Ask", variant="primary", elem_id="send", min_width=0)
                    stop = gr.Button("Stop", elem_id="stop", min_width=0)
            about = gr.HTML(elem_id="about", apply_default_css=False)
        with gr.Column(elem_id="sources"), gr.Tabs() as tabs:
            with gr.Tab("Sources", id="sources"):
                document = _html("document", "citations.js")
                document_overview = _html("document-overview", "document_overview.js")
                quotes = _html("quotes", "citations.js", quotes_html.HINT)
            with gr.Tab("Documents", id="documents"):
                drop_zone = gr.File(label="Add documents", file_count="multiple", height=136, elem_id="drop")
                folder_button = gr.UploadButton(
                    "Add a folder", file_count="directory", elem_id="folder", min_width=0
                )
                document_list = _html("documents", "documents.js")
    return Layout(
        stored_conversations=stored_conversations,
        session=gr.State(None),
        stored_tests=stored_tests,
        header=header,
        account=account,
        new_conversation=new_conversation,
        conversation_list=conversation_list,
        welcome=welcome,
        earlier_exchanges=earlier_exchanges,
        current_exchange=current_exchange,
        ended=ended,
        scope_choice=scope_choice,
        question=question,
        ask=ask,
        stop=stop,
        about=about,
        document=document,
        document_overview=document_overview,
        quotes=quotes,
        tabs=tabs,
        document_list=document_list,
        following=following,
        download=download,
        upload_progress=upload_progress,
        upload_report=upload_report,
        drop_zone=drop_zone,
        folder_button=folder_button,
        test_form=test_form,
        export_panel=export_panel,
    )


def _html(name: str, script: str, value: str = "", constants: str = "") -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=constants + read_asset(script), apply_default_css=False)


def _limits_script(limits: Limits) -> str:
    """Return the limits that the browser checks before it sends anything, as a constant of a script."""
    told = {name: getattr(limits, name) for name in ("files", "file_bytes", "upload_bytes")}
    return f"const limits = {json.dumps({**told, 'suffixes': sorted(limits.suffixes)})};\n"
