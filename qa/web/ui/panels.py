"""Lists and forms as HTML. Pure; everything that documents, visitors and browsers say is escaped."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from qa.export.files import ExportFile
from qa.export.text import is_refusal
from qa.ingest.base import Failure
from qa.ingest.left_out import LeftOut
from qa.schema import Answer, Span
from qa.uploads.limits import Limits, megabytes
from qa.uploads.listing import DocumentRow, DocumentState
from qa.web.addresses import document_address
from qa.web.pages.links import links_html
from qa.web.ui.answer_html import note_html
from qa.web.ui.document_view import Found, ListView, SortOrder, find, folders
from qa.web.ui.session import SearchScope

MAX_NAMED = 500
"""Files that are named as left out for one reason. More would slow a browser down."""

MAX_TITLES = 5
"""Titles that a report on an upload names, to fit on two lines."""

_EVERYTHING = ListView()

_ORDERS = (
    (SortOrder.FOLDER, "Folder"),
    (SortOrder.TITLE, "Title"),
    (SortOrder.NEWEST, "Date, newest first"),
    (SortOrder.DATE, "Date, oldest first"),
)

_STATES = {
    DocumentState.WAITING: "Waiting",
    DocumentState.READING: "Reading …",
    DocumentState.FAILED: "Not added",
}


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


def documents_html(
    rows: Sequence[DocumentRow],
    scope: SearchScope,
    limits: Limits,
    *,
    shared: bool,
    lasts: bool,
    accounts: bool = False,
    keeps_originals: bool = True,
    view: ListView = _EVERYTHING,
    message: str = "",
    left_out: Sequence[LeftOut] = (),
) -> str:
    """Return the limits on uploads, the search scope, the documents of the ``view`` with their states, and
    which files are ``left_out``.

    ``shared`` says that all visitors have these documents, ``accounts`` that they sign in, ``lasts`` that
    uploads stay when the server stops, and ``keeps_originals`` that their files are kept beside the text.
    ``message`` says what could not be done.
    """
    limits_note = _limits_html(
        limits, shared=shared, lasts=lasts, accounts=accounts, keeps_originals=keeps_originals
    )
    found = find(rows, view)
    listed = "".join(_row(row, row.id in scope.selected) for row in found.page_rows)
    invalid = ' aria-invalid="true" aria-describedby="dated"' if scope.error else ""
    dates = "".join(
        f'<label>{label} <input type="date" name="{name}" value="{value or ""}"{invalid}></label>'
        for label, name, value in (("Since", "since", scope.since), ("Until", "until", scope.until))
    )
    disabled = " disabled" if scope.is_everything else ""
    legend = (
        "Questions search all documents" if scope.is_everything else "Questions search this selection only"
    )
    return (
        f'<div class="documents" data-revision="{view.revision}">'
        f"{limits_note}{status_html(message)}"
        f"{_find_html(rows, view)}"
        f'<fieldset><legend class="label">{legend}</legend><div class="dates">{dates}'
        f'<button type="button" data-act="all"{disabled}>Search all documents</button>'
        f'</div><p class="note" id="dated" role="status">{escape(_period_text(rows, scope))}</p>'
        f'<div class="found"><p class="note" id="found" role="status">'
        f"{escape(_found_text(rows, found, view, scope))}</p>{_select_found_html(rows, found, scope)}</div>"
        f"<ul>{listed}</ul></fieldset>{_pages_html(found)}{_left_out_html(left_out)}</div>"
    )


def _find_html(rows: Sequence[DocumentRow], view: ListView) -> str:
    """Return the fields that search, narrow and sort the list."""
    all_folders = [("", f"All folders ({len(rows):,})")]
    named = [(name, f"{name} ({count:,})") for name, count in folders(rows)]
    return (
        '<div class="find" role="search"><input type="search" name="search" placeholder="Search by title, '
        f'file or folder" aria-label="Search documents" value="{escape(view.search)}">'
        f"{_select_html('Folder', 'folder', all_folders + named, view.folder)}"
        f"{_select_html('Sort by', 'sort', _ORDERS, view.sort)}</div>"
    )


def _select_html(label: str, name: str, choices: Sequence[tuple[str, str]], chosen: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in choices
    )
    return f'<label>{label} <select name="{name}">{options}</select></label>'


def _found_text(rows: Sequence[DocumentRow], found: Found, view: ListView, scope: SearchScope) -> str:
    """Return how many documents are found, which of them are on the page, and how many are selected."""
    number = len(found.rows)
    if not rows:
        return "There are no documents yet."
    if not number:
        where = f" in the folder {view.folder}" if view.folder else ""
        return f"Nothing found for “{view.search}”{where}." if view.search else f"Nothing found{where}."
    text = _count(number, "document")
    if found.pages > 1:
        text = f"{found.first + 1:,} to {found.first + len(found.page_rows):,} of {text}"
    if number < len(rows):
        text += " found"
    return text + (f", {len(scope.selected):,} selected" if scope.selected else "")


def _select_found_html(rows: Sequence[DocumentRow], found: Found, scope: SearchScope) -> str:
    """Return the button that selects all that a search has found and that is not selected yet."""
    if len(found.rows) == len(rows) or found.ids <= scope.selected:
        return ""
    return f'<button type="button" data-act="found">Select all {len(found.ids):,} found</button>'


def _pages_html(found: Found) -> str:
    if found.pages == 1:
        return ""
    buttons = "".join(
        f'<button type="button" data-act="page" data-page="{page}"'
        f"{'' if 1 <= page <= found.pages else ' disabled'}>{label}</button>"
        for label, page in (("Previous page", found.page - 1), ("Next page", found.page + 1))
    )
    return (
        f'<nav class="pages" aria-label="Pages of documents">{buttons}'
        f"<span>Page {found.page:,} of {found.pages:,}</span></nav>"
    )


def report_html(added: Sequence[str], failures: Sequence[Failure]) -> str:
    """Return what became of an upload: the titles of the documents that were ``added``, and each file that
    was not, with its reason.
    """
    if not added and not failures:
        return ""
    parts = []
    if added:
        parts.append(f"<p>{_count(len(added), 'document')} {_were(len(added))} added: {_titles(added)}.</p>")
    if failures:
        items = "".join(
            f'<li dir="auto"><b>{escape(each.path)}</b>: {escape(each.reason)}</li>' for each in failures
        )
        number = len(failures)
        parts.append(f"<p>{_count(number, 'file')} {_were(number)} not added:</p><ul>{items}</ul>")
    close = '<button type="button" data-act="close">Close</button>'
    return f'<div class="report"><div class="words">{"".join(parts)}</div>{close}</div>'


def _titles(titles: Sequence[str]) -> str:
    shown = ", ".join(f'<bdi dir="auto">{escape(title)}</bdi>' for title in titles[:MAX_TITLES])
    return shown + (f" and {len(titles) - MAX_TITLES:,} more" if len(titles) > MAX_TITLES else "")


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


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


def _left_out_html(groups: Sequence[LeftOut]) -> str:
    """Return how many files are left out, which open as a list of reasons with the names of the files."""
    if not groups:
        return ""
    items = "".join(
        f"<li><span><b>{_count(len(group.paths), 'file')}: {escape(group.reason)}</b>"
        f'<small dir="auto">{escape(_names(group.paths))}</small></span></li>'
        for group in groups
    )
    total = sum(len(group.paths) for group in groups)
    summary = f"Left out: {_count(total, 'file')}"
    return f'<details class="left-out"><summary>{summary}</summary><ul>{items}</ul></details>'


def _names(paths: Sequence[str]) -> str:
    hidden = len(paths) - MAX_NAMED
    return ", ".join(paths[:MAX_NAMED]) + (f" and {hidden:,} more" if hidden > 0 else "")


def status_html(text: str) -> str:
    """Return a sentence about what is being done, which screen readers read out."""
    return f'<p class="note" role="status">{escape(text)}</p>'


def upload_queue_text(ahead: int) -> str:
    """Return the place of an upload in the queue, of which ``ahead`` uploads come first."""
    return f"Waiting: {ahead:,} {'upload is' if ahead == 1 else 'uploads are'} ahead of yours"


def _period_text(rows: Sequence[DocumentRow], scope: SearchScope) -> str:
    """Return what is wrong with the period, or how many documents it leaves."""
    if scope.error or scope.period is None:
        return scope.error
    indexed = (row for row in rows if row.state is DocumentState.INDEXED)
    searched = [row for row in indexed if not scope.selected or row.id in scope.selected]
    dated = sum(scope.period.matches(row.date) for row in searched)
    undated = sum(row.date is None for row in searched)
    text = f"{dated:,} of {_count(len(searched), 'document')} {_are(dated)} from this period"
    if undated:
        text += f"; {undated:,} without a date {_are(undated)} left out"
    return f"{text}."


def _limits_html(limits: Limits, *, shared: bool, lasts: bool, accounts: bool, keeps_originals: bool) -> str:
    if shared and accounts:
        whose = (
            "Everyone who signs in can see them. Only who added one, or an owner of this server, can remove "
            "and download it, and it stays until then."
        )
    elif shared:
        whose = "Everyone who uses this page can see and remove them, and they stay until someone does."
    elif lasts:
        whose = "Only you can see them, and they stay until you remove them."
    else:
        whose = "Only you can see them. They are deleted when the server stops, or an hour after you leave."
    if keeps_originals:
        whose += (
            f" Up to {megabytes(limits.upload_bytes)} of files are kept with their text, and go with it; "
            "of more, the text is."
        )
    else:
        whose += " Only their text is kept, not the files."
    return (
        f'<p class="note">You can add up to {limits.files:,} files at once, each up to '
        f"{megabytes(limits.file_bytes)}; a .zip file is taken apart. All together can have up to "
        f'{megabytes(limits.text_bytes)} of text. {whose}</p><details class="note"><summary>Kinds of files'
        f"</summary>{', '.join(sorted(limits.suffixes))}</details>"
    )


def _row(row: DocumentRow, selected: bool) -> str:
    if row.state is DocumentState.INDEXED:
        sizes = (_count(row.characters, "character"), _count(row.passages, "passage"))
        date = f"{row.date} (from {row.date_source})" if row.date_source else row.date
        uploader = f"added by {row.uploader}" if row.uploader else ""
        about = " · ".join(filter(None, (date, *sizes, uploader)))
    else:
        about = ": ".join(filter(None, (_STATES[row.state], row.reason)))
    name = f'<b dir="auto">{escape(row.title)}</b><small dir="auto">{escape(about)}</small>'
    link = ""
    if row.state is DocumentState.INDEXED:
        box = f'<input type="checkbox"{" checked" if selected else ""}>'
        name = f"<label>{box}<span>{name}</span></label>"
        link = _open_html(row)
    if row.has_original and row.may_change:
        link += _download_html(row)
    removable = row.own and row.may_change and row.state in (DocumentState.INDEXED, DocumentState.FAILED)
    remove = '<button type="button" data-act="remove">Remove</button>' if removable else ""
    return f'<li data-document="{escape(row.id)}" class="{row.state}">{name}{link}{remove}</li>'


def _download_html(row: DocumentRow) -> str:
    label = escape(f"Download {row.title}")
    return f'<button type="button" data-act="download" aria-label="{label}">Download</button>'


def _open_html(row: DocumentRow) -> str:
    label = f"Open {row.title}"
    return f'<a class="open" href="{document_address(row.id)}" aria-label="{escape(label)}">Open</a>'


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


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
        f" and removes the {_count(later, 'question') if later > 1 else 'question'} after it" if later else ""
    )
    return (
        f'<p class="note editing" role="status" data-before="{before}">You are editing an earlier question. '
        f"Asking it replaces its answer{also}. "
        '<button type="button" class="act cancel-edit">Cancel editing</button></p>'
    )


_CONVERSATION_FORMS = {"markdown": "Markdown", "word": "Word", "sheet": "Evidence sheet"}
_REFUSAL_FORMS = {"absence": "What the last refusal searched"}
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
