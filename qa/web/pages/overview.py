"""The page ``/overview``: what is in the documents, in a folder of them, or in one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from qa.export.text import highlight_groups, highlight_text, overview_remark
from qa.pipeline import Pipeline
from qa.runtime import PipelineSource
from qa.schema import Overview
from qa.uploads.collections import Names
from qa.web.pages.access import CollectionsOf, DocumentsOf
from qa.web.pages.choice import Choice, ChoicePage
from qa.web.pages.frame import Frame


def overview_page(documents_of: DocumentsOf, collections_of: CollectionsOf) -> APIRouter:
    """Return the route of the page over the documents and collections of each reader."""
    routes = APIRouter(include_in_schema=False)
    page = ChoicePage(Frame("qa.web.pages", "overview.css"), "overview.html", Pipeline.overview)

    @routes.get("/overview")
    def show(
        request: Request,
        choice: Annotated[Choice, Depends()],
        source: Annotated[PipelineSource, Depends(documents_of)],
        own: Annotated[Names, Depends(collections_of)],
    ) -> Response:
        """Show the overview of what the reader has chosen."""
        return page.render(request, source.pipeline, own, choice, _values)

    return routes


def _values(overview: Overview | None) -> dict[str, object]:
    return {
        "overview": overview,
        "remark": overview_remark(overview) if overview else "",
        "groups": highlight_groups(overview.highlights) if overview else [],
        "text_of": highlight_text,
    }
