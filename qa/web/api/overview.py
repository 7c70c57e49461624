"""The route of the HTTP API that says what is in documents."""

from fastapi import APIRouter

from qa.export.json import overview_record
from qa.export.records import OverviewRecord
from qa.runtime import PipelineSource
from qa.web.api.models import Scope
from qa.web.api.openapi import problem_responses


def overview_routes(source: PipelineSource) -> APIRouter:
    """Return the route over the pipeline of ``source``."""
    api = APIRouter(responses=problem_responses(400, 411, 413, 422))

    @api.post("/overview")
    def overview(asked: Scope) -> OverviewRecord:
        """Show what is in documents: the object that ``attest overview --json`` prints."""
        pipeline = source.pipeline
        return overview_record(pipeline.overview(asked.document_filter(pipeline)))

    return api
