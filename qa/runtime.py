"""The index, models and pipeline that a server's sessions share, replaced when an update is finished."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Protocol

from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.errors import AttestError, IndexMissingError
from qa.index.base import Store
from qa.index.follower import IndexFollower, refresh_regularly
from qa.index.index import Index
from qa.index.multi_index import MultiIndex
from qa.pipeline import Pipeline

log = logging.getLogger(__name__)

ModelChoice = Callable[[Pipeline], Pipeline]
"""Returns a pipeline with another language model, which is found when it is first chosen. Raises AttestError
if there is no such model."""


class PipelineSource(Protocol):
    """Whatever has a pipeline, which may be another at each look."""

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline over the documents as they are now."""


class Runtime(PipelineSource, Protocol):
    """The index, the models and the pipeline over both that all visitors of a server share at the moment."""

    @property
    def index(self) -> Index:
        """The index."""

    @property
    def encoder(self) -> Encoder:
        """The embedding model."""

    @property
    def identity(self) -> EmbeddingIdentity:
        """The identity of the embedding model."""

    @property
    def models(self) -> Mapping[str, ModelChoice]:
        """The language models that can be chosen, by their names."""

    def with_uploads(self, own: Index) -> Pipeline:
        """Return the same pipeline over the index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """


def join_uploads(pipeline: Pipeline, index: Index, own: Index) -> Pipeline:
    """Return ``pipeline`` over the ``index`` that all share joined with one of uploads.

    Raises:
        ValueError: the two have a document of the same id.
    """
    return pipeline.over(MultiIndex([index, own]))


@dataclass(frozen=True, slots=True)
class StaticRuntime:
    """An index, the models and the pipeline over them, opened once."""

    index: Index
    encoder: Encoder
    identity: EmbeddingIdentity
    pipeline: Pipeline
    models: Mapping[str, ModelChoice] = field(default_factory=dict)
    """The language models that can be chosen, by their names."""

    def over(self, index: Index) -> "StaticRuntime":
        """Return the same runtime over another snapshot of the index."""
        return replace(self, index=index, pipeline=self.pipeline.over(index, index.changed))

    def with_uploads(self, own: Index) -> Pipeline:
        """Return a pipeline with the same language model over the shared index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """
        return join_uploads(self.pipeline, self.index, own)


class LiveRuntime:
    """A runtime that follows the index in a store. Answers under way finish with the index they began with.

    Safe to use from many threads: each takes the pipeline once and keeps it.
    """

    def __init__(self, runtime: StaticRuntime, store: Store) -> None:
        """Begin with ``runtime``, whose index was opened from ``store``."""
        self._runtime = runtime
        self._follower = IndexFollower(store, runtime.index)
        self._trouble = ""

    @property
    def index(self) -> Index:
        """The index as it was at the last refresh."""
        return self._runtime.index

    @property
    def encoder(self) -> Encoder:
        """The embedding model."""
        return self._runtime.encoder

    @property
    def identity(self) -> EmbeddingIdentity:
        """The identity of the embedding model."""
        return self._runtime.identity

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline over that index."""
        return self._runtime.pipeline

    @property
    def models(self) -> Mapping[str, ModelChoice]:
        """The language models that can be chosen, by their names."""
        return self._runtime.models

    def with_uploads(self, own: Index) -> Pipeline:
        """Return the same pipeline over that index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """
        return self._runtime.with_uploads(own)

    def change(self, change: Callable[[StaticRuntime], StaticRuntime]) -> None:
        """Answer from now on with what ``change`` makes of the runtime, over the index as it is then."""
        changed = change(self._runtime)
        index = self._runtime.index
        self._runtime = changed if changed.index is index else changed.over(index)

    def refresh(self) -> bool:
        """Open the current index if it has changed, and return whether it had.

        If it cannot be opened, the last good one stays, and the log says so once.
        """
        try:
            changed = self._follower.refresh()
        except IndexMissingError as error:
            return self._remain(error) if self.index.documents else False  # the first is not there yet
        except (AttestError, OSError) as error:
            return self._remain(error)
        self._trouble = ""
        if changed and self._follower.index:
            self._runtime = self._runtime.over(self._follower.index)
        return changed

    def _remain(self, error: Exception) -> bool:
        """Keep the index as it is, and say why, once."""
        if str(error) != self._trouble:
            log.warning("The new index cannot be opened; answers still come from the previous one: %s", error)
        self._trouble = str(error)
        return False

    def follow(self) -> AbstractContextManager[None]:
        """Refresh regularly for as long as the context lasts."""
        return refresh_regularly(self.refresh)
