"""Vectors of an indexing that has not been finished, so that the next one goes on where it stopped."""

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import EmbeddingIdentity

_TEXT, _CHECK = hashlib.sha256().digest_size, 4


class EmbeddingCheckpoint:
    """A file of vectors beside an index, one record a text: its SHA-256, its vector, a CRC-32 of both.

    A process may end while it writes one. What does not check is passed over, with all that comes after it.
    """

    def __init__(self, folder: Path, identity: EmbeddingIdentity, dimensions: int) -> None:
        """The vectors, ``dimensions`` long, of the model ``identity`` for the index in ``folder``."""
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
        self._whole = len(self._known) * self._length

    def recall(self, text: str) -> NDArray[np.float32] | None:
        """The vector of ``text``, if an earlier indexing came so far."""
        found = self._known.get(_digest(text))
        return None if found is None else found.astype(np.float32)

    def keep(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Write the vectors of some more texts."""
        bodies = [
            _digest(text) + vector.astype(np.float16).tobytes()
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._path.open("r+b" if self._path.exists() else "wb") as file:
            file.seek(self._whole)  # over what a process that ended did not write to its end
            file.truncate()
            self._whole += file.write(b"".join(body + zlib.crc32(body).to_bytes(_CHECK) for body in bodies))

    def discard(self) -> None:
        """Forget all, once the index has them."""
        self._path.unlink(missing_ok=True)
        self._known, self._whole = {}, 0


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
