"""The MCP server over standard input and output, for assistants that start their servers themselves."""

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Annotated
from urllib.parse import unquote

from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ResourceError, ToolError
from mcp.types import CallToolResult, TextContent

from qa import __version__, assemble
from qa.config import Config
from qa.errors import AttestError
from qa.export.json import (
    AnswerRecord,
    DocumentRecord,
    DocumentTextRecord,
    SearchRecord,
    answer_record,
    document_record,
    document_text_record,
    search_record,
)
from qa.pipeline import Ask
from qa.runtime import LiveRuntime, Runtime
from qa.schema import Answer, Document
from qa.web.mcp import document_filter

SCHEME = "attest:///"
"""What the addresses of documents begin with; a document's id follows, percent-encoded."""

_ABOUT = (
    "Attest answers from the documents of the person you work for. Every sentence of an answer cites quotes "
    "that are cut verbatim from a document. Show the quotes with what you take from them. Where Attest says "
    "that the documents do not answer, do not answer in their name."
)


def run(config: Config) -> None:
    """Answer on standard input and output until the input ends, from the index as it is at the time.

    Raises:
        AttestError: the index or a model cannot be opened.
    """
    runtime = LiveRuntime(assemble.open_runtime(config), assemble.open_store(config))
    with runtime.following():
        create_mcp_server(runtime).run("stdio")


def create_mcp_server(parts: Runtime) -> FastMCP:
    """Return the server over ``parts``."""
    server = FastMCP("Attest", instructions=_ABOUT)
    server._mcp_server.version = __version__

    @server.tool()
    def ask(
        question: str, since: str = "", until: str = "", within: str = ""
    ) -> Annotated[CallToolResult, AnswerRecord]:
        """Answer a question from the documents. Every sentence of the answer cites verbatim quotes.

        "short" has the few words of a quote that answer it, if there are any. When the documents do not say,
        or nothing that the model wrote passed the check, "answered" is false, "reason" says which, and the
        nearest passages are given, which are not an answer.

        Args:
            question: The question, in words.
            since: Search only documents dated from this day (2020-12-31), month (2020-12) or year (2020) on.
            until: Search only documents dated until then, included. Those without a date are left out.
            within: Search only this document, or the documents of this folder or archive.
        """
        pipeline = parts.pipeline
        try:
            asked = Ask(question, document_filter=document_filter(pipeline, since, until, within))
            with closing(pipeline.stream(asked)) as events:
                *_, answer = events
        except AttestError as error:
            raise ToolError(str(error)) from error
        assert isinstance(answer, Answer)
        return _result(answer_record(answer))

    @server.tool()
    def search(query: str, k: int = 10, since: str = "", until: str = "", within: str = "") -> SearchRecord:
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
        try:
            result = pipeline.search(query, k, document_filter(pipeline, since, until, within))
        except AttestError as error:
            raise ToolError(str(error)) from error
        return search_record(result, pipeline.documents)

    @server.tool()
    def list_documents() -> list[DocumentRecord]:
        """List all documents: id, title, date and length, without their text."""
        found = parts.pipeline.documents
        return [document_record(found[doc_id]) for doc_id in sorted(found)]

    @server.tool()
    def read_document(document: str) -> DocumentTextRecord:
        """Return a document with the text that the start and end of quotes refer to.

        Args:
            document: The id of the document, as the other tools give it.
        """
        found = _find(parts, document)
        if found is None:
            raise ToolError(f"There is no document called {document}; list_documents names all documents")
        return document_text_record(found)

    @server.resource(f"{SCHEME}{{document}}", name="document", mime_type="text/plain")
    def text(document: str) -> str:
        """The text of a document, by its id."""
        doc_id = unquote(document)
        found = _find(parts, doc_id)
        if found is None:
            raise ResourceError(f"There is no document called {doc_id}")
        return found.text

    return server


def _result(record: Mapping[str, object]) -> CallToolResult:
    """Return ``record`` as the SDK's result. Left to itself, the SDK adds null for every key that is absent,
    which its own check of the result then refuses.
    """
    text = TextContent(type="text", text=json.dumps(record, ensure_ascii=False))
    return CallToolResult(content=[text], structuredContent=dict(record))


def _find(parts: Runtime, doc_id: str) -> Document | None:
    return parts.pipeline.documents.get(doc_id)
