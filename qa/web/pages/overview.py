"""The page ``/overview``: what is in the documents, in a folder of them, or in one."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from qa.errors import UserError
from qa.export.text import highlight_groups, highlight_text, overview_remark
from qa.nlp.dates import Period
from qa.pipeline import Pipeline
from qa.runtime import PipelineSource
from qa.web.pages.access import ReaderCheck
from qa.web.pages.frame import Frame
from qa.web.pages.made_once import MadeOnce

_OFFERED = 300
"""Names that the box offers while a reader types. Any other can be typed as well."""

_FRAME = Frame("qa.web.pages", "overview.css")


def overview_page(source: PipelineSource, check: ReaderCheck) -> APIRouter:
    """Return the route of the page over the pipeline of ``source``."""
    routes = APIRouter(include_in_schema=False)
    overviews = MadeOnce(Pipeline.overview)

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
            offered=choices_of(pipeline),
            overview=overview,
            told=told,
            remark=overview_remark(overview) if overview else "",
            groups=highlight_groups(overview.highlights) if overview else [],
            text_of=highlight_text,
        )

    return routes


def choices_of(pipeline: Pipeline) -> Sequence[str]:
    """Return what a box for documents offers: collections, then folders, then documents."""
    ids = sorted(pipeline.documents)
    folders = {folder for each in ids for folder in accumulate(each.split("/")[:-1], "{}/{}".format)}
    return [*sorted(pipeline.collections), *(f"{each}/" for each in sorted(folders)), *ids][:_OFFERED]
