"""The files of the addition in progress, and those of the last one that failed."""

from collections.abc import Iterable
from dataclasses import replace

from qa.uploads.ids import ID_FOLDER
from qa.uploads.listing import DocumentRow, DocumentState


class PendingFiles:
    """Files that are being added or have failed. One thread at a time changes them; any thread reads them."""

    def __init__(self) -> None:
        """No files."""
        self.rows: tuple[DocumentRow, ...] = ()

    @property
    def busy(self) -> bool:
        """True if files are being added."""
        return any(row.state is not DocumentState.FAILED for row in self.rows)

    @property
    def failures(self) -> tuple[DocumentRow, ...]:
        """The files that could not be added."""
        return tuple(row for row in self.rows if row.state is DocumentState.FAILED)

    def begin(self, ids: Iterable[str]) -> None:
        """Begin an addition of files with these ``ids``, and forget the one before."""
        self.rows = tuple(map(_row, ids))

    def start_reading(self, doc_id: str) -> None:
        """Note that the file is being read."""
        self._replace(doc_id, DocumentState.READING)

    def fail(self, doc_id: str, reason: str) -> None:
        """Note that the file, or one inside it, could not be added, and why."""
        if not any(row.id == doc_id for row in self.rows):
            self.rows = (*self.rows, _row(doc_id))
        self._replace(doc_id, DocumentState.FAILED, reason)

    def end(self) -> None:
        """End the addition; the files that failed stay."""
        self.rows = self.failures

    def clear(self) -> None:
        """Forget all files."""
        self.rows = ()

    def remove(self, doc_id: str) -> bool:
        """Remove a file; whether there was one of that id."""
        rest = tuple(row for row in self.rows if row.id != doc_id)
        found = len(rest) < len(self.rows)
        self.rows = rest
        return found

    def _replace(self, doc_id: str, state: DocumentState, reason: str = "") -> None:
        self.rows = tuple(
            replace(row, state=state, reason=reason) if row.id == doc_id else row for row in self.rows
        )


def _row(doc_id: str) -> DocumentRow:
    return DocumentRow(doc_id, doc_id.removeprefix(f"{ID_FOLDER}/"), state=DocumentState.WAITING)
