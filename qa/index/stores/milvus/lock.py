"""The lock on an index in Milvus: one process writes it at a time, on whichever machine.

To make an alias that is there already fails: that is the lock. The collection that it points to says who
holds it, and is rewritten while they do; who was not heard of for a while is taken for dead.
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
from qa.index.stores.milvus.blobs import Texts
from qa.index.stores.milvus.connection import Connection

BEAT_SECONDS = 10.0
"""How often a writer says that it is alive."""

DEAD_SECONDS = 60.0
"""Silence after which a writer counts as dead: two answers of Milvus that took as long as they may."""

SETTLE_SECONDS = 1.0
"""Of several that take a dead writer's place, the one that has it after so long is the one."""

_LOOK_SECONDS = 0.5
_OWNER = "owner"
_LAST = ".claim"
"""The file, in the store's folder, that names what this machine held last."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who holds the lock, as was last heard of them."""

    collection: str
    who: str
    beat: int


class Claim:
    """One writer's claim to an index."""

    def __init__(self, milvus: Connection, name: str) -> None:
        """A claim to the index ``name`` that nobody knows of yet."""
        self.own = f"{name}_writer_{secrets.token_hex(8)}"
        self._alias = f"{name}_writing"
        self._milvus = milvus
        self._what = f"the index {name} in {milvus.address.uri}"
        self._who = lock.this_process()

    def take(self, dead: str, wait_seconds: float) -> None:
        """Be the writer, once whoever is has finished, if that is within ``wait_seconds``. ``dead`` is a
        claim known to be nobody's any more.

        Raises:
            UserError: another process is writing; the message says which.
            IndexUnavailableError: Milvus does not answer.
        """
        texts = Texts.make(self._milvus, self.own)
        texts.write(_OWNER, self._says(0))
        until = time.monotonic() + wait_seconds
        while not self._made():
            holder = self._silent(dead, until)
            if holder:
                self._replace(holder)
                return

    def confirm(self) -> None:
        """Raise UserError if another process took this one for dead and writes now."""
        holder = self._holder()
        if holder is None or holder.collection != self.own:
            raise UserError(
                f"Another process has begun to write {self._what}, because this one was not heard of for "
                f"{DEAD_SECONDS:.0f} seconds; what was in force stays. Try again when it has finished"
            )

    def beating(self) -> AbstractContextManager[None]:
        """Say again and again that this process is alive."""
        texts, beats = Texts(self._milvus, self.own), count(1)

        def beat() -> None:
            with suppress(IndexUnavailableError):
                texts.rewrite(_OWNER, self._says(next(beats)))

        return repeat_in_background(beat, BEAT_SECONDS)

    def drop(self) -> None:
        """Let others write. Where Milvus is gone, the next writer of this machine does it."""
        with suppress(IndexUnavailableError):
            holder = self._holder()
            if holder and holder.collection == self.own:
                self._milvus("drop_alias", alias=self._alias)
            self._milvus("drop_collection", collection_name=self.own)

    def _made(self) -> bool:
        """Whether the lock was free, and is this claim's now."""
        try:
            self._milvus("create_alias", collection_name=self.own, alias=self._alias)
        except IndexUnavailableError:
            if self._holder() is None:
                raise
            return False
        return True

    def _silent(self, dead: str, until: float) -> _Holder | None:
        """The holder, once they are dead; None once they let go.

        Raises:
            UserError: they are alive, and it is later than ``until``.
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
        self._milvus("alter_alias", collection_name=self.own, alias=self._alias)
        time.sleep(SETTLE_SECONDS)
        self.confirm()
        self._milvus("drop_collection", collection_name=holder.collection)

    def _holder(self) -> _Holder | None:
        """Who holds the lock; None if nobody does."""
        # A collection that is missing is described by the same error as a Milvus that is.
        if not self._milvus("has_collection", collection_name=self._alias):
            return None
        collection = str(self._milvus("describe_alias", alias=self._alias)["collection_name"])
        try:
            said = json.loads(Texts(self._milvus, collection).read(_OWNER))
            return _Holder(collection, said["who"], said["beat"])
        except IndexDamagedError:
            return _Holder(collection, "it does not say which", 0)

    def _says(self, beat: int) -> str:
        return json.dumps({"who": self._who, "beat": beat})


@contextmanager
def writing(milvus: Connection, name: str, home: Path, wait_seconds: float) -> Iterator[Claim]:
    """Be the only one to write the index ``name``, of this machine by the lock on ``home`` and of all by the
    one in Milvus; for each, ``wait_seconds`` are waited. What a process of this machine held that died is
    taken over at once.

    Raises:
        UserError: another process is writing it; the message says which.
        IndexUnavailableError: Milvus does not answer.
        OSError: ``home`` cannot be written.
    """
    with lock.writing(home, wait_seconds):
        claim, last = Claim(milvus, name), home / _LAST
        dead = last.read_text(encoding="utf-8") if last.is_file() else ""
        try:
            claim.take(dead, wait_seconds)
            last.write_text(claim.own, encoding="utf-8")
            with claim.beating():
                yield claim
        finally:
            claim.drop()
