"""Numbers of millions of texts, found by the digest of a text."""

import hashlib

import numpy as np
from numpy.typing import NDArray

DIGEST = np.dtype("S16")
"""Of a text: half of its SHA-256. That two of a billion texts have the same has a chance of 1 to 10^21."""

RECENT = 100_000
"""Digests that are added to a dictionary, which takes 20 MB, before they are sorted among the others."""


def digest_of(text: str) -> bytes:
    """Return the digest of ``text``."""
    return hashlib.sha256(text.encode()).digest()[: DIGEST.itemsize]


class DigestTable:
    """A number for each digest, in 20 bytes."""

    def __init__(self, recent: int = RECENT) -> None:
        """Make an empty table, which sorts ``recent`` digests at a time."""
        self._most = recent
        self._recent: dict[bytes, int] = {}
        self._digests: NDArray[np.bytes_] = np.empty(0, DIGEST)
        self._numbers: NDArray[np.uint32] = np.empty(0, np.uint32)

    def __len__(self) -> int:
        """The number of digests."""
        return len(self._recent) + len(self._digests)

    def add(self, digest: bytes, number: int) -> None:
        """Give ``digest``, which is not in the table, a number."""
        self._recent[digest] = number
        if len(self._recent) >= self._most:
            digests = np.concatenate((self._digests, np.asarray(list(self._recent), DIGEST)))
            numbers = np.concatenate((self._numbers, np.asarray(list(self._recent.values()), np.uint32)))
            order = np.argsort(digests, kind="stable")
            self._digests, self._numbers, self._recent = digests[order], numbers[order], {}

    def get(self, digest: bytes) -> int | None:
        """Return the number of ``digest``; None if it is not in the table."""
        recent = self._recent.get(digest)
        if recent is not None or not len(self._digests):
            return recent
        sought = np.asarray(digest, DIGEST)
        place = int(np.searchsorted(self._digests, sought))
        if place < len(self._digests) and self._digests[place] == sought:
            return int(self._numbers[place])
        return None
