"""What is indexed, when, what failed and why: read from the index and held against the files as they are."""

from pathlib import Path
from typing import TypedDict

from qa.manifest import read_manifest
from qa.sources import has_changed, read_sources
from qa.state import Held, read_state


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


def status(folder: Path) -> StatusRecord:
    """The state of the index in ``folder``. Its vectors and words are not looked at: :meth:`Index.open` is.

    Raises:
        IndexMissingError, IndexDamagedError: there is none, or what it says of itself cannot be read.
    """
    state = read_state(folder)
    sources = read_sources(folder, state.sources)
    first = {each.content: each.path for each in sources if each.documents or each.failures}
    return {
        "documents": sum(_documents(folder, held) for held in state.builds),
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


def _documents(folder: Path, held: Held) -> int:
    """How many documents of a build are in force."""
    return read_manifest(folder / held.name).documents - len(held.removed)
