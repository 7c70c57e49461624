"""The page ``/conflicts``: where the documents disagree, the quotes side by side, the newer first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from qa.conflicts.corpus import CorpusConflicts
from qa.errors import UserError
from qa.export.text import conflict_heading
from qa.nlp.dates import Period
from qa.pipeline import Pipeline
from qa.runtime import PipelineSource
from qa.schema import Quote, QuotedWords
from qa.web.pages.access import ReaderCheck
from qa.web.pages.frame import Frame
from qa.web.pages.made_once import MadeOnce
from qa.web.pages.overview import choices_of

_FRAME = Frame("qa.web.pages", "conflicts.css")


def conflicts_page(source: PipelineSource, check: ReaderCheck) -> APIRouter:
    """Return the route of the page over the pipeline of ``source``. Documents are compared when a reader asks
    for it, because that can take as long as :data:`qa.conflicts.corpus.SECONDS`.
    """
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(check)])
    made = MadeOnce(Pipeline.conflicts)

    @routes.get("/conflicts")
    def show(
        request: Request,
        within: Annotated[str, Query(alias="in")] = "",
        since: str = "",
        until: str = "",
        compare: bool = False,
    ) -> Response:
        """Show the form and, where documents are to be compared, their conflicts."""
        pipeline = source.pipeline
        found, told, status = None, "", 200
        if compare:
            try:
                chosen = pipeline.document_filter([within] if within else [], Period.of(since, until))
                found = made.get(pipeline, chosen)
            except UserError as error:
                told, status = f"{error}.", 422
        return _FRAME.render(
            request,
            "conflicts.html",
            status,
            within=within,
            since=since,
            until=until,
            offered=choices_of(pipeline),
            told=told,
            found=found,
            counted=_count(found) if found else "",
            quotes={quote.number: quote for quote in found.quotes} if found else {},
            heading=conflict_heading,
            segments=_segments,
        )

    return routes


def _count(found: CorpusConflicts) -> str:
    """Return how many conflicts there are, in a sentence."""
    compared = f"{found.documents:,} {'document was' if found.documents == 1 else 'documents were'} compared"
    if not found.found:
        return f"No conflict was found; {compared}."
    said = f"{found.found:,} {'conflict was' if found.found == 1 else 'conflicts were'} found; {compared}."
    shown = len(found.conflicts)
    return said if shown == found.found else f"{said} These are the {shown:,} surest."


def _segments(quote: Quote, side: QuotedWords) -> tuple[str, str, str]:
    """Return a quote as what stands before the words that differ, these, and what stands after them."""
    start, end = (at - quote.span.start for at in (side.span.start, side.span.end))
    return quote.text[:start], quote.text[start:end], quote.text[end:]
