"""The routes of the HTTP API: the JSON of the command line, and the server's health and metrics."""

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.security import HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST

from qa.export.json import answer_record, document_record, document_text_record, search_record
from qa.export.records import AnswerRecord, DocumentTextRecord, SearchRecord
from qa.grid.grids import Grids
from qa.pipeline import Ask
from qa.query.validation import validate_question
from qa.runtime import PipelineSource, Runtime
from qa.schema import Turn
from qa.tracking.tracker import Tracker
from qa.uploads.library import Library
from qa.web import metrics
from qa.web.api.answer_stream import answer_stream, chosen_stream
from qa.web.api.changes import changes_routes
from qa.web.api.chat_completions import chat_routes
from qa.web.api.conflicts import conflict_routes
from qa.web.api.grids import grid_routes
from qa.web.api.mentions import mention_routes
from qa.web.api.models import Documents, Health, Query, Question, no_document
from qa.web.api.openapi import STREAMED, problem_responses
from qa.web.api.overview import overview_routes
from qa.web.api.streams import CLIENT_LEFT, await_answer
from qa.web.api.tracked import tracked_routes
from qa.web.api.uploads import upload_routes
from qa.web.security.auth import Access
from qa.web.security.middleware import NO_TOKEN, has_token
from qa.web.sweeps import Sweeps


def add_routes(
    app: FastAPI,
    runtime: Runtime,
    source: PipelineSource,
    access: Access | None,
    shared: Library | None,
    tracker: Tracker,
    grids: Grids,
    sweeps: Sweeps,
) -> None:
    """Add the API over the pipeline of ``source`` and the index of ``runtime`` to ``app``. With ``access``,
    all routes but ``/health`` need a token. Programs may change ``shared``, the uploads that all visitors
    see; None for no such uploads. Each has questions of its own in ``tracker``, and
    ``grids`` of its own; ``sweeps`` keeps the lists of mentions.
    """

    def check(request: Request) -> None:
        if not has_token(access, request.headers):
            raise HTTPException(401, NO_TOKEN)

    guards = [Depends(HTTPBearer(auto_error=False)), Depends(check)] if access else []
    refusals = problem_responses(*([401] if access else []), 403, 500)
    app.include_router(_public_routes(source))
    app.include_router(_question_routes(source), dependencies=guards, responses=refusals)
    app.include_router(mention_routes(source, sweeps), dependencies=guards, responses=refusals)
    app.include_router(conflict_routes(source), dependencies=guards, responses=refusals)
    app.include_router(upload_routes(shared, access), dependencies=guards, responses=refusals)
    app.include_router(_reading_routes(source), dependencies=guards, responses=refusals)
    app.include_router(changes_routes(runtime), dependencies=guards, responses=refusals)
    app.include_router(overview_routes(source), dependencies=guards, responses=refusals)
    app.include_router(grid_routes(grids, source, access), dependencies=guards, responses=refusals)
    app.include_router(tracked_routes(tracker, access), dependencies=guards, responses=refusals)
    app.include_router(chat_routes(source, runtime), dependencies=guards)


def _public_routes(source: PipelineSource) -> APIRouter:
    api = APIRouter(tags=["operation"])

    @api.get("/health")
    def health() -> Health:
        """Return whether the server answers."""
        return Health(documents=len(source.pipeline.documents))

    return api


def _question_routes(source: PipelineSource) -> APIRouter:
    api = APIRouter(responses=problem_responses(400, 411, 413, 422))

    @api.post("/ask", response_model=AnswerRecord, responses=STREAMED)
    async def ask(asked: Question, request: Request) -> AnswerRecord | Response:
        """Answer a question: the object that ``attest ask --json`` prints, or a stream that ends with it."""
        history = tuple(Turn(each.question, each.answer) for each in asked.history)
        pipeline = source.pipeline
        document_filter = asked.document_filter(pipeline)
        question = Ask(validate_question(asked.question), history, document_filter)
        events = metrics.observe(pipeline.stream(question))
        if stream := chosen_stream(request.headers.get("accept", ""), asked.stream):
            return answer_stream(events, stream)
        answer = await await_answer(events, request)
        return answer_record(answer) if answer else Response(status_code=CLIENT_LEFT)

    @api.post("/search")
    def search(sought: Query) -> SearchRecord:
        """Find the best passages: the object that ``attest search --json`` prints."""
        pipeline = source.pipeline
        result = pipeline.search(sought.query, sought.k, sought.document_filter(pipeline))
        return search_record(result, pipeline.documents)

    return api


def _reading_routes(source: PipelineSource) -> APIRouter:
    api = APIRouter()

    @api.get("/documents")
    def documents() -> Documents:
        """List all documents, without their text."""
        found = sorted(source.pipeline.documents.values(), key=lambda document: document.id)
        return Documents(documents=[document_record(document) for document in found])

    @api.get("/documents/{document_id:path}", responses=problem_responses(404, 422))
    def document(document_id: str) -> DocumentTextRecord:
        """Return one document with the text that offsets refer to."""
        found = source.pipeline.documents.get(document_id)
        if found is None:
            raise HTTPException(404, no_document(document_id))
        return document_text_record(found)

    @api.get("/metrics", tags=["operation"], response_class=Response)
    def prometheus() -> Response:
        """Return counts and times in Prometheus's text format."""
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return api
