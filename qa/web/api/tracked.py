"""The routes by which programs track questions, and the feed of what changed."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import Field

from qa.errors import UserError
from qa.tracking import values
from qa.tracking.feed import MEDIA_TYPE, atom_feed
from qa.tracking.records import (
    HistoryRecord,
    TrackedListRecord,
    TrackedRecord,
    history_record,
    list_record,
    tracked_record,
)
from qa.tracking.tracker import Tracker
from qa.web.api.models import Scope
from qa.web.api.openapi import problem_responses
from qa.web.security.auth import Access
from qa.web.security.middleware import program_reader


class TrackedQuestion(Scope):
    """A question to track, and the documents that it searches."""

    question: str = Field(examples=["What is the term of the supply contract?"])


def tracked_routes(tracker: Tracker, access: Access | None) -> APIRouter:
    """Return the routes over ``tracker``. With ``access``, each program has questions of its own."""
    api = APIRouter()
    store = tracker.store

    def reader_of(request: Request) -> str:
        return program_reader(access, request.headers)

    @api.post("/tracked", status_code=201, responses=problem_responses(400, 411, 413, 422))
    def track(tracked: TrackedQuestion, request: Request) -> TrackedRecord:
        """Track a question. It is asked soon, and again whenever a change of the documents can matter."""
        scope = values.Scope(tuple(tracked.documents), tracked.since, tracked.until)
        question = tracker.add(tracked.question, reader_of(request), scope)
        return tracked_record(question, store.latest(question))

    @api.get("/tracked.json")
    def listed(request: Request) -> TrackedListRecord:
        """List what is tracked, and what changed: the object that ``attest track list --json`` prints."""
        return list_record(store, reader_of(request))

    @api.get("/tracked/{tracked_id}/history", responses=problem_responses(404))
    def history(tracked_id: str, request: Request) -> HistoryRecord:
        """Return the answers to a tracked question over time."""
        try:
            question = store.find(tracked_id, reader_of(request))
        except UserError as error:
            raise HTTPException(404, str(error)) from error
        return history_record(question, store.history(question))

    @api.delete("/tracked/{tracked_id}", status_code=204, responses=problem_responses(404))
    def remove(tracked_id: str, request: Request) -> None:
        """Stop tracking a question, and remove its history."""
        try:
            store.remove(tracked_id, reader_of(request))
        except UserError as error:
            raise HTTPException(404, str(error)) from error

    return api


def feed_routes(tracker: Tracker, access: Access | None, reader_check: Callable[[Request], str]) -> APIRouter:
    """Return the feed, for who sends a token, or is a reader by ``reader_check``."""
    api = APIRouter()

    @api.get("/tracked.atom", response_class=Response)
    def feed(request: Request) -> Response:
        """Return what changed as an Atom feed."""
        reader = program_reader(access, request.headers) or reader_check(request)
        address = str(request.url.replace(query=""))
        pages = address.removesuffix(".atom")
        return Response(atom_feed(tracker.store.changes(reader), address, pages), media_type=MEDIA_TYPE)

    return api
