"""``attest serve``: the chat page, the API and the tools."""

from qa.cli.invocation import OK, Invocation, warn


def serve(invocation: Invocation) -> int:
    """Serve until interrupted; with a folder, index it meanwhile and follow its changes."""
    from qa.web import launch

    folder, config = invocation.args.folder, invocation.config
    if folder:
        config = config.model_copy(update={"corpus": folder})
    launch.run(config, _announce, warn, follow=folder is not None)
    return OK


def _announce(address: str) -> None:
    print(f"Attest is running at {address}", flush=True)
