"""Attest's tools for the models of other programs, over Gradio's MCP server at ``/gradio_api/mcp/``."""

import json
import logging
from collections.abc import Callable
from contextlib import closing

import gradio as gr
from gradio import events

from qa.errors import AttestError
from qa.export.json import answer_record, search_record
from qa.nlp.dates import Period
from qa.pipeline import Ask
from qa.runtime import Runtime
from qa.schema import Answer
from qa.search import DocumentFilter
from qa.web.metrics import observed

log = logging.getLogger(__name__)


def offer(parts: Runtime) -> None:
    """Add the tools over ``parts`` to the page that is being built.

    They stay off the queue: Gradio runs queued tools by a request to the address that the client names.
    """

    def ask(question: str, since: str = "", until: str = "") -> str:
        """Answer a question from the documents. Every sentence of the answer cites verbatim quotes.

        When the documents do not say, "answered" is false and the nearest passages are given, which are not
        an answer.

        Args:
            question: The question, in words.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
        """

        def answer() -> object:
            asked = Ask(question, document_filter=DocumentFilter(period=Period.of(since, until)))
            with closing(observed(parts.pipeline.stream(asked))) as seen:
                *_, last = seen
            assert isinstance(last, Answer)
            return answer_record(last)

        return _told(answer)

    def search(query: str, k: int = 10, since: str = "", until: str = "") -> str:
        """Find the passages of the documents that are nearest to a query, best first.

        When nothing is found, "reason" says why.

        Args:
            query: What to look for.
            k: How many passages to return.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
        """
        pipeline = parts.pipeline

        def found() -> object:
            result = pipeline.search(query, k, DocumentFilter(period=Period.of(since, until)))
            return search_record(result, pipeline.documents)

        return _told(found)

    for tool in (ask, search):
        events.api(tool, api_name=tool.__name__, queue=False)


def _told(work: Callable[[], object]) -> str:
    """What ``work`` returns as JSON; a failure is one sentence."""
    try:
        return json.dumps(work(), ensure_ascii=False)
    except AttestError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:
        log.exception("A tool failed")
        raise gr.Error("Something went wrong; the server's log says what", print_exception=False) from error
