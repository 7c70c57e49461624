"""The pipeline over the shared index and one of uploads."""

import logging
from dataclasses import dataclass

from qa.index.index import Index
from qa.pipeline import Pipeline
from qa.runtime import Runtime

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A pipeline, and the shared one and the index that it was made of."""

    shared: Pipeline
    own: Index | None
    pipeline: Pipeline


class PipelineCache:
    """The pipeline over the index of a runtime joined with one of uploads, made anew when either changes."""

    def __init__(self, runtime: Runtime) -> None:
        """Begin with the pipeline of ``runtime``."""
        self._runtime = runtime
        self._entry = _Entry(runtime.pipeline, None, runtime.pipeline)

    def over(self, own: Index | None) -> Pipeline:
        """Return the pipeline over the shared index as it is now, joined with ``own`` where there is one."""
        shared, entry = self._runtime.pipeline, self._entry
        if entry.shared is not shared or entry.own is not own:
            try:
                pipeline = self._runtime.with_uploads(own) if own else shared
            except ValueError:  # an update of the index has a document with the id of an uploaded one
                log.warning(
                    "A document of the index has the same id as an uploaded one; until one of them is "
                    "removed, answers come from the documents as they were before"
                )
                pipeline = entry.pipeline
            entry = self._entry = _Entry(shared, own, pipeline)
        return entry.pipeline
