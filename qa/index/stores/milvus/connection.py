"""Calls to Milvus, with errors for people, and what every collection has in common."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any, TypeVar

import grpc
from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException

from qa.errors import IndexUnavailableError

# Both print a trace for what they raise; the second, for what Milvus Lite in this process does not have.
for _name in ("pymilvus", "grpc._server"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

TIMEOUT_SECONDS = 30.0
"""The longest wait for one answer of Milvus."""

PING_MILLISECONDS = 300_000
"""Time between two keepalive pings. A server closes connections that ping more often than it permits, which
is every five minutes by default (gRPC's guide to keepalive), and in Milvus Lite."""

MAX_BYTES = 65_535
"""The most that a text field holds (Milvus' documentation, "Milvus Limits")."""

BATCH = 500
"""Rows inserted or read at a time: some megabytes, where Milvus takes 64."""

_CONNECTING = 2
"""The code of the error that no connection can be made."""

Row = Mapping[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a Milvus, and the name of an index in it."""

    uri: str
    """``https://host:port``, or the path of a file for Milvus Lite."""
    token: str
    """``user:password`` or a key; empty if Milvus asks for none."""
    name: str
    """Of the index: an alias, and the prefix of its collections' names."""


class Connection:
    """A connection to Milvus, made at the first call, and again after it broke. Threads may share it."""

    def __init__(self, address: Address) -> None:
        """Nothing is connected yet."""
        self.address = address
        self._made: MilvusClient | None = None
        self._lock = Lock()

    def __call__(self, what: str, **given: object) -> Any:
        """Call a method of ``MilvusClient``.

        Raises:
            IndexUnavailableError: Milvus does not answer, or refuses.
        """
        client = self._client()
        try:
            return getattr(client, what)(timeout=TIMEOUT_SECONDS, **given)
        except (MilvusException, grpc.RpcError, ValueError) as error:
            # An error of Milvus' own has a number; a broken connection goes on failing for a while.
            code = getattr(error, "code", None)
            if not isinstance(code, int) or code == _CONNECTING:
                self._forget(client)
            raise self._unavailable(error) from error

    def read(self, what: str, collection: str, **given: object) -> Any:
        """Call a method of ``MilvusClient`` that reads a collection. A call that fails is tried once more,
        over a new connection and with the collection loaded, because after a restart it is not.

        Raises:
            IndexUnavailableError: Milvus does not answer, or has no such collection.
        """
        try:
            return self(what, collection_name=collection, **given)
        except IndexUnavailableError:
            self("load_collection", collection_name=collection)
            return self(what, collection_name=collection, **given)

    def _forget(self, client: MilvusClient) -> None:
        """Drop a broken connection, unless another thread has replaced it already."""
        with self._lock:
            broken = self._made is client
            if broken:
                self._made = None
        if broken:
            client.close()

    def _client(self) -> MilvusClient:
        with self._lock:
            if self._made is None:
                try:
                    self._made = MilvusClient(
                        self.address.uri,
                        token=self.address.token,
                        timeout=TIMEOUT_SECONDS,
                        dedicated=True,
                        grpc_options={"grpc.keepalive_time_ms": PING_MILLISECONDS},
                    )
                except (MilvusException, OSError, ValueError) as error:
                    raise self._unavailable(error) from error
            return self._made

    def _unavailable(self, error: Exception) -> IndexUnavailableError:
        why = getattr(error, "message", "") or str(error)
        return IndexUnavailableError(
            f"The index in Milvus at {self.address.uri} cannot be used ({why.splitlines()[0]}); "
            "check that it is running, and ATTEST_MILVUS_URI and ATTEST_MILVUS_TOKEN"
        )


def create(milvus: Connection, collection: str, schema: object, index: object) -> None:
    """Create an empty collection, in place of any with that name. Writes to it can be read at once."""
    milvus("drop_collection", collection_name=collection)
    milvus(
        "create_collection",
        collection_name=collection,
        schema=schema,
        index_params=index,
        consistency_level="Strong",
    )


def batches(items: Iterable[_T], size: int = BATCH) -> Iterator[list[_T]]:
    """Yield ``items`` in lists of ``size``; the last one may be shorter."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch
