"""The nearest passages by vector, with FAISS, which is imported here alone."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.index.files import PositionalFile
from qa.index.vectors import STORED

FILE, ROWS = "dense.faiss", "dense.f16"
"""The vectors that are searched, and those of a large index once more, with more bits."""

FLAT_UP_TO = 50_000
"""The number of passages up to which vectors are searched as float32, and exactly. A search takes 7 ms over
40,000; over 100,000, 15 ms, and 5 ms with 8 bits (``python -m eval.bench FILE --parts retrieval --sizes 40000
100000`` on two cores; the 15 ms with this constant raised)."""

OVERSAMPLING = 2
"""The multiple of the passages asked for that is found with 8 bits; the best of them by 16 bits are returned.
Recall@10 of exact search is then 1.000 of 100,000 passages and 0.999 of 1,000,000 (the same command, and
``--sizes 1000000 --sentences 2 --words 20``); with 8 bits alone it is 0.98 and 0.96."""

_BY_NAME = sys.platform != "win32"
"""True if FAISS opens files itself, and maps them. On Windows it knows only names in the system's code page,
and a user's folder may have another: files are read through Python there, into memory."""

_SAMPLED_VECTORS = 100_000
"""The number of vectors that are sampled for the range of each dimension, which its 8 bits divide."""


Blocks = Callable[[], Iterable[NDArray[np.float32]]]
"""Yields the vectors of all passages, some at a time, each time from the first."""


class DenseIndex:
    """Inner-product search over one unit vector per passage.

    Up to ``FLAT_UP_TO`` passages the vectors are kept as float32 and search is exact. Beyond, all are
    searched with 8 bits a dimension, and the nearest of them again with 16, read from the disk, so that
    cosines are right to 0.001 there too. Files are mapped: processes share them.
    """

    def __init__(self, index: faiss.Index, rows: "_Rows | None" = None) -> None:
        """Wrap a FAISS index whose ids are passage numbers; ``rows`` has the same vectors with 16 bits."""
        self._index = index
        self._rows = rows

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Read what :func:`write_dense` wrote.

        Raises:
            OSError, RuntimeError, ValueError: a file is missing or damaged.
        """
        if _BY_NAME:
            index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)
        else:
            with (folder / FILE).open("rb") as file:
                reader = faiss.PyCallbackIOReader(file.read)  # type: ignore[attr-defined]  # its stubs lack it
                index = faiss.read_index(reader)
        if isinstance(index, faiss.IndexFlat):
            return cls(index)
        return cls(index, _Rows(folder / ROWS, index.ntotal, index.d))

    @property
    def size(self) -> int:
        """The number of indexed passages."""
        return int(self._index.ntotal)

    @property
    def kind(self) -> str:
        """The format of the vectors, in words for a report."""
        return "float32" if self._rows is None else "8 bits, then float16"

    def search(
        self, vector: NDArray[np.float32], k: int, admitted: NDArray[np.bool_] | None = None
    ) -> list[int]:
        """Return the numbers of the ``k`` nearest passages, nearest first (fewer if there are fewer).

        ``admitted``, shape ``(passages,)``, says which passages are searched; None stands for all.
        """
        params = None
        if admitted is not None:
            bits = np.packbits(admitted, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))  # points at both from C++
            params = faiss.SearchParameters()
            params.sel = selector
        wanted = k if self._rows is None else OVERSAMPLING * k
        _, numbers = self._index.search(vector.reshape(1, -1), min(wanted, self.size), params=params)
        found = [int(number) for number in numbers[0] if number >= 0]
        if self._rows is None:
            return found
        cosines = self.cosines(vector, found)
        return [found[i] for i in np.argsort(-np.asarray(cosines), kind="stable")[:k]]

    def cosines(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> list[float]:
        """Return the cosine of ``vector`` with each of the passages ``numbers``."""
        if not numbers:
            return []
        chosen = np.asarray(numbers, dtype=np.int64)
        if self._rows is None:
            stored: NDArray[np.float32] = self._index.reconstruct_batch(chosen)
        else:
            stored = self._rows[chosen].astype(np.float32)
        return [float(value) for value in stored @ vector]


def write_dense(folder: Path, passages: int, blocks: Blocks, flat_up_to: int = FLAT_UP_TO) -> None:
    """Index the vectors of so many ``passages`` and write the index into ``folder``: FAISS' own format, and
    rows of 16-bit numbers. Nothing is pickled. In memory are ``flat_up_to`` vectors at most, or of more one
    block.
    """
    dimensions = next(iter(blocks())).shape[1]
    if passages > flat_up_to:
        _write_quantized(folder, dimensions, passages, blocks)
        return
    index: faiss.Index = faiss.IndexFlatIP(dimensions)
    for block in blocks():
        index.add(np.ascontiguousarray(block))
    if _BY_NAME:
        faiss.write_index(index, str(folder / FILE))
    else:
        with (folder / FILE).open("wb") as file:
            writer = faiss.PyCallbackIOWriter(file.write)  # type: ignore[attr-defined]  # its stubs lack it
            faiss.write_index(index, writer)


def _write_quantized(folder: Path, dimensions: int, passages: int, blocks: Blocks) -> None:
    """Write the vectors with 8 bits a dimension, and with 16.

    FAISS writes an index that it has in memory. Here it writes an empty one, in which the two places that
    say how many vectors there are are filled in: eight bytes after the kind and the dimensions, and the last
    eight, after which the codes follow.
    """
    index = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(_ranges(blocks(), dimensions, -(-passages // _SAMPLED_VECTORS)))
    empty = faiss.serialize_index(index).tobytes()
    count, size = (number.to_bytes(8, "little") for number in (passages, passages * index.code_size))
    with (folder / FILE).open("wb") as codes, (folder / ROWS).open("wb") as rows:
        codes.write(empty[:8] + count + empty[16:-8] + size)
        for block in blocks():
            codes.write(index.sa_encode(np.ascontiguousarray(block)).tobytes())
            rows.write(block.astype(STORED).tobytes())


def _ranges(blocks: Iterable[NDArray[np.float32]], dimensions: int, stride: int) -> NDArray[np.float32]:
    """Return the least and the greatest number of each dimension, shape ``(2, dimensions)``, in every
    ``stride``-th vector: documents are in an order, so that the first ones are no sample.

    Trained on these two, FAISS divides each dimension as if trained on the whole sample.
    """
    least, most, seen = np.full(dimensions, np.inf, np.float32), np.full(dimensions, -np.inf, np.float32), 0
    for block in blocks:
        sample = block[-seen % stride :: stride]
        least = np.minimum(least, sample.min(axis=0, initial=np.inf))
        most = np.maximum(most, sample.max(axis=0, initial=-np.inf))
        seen += len(block)
    return np.stack((least, most))


class _Rows:
    """The rows of a file, read when they are asked for.

    The file is read and not mapped: a map would keep a page in memory for every row ever read.
    """

    def __init__(self, path: Path, count: int, dimensions: int) -> None:
        """Open a file of ``count`` rows of ``dimensions`` numbers.

        Raises:
            OSError, ValueError: it is missing or has another size.
        """
        self._dimensions = dimensions
        self._bytes = dimensions * STORED.itemsize
        self._file = PositionalFile(path)
        if self._file.size != count * self._bytes:
            raise ValueError(f"{path.name} has another size than its index states")

    def __getitem__(self, numbers: NDArray[np.int64]) -> NDArray[np.float16]:
        """Read the rows ``numbers``, shape ``(len(numbers), dimensions)``."""
        read = [self._file.read(self._bytes, number * self._bytes) for number in numbers.tolist()]
        return np.frombuffer(b"".join(read), dtype=STORED).reshape(-1, self._dimensions)
