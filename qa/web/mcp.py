"""The tools as an MCP server of the official SDK, for both ways to reach it: standard input, and HTTP."""

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial, wraps
from typing import Annotated, TypeVar
from urllib.parse import unquote

from anyio import to_thread
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ResourceError, ToolError
from mcp.types import CallToolResult, TextContent

from qa import __version__
from qa.errors import AttestError
from qa.web.tools import Tools

log = logging.getLogger(__name__)

_T = TypeVar("_T")

SCHEME = "attest:///"
"""The beginning of the addresses of documents; a document's id follows, percent-encoded."""

_ABOUT = (
    "Attest answers from the documents of the person you work for. Every sentence of an answer cites quotes "
    "that are cut verbatim from a document. Show the quotes with what you take from them. Where Attest says "
    "that the documents do not answer, do not answer in their place."
)


def create_mcp_server(tools: Tools) -> FastMCP:
    """Return the server that offers ``tools``, and the documents as resources. Tools run in threads of their
    own, so that the server answers others meanwhile.
    """
    server = FastMCP("Attest", instructions=_ABOUT)
    server._mcp_server.version = __version__
    server.add_tool(_in_thread(tools.list_documents))
    for tool in (
        tools.ask,
        tools.search,
        tools.what_changed,
        tools.find,
        tools.find_conflicts,
        tools.overview,
        tools.start_grid,
        tools.read_grid,
        tools.track,
        tools.list_tracked,
        tools.read_document,
    ):
        server.add_tool(_as_structured(tool))

    @server.resource(f"{SCHEME}{{document}}", name="document", mime_type="text/plain")
    async def text(document: str) -> str:
        """The text of a document, by its id."""
        try:
            return (await to_thread.run_sync(tools.read_document, unquote(document)))["text"]
        except AttestError as error:
            raise ResourceError(str(error)) from error

    return server


def _in_thread(tool: Callable[..., _T]) -> Callable[..., Awaitable[_T]]:
    """Return ``tool`` as a coroutine, with errors of one sentence."""

    @wraps(tool)
    async def run(*args: object, **kwargs: object) -> _T:
        try:
            return await to_thread.run_sync(partial(tool, *args, **kwargs))
        except AttestError as error:
            raise ToolError(str(error)) from error
        except Exception as error:  # whatever fails, the assistant is told and the log says what
            log.exception("A tool failed")
            raise ToolError("Something went wrong; the server's log has the details") from error

    return run


def _as_structured(tool: Callable[..., Mapping[str, object]]) -> Callable[..., Awaitable[CallToolResult]]:
    """Return ``tool`` as a coroutine with its result as the SDK's, under the schema that it states.

    Left to itself, the SDK adds null for every key of a record that is absent, which its own check of the
    result then refuses.
    """
    signature = inspect.signature(tool)
    run = _in_thread(tool)

    @wraps(tool)
    async def structured(*args: object, **kwargs: object) -> CallToolResult:
        record = dict(await run(*args, **kwargs))
        text = TextContent(type="text", text=json.dumps(record, ensure_ascii=False))
        return CallToolResult(content=[text], structuredContent=record)

    returns = Annotated[CallToolResult, signature.return_annotation]
    vars(structured)["__signature__"] = signature.replace(return_annotation=returns)
    return structured
