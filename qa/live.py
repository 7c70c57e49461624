"""The index that a server answers from: the one in force, which a finished update replaces by itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from qa.assemble import Parts
from qa.errors import AttestError
from qa.index import Index
from qa.manifest import EmbeddingIdentity
from qa.pipeline import Pipeline
from qa.ports import Encoder, Store
from qa.state import State

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often a server looks for an update: it reads one small file."""


class Live:
    """Parts that follow the index on disk. What is being answered goes on with those it began with.

    Safe to use from many threads: each looks at a pipeline once, and keeps to it.
    """

    def __init__(self, parts: Parts, store: Store) -> None:
        """Begin with ``parts``, whose index was opened from ``store``."""
        self._parts = parts
        self._store = store
        self._refused: State | None = None
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

        An index that cannot be opened is not tried again, and the last good one stays.
        """
        try:
            state = self._store.state()
            if state in (self.index.state, self._refused):
                return False
            self._refused = state
            index = Index.open(self._store, self.encoder)
        except (AttestError, OSError) as error:
            if str(error) != self._trouble:
                log.warning("The index cannot be opened anew; the former one goes on serving: %s", error)
            self._trouble = str(error)
            return False
        self._trouble = ""
        self._parts = self._parts.over(index)
        return True

    @contextmanager
    def following(self) -> Iterator[None]:
        """Refresh every now and then for as long as the context lasts."""
        ended = Event()

        def follow() -> None:
            while not ended.wait(LOOK_SECONDS):
                self.refresh()

        thread = Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
