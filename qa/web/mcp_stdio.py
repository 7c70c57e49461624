"""The MCP server over standard input and output, for assistants that start their servers themselves."""

import inspect
import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated
from urllib.parse import unquote

from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ResourceError, ToolError
from mcp.types import CallToolResult, TextContent

from qa import __version__, assemble
from qa.config import Config
from qa.errors import AttestError
from qa.grid.grids import Grids
from qa.runtime import LiveRuntime, Runtime
from qa.tracking.tracker import Tracker
from qa.web.tools import Tools

log = logging.getLogger(__name__)

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
    tracker = assemble.open_tracker(config, runtime)
    grids = Grids(lambda reader: assemble.grid_folder(config, reader))
    with runtime.following(), tracker.following():
        create_mcp_server(runtime, tracker, grids).run("stdio")


def create_mcp_server(parts: Runtime, tracker: Tracker | None = None, grids: Grids | None = None) -> FastMCP:
    """Return the server over ``parts``, which tracks questions with ``tracker`` and keeps ``grids``."""
    server = FastMCP("Attest", instructions=_ABOUT)
    server._mcp_server.version = __version__
    tools = Tools(parts, tracker, grids)
    server.add_tool(tools.list_documents)
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
    def text(document: str) -> str:
        """The text of a document, by its id."""
        try:
            return tools.read_document(unquote(document))["text"]
        except AttestError as error:
            raise ResourceError(str(error)) from error

    return server


def _as_structured(tool: Callable[..., Mapping[str, object]]) -> Callable[..., CallToolResult]:
    """Return ``tool`` with its result as the SDK's, under the schema that it states, and with errors of one
    sentence.

    Left to itself, the SDK adds null for every key of a record that is absent, which its own check of the
    result then refuses.
    """
    signature = inspect.signature(tool)

    @wraps(tool)
    def structured(*args: object, **kwargs: object) -> CallToolResult:
        try:
            record = dict(tool(*args, **kwargs))
        except AttestError as error:
            raise ToolError(str(error)) from error
        except Exception as error:
            log.exception("A tool failed")
            raise ToolError("Something went wrong; the server's log has the details") from error
        text = TextContent(type="text", text=json.dumps(record, ensure_ascii=False))
        return CallToolResult(content=[text], structuredContent=record)

    returns = Annotated[CallToolResult, signature.return_annotation]
    vars(structured)["__signature__"] = signature.replace(return_annotation=returns)
    return structured
