"""The lock on an index in Milvus: one process writes it at a time, whatever machine it runs on.

Creating an alias that exists already fails: that is the lock. The collection that the alias points to names
the holder, which rewrites it as a heartbeat. A holder whose heartbeat has stopped for a while counts as dead.
"""

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from qa.concurrency import repeat_in_background
from qa.errors import IndexDamagedError, IndexUnavailableError, UserError
from qa.index.stores import lock
from qa.index.stores.milvus.blobs import TextCollection
from qa.index.stores.milvus.connection import Connection

BEAT_SECONDS = 10.0
"""Time between two heartbeats of a writer."""

DEAD_SECONDS = 60.0
"""Time without a heartbeat after which a writer counts as dead: twice the longest wait for an answer of
Milvus."""

SETTLE_SECONDS = 1.0
"""The time after which a process that still has a dead writer's lock is its holder, when several take it at
once."""

_LOOK_SECONDS = 0.5
_OWNER = "owner"
_LAST = ".claim"
"""The file, in the store's folder, that names the last claim of this machine."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """The holder of the lock at its last heartbeat."""

    collection: str
    who: str
    beat: int


class Claim:
    """One writer's claim to the lock."""

    def __init__(self, milvus: Connection, name: str) -> None:
        """A claim to the lock of the index ``name``. Milvus is not told of it yet."""
        self.own = f"{name}_writer_{secrets.token_hex(8)}"
        self._alias = f"{name}_writing"
        self._milvus = milvus
        self._what = f"the index {name} in {milvus.address.uri}"
        self._who = lock.this_process()

    def acquire(self, dead: str, wait_seconds: float) -> None:
        """Take the lock. Wait for another holder for up to ``wait_seconds``. ``dead`` is a claim whose
        process is known to have died.

        Raises:
            UserError: another process is still writing; the message says which.
            IndexUnavailableError: Milvus does not answer.
        """
        texts = TextCollection.create(self._milvus, self.own)
        texts.write(_OWNER, self._record(0))
        until = time.monotonic() + wait_seconds
        while not self._create():
            holder = self._wait(dead, until)
            if holder:
                self._replace(holder)
                return

    def is_held(self) -> bool:
        """Return whether this claim holds the lock."""
        holder = self._holder()
        return holder is not None and holder.collection == self.own

    def confirm(self) -> None:
        """Raise UserError if another process took this one for dead and is writing now."""
        if not self.is_held():
            raise UserError(
                f"Another process has begun to write {self._what}, because it had not heard from this one "
                f"for {DEAD_SECONDS:.0f} seconds; the index is unchanged. Try again when it has finished"
            )

    def heartbeat(self) -> AbstractContextManager[None]:
        """Send a heartbeat every ``BEAT_SECONDS`` for as long as the context lasts."""
        texts, beats = TextCollection(self._milvus, self.own), count(1)

        def beat() -> None:
            with suppress(IndexUnavailableError):
                texts.rewrite(_OWNER, self._record(next(beats)))

        return repeat_in_background(beat, BEAT_SECONDS)

    def release(self) -> None:
        """Release the lock. If Milvus does not answer, the next writer on this machine takes it over."""
        with suppress(IndexUnavailableError):
            if self.is_held():
                self._milvus("drop_alias", alias=self._alias)
            self._milvus("drop_collection", collection_name=self.own)

    def _create(self) -> bool:
        """Take the lock if it is free, and return whether it was."""
        try:
            self._milvus("create_alias", collection_name=self.own, alias=self._alias)
        except IndexUnavailableError:
            if self._holder() is None:
                raise
            return False
        return True

    def _wait(self, dead: str, until: float) -> _Holder | None:
        """Wait for the holder and return it if it died; None if it released the lock.

        Raises:
            UserError: the holder is alive, and it is later than ``until``.
        """
        heard = last = self._holder()
        since = time.monotonic()
        while last and last.collection != dead and time.monotonic() - since < DEAD_SECONDS:
            if last != heard:
                if time.monotonic() >= until:
                    who = f"Another process is writing {self._what} ({last.who})"
                    raise UserError(f"{who}; try again when it has finished")
                heard, since = last, time.monotonic()
            time.sleep(_LOOK_SECONDS)
            last = self._holder()
        return last

    def _replace(self, holder: _Holder) -> None:
        """Take the lock of a holder that died."""
        self._milvus("alter_alias", collection_name=self.own, alias=self._alias)
        time.sleep(SETTLE_SECONDS)
        self.confirm()
        self._milvus("drop_collection", collection_name=holder.collection)

    def _holder(self) -> _Holder | None:
        """Return the holder of the lock; None if it is free."""
        # Asking for a missing alias fails with the same error as a Milvus that does not answer.
        if not self._milvus("has_collection", collection_name=self._alias):
            return None
        collection = str(self._milvus("describe_alias", alias=self._alias)["collection_name"])
        try:
            said = json.loads(TextCollection(self._milvus, collection).read(_OWNER))
            return _Holder(collection, said["who"], said["beat"])
        except IndexDamagedError:
            return _Holder(collection, "unknown", 0)

    def _record(self, beat: int) -> str:
        return json.dumps({"who": self._who, "beat": beat})


@contextmanager
def write_lock(milvus: Connection, name: str, home: Path, wait_seconds: float) -> Iterator[Claim]:
    """Hold the locks on the index ``name``: the one on ``home`` for this machine, and the one in Milvus for
    all. Wait for each for up to ``wait_seconds``. The lock of a process of this machine that died is taken
    over at once.

    Raises:
        UserError: another process is still writing; the message says which.
        IndexUnavailableError: Milvus does not answer.
        OSError: ``home`` cannot be written.
    """
    with lock.write_lock(home, wait_seconds):
        claim, last = Claim(milvus, name), home / _LAST
        dead = last.read_text(encoding="utf-8") if last.is_file() else ""
        try:
            claim.acquire(dead, wait_seconds)
            last.write_text(claim.own, encoding="utf-8")
            with claim.heartbeat():
                yield claim
        finally:
            claim.release()
