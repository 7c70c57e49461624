"""The route of the API that finds every mention of something."""

from fastapi import APIRouter
from pydantic import Field

from qa.export.mentions import MentionsRecord, mentions_record
from qa.runtime import PipelineSource
from qa.web.api.models import Scope
from qa.web.api.openapi import problem_responses
from qa.web.sweeps import Sweeps

MAX_MENTIONS = 1_000
"""Most mentions on one page of an answer."""


class Sought(Scope):
    """A thing to find every mention of, and the page of them to return."""

    query: str = Field(examples=["penalties for late delivery"])
    words: bool = Field(default=False, description="Match words and names only, not meaning.")
    first: int = Field(default=0, ge=0, description="The place of the first mention of the page, from 0.")
    limit: int = Field(default=100, ge=1, le=MAX_MENTIONS, description="Mentions on a page.")


def mention_routes(source: PipelineSource, sweeps: Sweeps) -> APIRouter:
    """Return the route over the pipeline of ``source``, whose lists ``sweeps`` keeps."""
    api = APIRouter(responses=problem_responses(400, 411, 413, 422))

    @api.post("/find")
    def find(sought: Sought) -> MentionsRecord:
        """Find every sentence that mentions something: the object that ``attest find --json`` prints."""
        pipeline = source.pipeline
        document_filter = sought.document_filter(pipeline)
        found = sweeps.find(pipeline, sought.query, document_filter, by_meaning=not sought.words)
        return mentions_record(found, pipeline.documents, sought.first, sought.limit)

    return api
