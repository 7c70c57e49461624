"""The MCP tools ``ask`` and ``search`` for the models of other programs, at ``/gradio_api/mcp/``."""

import json
import logging
from collections.abc import Callable
from contextlib import closing

import gradio as gr

from qa.errors import AttestError
from qa.export.json import answer_record, search_record
from qa.nlp.dates import Period
from qa.pipeline import Ask, Pipeline
from qa.runtime import Runtime
from qa.schema import Answer
from qa.search import DocumentFilter, find_documents
from qa.web.metrics import observe
from qa.web.ui.gradio_patches import add_api

log = logging.getLogger(__name__)


def add_tools(parts: Runtime) -> None:
    """Add the tools over ``parts`` to the page that is being built.

    They stay off the queue: to run a queued tool, Gradio sends a request to the host that the client names.
    """

    def ask(question: str, since: str = "", until: str = "", within: str = "") -> str:
        """Answer a question from the documents. Every sentence of the answer cites verbatim quotes.

        "short" has the few words of a quote that answer it, if there are any. The words of a sentence that
        are in none of its quotes are at its "unquoted" places, and "support" is the probability that the
        quotes support it. With "passages_only", the sentences are passages that may answer the question, not
        an answer. "cut" has what the model wrote that did not pass the check.

        When the documents do not say, or nothing that the model wrote passed the check, "answered" is false,
        "reason" says which, and the nearest passages are given, which are not an answer.

        Args:
            question: The question, in words.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
            within: Search only this document, or the documents of this folder or archive.
        """
        pipeline = parts.pipeline

        def answer() -> object:
            asked = Ask(question, document_filter=document_filter(pipeline, since, until, within))
            with closing(observe(pipeline.stream(asked))) as events:
                *_, last = events
            assert isinstance(last, Answer)
            return answer_record(last)

        return _run(answer)

    def search(query: str, k: int = 10, since: str = "", until: str = "", within: str = "") -> str:
        """Find the passages of the documents that are nearest to a query, best first.

        When nothing is found, "reason" says why.

        Args:
            query: What to look for.
            k: How many passages to return.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
            within: Search only this document, or the documents of this folder or archive.
        """
        pipeline = parts.pipeline

        def find() -> object:
            result = pipeline.search(query, k, document_filter(pipeline, since, until, within))
            return search_record(result, pipeline.documents)

        return _run(find)

    for tool in (ask, search):
        add_api(tool, api_name=tool.__name__, queue=False)


def document_filter(pipeline: Pipeline, since: str, until: str, within: str) -> DocumentFilter:
    """Return which documents of ``pipeline`` to search.

    Raises:
        UserError: a date is none, or there is no document or folder called ``within``.
    """
    only = find_documents([within] if within else [], pipeline.documents)
    return DocumentFilter(only, period=Period.of(since, until))


def _run(work: Callable[[], object]) -> str:
    """Return the result of ``work`` as JSON.

    Raises:
        gr.Error: ``work`` failed; the message is one sentence.
    """
    try:
        return json.dumps(work(), ensure_ascii=False)
    except AttestError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:
        log.exception("A tool failed")
        raise gr.Error(
            "Something went wrong; the server's log has the details", print_exception=False
        ) from error
