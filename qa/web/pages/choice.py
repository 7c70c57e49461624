"""The pages that show what takes long to make of the documents that are chosen, once for each choice."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from threading import Lock
from typing import Annotated, Generic, TypeVar
from weakref import WeakKeyDictionary

from fastapi import Query, Request
from fastapi.responses import Response

from qa.errors import UserError
from qa.nlp.dates import Period
from qa.pipeline import Pipeline
from qa.query.document_filter import DocumentFilter
from qa.uploads.collections import Names, find_members
from qa.web.pages.frame import Frame

_T = TypeVar("_T")

_KEPT = 32
"""Results that are kept until the documents change: those that readers of one server look at in turn."""

_OFFERED = 300
"""Names that the box offers while a reader types. Any other can be typed as well."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The name and dates that a reader put into the form. As a dependency it is read from the address."""

    within: Annotated[str, Query(alias="in")] = ""
    since: str = ""
    until: str = ""

    def document_filter(self, pipeline: Pipeline, own: Names) -> DocumentFilter:
        """Return which documents of ``pipeline`` it means to a reader who has the collections ``own``. Their
        names are not in it: what is made of these documents is kept, and shown to others who choose them.

        Raises:
            UserError: the name or a date means nothing.
        """
        chosen = choose_documents(self.within, pipeline, own, Period.of(self.since, self.until))
        return replace(chosen, name="") if self.within in own else chosen


class ChoicePage(Generic[_T]):
    """Shows the form and what ``make`` makes of the documents, for every reader over their own. One is made
    at a time.
    """

    def __init__(self, frame: Frame, template: str, make: Callable[[Pipeline, DocumentFilter], _T]) -> None:
        """Make nothing yet. The ``template`` of ``frame`` includes the form, ``choose.html``."""
        self._frame = frame
        self._template = template
        self._make = make
        self._lock = Lock()
        self._made: WeakKeyDictionary[Pipeline, OrderedDict[DocumentFilter, _T]] = WeakKeyDictionary()

    def render(
        self,
        request: Request,
        pipeline: Pipeline,
        own: Names,
        choice: Choice,
        values: Callable[[_T | None], Mapping[str, object]],
        *,
        form_alone: bool = False,
    ) -> Response:
        """Return the page for a reader who has the documents of ``pipeline`` and the collections ``own``,
        with the ``values`` that the template needs for what was made; None where the choice means nothing, or
        for the ``form_alone``.
        """
        made, told, status = None, "", 200
        if not form_alone:
            try:
                made = self._get(pipeline, choice.document_filter(pipeline, own))
            except UserError as error:
                told, status = f"{error}.", 422
        return self._frame.render(
            request,
            self._template,
            status,
            choice=choice,
            offered=offered_names(pipeline, own),
            told=told,
            **values(made),
        )

    def _get(self, pipeline: Pipeline, chosen: DocumentFilter) -> _T:
        with self._lock:
            made = self._made.setdefault(pipeline, OrderedDict())
            if chosen not in made:
                made[chosen] = self._make(pipeline, chosen)
            made.move_to_end(chosen)
            if len(made) > _KEPT:
                made.popitem(last=False)
            return made[chosen]


def choose_documents(name: str, pipeline: Pipeline, own: Names, period: Period | None) -> DocumentFilter:
    """Return the documents of ``pipeline`` that ``name`` means to a reader who has the collections ``own``,
    which go before all else of that name; all for an empty name.

    Raises:
        UserError: the name means nothing, or an empty collection.
    """
    if name in own:
        return DocumentFilter(find_members(name, own[name], pipeline.documents), period=period, name=name)
    return pipeline.document_filter([name] if name else [], period)


def offered_names(pipeline: Pipeline, own: Collection[str] = ()) -> Sequence[str]:
    """Return what a box for documents offers: the reader's ``own`` collections and those of the server, then
    folders, then documents.
    """
    names = dict.fromkeys([*sorted(own), *sorted(pipeline.collections)])
    ids = sorted(pipeline.documents)
    folders = {folder for each in ids for folder in accumulate(each.split("/")[:-1], "{}/{}".format)}
    return [*names, *(f"{each}/" for each in sorted(folders)), *ids][:_OFFERED]
