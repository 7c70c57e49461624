"""The postings of a lexical index: how often each passage has each of its terms. They are sorted by term on
the disk, so that memory grows with the vocabulary alone, and not with the passages.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.index.files import open_spool

BLOCK = 2_000_000
"""Postings that are sorted in memory at a time, which takes about 100 MB."""

_NUMBER = np.dtype("<i4")
_POSTING_BYTES = 2 * _NUMBER.itemsize
"""A passage, and how often it has the term."""


@dataclass(frozen=True, slots=True)
class PostingBlock:
    """Postings of consecutive terms, by term and then by passage. Each array has an element for each."""

    terms: NDArray[np.int32]
    passages: NDArray[np.int32]
    counts: NDArray[np.int32]
    """The number of times that the passage has the term."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Postings that were sorted together, in a file from the posting ``first``."""

    first: int
    terms: NDArray[np.int32]
    """The terms that they have, in ascending order."""
    ends: NDArray[np.int64]
    """The end of the postings of each, counted from ``first``."""

    def find(self, low: int, high: int) -> tuple[int, int, NDArray[np.int32]]:
        """Return where, in the file, the postings of terms from ``low`` to ``high`` (exclusive) begin and
        end, and the term of each.
        """
        begin, end = np.searchsorted(self.terms, (low, high)).tolist()
        edges = np.append(self.ends[begin - 1] if begin else 0, self.ends[begin:end])
        terms = np.repeat(self.terms[begin:end], np.diff(edges))
        return self.first + int(edges[0]), self.first + int(edges[-1]), terms


class Postings:
    """The postings of passages, in a file without a name, which is gone when nothing refers to it."""

    def __init__(self, folder: Path, passages: Iterable[Sequence[str]], block: int = BLOCK) -> None:
        """Sort the terms of each of ``passages``, ``block`` postings at a time, on the disk of ``folder``.

        Raises:
            OSError: the folder cannot be written, or the disk is full.
        """
        self._file = open_spool(folder)
        self._block = block
        self._runs: list[_Run] = []
        self.vocabulary: dict[str, int] = {}
        """The number of each term."""
        lengths = array("i")
        terms, times, distinct = array("i"), array("i"), array("i")
        for each in passages:
            counted = Counter([self.vocabulary.setdefault(term, len(self.vocabulary)) for term in each])
            terms.extend(counted.keys())
            times.extend(counted.values())
            distinct.append(len(counted))
            lengths.append(len(each))
            if len(terms) >= block:
                self._write_run(terms, times, distinct, len(lengths))
                terms, times, distinct = array("i"), array("i"), array("i")
        if terms:
            self._write_run(terms, times, distinct, len(lengths))
        self.lengths: NDArray[np.int32] = np.asarray(lengths, dtype=np.int32)
        """The number of terms of each passage, repeated ones included."""
        self.frequencies = np.zeros(len(self.vocabulary), dtype=np.int64)
        """The number of passages that have each term."""
        for run in self._runs:
            self.frequencies[run.terms] += np.diff(run.ends, prepend=0)

    @property
    def pointers(self) -> NDArray[np.int64]:
        """The start of each term's postings, and the end of the last one's, shape ``(terms + 1,)``."""
        return np.append(0, np.cumsum(self.frequencies))

    def blocks(self) -> Iterator[PostingBlock]:
        """Yield all postings in their order, about as many at a time as were sorted."""
        pointers, low = self.pointers, 0
        while low < len(self.vocabulary):
            within = int(np.searchsorted(pointers, pointers[low] + self._block, side="right")) - 1
            high = max(low + 1, within)  # a term may have more
            yield self._merge(low, high)
            low = high

    def _write_run(self, terms: "array[int]", times: "array[int]", distinct: "array[int]", end: int) -> None:
        """Sort the postings of the last passages before the passage ``end``, and write them."""
        passages = np.repeat(np.arange(end - len(distinct), end), distinct)
        term = np.asarray(terms, dtype=np.int32)
        order = np.argsort(term, kind="stable")
        rows = np.stack((passages[order], np.asarray(times)[order]), axis=1)
        found, counts = np.unique(term, return_counts=True)
        first = self._file.tell() // _POSTING_BYTES
        self._runs.append(_Run(first, found, np.cumsum(counts)))
        self._file.write(rows.astype(_NUMBER).tobytes())

    def _merge(self, low: int, high: int) -> PostingBlock:
        """Return the postings of the terms from ``low`` to ``high`` (exclusive)."""
        terms, rows = [], []
        for run in self._runs:
            begin, end, found = run.find(low, high)
            self._file.seek(begin * _POSTING_BYTES)
            read = self._file.read((end - begin) * _POSTING_BYTES)
            terms.append(found)
            rows.append(np.frombuffer(read, _NUMBER).reshape(-1, 2))
        term, row = np.concatenate(terms), np.concatenate(rows)
        order = np.argsort(term, kind="stable")  # passages are in ascending order already
        return PostingBlock(term[order], row[order, 0], row[order, 1])
