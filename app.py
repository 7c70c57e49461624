"""The chat in the browser and the API, ``python app.py``."""

import sys
from contextlib import suppress
from functools import partial

from qa import assemble, config
from qa.config import Config
from qa.errors import AttestError, IndexMissingError
from qa.llm import load
from qa.runtime import LiveRuntime, StaticRuntime
from qa.web import server
from qa.web.security.middleware import is_loopback


def open_parts(settings: Config) -> StaticRuntime:
    """The models, and the index, which is made first when there is none.

    Raises:
        AttestError: the documents cannot be indexed, the index not opened, or a model not had.
    """
    try:
        return assemble.open_parts(settings)
    except IndexMissingError:
        print(f"There is no index in {settings.index} yet; indexing {settings.corpus} …", file=sys.stderr)
        for failure in assemble.index_corpus(settings, [settings.corpus]).failures:
            print(f"{failure.path} was left out: {failure.reason}", file=sys.stderr)
        return assemble.open_parts(settings)


def main() -> None:
    """Serve until interrupted. A failure is one sentence and an exit status."""
    try:
        settings = config.load()
        with server.bound(settings.host, settings.port) as listener:
            if settings.auth is None and not is_loopback(settings.host):
                print(
                    f"attest: whoever can reach {settings.host} can read your documents; let in only whom "
                    "you choose with: attest serve --auth FILE",
                    file=sys.stderr,
                )
            live = LiveRuntime(open_parts(settings), assemble.open_store(settings))
            application = server.create(live, settings)
            needed = partial(load.wait_for, live.pipeline.model)
            with suppress(KeyboardInterrupt), live.following():
                server.serve(
                    application, listener, lambda at: print(f"Attest is at {at}", flush=True), needed
                )
    except AttestError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
