"""The best passages by words: BM25 over stemmed terms, with bm25s."""

import logging
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from qa.schema import Rarity

FOLDER = "lexical"

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
    def build(cls, passages: Iterable[Sequence[str]]) -> "LexicalIndex":
        """Index the terms of each passage. Until then a term is a number, which takes a seventh of its text's
        memory.
        """
        number: dict[str, int] = {}
        numbers = [[number.setdefault(term, len(number)) for term in terms] for terms in passages]
        engine = bm25s.BM25(k1=K1, b=B, method="lucene")
        engine.index((numbers, number), show_progress=False)
        return cls(engine)

    def save(self, folder: Path) -> None:
        """Write NumPy arrays and JSON. Nothing is pickled."""
        self._engine.save(str(folder / FOLDER), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what :meth:`save` wrote.

        Raises:
            OSError, ValueError, KeyError: a file is missing or damaged.
        """
        return cls(bm25s.BM25.load(str(folder / FOLDER), show_progress=False, mmap=True))

    @property
    def size(self) -> int:
        """How many passages are indexed."""
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
        """How many passages have a term."""
        token = self._engine.vocab_dict.get(term)
        pointers = self._engine.scores["indptr"]
        return 0 if token is None else int(pointers[token + 1]) - int(pointers[token])

    def having(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of the passages that have at least one of ``terms``, in ascending order."""
        stored, known = self._engine.scores, self._engine.vocab_dict
        tokens = [known[term] for term in terms if term in known]
        rows = [stored["indices"][stored["indptr"][each] : stored["indptr"][each + 1]] for each in tokens]
        return np.unique(np.concatenate(rows)).astype(np.int64) if rows else np.empty(0, dtype=np.int64)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term over these passages."""
        return inverse_frequency(self._passages, self.frequency(term))
