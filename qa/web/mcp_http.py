"""The MCP server over HTTP, at ``/gradio_api/mcp/`` of a running server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.fastmcp import FastMCP
from mcp.server.lowlevel.server import request_ctx
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from qa.web.security.auth import Access
from qa.web.security.middleware import MCP_PATH, program_reader


class HttpTools:
    """ASGI application: a server's tools. Each request stands for itself, so that a load balancer may send it
    to any of several servers. Who may ask is checked before (:class:`qa.web.security.middleware.Guard`).
    """

    def __init__(self, server: FastMCP) -> None:
        """Answer nothing until it is :meth:`run`."""
        self._server = server._mcp_server
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Answer requests for as long as the context lasts."""
        manager = StreamableHTTPSessionManager(self._server, stateless=True)  # it runs once
        async with manager.run():
            self._manager = manager
            yield
        self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert self._manager, "the server's lifespan has not begun"
        await self._manager.handle_request(scope, receive, send)

    def add_to(self, app: Starlette) -> None:
        """Answer at the address of the tools in ``app``, whose lifespan must have :meth:`run` in it."""
        app.router.routes += [Route(MCP_PATH, self), Mount(MCP_PATH, self)]


def asking_reader(access: Access | None) -> str:
    """Return whose grids and tracked questions a tool is to use that answers a request: those of the program
    whose token it carries, or everybody's, an empty name.
    """
    request = request_ctx.get().request
    return program_reader(access, request.headers) if request else ""
