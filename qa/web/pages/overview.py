"""The page ``/overview``: what is in the documents, in a folder of them, or in one."""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from qa.errors import UserError
from qa.export.text import highlight_groups, highlight_text, overview_remark
from qa.nlp.dates import Period
from qa.pipeline import Pipeline
from qa.query.document_filter import DocumentFilter
from qa.runtime import PipelineSource
from qa.schema import Overview
from qa.web.pages.access import ReaderCheck
from qa.web.pages.frame import Frame

_KEPT = 32
"""Overviews that are kept until the documents change: those that readers of one server look at in turn."""

_OFFERED = 300
"""Names that the box offers while a reader types. Any other can be typed as well."""

_FRAME = Frame("qa.web.pages", "overview.css")


def overview_page(source: PipelineSource, check: ReaderCheck) -> APIRouter:
    """Return the route of the page over the pipeline of ``source``."""
    routes = APIRouter(include_in_schema=False)
    overviews = _Overviews()

    @routes.get("/overview", dependencies=[Depends(check)])
    def show(
        request: Request,
        within: Annotated[str, Query(alias="in")] = "",
        since: str = "",
        until: str = "",
    ) -> Response:
        """Show the overview of what the reader has chosen."""
        pipeline = source.pipeline
        overview, told, status = None, "", 200
        try:
            chosen = pipeline.document_filter([within] if within else [], Period.of(since, until))
            overview = overviews.get(pipeline, chosen)
        except UserError as error:
            told, status = f"{error}.", 422
        return _FRAME.render(
            request,
            "overview.html",
            status,
            within=within,
            since=since,
            until=until,
            offered=_names(pipeline),
            overview=overview,
            told=told,
            remark=overview_remark(overview) if overview else "",
            groups=highlight_groups(overview.highlights) if overview else [],
            text_of=highlight_text,
        )

    return routes


class _Overviews:
    """The overviews that were made of the present documents. One is made at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pipeline: Pipeline | None = None
        self._made: OrderedDict[DocumentFilter, Overview] = OrderedDict()

    def get(self, pipeline: Pipeline, chosen: DocumentFilter) -> Overview:
        """Return the overview of the documents that ``chosen`` matches."""
        with self._lock:
            if pipeline is not self._pipeline:
                self._pipeline = pipeline
                self._made.clear()
            if chosen not in self._made:
                self._made[chosen] = pipeline.overview(chosen)
            self._made.move_to_end(chosen)
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
            return self._made[chosen]


def _names(pipeline: Pipeline) -> Sequence[str]:
    """Return what the box offers: collections, then folders, then documents."""
    ids = sorted(pipeline.documents)
    folders = {folder for each in ids for folder in accumulate(each.split("/")[:-1], "{}/{}".format)}
    return [*sorted(pipeline.collections), *(f"{each}/" for each in sorted(folders)), *ids][:_OFFERED]
