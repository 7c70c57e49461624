"""The best passages by words: BM25 over stemmed terms, with bm25s."""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from qa.index.arrays import array_writer
from qa.index.postings import BLOCK, PostingBlock, Postings
from qa.schema import Rarity

FOLDER = "lexical"

_SCORE, _NUMBER = np.dtype("<f4"), np.dtype("<i4")
"""Of a term in a passage, and of the passage."""

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG

K1, B = 1.2, 0.75
"""Robertson and Zaragoza (2009), section 3.2: the usual range. Changing either (0.9 to 2.0; 0.3 to 0.75)
moved recall@1 on the public SQuAD questions by less than 0.013, never upwards."""


def inverse_frequency(passages: int, having: int) -> float:
    """Return the inverse document frequency of a term that ``having`` of all ``passages`` have.

    ``ln(1 + (N - n + 0.5) / (n + 0.5))``: always positive, and highest for a term no passage has (Robertson
    and Zaragoza 2009, in Lucene's form).
    """
    return math.log(1 + (passages - having + 0.5) / (having + 0.5))


def bm25(asked: Iterable[str], passage: Sequence[str], mean_length: float, rarity: Rarity) -> float:
    """Return the score that :meth:`LexicalIndex.scores` gives a passage of these terms, among passages of
    ``mean_length`` terms on average (Lucene's variant of BM25: Kamphuis et al. 2020).
    """
    counts = Counter(passage)
    slowly = K1 * (1 - B + B * len(passage) / mean_length)
    return sum(rarity(term) * counts[term] / (counts[term] + slowly) for term in asked)


class LexicalIndex:
    """BM25 (Lucene's variant: Kamphuis et al. 2020) over the terms of every passage."""

    def __init__(self, engine: bm25s.BM25) -> None:
        """Wrap a bm25s index whose document ids are passage numbers."""
        self._engine = engine
        self._passages = int(engine.scores["num_docs"])

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what :func:`write_lexical` wrote.

        Raises:
            OSError, ValueError, KeyError: a file is missing or damaged.
        """
        return cls(bm25s.BM25.load(str(folder / FOLDER), show_progress=False, mmap=True))

    @property
    def size(self) -> int:
        """The number of indexed passages."""
        return self._passages

    def scores(self, terms: Sequence[str], rarity: Rarity | None = None) -> NDArray[np.float32]:
        """Return the BM25 score of every passage for a query, shape ``(passages,)``.

        ``rarity`` weighs the terms in place of this index's own, for scores that are to be compared with
        those of another index.
        """
        known = [term for term in terms if term in self._engine.vocab_dict]
        if not known:
            return np.zeros(self._passages, dtype=np.float32)
        if rarity is None:
            found: NDArray[np.float32] = self._engine.get_scores(known)
            return found
        # BM25 is a sum over terms, and this index's rarity a factor of each.
        total = np.zeros(self._passages, dtype=np.float32)
        stored = self._engine.scores
        for term in known:
            token = self._engine.vocab_dict[term]
            having = slice(stored["indptr"][token], stored["indptr"][token + 1])  # no passage twice
            total[stored["indices"][having]] += stored["data"][having] * (rarity(term) / self.rarity(term))
        return total

    def frequency(self, term: str) -> int:
        """The number of passages that have a term."""
        token = self._engine.vocab_dict.get(term)
        pointers = self._engine.scores["indptr"]
        return 0 if token is None else int(pointers[token + 1]) - int(pointers[token])

    def passages_with(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of the passages that have at least one of ``terms``, in ascending order."""
        stored, known = self._engine.scores, self._engine.vocab_dict
        tokens = [known[term] for term in terms if term in known]
        rows = [stored["indices"][stored["indptr"][each] : stored["indptr"][each + 1]] for each in tokens]
        return np.unique(np.concatenate(rows)).astype(np.int64) if rows else np.empty(0, dtype=np.int64)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term over these passages."""
        return inverse_frequency(self._passages, self.frequency(term))


def write_lexical(folder: Path, passages: Iterable[Sequence[str]], block: int = BLOCK) -> None:
    """Index the terms of each passage and write the index into ``folder``, as bm25s reads it: NumPy arrays
    and JSON. Nothing is pickled, and no more than ``block`` postings are in memory.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    engine = bm25s.BM25(k1=K1, b=B, method="lucene")
    postings = Postings(folder, passages, block)
    pointers, own = postings.pointers, folder / FOLDER
    later = {"data": np.empty(0, _SCORE), "indices": np.empty(0, _NUMBER)}
    engine.scores = {**later, "indptr": pointers, "num_docs": len(postings.lengths)}
    engine.vocab_dict, engine.nonoccurrence_array = postings.vocabulary, None
    engine.save(str(own), show_progress=False)
    shape, score = (int(pointers[-1]),), _scorer(postings)
    with (
        array_writer(own / "data.csc.index.npy", _SCORE, shape) as write_scores,
        array_writer(own / "indices.csc.index.npy", _NUMBER, shape) as write_passages,
    ):
        for each in postings.blocks():
            write_scores(score(each))
            write_passages(each.passages)


def _scorer(postings: Postings) -> Callable[[PostingBlock], NDArray[np.float64]]:
    """Return what computes the score of every posting in a block, in the arithmetic of bm25s."""
    lengths, frequencies = postings.lengths, postings.frequencies
    slowly = K1 * ((1 - B) + B * lengths / lengths.mean())
    rarity = np.log(1 + (len(lengths) - frequencies + 0.5) / (frequencies + 0.5)).astype(_SCORE)

    def score(block: PostingBlock) -> NDArray[np.float64]:
        often = block.counts / (slowly[block.passages] + block.counts)
        found: NDArray[np.float64] = often * rarity[block.terms]
        return found

    return score
