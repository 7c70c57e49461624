"""Start the server: listen, open the index and the models, and answer until interrupted."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from qa import assemble
from qa.config import Config
from qa.errors import IndexMissingError, UserError
from qa.ingest.left_out import summary_lines
from qa.llm import load
from qa.runtime import LiveRuntime, StaticRuntime
from qa.web import server
from qa.web.security.middleware import is_loopback


def run(config: Config, on_ready: Callable[[str], object], tell: Callable[[str], object]) -> None:
    """Serve the page, the API and the tools until interrupted.

    ``on_ready`` gets the address once requests are answered there. ``tell`` gets warnings for the person who
    starts the server: anyone can read the documents, there is no index yet, a file was skipped.

    Raises:
        AttestError: the address cannot be used, the documents cannot be indexed, the index cannot be opened,
            or a model cannot be loaded.
    """
    with server.listen(config.host, config.port) as listener:
        if config.auth is None and not is_loopback(config.host):
            tell(
                f"anyone who can reach {config.host} can read your documents; to require a login, start "
                "with: attest serve --auth FILE"
            )
        runtime = LiveRuntime(_open_runtime(config, tell), assemble.open_store(config))
        app = server.create(runtime, config)
        warm_up = partial(load.wait_for, runtime.pipeline.model)
        with suppress(KeyboardInterrupt), runtime.following():
            server.serve(app, listener, on_ready, warm_up)


def _open_runtime(config: Config, tell: Callable[[str], object]) -> StaticRuntime:
    """Open the models and the index, which is built first where there is none."""
    try:
        return assemble.open_runtime(config)
    except IndexMissingError as error:
        if not config.corpus.exists():
            raise UserError(
                f"There is no index in {assemble.index_place(config)}, and no folder {config.corpus} to make "
                "one of. Index your documents first with: attest index FOLDER"
            ) from error
        tell(f"there is no index in {config.index} yet; indexing {config.corpus} …")
        for line in summary_lines(assemble.index_corpus(config, [config.corpus]).failures):
            tell(f"left out: {line}")
        return assemble.open_runtime(config)
