"""The page that shows what changed in the documents, at ``/changes``."""

from collections.abc import Callable, Iterator, Mapping

from fastapi import APIRouter, Depends, Request, Response

from qa.changes.folder import DocumentChange, DocumentFate, FolderChange, compare_states
from qa.changes.record import HEADINGS, changes_markdown, local_time, summary
from qa.changes.sentences import Excerpt
from qa.errors import AttestError
from qa.runtime import Runtime
from qa.schema import Document
from qa.web.pages.access import ReaderCheck
from qa.web.pages.frame import Frame

MOST_DOCUMENTS = 200
"""Documents of each group that the page names; the Markdown file and ``attest diff`` have all."""

MOST_SENTENCES = 50
"""Sentences of a document that the page shows, the most telling ones: some ten screens."""


NOT_CHANGED_YET = (
    "Nothing has changed since the documents were first indexed, so there is nothing to compare yet. The "
    "next change is shown here"
)

NOT_KEPT = "This server does not keep what documents said before, so changes cannot be shown"

_FRAME = Frame("qa.web.pages", "changes.css")


def changes_page(runtime: Runtime, keep_days: int, check: ReaderCheck) -> APIRouter:
    """Return the page over the index of ``runtime``, which keeps former texts for ``keep_days``."""
    routes = APIRouter(include_in_schema=False, dependencies=[Depends(check)])

    @routes.get("/changes")
    def show(request: Request, since: str = "", until: str = "") -> Response:
        """Show what changed between two states, or in the last update."""
        states = [(each.state, local_time(each.written)) for each in reversed(runtime.index.snapshot.changes)]
        found, said = None, ""
        try:
            found = compare_states(runtime.index, since, until)
        except AttestError as error:
            said = str(error) if states else NOT_CHANGED_YET if keep_days else NOT_KEPT
        return _FRAME.render(
            request,
            "changes.html",
            200 if found or not (since or until) else 400,
            states=states,
            since=since,
            until=until,
            said=said,
            summary=summary(found) if found else "",
            groups=list(_groups(found)) if found else [],
            changed_back=found.changed_back if found else (),
            earliest=local_time(found.earliest) if found else "",
            segments=segments,
            is_there=_finder(runtime.index.documents),
            most=MOST_SENTENCES,
            keep_days=keep_days,
        )

    @routes.get("/changes/changes.md")
    def save(since: str = "", until: str = "") -> Response:
        """Send the same as a Markdown file."""
        text = changes_markdown(compare_states(runtime.index, since, until))
        headers = {"Content-Disposition": 'attachment; filename="changes.md"'}
        return Response(text, media_type="text/markdown", headers=headers)

    return routes


def _groups(found: FolderChange) -> Iterator[tuple[str, list[DocumentChange], int]]:
    """Yield the name of each group of documents, those that are shown, and how many more there are."""
    for fate in DocumentFate:
        chosen = [each for each in found.documents if each.fate == fate]
        if chosen:
            yield HEADINGS[fate], chosen[:MOST_DOCUMENTS], max(0, len(chosen) - MOST_DOCUMENTS)


def _finder(documents: Mapping[str, Document]) -> Callable[[Excerpt], bool]:
    """Return whether the documents say a sentence where it stands, as they are now."""

    def find(excerpt: Excerpt) -> bool:
        span = excerpt.span
        document = documents.get(span.doc_id)
        return document is not None and document.text[span.start : span.end] == excerpt.text

    return find


def segments(excerpt: Excerpt) -> Iterator[tuple[str, bool]]:
    """Yield the words of a sentence in runs, with whether the other version lacks them."""
    end = 0
    for start, stop in excerpt.marks:
        yield excerpt.text[end:start], False
        yield excerpt.text[start:stop], True
        end = stop
    yield excerpt.text[end:], False
