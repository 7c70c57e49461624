"""The history of a question as an evidence sheet."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from qa import __version__
from qa.errors import UserError
from qa.export.evidence_sheet import Entry, Sheet, build_sheet, sheet_html
from qa.tracking.store import TrackingStore
from qa.tracking.values import KeptAnswer


def history_sheet(title: str, history: Sequence[KeptAnswer], store: TrackingStore) -> str:
    """Return the answers of ``history`` as one HTML file that ``attest verify`` checks, each with the texts
    that it was cut from; those that were removed meanwhile are left out. The date of the sheet is that of the
    newest.
    """
    entries: list[Entry] = []
    for kept in history:
        with suppress(UserError):
            sheet = build_sheet(title, [kept.answer], store.documents(kept), None)
            entries += [_dated(entry, kept.asked[:10]) for entry in sheet.entries]
    made = history[-1].asked[:10] if history else ""
    return sheet_html(Sheet(title, made, __version__, tuple(entries)))


def _dated(entry: Entry, date: str) -> Entry:
    """Return ``entry`` with the date on which it was asked beside its question."""
    question = f"{entry.question} ({date})"
    return replace(
        entry, question=question, resolved=question if entry.resolved == entry.question else entry.resolved
    )
