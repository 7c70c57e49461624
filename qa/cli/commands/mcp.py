"""``attest mcp``: the MCP server over standard input and output."""

from qa.cli.commands.models import fetch_models
from qa.cli.invocation import OK, Invocation


def mcp(invocation: Invocation) -> int:
    """Answer an assistant until it closes standard input."""
    from qa.web import mcp_stdio

    fetch_models(invocation.config)
    mcp_stdio.run(invocation.config)
    return OK
