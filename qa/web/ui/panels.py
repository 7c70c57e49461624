"""Lists and forms as HTML. Pure; everything that documents, visitors and browsers say is escaped."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from qa.export.files import ExportFile
from qa.export.text import is_refusal
from qa.ingest.base import Failure
from qa.schema import GROWING, Answer, Coverage, Span
from qa.web.pages.links import links_html
from qa.web.ui.answer_html import note_html
from qa.web.ui.wording import count_text, was_or_were

MAX_TITLES = 5
"""Titles that a report on an upload names, to fit on two lines."""


def header_html(documents: int, coverage: Coverage | None = None) -> str:
    """Return what Attest is, in one line, and its number of documents; while they are read, how far that is,
    which ``coverage`` has.
    """
    these = "one document" if documents == 1 else f"{documents:,} documents" if documents else "documents"
    reading = f" {GROWING}, so far {coverage}." if coverage and not coverage.complete else ""
    return (
        f"<h1>Attest</h1><p>Answers from your {these}, with a quote for every sentence. "
        f"If they do not say, Attest tells you so.{reading}</p>"
    )


def conversations_html() -> str:
    """Return the frame of the list of conversations, which the browser fills (assets/conversations.js)."""
    hint = note_html("Your conversations will be listed here. Only this browser stores them.")
    return (
        '<button type="button" id="past" popovertarget="conversations">Conversations</button>'
        '<div id="conversations" popover><input type="search" placeholder="Search conversations"'
        f' aria-label="Search conversations">{hint}<ul></ul></div>'
    )


def version_html(version: str) -> str:
    """Return the version of the documents, for the page alone (assets/following.js)."""
    return f"<pre hidden>{escape(version)}</pre>"


def ended_html(conversation_id: str, exchange: Mapping[str, object]) -> str:
    """Return what the browser is to store of an exchange that has ended (assets/store.js)."""
    ended = json.dumps({"conversation": conversation_id, "exchange": exchange}, ensure_ascii=False)
    return f"<pre>{escape(ended)}</pre>"


def report_html(added: Sequence[str], failures: Sequence[Failure]) -> str:
    """Return what became of an upload: the titles of the documents that were ``added``, and each file that
    was not, with its reason.
    """
    if not added and not failures:
        return ""
    parts = []
    if added:
        parts.append(
            f"<p>{count_text(len(added), 'document')} {was_or_were(len(added))} added: {_titles(added)}.</p>"
        )
    if failures:
        items = "".join(
            f'<li dir="auto"><b>{escape(each.path)}</b>: {escape(each.reason)}</li>' for each in failures
        )
        number = len(failures)
        parts.append(f"<p>{count_text(number, 'file')} {was_or_were(number)} not added:</p><ul>{items}</ul>")
    close = '<button type="button" data-act="close">Close</button>'
    return f'<div class="report"><div class="words">{"".join(parts)}</div>{close}</div>'


def _titles(titles: Sequence[str]) -> str:
    shown = ", ".join(f'<bdi dir="auto">{escape(title)}</bdi>' for title in titles[:MAX_TITLES])
    return shown + (f" and {len(titles) - MAX_TITLES:,} more" if len(titles) > MAX_TITLES else "")


def welcome_html(documents: int, questions: Sequence[str]) -> str:
    """Return what a visitor can do who has not asked anything yet, with ``questions`` to begin with."""
    choose = '<button type="button" class="act" data-act="choose-files">choose files</button>'
    how = f"drop files anywhere on this page, or {choose}."
    if documents:
        text = (
            "<h2>Ask your documents</h2><p>Type a question below. Every sentence of the answer comes with a "
            f"quote that you can open in its document.</p><p>To add documents, {how}</p>"
        )
    else:
        text = (
            "<h2>Add your documents</h2><p>There are no documents yet. To add some, "
            f"{how}</p><p>Then ask about them: every sentence of an answer comes with a quote.</p>"
        )
    choices = "".join(
        f'<button type="button" class="choice" dir="auto" data-question="{each}">{each}</button>'
        for each in map(escape, questions)
    )
    asked = f'<p class="label">For example</p><div class="choices">{choices}</div>'
    more = f'<p class="label">You can also look at</p>{links_html()}' if documents else ""
    return f'<section class="welcome">{text}{asked if choices else ""}{more}</section>'


def status_html(text: str) -> str:
    """Return a sentence about what is being done, which screen readers read out."""
    return f'<p class="note" role="status">{escape(text)}</p>'


def upload_queue_text(ahead: int) -> str:
    """Return the place of an upload in the queue, of which ``ahead`` uploads come first."""
    return f"Waiting: {ahead:,} {'upload is' if ahead == 1 else 'uploads are'} ahead of yours"


def form_html(number: int, answer: Answer, selected: Span | None, text: str) -> str:
    """Return the form that saves the ``number``-th question as a test: which quote answers it, if any.

    ``selected`` is a place that the visitor selected in the open document, and ``text`` the text there.
    """
    quotes = answer.quotes or answer.nearest
    choices = [(f"quote-{q.number}", f"Quote {q.number} answers it: “{q.text}”") for q in quotes]
    if selected:
        choices.insert(0, ("selected", f"The selected text answers it: “{text}”"))
    choices.append(("nothing", "The documents do not answer it"))
    preset = choices[0][0] if answer.answered or selected else "nothing"
    radios = "".join(
        f'<label><input type="radio" name="place" value="{value}"{" checked" if value == preset else ""}>'
        f'<span dir="auto">{escape(label)}</span></label>'
        for value, label in choices
    )
    place = {"document": selected.doc_id, "start": selected.start, "end": selected.end} if selected else None
    return (
        f'<form class="test-case" data-number="{number}" data-selected="{escape(json.dumps(place))}">'
        '<p class="label">Save as a test</p>'
        f'<p dir="auto">{escape(answer.resolved)}</p>{radios}'
        "<label>Words that a right answer must have "
        '<input name="wording" placeholder="only the words that matter"></label>'
        "<div><button>Save</button>"
        '<button type="button" data-act="cancel">Cancel</button></div></form>'
    )


def tracked_html() -> str:
    """Return the sentence that says that a question is tracked now, with the way to it."""
    return (
        '<p class="note test-case" role="status">It is tracked: it is asked again when a document changes in '
        'a way that can matter. <a href="tracked">Tracked questions</a></p>'
    )


def form_message_html(text: str) -> str:
    """Return a sentence in place of the form."""
    return f'<p class="note test-case" role="status">{escape(text)}</p>'


def editing_html(before: int, exchanges: int) -> str:
    """Return the note while the question after the first ``before`` exchanges is edited: asking it replaces
    the last ``exchanges``.
    """
    later = exchanges - 1
    also = (
        f" and removes the {count_text(later, 'question') if later > 1 else 'question'} after it"
        if later
        else ""
    )
    return (
        f'<p class="note editing" role="status" data-before="{before}">You are editing an earlier question. '
        f"Asking it replaces its answer{also}. "
        '<button type="button" class="act cancel-edit">Cancel editing</button></p>'
    )


_CONVERSATION_FORMS = {"markdown": "Markdown", "word": "Word", "sheet": "Evidence sheet"}
_REFUSAL_FORMS = {"absence": "What was searched for the last refusal"}
_REFERENCE_FORMS = {"bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}


def export_html(
    answers: Sequence[Answer], tests: int, *, file: ExportFile | None = None, message: str = ""
) -> str:
    """Return the buttons to export: the conversation if it has ``answers``, what they cite, what a refusal
    among them rests on, and the ``tests`` if there are any.

    ``file`` is what the browser is to save now. ``message`` says why it cannot be exported.
    """
    refused = any(map(is_refusal, answers))
    cited = any(answer.answered for answer in answers)
    buttons = _export_group("This conversation", _CONVERSATION_FORMS) if answers else ""
    buttons += _export_group("Cited documents", _REFERENCE_FORMS) if cited else ""
    buttons += _export_buttons(_REFUSAL_FORMS) if refused else ""
    buttons += _export_buttons({"tests": f"Tests ({tests:,})"}) if tests else ""
    attachment = (
        f'<pre hidden data-name="{file.name}" data-type="{file.media_type}">'
        f"{b64encode(file.content).decode()}</pre>"
        if file
        else ""
    )
    note = status_html(message) if message else ""
    return f'<div class="export">{buttons}{note}{attachment}</div>' if buttons or note else ""


def _export_group(name: str, labels: Mapping[str, str]) -> str:
    return f'<span role="group" aria-label="{name}">{name}: {_export_buttons(labels)}</span>'


def _export_buttons(labels: Mapping[str, str]) -> str:
    """Return a button for each form, by name."""
    return "".join(
        f'<button type="button" class="act" data-form="{form}">{label}</button>'
        for form, label in labels.items()
    )
