"""The routes of the HTTP API that tell what changed in the documents."""

from fastapi import APIRouter, Response

from qa.changes.folder import compare_states
from qa.changes.record import (
    ChangesRecord,
    StatesRecord,
    changes_markdown,
    changes_record,
    states_record,
)
from qa.runtime import Runtime
from qa.web.api.openapi import problem_responses

_MARKDOWN = "text/markdown"


def changes_routes(runtime: Runtime) -> APIRouter:
    """Return the routes over the index of ``runtime``."""
    api = APIRouter(responses=problem_responses(400))

    @api.get("/diff")
    def diff(since: str = "", until: str = "") -> ChangesRecord:
        """Tell what changed between two states, or dates: the object that ``attest diff --json`` prints."""
        return changes_record(compare_states(runtime.index, since, until))

    @api.get(
        "/diff/markdown",
        response_class=Response,
        responses={200: {"content": {_MARKDOWN: {"schema": {"type": "string"}}}}},
    )
    def markdown(since: str = "", until: str = "") -> Response:
        """Tell the same as text in Markdown, as ``attest diff`` prints it."""
        text = changes_markdown(compare_states(runtime.index, since, until))
        return Response(text, media_type=_MARKDOWN)

    @api.get("/diff/states")
    def states() -> StatesRecord:
        """List the states that are known: the object that ``attest diff --list --json`` prints."""
        return states_record(runtime.index.snapshot.changes)

    return api
