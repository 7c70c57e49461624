"""Send what happens to a question as it happens: in lines of JSON, or as server-sent events."""

import json
import logging
from collections.abc import AsyncIterator, Generator

from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from qa.errors import AttestError
from qa.export.json import answer_record, evidence_record
from qa.pipeline import Event
from qa.schema import Answer, Evidence, FirstAnswer, QueuePosition
from qa.web.api.streams import EVENTS, LINES, close, event_response, with_pings
from qa.web.problems import FAILED, problem_of, problem_of_error

log = logging.getLogger(__name__)


def chosen_stream(accept: str, wanted: bool) -> str | None:
    """Return the media type of the stream that a client asks for by its Accept header, or else by ``wanted``;
    None for no stream.
    """
    return next((each for each in (EVENTS, LINES) if each in accept), LINES if wanted else None)


def answer_stream(events: Generator[Event, None, None], media_type: str) -> StreamingResponse:
    """Return the response that sends ``events`` and ends with the answer, or with a problem. If the client
    leaves, it stops the model.
    """
    if media_type == EVENTS:
        return event_response(_events(events))
    return StreamingResponse(_lines(events), media_type=LINES)


async def _lines(events: Generator[Event, None, None]) -> AsyncIterator[str]:
    async for named in _records(events):
        if named:
            name, record = named
            yield json.dumps({name: record}, ensure_ascii=False) + "\n"


async def _events(events: Generator[Event, None, None]) -> AsyncIterator[bytes]:
    async for named in _records(events):
        if named:
            name, record = named
            yield format_sse_event(event=name, data_str=json.dumps(record, ensure_ascii=False))
        else:
            yield KEEPALIVE_COMMENT


async def _records(events: Generator[Event, None, None]) -> AsyncIterator[tuple[str, object] | None]:
    """Yield each event as a name and what JSON says of it, an error as the last; None when nothing has
    happened for a while.
    """
    try:
        async for event in with_pings(events):
            yield _record(event) if event else None
    except AttestError as error:
        yield "error", problem_of_error(error).model_dump()
    except Exception:  # whatever fails, the program is told and the log says what
        log.exception("A question could not be answered")
        yield "error", problem_of(500, FAILED).model_dump()
    finally:
        close(events)


def _record(event: Event) -> tuple[str, object]:
    if isinstance(event, Answer):
        return "answer", answer_record(event)
    if isinstance(event, Evidence):
        return "evidence", evidence_record(event)
    if isinstance(event, FirstAnswer):
        return "first", answer_record(event.answer)
    if isinstance(event, QueuePosition):
        return "waiting", event.ahead
    return "draft", event.text
