"""The route that shows where documents disagree."""

from fastapi import APIRouter
from pydantic import Field

from qa.conflicts.corpus import MAX_SHOWN
from qa.export.json import conflicts_record
from qa.export.records import ConflictsRecord
from qa.runtime import PipelineSource
from qa.web.api.models import Scope
from qa.web.api.openapi import problem_responses

MAX_LIMIT = 1_000
"""Most conflicts that a request may ask for."""


class Comparison(Scope):
    """The documents to compare, and how many conflicts to return."""

    limit: int = Field(default=MAX_SHOWN, ge=1, le=MAX_LIMIT)


def conflict_routes(source: PipelineSource) -> APIRouter:
    """Return the route over the documents of ``source``."""
    api = APIRouter(responses=problem_responses(400, 411, 413, 422))

    @api.post("/conflicts")
    def conflicts(asked: Comparison) -> ConflictsRecord:
        """Show where documents disagree: the object that ``attest conflicts --json`` prints."""
        pipeline = source.pipeline
        return conflicts_record(pipeline.conflicts(asked.document_filter(pipeline), asked.limit))

    return api
