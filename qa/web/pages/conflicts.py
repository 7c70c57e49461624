"""The page ``/conflicts``: where the documents disagree, the quotes side by side, the newer first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from qa.conflicts.corpus import CorpusConflicts
from qa.export.text import conflict_heading
from qa.pipeline import Pipeline
from qa.runtime import PipelineSource
from qa.schema import Quote, QuotedWords
from qa.uploads.collections import Names
from qa.web.pages.access import CollectionsOf, DocumentsOf
from qa.web.pages.choice import Choice, ChoicePage
from qa.web.pages.frame import Frame


def conflicts_page(documents_of: DocumentsOf, collections_of: CollectionsOf) -> APIRouter:
    """Return the route of the page over the documents and collections of each reader. Documents are
    compared when a reader asks for it, because that can take as long as :data:`qa.conflicts.corpus.SECONDS`.
    """
    routes = APIRouter(include_in_schema=False)
    page = ChoicePage(Frame("qa.web.pages", "conflicts.css"), "conflicts.html", Pipeline.conflicts)

    @routes.get("/conflicts")
    def show(
        request: Request,
        choice: Annotated[Choice, Depends()],
        source: Annotated[PipelineSource, Depends(documents_of)],
        own: Annotated[Names, Depends(collections_of)],
        compare: bool = False,
    ) -> Response:
        """Show the form and, where documents are to be compared, their conflicts."""
        return page.render(request, source.pipeline, own, choice, _values, form_alone=not compare)

    return routes


def _values(found: CorpusConflicts | None) -> dict[str, object]:
    return {
        "found": found,
        "counted": _count(found) if found else "",
        "quotes": {quote.number: quote for quote in found.quotes} if found else {},
        "heading": conflict_heading,
        "segments": _segments,
    }


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
