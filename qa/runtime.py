"""The index that a server answers from: the one in force, which a finished update replaces by itself."""

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.errors import AttestError
from qa.index.base import Store
from qa.index.follower import IndexFollower, refresh_regularly
from qa.index.index import Index
from qa.index.multi_index import MultiIndex
from qa.pipeline import Pipeline

log = logging.getLogger(__name__)


class Runtime(Protocol):
    """What all visitors of a server share at the moment: the index, the models, the pipeline over both."""

    @property
    def index(self) -> Index:
        """The index."""

    @property
    def encoder(self) -> Encoder:
        """The embedding model."""

    @property
    def identity(self) -> EmbeddingIdentity:
        """Which embedding model that is."""

    @property
    def pipeline(self) -> Pipeline:
        """The flow over the index."""

    def with_uploads(self, own: Index) -> Pipeline:
        """The same flow over the index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """


@dataclass(frozen=True, slots=True)
class StaticRuntime:
    """What a process shares, opened once: the index, the embedding model, the flow over both."""

    index: Index
    encoder: Encoder
    identity: EmbeddingIdentity
    pipeline: Pipeline

    def over(self, index: Index) -> "StaticRuntime":
        """The same over another state of the index."""
        return StaticRuntime(index, self.encoder, self.identity, self.pipeline.over(index, index.changed))

    def with_uploads(self, own: Index) -> Pipeline:
        """The same flow, and the same language model, over the shared index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """
        return self.pipeline.over(MultiIndex([self.index, own]))


class LiveRuntime:
    """Parts that follow the index on disk. What is being answered goes on with those it began with.

    Safe to use from many threads: each looks at a pipeline once, and keeps to it.
    """

    def __init__(self, parts: StaticRuntime, store: Store) -> None:
        """Begin with ``parts``, whose index was opened from ``store``."""
        self._parts = parts
        self._followed = IndexFollower(store, parts.index)
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

    def with_uploads(self, own: Index) -> Pipeline:
        """The same flow over that index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """
        return self._parts.with_uploads(own)

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
        return refresh_regularly(self.refresh)
