"""The lists and forms beside an answer, as HTML. Pure; what documents, readers, browsers say is escaped."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qa.schema import Answer, Span
from qa.uploads.limits import Limits
from qa.uploads.listing import DocumentRow, DocumentState
from qa.web.ui.answer_html import note_html
from qa.web.ui.session import Scope

LISTED = 500
"""Documents that are listed at once; a browser slows down on many more, and a reader searches."""

_STATES = {
    DocumentState.WAITING: "Waiting",
    DocumentState.READING: "Being read",
    DocumentState.FAILED: "Not added",
}


def history_html(conversations: Sequence[tuple[str, str]], open_id: str) -> str:
    """The reader's conversations, each an id and a title, to open, rename and remove."""
    rows = "".join(
        f'<li data-conversation="{escape(id_)}"{" aria-current=true" if id_ == open_id else ""}>'
        f'<button type="button" class="title" data-act="open" dir="auto">{escape(title)}</button>'
        f'<input value="{escape(title)}" aria-label="New title, then Enter" dir="auto">'
        '<button type="button" data-act="rename">Rename</button>'
        '<button type="button" data-act="remove">Delete</button></li>'
        for id_, title in conversations
    )
    nothing = "" if rows else note_html("What you ask is kept here, in this browser and nowhere else.")
    return (
        '<button type="button" id="past" popovertarget="conversations">Conversations</button>'
        '<div id="conversations" popover><input type="search" placeholder="Search conversations"'
        f' aria-label="Search conversations">{nothing}<ul>{rows}</ul></div>'
    )


def documents_html(
    rows: Sequence[DocumentRow], scope: Scope, limits: Limits, *, shared: bool, busy: str = ""
) -> str:
    """Every document with its state, to be chosen from and, one's own, removed; the limits on new ones.

    ``busy`` says what is being done with new ones, while it is.
    """
    listed = "".join(_row(row, row.id in scope.chosen) for row in rows[:LISTED])
    more = note_html(f"And {len(rows) - LISTED:,} more.") if len(rows) > LISTED else ""
    wrong = ' aria-invalid="true" aria-describedby="dated"' if scope.fault else ""
    dates = "".join(
        f'<label>{label} <input type="date" name="{name}" value="{value or ""}"{wrong}></label>'
        for label, name, value in (("Since", "since", scope.since), ("Until", "until", scope.until))
    )
    disabled = " disabled" if scope.everything else ""
    asked = "Questions are asked of all documents." if scope.everything else "Questions are asked of these."
    return (
        f'<div class="documents"><p class="note">{_limits(limits, shared=shared)}</p>'
        f'<p class="note" role="status">{escape(busy)}</p>'
        '<input type="search" placeholder="Search documents" aria-label="Search documents">'
        f'<fieldset><legend class="label">{asked}</legend><div class="dates">{dates}'
        f'<button type="button" data-act="all"{disabled}>All documents</button>'
        f'</div><p class="note" id="dated" role="status">{escape(_dated(rows, scope))}</p>'
        f"<ul>{listed}</ul></fieldset>{more}</div>"
    )


def _dated(rows: Sequence[DocumentRow], scope: Scope) -> str:
    """What is wrong with the dates that are given, or which documents they leave out unseen."""
    if scope.fault or scope.period is None:
        return scope.fault
    indexed = (row for row in rows if row.state is DocumentState.INDEXED)
    asked = [row for row in indexed if not scope.chosen or row.id in scope.chosen]
    of_it = sum(scope.period.matches(row.date) for row in asked)
    undated = sum(row.date is None for row in asked)
    without = f"; {undated:,} without a date {'is' if undated == 1 else 'are'} left out" if undated else ""
    return f"{of_it:,} of {len(asked):,} documents {'is' if of_it == 1 else 'are'} of this time{without}."


def _limits(limits: Limits, *, shared: bool) -> str:
    kinds = ", ".join(sorted(limits.suffixes))
    whose = (
        "Everybody who uses this page sees and can remove them; they stay until somebody does."
        if shared
        else "Nobody else sees them; they are gone when the server stops or an hour after you close the page."
    )
    return (
        f"You can add {limits.files} files ({kinds}), each of at most {limits.file_bytes / 1e6:g} MB and "
        f"{limits.total_bytes / 1e6:g} MB together. {whose}"
    )


def _row(row: DocumentRow, chosen: bool) -> str:
    if row.state is DocumentState.INDEXED:
        passages = "1 passage" if row.passages == 1 else f"{row.passages:,} passages"
        about = " · ".join(filter(None, (row.date, f"{row.characters:,} characters", passages)))
    else:
        about = ": ".join(filter(None, (_STATES[row.state], row.reason)))
    name = f'<b dir="auto">{escape(row.title)}</b><small dir="auto">{escape(about)}</small>'
    if row.state is DocumentState.INDEXED:
        box = f'<input type="checkbox"{" checked" if chosen else ""}>'
        name = f"<label>{box}<span>{name}</span></label>"
    removable = row.own and row.state in (DocumentState.INDEXED, DocumentState.FAILED)
    remove = '<button type="button" data-act="remove">Remove</button>' if removable else ""
    return f'<li data-document="{escape(row.id)}" class="{row.state}">{name}{remove}</li>'


def keep_html(number: int, answer: Answer, marked: Span | None, text: str) -> str:
    """A form that makes a test of the ``number``-th question: where its answer stands, if anywhere.

    ``marked`` is a place that the reader has marked in the open document, and ``text`` what stands there.
    """
    quotes = answer.quotes or answer.nearest
    choices = [(f"quote-{q.number}", f"It stands in quote {q.number}: “{q.text}”") for q in quotes]
    if marked:
        choices.insert(0, ("selected", f"It stands where the text is marked: “{text}”"))
    choices.append(("nothing", "The documents do not answer it"))
    preset = choices[0][0] if answer.answered or marked else "nothing"
    radios = "".join(
        f'<label><input type="radio" name="place" value="{value}"{" checked" if value == preset else ""}>'
        f'<span dir="auto">{escape(label)}</span></label>'
        for value, label in choices
    )
    place = {"document": marked.doc_id, "start": marked.start, "end": marked.end} if marked else None
    return (
        f'<form class="keep" data-number="{number}" data-selected="{escape(json.dumps(place))}">'
        '<p class="label">Keep as a test</p>'
        f'<p dir="auto">{escape(answer.resolved)}</p>{radios}'
        '<label>Words a right answer has <input name="wording" placeholder="as few as tell right from wrong">'
        "</label><div><button>Keep</button>"
        '<button type="button" data-act="cancel">Cancel</button></div></form>'
    )


def said_html(text: str) -> str:
    """A sentence in place of the form."""
    return f'<p class="note keep" role="status">{escape(text)}</p>'


@dataclass(frozen=True, slots=True)
class File:
    """What a reader takes away."""

    name: str
    media_type: str
    text: str


def editing_html(exchanges: int) -> str:
    """While an earlier question is edited: so many ``exchanges`` are out of sight, and can be left alone."""
    these = "It and its answer go" if exchanges == 1 else f"It and the {exchanges - 1:,} after it go"
    return (
        f'<p class="note editing" role="status">Editing an earlier question. {these} when you ask. '
        '<button type="button" class="act stay">Leave it as it was</button></p>'
    )


def take_html(anything: bool, tests: int, *, file: File | None = None, said: str = "") -> str:
    """Buttons to export: a conversation where there is ``anything`` in one, ``tests`` where there are some.

    ``file`` is what the browser is to save now.
    """
    forms = [("markdown", "Conversation as Markdown"), ("sheet", "Evidence sheet")] if anything else []
    forms += [("tests", f"Tests ({tests})")] if tests else []
    buttons = "".join(
        f'<button type="button" class="act" data-form="{form}">{label}</button>' for form, label in forms
    )
    parcel = (
        f'<pre hidden data-name="{file.name}" data-type="{file.media_type}">{escape(file.text)}</pre>'
        if file
        else ""
    )
    note = f'<p class="note">{escape(said)}</p>' if said else ""
    return f'<div class="take">{buttons}{note}{parcel}</div>' if buttons or note else ""
