"""The list of documents as HTML, with what searches, narrows and sorts it. Pure; everything that documents,
visitors and browsers say is escaped.
"""

from collections.abc import Sequence
from html import escape

from qa.ingest.left_out import LeftOut
from qa.uploads.limits import Limits, megabytes
from qa.uploads.listing import DocumentRow, DocumentState
from qa.web.addresses import document_address
from qa.web.ui.document_view import Found, ListView, SortOrder, find, folders
from qa.web.ui.panels import status_html
from qa.web.ui.session import SearchScope
from qa.web.ui.wording import count_text, is_or_are

MAX_NAMED = 500
"""Files that are named as left out for one reason. More would slow a browser down."""

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
    version: str = "",
) -> str:
    """Return the limits on uploads, the search scope, the documents of the ``view`` with their states, and
    which files are ``left_out``.

    ``shared`` says that all visitors have these documents, ``accounts`` that they sign in, ``lasts`` that
    uploads stay when the server stops, and ``keeps_originals`` that their files are kept beside the text.
    ``message`` says what could not be done, and ``version`` which documents these are (assets/following.js).
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
        f'<div class="documents" data-revision="{view.revision}" data-version="{escape(version)}">'
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
    text = count_text(number, "document")
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


def _left_out_html(groups: Sequence[LeftOut]) -> str:
    """Return how many files are left out, which open as a list of reasons with the names of the files."""
    if not groups:
        return ""
    items = "".join(
        f"<li><span><b>{count_text(len(group.paths), 'file')}: {escape(group.reason)}</b>"
        f'<small dir="auto">{escape(_names(group.paths))}</small></span></li>'
        for group in groups
    )
    total = sum(len(group.paths) for group in groups)
    summary = f"Left out: {count_text(total, 'file')}"
    return f'<details class="left-out"><summary>{summary}</summary><ul>{items}</ul></details>'


def _names(paths: Sequence[str]) -> str:
    hidden = len(paths) - MAX_NAMED
    return ", ".join(paths[:MAX_NAMED]) + (f" and {hidden:,} more" if hidden > 0 else "")


def _period_text(rows: Sequence[DocumentRow], scope: SearchScope) -> str:
    """Return what is wrong with the period, or how many documents it leaves."""
    if scope.error or scope.period is None:
        return scope.error
    indexed = (row for row in rows if row.state is DocumentState.INDEXED)
    searched = [row for row in indexed if not scope.selected or row.id in scope.selected]
    dated = sum(scope.period.matches(row.date) for row in searched)
    undated = sum(row.date is None for row in searched)
    text = f"{dated:,} of {count_text(len(searched), 'document')} {is_or_are(dated)} from this period"
    if undated:
        text += f"; {undated:,} without a date {is_or_are(undated)} left out"
    return f"{text}."


def _limits_html(limits: Limits, *, shared: bool, lasts: bool, accounts: bool, keeps_originals: bool) -> str:
    if shared and accounts:
        whose = (
            "Everyone who signs in can see them. Only the person who added one, or an owner of this server, "
            "can remove or download it, and it stays until then."
        )
    elif shared:
        whose = "Everyone who uses this page can see and remove them, and they stay until someone does."
    elif lasts:
        whose = "Only you can see them, and they stay until you remove them."
    else:
        whose = "Only you can see them. They are deleted when the server stops, or an hour after you leave."
    if keeps_originals:
        whose += (
            f" Up to {megabytes(limits.upload_bytes)} of files are kept with their text, "
            "and removed with it; beyond that, only the text is kept."
        )
    else:
        whose += " Only their text is kept, not the files."
    return (
        f'<p class="note">You can add up to {limits.files:,} files at once, each up to '
        f"{megabytes(limits.file_bytes)}; a .zip file is unpacked. Together they can have up to "
        f'{megabytes(limits.text_bytes)} of text. {whose}</p><details class="note"><summary>Kinds of files'
        f"</summary>{', '.join(sorted(limits.suffixes))}</details>"
    )


def _row(row: DocumentRow, selected: bool) -> str:
    if row.state is DocumentState.INDEXED:
        sizes = (count_text(row.characters, "character"), count_text(row.passages, "passage"))
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
