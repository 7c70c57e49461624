"""The index that a server answers from: the one in force, which a finished update replaces by itself."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from qa.assemble import Parts
from qa.concurrency import repeating
from qa.errors import AttestError, IndexDamagedError, IndexMissingError
from qa.index.base import Encoder, Store
from qa.index.index import Index
from qa.index.manifest import EmbeddingIdentity
from qa.index.snapshot import State
from qa.pipeline import Pipeline

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often a server looks for an update: it reads one small file."""


class Followed:
    """The index in a store, as it was when it was last looked at."""

    def __init__(self, store: Store, encoder: Encoder, index: Index | None = None) -> None:
        """Begin with ``index``, if it was opened already, whose vectors ``encoder`` made."""
        self.index = index
        """None while there is none."""
        self._store = store
        self._encoder = encoder
        self._damaged: State | None = None
        self._fault = ""

    def refresh(self) -> bool:
        """Open what is in force by now, if it is something else; whether it was.

        Raises:
            IndexMissingError: there is none any more.
            IndexDamagedError: it cannot be opened. The last good one stays, and this one is not tried again.
            IndexUnavailableError: the store does not answer. The last good one stays.
        """
        try:
            state = self._store.state()
        except IndexMissingError:
            self.index = None
            raise
        if self.index and state == self.index.state:
            return False
        if state == self._damaged:
            raise IndexDamagedError(self._fault)
        try:
            self.index = Index.open(self._store, self._encoder)
        except IndexDamagedError as error:
            self._damaged, self._fault = state, str(error)
            raise
        return True


class Live:
    """Parts that follow the index on disk. What is being answered goes on with those it began with.

    Safe to use from many threads: each looks at a pipeline once, and keeps to it.
    """

    def __init__(self, parts: Parts, store: Store) -> None:
        """Begin with ``parts``, whose index was opened from ``store``."""
        self._parts = parts
        self._followed = Followed(store, parts.encoder, parts.index)
        self._trouble = ""

    @property
    def index(self) -> Index:
        """The index in force when it was last looked at."""
        return self._parts.index

    @property
    def encoder(self) -> Encoder:
        """The embedding model."""
        return self._parts.encoder

    @property
    def identity(self) -> EmbeddingIdentity:
        """Which embedding model that is."""
        return self._parts.identity

    @property
    def pipeline(self) -> Pipeline:
        """The flow over that index."""
        return self._parts.pipeline

    def with_own(self, own: Index) -> Pipeline:
        """The same flow over that index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """
        return self._parts.with_own(own)

    def refresh(self) -> bool:
        """Open what is in force by now, if it is something else; whether it was.

        Where that cannot be opened the last good one stays, and the log says so, once.
        """
        try:
            changed = self._followed.refresh()
        except (AttestError, OSError) as error:
            if str(error) != self._trouble:
                log.warning("The index cannot be opened anew; the former one goes on serving: %s", error)
            self._trouble = str(error)
            return False
        self._trouble = ""
        if changed and self._followed.index:
            self._parts = self._parts.over(self._followed.index)
        return changed

    def following(self) -> AbstractContextManager[None]:
        """Refresh every now and then for as long as the context lasts."""
        return following(self.refresh)


def following(refresh: Callable[[], object]) -> AbstractContextManager[None]:
    """Call ``refresh`` every now and then for as long as the context lasts."""
    return repeating(refresh, LOOK_SECONDS)
