"""Write what changed as a JSON record, and as text in Markdown. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from typing_extensions import TypedDict  # pydantic reads typing's own from Python 3.12 on only

from qa.changes.folder import DocumentChange, DocumentFate, FolderChange
from qa.changes.sentences import Excerpt, SentenceChange
from qa.index.change import ChangeRef
from qa.schema import Document, location


class VersionRecord(TypedDict):
    """A sentence in one version of a document: its characters ``start`` to ``end`` (exclusive).

    ``marks`` has the start and end (exclusive), counted in ``text``, of the words that changed. ``place`` is
    where it stands, such as ``page 3``; empty where that is not known.
    """

    text: str
    document: str
    start: int
    end: int
    place: str
    marks: list[tuple[int, int]]


class SentenceChangeRecord(TypedDict):
    """A sentence that changed, was added (``before`` is null) or removed (``after`` is null). ``kinds`` says
    whether another number, date or name, or a negation, makes the difference.
    """

    before: VersionRecord | None
    after: VersionRecord | None
    kinds: list[str]


class DocumentChangeRecord(TypedDict):
    """A document that was ``changed``, ``renamed``, ``added`` or ``removed``, as ``change`` says.

    ``before`` and ``after`` are its ids; null where it was not there. ``moved`` counts sentences that only
    stand elsewhere in it, ``left_out`` those that are not given.
    """

    change: str
    before: str | None
    after: str | None
    title: str
    sentences: list[SentenceChangeRecord]
    moved: int
    left_out: int


class ChangesRecord(TypedDict):
    """The difference between two states of the index.

    The states are named by ``since``, empty for the earliest that is known, and ``until``. ``began`` and
    ``ended`` are when the first and the last change between them were made, ``earliest`` when the first one
    that is kept. Documents in ``changed_back`` changed meanwhile and are as they were.
    """

    since: str
    until: str
    began: str
    ended: str
    earliest: str
    documents: list[DocumentChangeRecord]
    changed_back: list[str]


class StateRecord(TypedDict):
    """A state of the index, and when it became the current one."""

    state: str
    written: str


class StatesRecord(TypedDict):
    """The states that are known, the newest first."""

    states: list[StateRecord]


def changes_record(change: FolderChange, most_sentences: int | None = None) -> ChangesRecord:
    """Return the record of the difference between two states, with up to ``most_sentences`` of a document."""
    return {
        "since": change.since,
        "until": change.until,
        "began": change.began,
        "ended": change.ended,
        "earliest": change.earliest,
        "documents": [_document(each, most_sentences) for each in change.documents],
        "changed_back": list(change.changed_back),
    }


def states_record(changes: Sequence[ChangeRef]) -> StatesRecord:
    """Return the states that ``changes`` led to."""
    return {"states": [{"state": each.state, "written": each.written} for each in reversed(changes)]}


def _document(change: DocumentChange, most_sentences: int | None) -> DocumentChangeRecord:
    shown = change.after or change.before
    given = change.sentences[:most_sentences]
    return {
        "change": change.fate,
        "before": change.before.id if change.before else None,
        "after": change.after.id if change.after else None,
        "title": shown.title if shown else "",
        "sentences": [
            {
                "before": _version(each.before, change.before),
                "after": _version(each.after, change.after),
                "kinds": [kind.value for kind in each.kinds],
            }
            for each in given
        ],
        "moved": change.moved,
        "left_out": len(change.sentences) - len(given),
    }


def _version(excerpt: Excerpt | None, document: Document | None) -> VersionRecord | None:
    if excerpt is None or document is None:
        return None
    span = excerpt.span
    return {
        "text": excerpt.text,
        "document": span.doc_id,
        "start": span.start,
        "end": span.end,
        "place": location(document, span.start),
        "marks": list(excerpt.marks),
    }


HEADINGS = {
    DocumentFate.CHANGED: "Changed",
    DocumentFate.RENAMED: "Renamed",
    DocumentFate.CAME: "Added",
    DocumentFate.GONE: "Removed",
}
"""The names of the groups of documents."""


def summary(change: FolderChange) -> str:
    """Return the difference in one sentence."""
    if not change.documents:
        same = "The documents are the same"
        return (
            f"{same}; {len(change.changed_back)} changed and changed back."
            if change.changed_back
            else f"{same}."
        )
    counts = [(sum(each.fate == fate for each in change.documents), fate.value) for fate in DocumentFate]
    parts = [f"{count:,} {word}" for count, word in counts if count]
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    began, ended = local_time(change.began), local_time(change.ended)
    return f"{listed} between {began} and {ended}." if began != ended else f"{listed} on {ended}."


def local_time(written: str) -> str:
    """Return a time in UTC by this machine's clock, such as ``2025-01-31 15:00``."""
    return datetime.fromisoformat(written).astimezone().strftime("%Y-%m-%d %H:%M")


def changes_markdown(change: FolderChange) -> str:
    """Return the difference between two states as Markdown."""
    lines = ["# What changed", "", summary(change).replace("_", r"\_")]
    for fate in DocumentFate:
        chosen = [each for each in change.documents if each.fate == fate]
        if chosen:
            lines += ["", f"## {HEADINGS[fate]}"]
        for each in chosen:
            lines += _document_lines(each)
    if change.changed_back:
        lines += ["", "## Changed and changed back", ""]
        lines += [f"- {_escape(each)}" for each in change.changed_back]
    return "\n".join(lines) + "\n"


def _document_lines(change: DocumentChange) -> Iterator[str]:
    if change.fate in {DocumentFate.CAME, DocumentFate.GONE}:
        yield from ("", f"- {_escape(change.id)}")
        return
    name = _escape(change.id)
    if change.before and change.before.id != change.id:
        name = f"{_escape(change.before.id)} → {name}"
    yield from ("", f"### {name}", "")
    for each in change.sentences:
        yield from _sentence_lines(each)
    if change.moved:
        yield f"- {change.moved:,} {'sentence' if change.moved == 1 else 'sentences'} only moved"
    if not change.sentences and not change.moved:
        yield "- The same text" if change.fate == DocumentFate.RENAMED else "- Only white space"


def _sentence_lines(change: SentenceChange) -> Iterator[str]:
    if change.kinds:
        yield f"- **{', '.join(change.kinds)}**"
    elif change.before and change.after:
        yield "- reworded"
    else:
        yield "- removed" if change.before else "- added"
    for sign, excerpt, mark in (("−", change.before, "~~"), ("+", change.after, "**")):
        if excerpt:
            yield f"  - {sign} {_marked(excerpt, mark)}"


def _marked(excerpt: Excerpt, mark: str) -> str:
    """Return a sentence on one line, with ``mark`` around what changed."""
    parts, end = [], 0
    for start, stop in excerpt.marks:
        parts += [_escape(excerpt.text[end:start]), mark, _escape(excerpt.text[start:stop]), mark]
        end = stop
    return " ".join("".join([*parts, _escape(excerpt.text[end:])]).split())


def _escape(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|~" else char for char in text)
