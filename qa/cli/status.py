"""What is indexed, when, what failed and why: read from the index and held against the files as they are."""

from pathlib import Path
from typing import TypedDict

from qa.errors import IndexDamagedError, IndexMissingError
from qa.index.base import Store
from qa.index.sources import has_changed
from qa.uploads.index import unreadable


class SameRecord(TypedDict):
    """A file with the bytes of another, which was indexed in its place."""

    path: str
    same_as: str


class FailedRecord(TypedDict):
    """A file, or a part of one, that could not be read."""

    path: str
    reason: str


class UploadedRecord(TypedDict):
    """What was uploaded to servers that share it."""

    documents: int
    trouble: str
    """Why it cannot be read; empty if it can."""


class StatusRecord(TypedDict):
    """The state of an index."""

    documents: int
    builds: int
    written: str
    by: str
    root: str
    files: int
    duplicates: list[SameRecord]
    failed: list[FailedRecord]
    changed: list[str]
    uploads: UploadedRecord


def status(store: Store, uploads: Store | None = None) -> StatusRecord:
    """The state of the index in ``store``, and how much there is in that of ``uploads``. Vectors and words
    are not looked at: :meth:`Index.open` does that.

    Raises:
        IndexMissingError, IndexDamagedError: there is no index, or what it says of itself cannot be read.
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
        "duplicates": [
            {"path": each.path, "same_as": first[each.content]}
            for each in sources
            if not each.documents and not each.failures and each.content in first
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
