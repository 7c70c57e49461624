"""Record what an update changes, against the index as it was when the update began."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from qa.index.base import Store
from qa.index.change import Change, ChangeRef, dump_change, kept_changes
from qa.index.snapshot import Snapshot
from qa.index.update.merge import CurrentSegment
from qa.schema import Document


class ChangeRecorder:
    """Writes the change of one update. An update of several steps has one: each step replaces it."""

    def __init__(
        self, store: Store, before: Snapshot | None, current: Iterable[CurrentSegment], days: int
    ) -> None:
        """Compare with the snapshot ``before``, whose segments are ``current``; nothing is recorded without
        one, or if changes are kept for 0 ``days``.
        """
        self._store, self._days = store, days
        self._records = before is not None and days > 0
        self._former: tuple[ChangeRef, ...] = before.changes if before else ()
        self._documents: dict[str, Mapping[str, Document]] = {
            doc_id: each.opened.documents for each in current for doc_id in each.opened.documents
        }
        self._came: set[str] = set()
        self._gone: dict[str, Document] = {}

    def record(self, snapshot: Snapshot, new: Mapping[str, Document], leaving: Collection[str]) -> Snapshot:
        """Return ``snapshot`` with the changes that led to it, when ``new`` documents have been added since
        the last call, or written again, and those in ``leaving`` removed.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        if not self._records:
            return replace(snapshot, changes=kept_changes(self._former, self._days))
        for doc_id in {*leaving, *new}:
            documents = self._documents.get(doc_id, {})
            before, after = documents.get(doc_id), new.get(doc_id)
            self._came.discard(doc_id)
            self._gone.pop(doc_id, None)
            if before and after and before.text == after.text:
                continue
            if after is not None:
                self._came.add(doc_id)
            if before is not None:
                self._gone[doc_id] = before
        if not self._came and not self._gone:
            return replace(snapshot, changes=kept_changes(self._former, self._days))
        gone = tuple(self._gone[doc_id] for doc_id in sorted(self._gone))
        record = dump_change(Change(tuple(sorted(self._came)), gone), snapshot.written)
        made = ChangeRef(self._store.write_change(record), snapshot.written, len(record))
        return replace(snapshot, changes=kept_changes((*self._former, made), self._days))
