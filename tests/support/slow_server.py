"""The server as ``attest serve`` runs it, with a model that takes a minute over an answer:
``python -m tests.support.slow_server``.
"""

import sys

from qa import assemble
from qa.cli import parser
from qa.config import Config
from qa.index.index import Index
from qa.runtime import StaticRuntime
from tests.support.fakes import FakeChat, answered_by

open_runtime = assemble.open_runtime


def open_slowly(settings: Config, index: Index | None = None) -> StaticRuntime:
    """Open what the server shares, with the slow model."""
    return answered_by(FakeChat(says="word " * 60, pause=1.0), open_runtime(settings, index))


if __name__ == "__main__":
    assemble.open_runtime = open_slowly
    sys.exit(parser.main(["serve", "--port", "0"]))
