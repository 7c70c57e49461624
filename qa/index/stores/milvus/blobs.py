"""Texts of any length in Milvus, cut into pieces that fit a field."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence

from pymilvus import DataType, MilvusClient

from qa.errors import IndexDamagedError
from qa.index.manifest import REBUILD
from qa.index.stores.milvus.connection import MAX_BYTES, Connection, Row, batches, create

PIECE_CHARS = MAX_BYTES // 4
"""Characters in a piece of text: in UTF-8 each has up to four bytes."""

_FLAT = [0.0, 0.0]
"""Milvus has no collection without vectors."""


class TextCollection:
    """A collection of texts of any length, by name."""

    def __init__(self, milvus: Connection, collection: str) -> None:
        """Open a collection that exists."""
        self._milvus = milvus
        self._collection = collection

    @classmethod
    def create(cls, milvus: Connection, collection: str) -> "TextCollection":
        """Create an empty collection, in place of any with that name."""
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.VARCHAR, max_length=128, is_primary=True)
        schema.add_field("pieces", DataType.INT64)
        schema.add_field("text", DataType.VARCHAR, max_length=MAX_BYTES)
        schema.add_field("flat", DataType.FLOAT_VECTOR, dim=len(_FLAT))
        index = MilvusClient.prepare_index_params()
        index.add_index("flat", index_type="FLAT", metric_type="L2")
        create(milvus, collection, schema, index)
        return cls(milvus, collection)

    def read(self, name: str) -> bytes:
        """Read a text, as UTF-8.

        Raises:
            IndexDamagedError: some or all of it is missing.
            IndexUnavailableError: Milvus does not answer.
        """
        pieces = self._get([f"{name}/0"])
        if not pieces:
            raise IndexDamagedError(f"{self._collection} has no {name}; {REBUILD}")
        count = pieces[f"{name}/0"]["pieces"]
        for keys in batches(f"{name}/{n}" for n in range(1, count)):
            pieces |= self._get(keys)
        if len(pieces) != count:
            raise IndexDamagedError(f"{self._collection} has only part of {name}; {REBUILD}")
        return "".join(pieces[f"{name}/{n}"]["text"] for n in range(count)).encode()

    def write(self, name: str, text: str) -> str:
        """Write a text, and return its SHA-256."""
        self.write_all([(name, text)])
        return hashlib.sha256(text.encode()).hexdigest()

    def rewrite(self, name: str, text: str) -> None:
        """Replace a text that fits one piece."""
        self._milvus("upsert", collection_name=self._collection, data=list(_pieces([(name, text)])))

    def write_all(self, texts: Iterable[tuple[str, str]]) -> None:
        """Write texts, each with its name, in batches."""
        for rows in batches(_pieces(texts)):
            self._milvus("insert", collection_name=self._collection, data=rows)
        self._milvus("flush", collection_name=self._collection)

    def keys_except(self, names: Collection[str]) -> list[str]:
        """Return the keys of the pieces of all texts but those of ``names``."""
        rows = self._milvus.read("query", self._collection, filter="pieces >= 0", output_fields=["key"])
        return [row["key"] for row in rows if row["key"].rpartition("/")[0] not in names]

    def delete(self, keys: Iterable[str]) -> None:
        """Delete pieces by their keys."""
        for batch in batches(keys):
            self._milvus("delete", collection_name=self._collection, ids=batch)

    def _get(self, keys: Sequence[str]) -> dict[str, Row]:
        found = self._milvus.read("get", self._collection, ids=list(keys), output_fields=["pieces", "text"])
        return {row["key"]: row for row in found}


def _pieces(texts: Iterable[tuple[str, str]]) -> Iterator[dict[str, object]]:
    for name, text in texts:
        parts = [text[i : i + PIECE_CHARS] for i in range(0, len(text), PIECE_CHARS)] or [""]
        for n, part in enumerate(parts):
            yield {"key": f"{name}/{n}", "pieces": len(parts), "text": part, "flat": _FLAT}
