"""The MCP tools of a running server, at ``/gradio_api/mcp/``."""

import json
import logging
from collections.abc import Callable
from functools import wraps

import gradio as gr

from qa.errors import AttestError
from qa.runtime import Runtime
from qa.web.tools import Tools
from qa.web.ui.gradio_patches import add_api

log = logging.getLogger(__name__)


def add_tools(parts: Runtime) -> None:
    """Add the tools over ``parts`` to the page that is being built.

    They stay off the queue: to run a queued tool, Gradio sends a request to the host that the client names.
    """
    tools = Tools(parts)
    add_api(_as_json(tools.ask), api_name="ask", queue=False)
    add_api(_as_json(tools.search), api_name="search", queue=False)
    add_api(_as_json(tools.find), api_name="find", queue=False)
    add_api(_as_json(tools.find_conflicts), api_name="find_conflicts", queue=False)
    add_api(_as_json(tools.overview), api_name="overview", queue=False)


def _as_json(tool: Callable[..., object]) -> Callable[..., str]:
    """Return ``tool`` with its result as JSON, and with errors of one sentence."""

    @wraps(tool)
    def run(*args: object, **kwargs: object) -> str:
        try:
            return json.dumps(tool(*args, **kwargs), ensure_ascii=False)
        except AttestError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            log.exception("A tool failed")
            raise gr.Error(
                "Something went wrong; the server's log has the details", print_exception=False
            ) from error

    return run
