"""Nearest passages by vector, with FAISS. Its only importer."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

FILE = "dense.faiss"


class DenseIndex:
    """Exact inner-product search over one unit vector a passage."""

    def __init__(self, index: faiss.Index) -> None:
        """Wrap a FAISS index whose ids are passage numbers."""
        self._index = index

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> "DenseIndex":
        """Index ``vectors``, shape ``(passages, dimensions)``."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    def save(self, folder: Path) -> None:
        """Write FAISS' own format; nothing is pickled."""
        faiss.write_index(self._index, str(folder / FILE))

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Read what :meth:`save` wrote.

        Raises:
            RuntimeError: the file is not a FAISS index.
        """
        return cls(faiss.read_index(str(folder / FILE)))

    @property
    def size(self) -> int:
        """How many passages are indexed."""
        return int(self._index.ntotal)

    @property
    def kind(self) -> str:
        """How vectors are kept, for a person to read."""
        return "float32, flat"

    def search(
        self, vector: NDArray[np.float32], k: int, admitted: NDArray[np.bool_] | None = None
    ) -> list[int]:
        """Numbers of the ``k`` nearest passages, nearest first (fewer if there are fewer).

        ``admitted``, shape ``(passages,)``, says which passages are looked at; None stands for all.
        """
        params = None
        if admitted is not None:
            bits = np.packbits(admitted, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))  # points at both from C++
            params = faiss.SearchParameters()
            params.sel = selector
        _, numbers = self._index.search(vector.reshape(1, -1), min(k, self.size), params=params)
        return [int(number) for number in numbers[0] if number >= 0]

    def cosines(self, vector: NDArray[np.float32], numbers: list[int]) -> list[float]:
        """The cosine of ``vector`` with each of the passages ``numbers``."""
        if not numbers:
            return []
        stored = self._index.reconstruct_batch(np.asarray(numbers, dtype=np.int64))
        return [float(value) for value in stored @ vector]
