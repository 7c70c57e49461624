"""What takes long to make of the documents, made once for each choice of them, until they change."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from qa.pipeline import Pipeline
from qa.query.document_filter import DocumentFilter

_T = TypeVar("_T")

_KEPT = 32
"""Results that are kept until the documents change: those that readers of one server look at in turn."""


class MadeOnce(Generic[_T]):
    """The results of ``make`` over the present documents. One is made at a time."""

    def __init__(self, make: Callable[[Pipeline, DocumentFilter], _T]) -> None:
        """Make nothing yet."""
        self._make = make
        self._lock = Lock()
        self._pipeline: Pipeline | None = None
        self._made: OrderedDict[DocumentFilter, _T] = OrderedDict()

    def get(self, pipeline: Pipeline, chosen: DocumentFilter) -> _T:
        """Return what is made of the documents that ``chosen`` matches."""
        with self._lock:
            if pipeline is not self._pipeline:
                self._pipeline = pipeline
                self._made.clear()
            if chosen not in self._made:
                self._made[chosen] = self._make(pipeline, chosen)
            self._made.move_to_end(chosen)
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
            return self._made[chosen]
