"""Serve an index in Milvus: ``python -m tests.support.milvus_server_replica URI NAME PORT``."""

import sys
from pathlib import Path

from qa.config import Config
from qa.index.index import Index
from qa.index.stores.milvus.connection import Address
from qa.index.stores.milvus.store import MilvusStore
from qa.pipeline import Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.runtime import StaticRuntime
from qa.web import server
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder

SAID = "Siemens installs four gas turbines in Uzbekistan."
PAUSE = 0.5
"""Seconds that a word takes."""


def main(uri: str, name: str, port: str) -> None:
    """Serve until killed."""
    store = MilvusStore(Address(uri, "", name), IDENTITY, Path("unused"))
    index = Index.open(store)
    model = FakeChat(says=SAID, pause=PAUSE)
    pipeline = Pipeline(
        HybridRetriever(source=index, encoder=FakeEncoder()),
        index.documents,
        model,
        0.0,
        changed=index.changed,
    )
    app = server.create(StaticRuntime(index, FakeEncoder(), IDENTITY, pipeline), Config())
    with server.listen("127.0.0.1", int(port)) as listener:
        server.serve(app, listener, lambda address: None)


if __name__ == "__main__":
    main(*sys.argv[1:])
