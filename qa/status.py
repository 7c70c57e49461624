"""What is indexed, when, what failed and why: read from the index and held against the files as they are."""

from pathlib import Path
from typing import TypedDict

from qa.ports import Store
from qa.sources import has_changed


class SameRecord(TypedDict):
    """A file with the bytes of another, which was indexed in its place."""

    path: str
    same_as: str


class FailedRecord(TypedDict):
    """A file, or a part of one, that could not be read."""

    path: str
    reason: str


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


def status(store: Store) -> StatusRecord:
    """The state of the index in ``store``. Its vectors and words are not looked at: :meth:`Index.open` is.

    Raises:
        IndexMissingError, IndexDamagedError: there is none, or what it says of itself cannot be read.
    """
    opened = store.outline()
    state, sources = opened.state, opened.sources
    first = {each.content: each.path for each in sources if each.documents or each.failures}
    return {
        "documents": sum(each.manifest.documents - len(each.held.removed) for each in opened.builds),
        "builds": len(state.builds),
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
        "changed": [each.path for each in sources if has_changed(Path(state.root), each)],
    }
