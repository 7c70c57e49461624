"""Synthetic passages, for indexes larger than the real text. Searching them costs as much as real ones.

They mean nothing. The only figure of quality to take from them is how near a search comes to an exact one.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.ingest.chunking import split
from qa.schema import Document

NOISE = 0.6
"""Length of the noise that is added to a real vector of length 1: the cosine of two passages drawn around
the same one is 1 / (1 + NOISE²), 0.74."""

_STEP = 10_000
"""Rows drawn at a time, so that drawing a million takes little memory."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The length of a synthetic passage."""

    sentences: int = 3
    words: int = 40
    """Of each sentence. Three of forty are as long as a paragraph of SQuADShifts' Wikipedia articles."""


def real_documents(paragraphs: Sequence[str]) -> list[Document]:
    """Return one document for each paragraph."""
    return [Document(f"real/{n:07}", text, "Real") for n, text in enumerate(paragraphs)]


def sentences_of(documents: Sequence[Document]) -> list[str]:
    """Return every sentence that indexing ``documents`` would embed."""
    return [
        span.cut({each.id: each}) for each in documents for part in split(each) for span in part.sentences
    ]


def synthetic_documents(paragraphs: Sequence[str], count: int, shape: Shape, seed: int = 1) -> list[Document]:
    """Return ``count`` documents of one passage each, of words as frequent as they are in ``paragraphs``.

    Their frequencies follow Zipf's law because those of real words do.
    """
    found = Counter(word for text in paragraphs for word in re.findall(r"[^\W\d_]+", text))
    words, counts = np.asarray(list(found)), np.asarray(list(found.values()), dtype=float)
    chance = np.random.default_rng(seed)
    documents: list[Document] = []
    while len(documents) < count:
        step = min(_STEP, count - len(documents))
        drawn = chance.choice(len(words), (step, shape.sentences, shape.words), p=counts / counts.sum())
        for passage in words[drawn].tolist():
            text = " ".join(f"{' '.join(sentence).capitalize()}." for sentence in passage)
            documents.append(Document(f"synthetic/{len(documents):07}", text, "Synthetic"))
    return documents


class SyntheticEncoder:
    """An encoder that knows the vectors of real texts and draws those of others around them."""

    def __init__(self, known: Mapping[str, NDArray[np.float32]], sentences: int, seed: int = 1) -> None:
        """Draw ``sentences`` unknown texts in a row around one real vector, like those of one passage."""
        self._known = known
        self._base = np.stack(list(known.values()))
        self._sentences = sentences
        self._chance = np.random.default_rng(seed)

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._base.shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape ``(len(texts), dimensions)``; every call draws again."""
        dimensions = self.dimensions
        vectors = np.empty((len(texts), dimensions), dtype=np.float32)
        unknown = np.asarray([i for i, text in enumerate(texts) if text not in self._known], dtype=np.int64)
        around = self._chance.integers(len(self._base), size=len(unknown) // self._sentences + 1)
        around = np.repeat(around, self._sentences)[: len(unknown)]
        for first in range(0, len(unknown), _STEP):
            rows, near = unknown[first : first + _STEP], around[first : first + _STEP]
            noise = self._chance.standard_normal((len(rows), dimensions), dtype=np.float32)
            drawn = self._base[near] + NOISE / dimensions**0.5 * noise
            vectors[rows] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        for i, text in enumerate(texts):
            if text in self._known:
                vectors[i] = self._known[text]
        return vectors

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        vector: NDArray[np.float32] = self.encode([question])[0]
        return vector
