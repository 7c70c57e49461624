"""The changes of an update: the documents that came and that went, with the text of those that went.

A snapshot names the changes that led to it, oldest first, as it names its segments: what is kept of former
states becomes current, and goes, in the same one step. Each change is written once. A former state is the
current one with the later changes undone.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from qa.errors import IndexDamagedError
from qa.index.document_store import dump_document, parse_document
from qa.schema import Document

MOST_BYTES = 256_000_000
"""The most that the changes of an index take together: the text of some 50,000 documents of a few pages that
went. Without a limit a folder that is replaced again and again would fill the disk."""


@dataclass(frozen=True, slots=True)
class ChangeRef:
    """A change that a snapshot names."""

    name: str
    """Of its file, or its text in Milvus; it has the SHA-256 of the content."""
    written: str
    """The time at which the update that made it committed, in UTC (ISO 8601)."""
    size: int
    """In bytes."""

    @property
    def state(self) -> str:
        """The short name, for people, of the state that the change led to."""
        return self.name.removeprefix("changes-")[:8]


@dataclass(frozen=True, slots=True)
class Change:
    """The documents that an update added and removed. One that it changed went and came."""

    came: tuple[str, ...]
    """Ids."""
    gone: tuple[Document, ...]
    """As they were."""


def dump_change(change: Change, written: str) -> bytes:
    """Return a change, made at ``written``, as lines of JSON: what came, then each document that went."""
    head = json.dumps({"written": written, "came": change.came}, ensure_ascii=False)
    return "".join([f"{head}\n", *map(dump_document, change.gone)]).encode()


def parse_change(data: bytes, name: str) -> Change:
    """Parse what :func:`dump_change` made of the change ``name``.

    Raises:
        IndexDamagedError: ``data`` is something else.
    """
    if change_name(data) != name:
        raise IndexDamagedError(
            f"{name}, which has the text of earlier documents, has changed since it was written; earlier "
            "changes can no longer be shown"
        )
    try:
        head, *lines = data.decode().split("\n")
        gone = tuple(parse_document(line) for line in lines if line)
        return Change(tuple(json.loads(head)["came"]), gone)
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{name} was written by another version of Attest") from error


def change_name(data: bytes) -> str:
    """Return the name of a change, which has its SHA-256."""
    return f"changes-{hashlib.sha256(data).hexdigest()}"


def kept_changes(refs: Iterable[ChangeRef], days: int) -> tuple[ChangeRef, ...]:
    """Return those of ``refs`` that are to be kept: not older than ``days``, and not more than
    ``MOST_BYTES`` together, the newest first to stay.
    """
    oldest = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    kept: list[ChangeRef] = []
    size = 0
    for each in reversed(tuple(refs)):
        size += each.size
        if not days or each.written < oldest or size > MOST_BYTES:
            break  # what is older cannot be undone without this one
        kept.insert(0, each)
    return tuple(kept)
