"""Vectors by the row: those of a segment that is being built, in a file, and those that are near another."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.index.digest_table import DigestTable, digest_of
from qa.index.files import open_spool

STORED = np.dtype("<f2")
"""A number of a vector, as segments keep it."""


_BLOCK = 400_000
"""Numbers that are compared at a time, 1.6 MB as float32. OpenBLAS divides a product of more than 460,800
among threads of its own (interface/gemv.c), which then wait for cores that are busy with other blocks:
400,000 rows of 384 took 0.14 s in blocks of 1,000 and 0.5 s in blocks of 1,500 or 2,000."""


class Rows(Protocol):
    """Vectors, one row each, that are read some at a time. An array is one, too."""

    @property
    def shape(self) -> Any:
        """``(vectors, dimensions)``."""

    def __len__(self) -> int:
        """The number of vectors."""

    def __getitem__(self, rows: slice, /) -> Any:
        """Return consecutive rows as an array."""


class VectorLookup(Protocol):
    """Unit vectors by the sentence that each is of. A dictionary is one, too."""

    def __contains__(self, text: object, /) -> bool:
        """Return whether ``text`` has a vector."""

    def __getitem__(self, text: str, /) -> NDArray[np.float32]:
        """Return the vector of ``text``.

        Raises:
            KeyError: there is none.
        """


class VectorFile:
    """Vectors in a file without a name, which is gone when nothing refers to it: however many there are, they
    take no memory. They are as precise as a segment keeps them.
    """

    def __init__(self, folder: Path | None, count: int, dimensions: int) -> None:
        """Make a file of ``count`` vectors of zeros on the disk of ``folder``; None for the system's folder
        of temporary files.

        Raises:
            OSError: the folder cannot be written.
        """
        self.shape = (count, dimensions)
        self._bytes = dimensions * STORED.itemsize
        self._file = open_spool(folder)
        self._file.truncate(count * self._bytes)

    def __len__(self) -> int:
        """The number of vectors."""
        return self.shape[0]

    def put(self, rows: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Write a vector into each of ``rows``.

        Raises:
            OSError: the disk is full.
        """
        for row, vector in zip(rows, vectors.astype(STORED), strict=True):
            self._file.seek(row * self._bytes)
            self._file.write(vector.tobytes())

    def __getitem__(self, rows: slice) -> NDArray[np.float32]:
        """Read consecutive rows.

        Raises:
            OSError: the disk is full, so that the last vectors could not be written.
        """
        first, end, _ = rows.indices(len(self))
        self._file.seek(first * self._bytes)
        data = self._file.read(max(0, end - first) * self._bytes)
        return np.frombuffer(data, STORED).astype(np.float32).reshape(-1, self.shape[1])


class KnownVectors:
    """Vectors by the text that each is of, in a file without a name, as in :class:`VectorFile`. In memory are
    the digests of the texts.
    """

    def __init__(self, folder: Path | None, vectors: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
        """Write ``vectors``, which may have a text several times, to the disk of ``folder``; None for the
        system's folder of temporary files.

        Raises:
            OSError: the folder cannot be written, or the disk is full.
        """
        self._file = open_spool(folder)
        self._rows = DigestTable()
        self._bytes = 0
        for text, vector in vectors:
            digest = digest_of(text)
            if self._rows.get(digest) is None:
                self._rows.add(digest, len(self._rows))
                stored = vector.astype(STORED).tobytes()
                self._bytes = len(stored)
                self._file.write(stored)

    def __getitem__(self, text: str) -> NDArray[np.float32]:
        """Read the vector of ``text``.

        Raises:
            KeyError: there is none.
        """
        row = self._rows.get(digest_of(text))
        if row is None:
            raise KeyError(text)
        self._file.seek(row * self._bytes)
        return np.frombuffer(self._file.read(self._bytes), STORED).astype(np.float32)

    def __contains__(self, text: object) -> bool:
        """Return whether ``text`` has a vector; nothing is read."""
        return isinstance(text, str) and self._rows.get(digest_of(text)) is not None


def rows_near(
    vectors: NDArray[np.float16], vector: NDArray[np.float32], least: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the rows of ``vectors``, shape ``(rows, dimensions)``, whose cosine with ``vector`` is ``least``
    or more, in ascending order, and these cosines. All are of unit length. Every row is compared, some at a
    time on each core, so that a file which is mapped into memory stays on the disk.
    """
    rows_at_once = max(_BLOCK // vectors.shape[1], 1)

    def compare(first: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        cosines = vectors[first : first + rows_at_once].astype(np.float32) @ vector
        near = np.flatnonzero(cosines >= least)
        return near + first, cosines[near]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(compare, range(0, max(len(vectors), 1), rows_at_once)))
    return np.concatenate([rows for rows, _ in found]), np.concatenate([cosines for _, cosines in found])
