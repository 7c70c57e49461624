"""The routes of OpenAI's chat API, so that any chat front end can ask Attest.

Only checked sentences leave: nothing is sent before the answer is verified. A client that knows more finds
the quotes under ``sources``, which OpenAI's clients ignore.
"""

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from typing import Any, Literal, TypedDict

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from qa.config import VERBATIM
from qa.errors import AttestError, ModelUnavailableError, UserError
from qa.export.chat import chat_markdown
from qa.export.json import quote_record
from qa.export.records import QuoteRecord
from qa.pipeline import Ask, Event, Pipeline
from qa.query.validation import validate_question
from qa.runtime import ModelChoice, PipelineSource, Runtime
from qa.schema import Answer, Turn
from qa.web import metrics
from qa.web.api.models import MAX_HISTORY, MAX_NAMES
from qa.web.api.openapi import CHAT, openai_errors
from qa.web.api.streams import CLIENT_LEFT, await_answer, close, event_response, with_pings
from qa.web.problems import FAILED, explain_invalid

log = logging.getLogger(__name__)

MODEL = "attest"
"""The name that a client gives for answers as on the page. ``attest/verbatim`` has sentences alone that stand
word for word in a quote, and ``attest/NAME`` what the model NAME of the settings wrote."""

UNUSABLE = "cannot be used at the moment; whoever runs this server finds the reason in its log"

_HARMLESS = {
    "n": (None, 1),
    "logprobs": (None, False),
    "audio": (None,),
    "modalities": (None, ["text"]),
    "response_format": (None, {"type": "text"}),
}
"""Parameters that would change what is returned, with the values that change nothing."""


class Part(BaseModel):
    """A piece of a message."""

    type: str
    text: str = ""


class Message(BaseModel):
    """A message of the conversation. Those of the system and of tools are not read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message.

        Raises:
            UserError: it has something else than words.
        """
        if isinstance(self.content, list):
            other = next((part.type for part in self.content if part.type != "text"), None)
            if other:
                raise UserError(f"Attest reads text only, and a message has {other}; leave it out")
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """The options of a stream."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation that ends with a question. Sampling parameters are ignored: an answer is checked."""

    model_config = ConfigDict(extra="allow")

    model: str = MODEL
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    documents: list[str] = Field(default=[], max_length=MAX_NAMES)
    """Ids of documents, or names of folders, archives or collections of them, to search alone. OpenAI has no
    such parameter."""

    def ask(self, pipeline: Pipeline) -> Ask:
        """Return the last message as a question to ``pipeline``, after the earlier exchanges.

        Raises:
            UserError: there is no question, or something is asked for that Attest does not do.
        """
        for name, harmless in _HARMLESS.items():
            if (self.model_extra or {}).get(name) not in harmless:
                raise UserError(f"Attest does not support {name}; leave it out")
        spoken = [message for message in self.messages if message.role in ("user", "assistant")]
        if not spoken or spoken[-1].role != "user":
            raise UserError("The last message must be a question from the user")
        history = _turns(spoken[:-1])[-MAX_HISTORY:]
        document_filter = pipeline.document_filter(self.documents)
        return Ask(validate_question(spoken[-1].text), history, document_filter)


class SourceRecord(QuoteRecord):
    """A quote with the probability that it supports the sentences that cite it; null where they are copies of
    its words, or nothing but passages.
    """

    support: float | None


class _Delta(TypedDict, total=False):
    role: str
    content: str


def _turns(messages: list[Message]) -> tuple[Turn, ...]:
    """Return the exchanges in ``messages``: each question with what was said after it."""
    turns: list[Turn] = []
    for message in messages:
        if message.role == "user":
            turns.append(Turn(message.text, ""))
        elif turns:
            turns[-1] = Turn(turns[-1].question, f"{turns[-1].answer}\n{message.text}".strip())
    return tuple(turn for turn in turns if turn.question.strip())


class OpenAIRoute(APIRoute):
    """A route whose errors have OpenAI's shape."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of a request."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as failure:
                where, reason = explain_invalid(failure)
                return _error(400, reason, param=where)
            except UserError as failure:
                return _error(400, str(failure))
            except AttestError as failure:
                log.error("%s: %s", request.url.path, failure)
                return _error(500, _reason(failure))
            except HTTPException as failure:
                return _error(failure.status_code, str(failure.detail))
            except Exception:  # whatever fails, the program is told and the log says what
                log.exception("A question could not be answered")
                return _error(500, FAILED)

        return guarded


def chat_routes(source: PipelineSource, runtime: Runtime) -> APIRouter:
    """Return the routes over the pipeline of ``source``, with the models of ``runtime`` to choose from."""
    api = APIRouter(prefix="/v1", tags=["chat"], route_class=OpenAIRoute, responses=openai_errors())

    @api.get("/models")
    def models() -> dict[str, object]:
        """List the names that ``model`` may have."""
        return {"object": "list", "data": [_model_record(name) for name in _choices(runtime)]}

    @api.get("/models/{name:path}")
    def model(name: str) -> dict[str, object]:
        """Describe one of them."""
        _find_choice(runtime, name)
        return _model_record(name)

    @api.post("/chat/completions", response_model=None, responses=CHAT)
    async def complete(asked: ChatRequest, request: Request) -> Response:
        """Answer the last message of a conversation, in Markdown, every sentence with its quotes."""
        pipeline = await run_in_threadpool(_choose, source, runtime, asked.model)
        events = metrics.observe(pipeline.stream(asked.ask(pipeline)))
        completion = _Completion(asked.model)
        if asked.stream:
            usage = asked.stream_options is not None and asked.stream_options.include_usage
            return event_response(_stream(events, completion, usage=usage))
        answer = await await_answer(events, request)
        return JSONResponse(completion.whole(answer)) if answer else Response(status_code=CLIENT_LEFT)

    return api


def _choices(runtime: Runtime) -> dict[str, ModelChoice]:
    """Return what each name that ``model`` may be makes of a pipeline."""
    named = {f"{MODEL}/{name}": choice for name, choice in runtime.models.items()}
    return {MODEL: lambda pipeline: pipeline, f"{MODEL}/{VERBATIM}": Pipeline.verbatim, **named}


def _find_choice(runtime: Runtime, name: str) -> ModelChoice:
    *others, last = choices = _choices(runtime)
    if name not in choices:
        names = f"{', '.join(others)} and {last}"
        raise HTTPException(404, f"There is no model called {name}; GET /v1/models lists {names}")
    return choices[name]


def _choose(source: PipelineSource, runtime: Runtime, name: str) -> Pipeline:
    """Return the pipeline that answers as ``name``. It may take the time of a download.

    Raises:
        HTTPException: there is no such model, or it cannot be used.
    """
    choice = _find_choice(runtime, name)
    try:
        return choice(source.pipeline)
    except AttestError as failure:  # the reason has paths and settings, which are the owner's
        log.error("The model %s cannot be used: %s", name, failure)
        raise HTTPException(404, f"The model {name} {UNUSABLE}") from failure


def _model_record(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "attest"}


async def _stream(
    events: Generator[Event, None, None], completion: "_Completion", *, usage: bool
) -> AsyncIterator[bytes]:
    """Yield the answer as OpenAI's server-sent events. If the client leaves, stop the model."""
    try:
        yield completion.chunk({"role": "assistant", "content": ""})
        async for event in with_pings(events):
            if isinstance(event, Answer):
                for piece in chat_markdown(event).splitlines(keepends=True):
                    yield completion.chunk({"content": piece})
                yield completion.chunk({}, finish="stop", sources=_sources(event))
            elif event is None:
                yield KEEPALIVE_COMMENT
        if usage:
            yield completion.usage()
    except AttestError as failure:
        log.error("A question could not be answered: %s", failure)
        yield _event({"error": _error_record(500, _reason(failure))})
    except Exception:  # whatever fails, the program is told and the log says what
        log.exception("A question could not be answered")
        yield _event({"error": _error_record(500, FAILED)})
    finally:
        close(events)
    yield format_sse_event(data_str="[DONE]")


class _Completion:
    """The objects of one reply, which share a name and a time."""

    def __init__(self, model: str) -> None:
        self._known = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": model,
        }

    def whole(self, answer: Answer) -> dict[str, object]:
        """Return the reply in one piece."""
        message = {"role": "assistant", "content": chat_markdown(answer), "refusal": None}
        return {
            **self._known,
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": _NO_USAGE,
            "sources": _sources(answer),
        }

    def chunk(
        self, delta: _Delta, finish: str | None = None, sources: list[SourceRecord] | None = None
    ) -> bytes:
        """Return a piece of the reply as an event."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        record = {**self._known, "object": "chat.completion.chunk", "choices": [choice]}
        return _event(record if sources is None else {**record, "sources": sources})

    def usage(self) -> bytes:
        """Return the event that a client asks for to count tokens."""
        record = {**self._known, "object": "chat.completion.chunk", "choices": [], "usage": _NO_USAGE}
        return _event(record)


_NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
"""Attest does not bill, and counts no tokens."""


def _sources(answer: Answer) -> list[SourceRecord]:
    """Return the quotes of an answer, or the nearest ones of an abstention, with their support."""
    support: dict[int, float] = {}
    for sentence in answer.sentences:
        for number in sentence.cites if sentence.support is not None else ():
            support[number] = min(sentence.support or 0.0, support.get(number, 1.0))
    quotes = answer.quotes if answer.answered else answer.nearest
    return [{**quote_record(quote), "support": support.get(quote.number)} for quote in quotes]


def _event(record: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(record, ensure_ascii=False))


def _reason(failure: AttestError) -> str:
    """Return what a client is told of a failure: not the path of a model's file."""
    return f"The language model {UNUSABLE}" if isinstance(failure, ModelUnavailableError) else str(failure)


def _error(status: int, reason: str, param: str | None = None) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": _error_record(status, reason, param)}, status, headers)


def _error_record(status: int, reason: str, param: str | None = None) -> dict[str, object]:
    kinds = {401: "authentication_error", 404: "invalid_request_error", 400: "invalid_request_error"}
    codes = {401: "invalid_api_key", 404: "model_not_found"}
    return {
        "message": reason,
        "type": kinds.get(status, "server_error"),
        "param": param,
        "code": codes.get(status),
    }
