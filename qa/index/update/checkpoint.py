"""The vectors of an update that has not finished, so that the next one goes on where it stopped."""

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity
from qa.index.digest_table import DIGEST, DigestTable, digest_of
from qa.index.files import PositionalFile
from qa.index.vectors import STORED

_TEXT, _CHECK = hashlib.sha256().digest_size, 4


class EmbeddingCheckpoint:
    """A file of vectors beside an index, one record per text: its SHA-256, its vector, a CRC-32 of both.

    A process may end while it writes a record. A record with a wrong CRC is ignored, and so are all after it.
    """

    def __init__(self, folder: Path, identity: EmbeddingIdentity, dimensions: int) -> None:
        """Open the checkpoint of the model ``identity``, whose vectors have ``dimensions``, in ``folder``."""
        self._path = folder / f".unfinished-{identity.sha256[:16]}"
        self._length = _TEXT + dimensions * STORED.itemsize + _CHECK
        self._records = DigestTable()
        """The number of the record of each text."""
        self._valid_bytes = 0
        self._file: PositionalFile | None = None
        if self._path.exists():
            self._file = PositionalFile(self._path)
            while (body := self._body(self._valid_bytes)) is not None:
                self._add(body[:_TEXT])

    def recall(self, text: str) -> NDArray[np.float32] | None:
        """Return the vector of ``text``, or None if it was not made yet."""
        number = self._records.get(digest_of(text))
        body = None if number is None else self._body(number * self._length)
        return None if body is None else np.frombuffer(body[_TEXT:], STORED).astype(np.float32)

    def keep(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Append the vectors of texts."""
        bodies = [
            _digest(text) + vector.astype(STORED).tobytes()
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._path.open("r+b" if self._path.exists() else "wb") as file:
            file.seek(self._valid_bytes)  # over a record that a process did not finish
            file.truncate()
            file.write(b"".join(body + zlib.crc32(body).to_bytes(_CHECK) for body in bodies))
        self._file = self._file or PositionalFile(self._path)
        for body in bodies:
            self._add(body[:_TEXT])

    def discard(self) -> None:
        """Remove the file, once the index has the vectors."""
        self._file = None  # closed with that: Windows removes no open file
        self._path.unlink(missing_ok=True)
        self._records, self._valid_bytes = DigestTable(), 0

    def _add(self, digest: bytes) -> None:
        """Note the record of a text that follows those that are known."""
        digest = digest[: DIGEST.itemsize]
        if self._records.get(digest) is None:
            self._records.add(digest, self._valid_bytes // self._length)
        self._valid_bytes += self._length

    def _body(self, start: int) -> bytes | None:
        """Read the record at ``start`` without its CRC; None if it is not whole."""
        record = self._file.read(self._length, start) if self._file else b""
        body, check = record[:-_CHECK], record[-_CHECK:]
        return body if len(record) == self._length and zlib.crc32(body).to_bytes(_CHECK) == check else None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
