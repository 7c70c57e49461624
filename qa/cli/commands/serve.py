"""``attest serve``: the chat page, the API and the tools."""

from qa.cli.invocation import OK, Invocation, warn


def serve(invocation: Invocation) -> int:
    """Serve until interrupted."""
    from qa.web import launch

    launch.run(invocation.config, _announce, warn)
    return OK


def _announce(address: str) -> None:
    print(f"Attest is running at {address}", flush=True)
