"""The page that finds every mention of something, and its tables to take away. It works without scripts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from qa.errors import UserError
from qa.export.mentions import mentions_csv, mentions_record, mentions_xlsx
from qa.mentions.base import Mentions
from qa.nlp.dates import Period
from qa.pipeline import Pipeline
from qa.runtime import PipelineSource
from qa.schema import Document
from qa.uploads.collections import Names
from qa.web.pages.access import CollectionsOf, DocumentsOf
from qa.web.pages.choice import choose_documents, offered_names
from qa.web.pages.frame import Frame
from qa.web.sweeps import Sweeps

PER_PAGE = 100
"""Mentions on one page."""

_FRAME = Frame("qa.web.pages")

_FILES: Mapping[str, tuple[Callable[[Mentions, Mapping[str, Document]], str | bytes], str]] = {
    "mentions.csv": (mentions_csv, "text/csv"),
    "mentions.xlsx": (mentions_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "mentions.json": (
        lambda found, documents: json.dumps(mentions_record(found, documents), ensure_ascii=False),
        "application/json",
    ),
}
"""The writer of the mentions to the file of each name, and its media type."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The values that a reader put into the form. As a dependency it is read from the address."""

    q: str = ""
    within: str = ""
    since: str = ""
    until: str = ""
    words: bool = False

    @property
    def query(self) -> str:
        """The end of an address that asks the same."""
        asked = {**asdict(self), "words": "true" if self.words else ""}
        return urlencode({name: value for name, value in asked.items() if value})


def find_page(documents_of: DocumentsOf, collections_of: CollectionsOf, sweeps: Sweeps) -> APIRouter:
    """Return the routes of the page over the documents and collections of each reader, whose lists
    ``sweeps`` keeps.
    """
    routes = APIRouter(include_in_schema=False)

    def find(pipeline: Pipeline, own: Names, asked: Asked) -> Mentions:
        period = Period.of(asked.since, asked.until)
        document_filter = choose_documents(asked.within, pipeline, own, period)
        return sweeps.find(pipeline, asked.q, document_filter, by_meaning=not asked.words)

    @routes.get("/mentions")
    def show(
        request: Request,
        source: Annotated[PipelineSource, Depends(documents_of)],
        own: Annotated[Names, Depends(collections_of)],
        asked: Annotated[Asked, Depends()],
        page: Annotated[int, Query(ge=1)] = 1,
    ) -> Response:
        """Show the form and, where something is looked for, a page of its mentions."""
        said, record, status, pages = "", None, 200, 0
        pipeline = source.pipeline
        if asked.q.strip():
            try:
                found = find(pipeline, own, asked)
            except UserError as error:
                said, status = str(error), 422
            else:
                pages = -(-len(found.mentions) // PER_PAGE)
                page = min(page, max(pages, 1))
                record = mentions_record(found, pipeline.documents, (page - 1) * PER_PAGE, PER_PAGE)
        return _FRAME.render(
            request,
            "find.html",
            status,
            said=said,
            asked=asked,
            offered=offered_names(pipeline, own),
            record=record,
            page=page,
            pages=pages,
        )

    @routes.get("/pages/mentions/{name}")
    def take_away(
        name: str,
        source: Annotated[PipelineSource, Depends(documents_of)],
        own: Annotated[Names, Depends(collections_of)],
        asked: Annotated[Asked, Depends()],
    ) -> Response:
        """Return all mentions as a file."""
        if name not in _FILES:
            raise HTTPException(404, f"There is no such table; there are {', '.join(_FILES)}")
        write, media_type = _FILES[name]
        pipeline = source.pipeline
        try:
            content = write(find(pipeline, own, asked), pipeline.documents)
        except UserError as error:
            raise HTTPException(422, str(error)) from error
        return Response(content, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, media_type)

    return routes
