"""Errors and streams in the OpenAPI document, beside what FastAPI finds out by itself."""

from qa.web.api.streams import EVENTS, LINES
from qa.web.problems import MEDIA_TYPE, Problem

Responses = dict[int | str, dict[str, object]]
"""The answers of a route, by status, as FastAPI takes them."""

_JSON = "application/json"
_TEXT = {"type": ["string", "null"]}

_REASONS = {
    400: "The question, a date or the name of a document is not valid",
    401: "There is no token, or it is not known",
    403: "The sender may not do this",
    404: "There is no such document",
    411: "The request does not state its length",
    413: "The request, or every file in it, is too large",
    415: "No file in it is of a kind that Attest reads",
    422: "The request is not valid",
    500: "The server failed",
}

STREAMED: Responses = {
    200: {
        "content": {
            LINES: {
                "schema": {
                    "type": "string",
                    "description": "One JSON object a line, each with one key: evidence (a question and its "
                    "quotes), waiting (how many questions are ahead of it), first (the checked short answer "
                    "and its quote, as an answer), then draft (a piece of text, unchecked), then answer (the "
                    "same object as in application/json), or else error (the same object as in "
                    "application/problem+json).",
                }
            },
            EVENTS: {
                "schema": {
                    "type": "string",
                    "description": "Server-sent events. Each is called as the key of a line is, and its data "
                    "is that key's value as JSON. Comments keep a quiet connection open.",
                }
            },
        }
    }
}
"""The stream that an answer may come as."""


def problem_responses(*statuses: int) -> Responses:
    """Return the problems that a route may answer with."""
    schema = Problem.model_json_schema()
    return {
        status: {"description": _REASONS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


CHAT: Responses = {
    200: {
        "description": "OpenAI's chat.completion with the quotes under sources, or a stream of its pieces",
        "content": {
            _JSON: {"schema": {"type": "object"}},
            EVENTS: {"schema": {"type": "string"}},
        },
    }
}
"""The reply to a conversation, in the shape that OpenAI's documentation describes."""


def openai_errors() -> Responses:
    """Return the errors of the routes that answer as OpenAI's do."""
    names = ("message", "type", "param", "code")
    error = {"type": "object", "required": list(names), "properties": dict.fromkeys(names, _TEXT)}
    schema = {"type": "object", "required": ["error"], "properties": {"error": error}}
    return {
        status: {
            "description": "An error, in the form of OpenAI's API",
            "content": {_JSON: {"schema": schema}},
        }
        for status in ("4XX", "5XX")
    }
