"""The index that tracked questions search at one moment, and the uploads that some search beside it."""

from collections.abc import Callable
from contextlib import suppress

from qa.errors import UserError
from qa.index.index import Index
from qa.pipeline import Pipeline
from qa.query.document_filter import DocumentFilter
from qa.runtime import join_uploads
from qa.tracking.values import Question, Scope
from qa.uploads.stored import Uploads

UploadsOf = Callable[[Question], Index | None]
"""Returns the index of the uploads that a question searches, as it is now; None if there are none. Raises
AttestError where it cannot be read."""


class View:
    """The documents of every question, as they are now, whatever changes meanwhile."""

    def __init__(self, index: Index, pipeline: Pipeline, uploads_of: UploadsOf) -> None:
        """Look at ``index``, over which ``pipeline`` is."""
        self.index = index
        self.without_uploads = pipeline
        self._uploads_of = uploads_of
        self._uploads: dict[str, Index | None] = {}
        self._pipelines = {"": pipeline}
        self._filters: dict[tuple[str, Scope], DocumentFilter] = {}

    def uploads(self, question: Question) -> Index | None:
        """Return the index of the uploads that ``question`` searches; None if there are none.

        Raises:
            AttestError: it cannot be read.
        """
        if question.uploads is Uploads.NONE:
            return None
        if question.library not in self._uploads:
            self._uploads[question.library] = self._uploads_of(question)
        return self._uploads[question.library]

    def pipeline(self, question: Question) -> Pipeline:
        """Return the pipeline over all that ``question`` searches. Uploads that have the id of a document of
        the index are left out until one of both is removed.

        Raises:
            AttestError: the uploads cannot be read.
        """
        known = self._pipelines.get(question.library)
        if known:
            return known
        pipeline, uploads = self.without_uploads, self.uploads(question)
        if uploads:
            with suppress(ValueError):
                pipeline = join_uploads(pipeline, self.index, uploads)
        self._pipelines[question.library] = pipeline
        return pipeline

    def document_filter(self, question: Question) -> DocumentFilter:
        """Return which documents ``question`` searches. A name that means nothing any more, such as that of a
        folder that is gone, stands for none.
        """
        key = question.library, question.scope
        if key not in self._filters:
            self._filters[key] = _document_filter(self.pipeline(question), question.scope)
        return self._filters[key]

    def states(self, question: Question) -> dict[str, str]:
        """Return the state of the index, and of the library of uploads that ``question`` searches, if any."""
        states = {question.library: library_state(self.uploads(question))}
        return {**states, "": self.index.state}


def library_state(uploads: Index | None) -> str:
    """Return the state of a library of uploads, empty if it has none."""
    return uploads.state if uploads else ""


def _document_filter(pipeline: Pipeline, scope: Scope) -> DocumentFilter:
    if not scope.documents:
        return pipeline.document_filter((), scope.period)
    found: set[str] = set()
    for name in scope.documents:
        try:
            found |= pipeline.document_filter([name]).only or set()
        except UserError:
            continue
    return DocumentFilter(frozenset(found), period=scope.period, name=", ".join(scope.documents))
