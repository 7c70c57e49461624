"""The vectors of an update that has not finished, so that the next one goes on where it stopped."""

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity

_TEXT, _CHECK = hashlib.sha256().digest_size, 4


class EmbeddingCheckpoint:
    """A file of vectors beside an index, one record per text: its SHA-256, its vector, a CRC-32 of both.

    A process may end while it writes a record. A record with a wrong CRC is ignored, and so are all after it.
    """

    def __init__(self, folder: Path, identity: EmbeddingIdentity, dimensions: int) -> None:
        """Open the checkpoint of the model ``identity``, whose vectors have ``dimensions``, in ``folder``."""
        self._path = folder / f".unfinished-{identity.sha256[:16]}"
        self._length = _TEXT + 2 * dimensions + _CHECK
        self._known: dict[bytes, NDArray[np.float16]] = {}
        data = self._path.read_bytes() if self._path.exists() else b""
        for start in range(0, len(data) - self._length + 1, self._length):
            record = data[start : start + self._length]
            body = record[:-_CHECK]
            if zlib.crc32(body).to_bytes(_CHECK) != record[-_CHECK:]:
                data = data[:start]
                break
            self._known[body[:_TEXT]] = np.frombuffer(body[_TEXT:], dtype=np.float16)
        self._valid_bytes = len(self._known) * self._length

    def recall(self, text: str) -> NDArray[np.float32] | None:
        """Return the vector of ``text``, or None if no earlier update made it."""
        found = self._known.get(_digest(text))
        return None if found is None else found.astype(np.float32)

    def keep(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Append the vectors of texts."""
        bodies = [
            _digest(text) + vector.astype(np.float16).tobytes()
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._path.open("r+b" if self._path.exists() else "wb") as file:
            file.seek(self._valid_bytes)  # over a record that a process did not finish
            file.truncate()
            self._valid_bytes += file.write(
                b"".join(body + zlib.crc32(body).to_bytes(_CHECK) for body in bodies)
            )

    def discard(self) -> None:
        """Remove the file, once the index has the vectors."""
        self._path.unlink(missing_ok=True)
        self._known, self._valid_bytes = {}, 0


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
