"""The state of an index: what it says of itself, compared with the files as they are now."""

from pathlib import Path
from typing import TypedDict

from qa.errors import IndexDamagedError, IndexMissingError
from qa.export.json import coverage_record
from qa.export.records import CoverageRecord
from qa.index.base import Store
from qa.index.sources import has_changed
from qa.uploads.index import unreadable


class SameRecord(TypedDict):
    """A file with the same bytes as another, which is indexed once for both."""

    path: str
    same_as: str


class FailedRecord(TypedDict):
    """A file, or a part of one, that is left out, and why."""

    path: str
    reason: str


class UploadedRecord(TypedDict):
    """The documents uploaded to ``attest serve --shared``."""

    documents: int
    trouble: str
    """The reason why they cannot be read; empty if they can."""


class StatusRecord(TypedDict):
    """The state of an index."""

    documents: int
    builds: int
    written: str
    by: str
    root: str
    files: int
    coverage: CoverageRecord
    duplicates: list[SameRecord]
    failed: list[FailedRecord]
    changed: list[str]
    uploads: UploadedRecord


def status(store: Store, uploads: Store | None = None) -> StatusRecord:
    """Return the state of the index in ``store``, and the number of documents in that of ``uploads``.

    Vectors and words are not checked: :meth:`Index.open` does that.

    Raises:
        IndexMissingError: there is no index.
        IndexDamagedError: its description cannot be read.
    """
    opened = store.describe()
    state, sources = opened.snapshot, opened.sources
    first = {each.content: each.path for each in sources if each.documents or each.failures}
    return {
        "documents": opened.document_count,
        "builds": len(state.segments),
        "written": state.written,
        "by": state.by,
        "root": state.root,
        "files": len(sources),
        "coverage": coverage_record(opened.coverage),
        "duplicates": [
            {"path": each.path, "same_as": first[each.content]}
            for each in sources
            if not (each.documents or each.failures or each.waits) and each.content in first
        ],
        "failed": [
            {"path": failed.path, "reason": failed.reason} for each in sources for failed in each.failures
        ],
        "changed": [each.path for each in sources if state.root and has_changed(Path(state.root), each)],
        "uploads": _uploaded(uploads),
    }


def _uploaded(store: Store | None) -> UploadedRecord:
    try:
        return {"documents": store.describe().document_count if store else 0, "trouble": ""}
    except IndexMissingError:
        return {"documents": 0, "trouble": ""}
    except IndexDamagedError as error:
        return {"documents": 0, "trouble": str(unreadable(error))}
