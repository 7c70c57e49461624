"""Best passages by words: BM25 over stemmed terms, with bm25s."""

import logging
import math
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

FOLDER = "lexical"

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG

K1, B = 1.2, 0.75
"""Robertson and Zaragoza (2009), section 3.2: the usual range. Changing either (0.9 to 2.0; 0.3 to 0.75)
moved recall@1 on the public SQuAD questions by less than 0.013, never upwards."""


class LexicalIndex:
    """BM25 (Lucene's variant: Kamphuis et al. 2020) over the terms of every passage."""

    def __init__(self, engine: bm25s.BM25) -> None:
        """Wrap a bm25s index whose document ids are passage numbers."""
        self._engine = engine
        self._passages = int(engine.scores["num_docs"])

    @classmethod
    def build(cls, passages: Sequence[Sequence[str]]) -> "LexicalIndex":
        """Index the terms of each passage."""
        engine = bm25s.BM25(k1=K1, b=B, method="lucene")
        engine.index([list(terms) for terms in passages], show_progress=False)
        return cls(engine)

    def save(self, folder: Path) -> None:
        """Write NumPy arrays and JSON; nothing is pickled."""
        self._engine.save(str(folder / FOLDER), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what :meth:`save` wrote.

        Raises:
            OSError, ValueError, KeyError: a file is missing or not what it should be.
        """
        return cls(bm25s.BM25.load(str(folder / FOLDER), show_progress=False, mmap=True))

    @property
    def size(self) -> int:
        """How many passages are indexed."""
        return self._passages

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """The BM25 score of every passage for a query, shape ``(passages,)``."""
        known = [term for term in terms if term in self._engine.vocab_dict]
        if not known:
            return np.zeros(self._passages, dtype=np.float32)
        found: NDArray[np.float32] = self._engine.get_scores(known)
        return found

    def rarity(self, term: str) -> float:
        """Inverse document frequency, ``ln(1 + (N - n + 0.5) / (n + 0.5))``: always positive, and
        highest for a term no passage has (Robertson and Zaragoza 2009, in Lucene's form).
        """
        token = self._engine.vocab_dict.get(term)
        pointers = self._engine.scores["indptr"]
        n = 0 if token is None else int(pointers[token + 1]) - int(pointers[token])
        return math.log(1 + (self._passages - n + 0.5) / (n + 0.5))
