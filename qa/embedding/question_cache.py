"""An embedding model that remembers the questions it embedded last."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import Encoder

QUESTIONS = 1_000
"""Questions that are remembered: a vector of 384 numbers is 1.5 kB."""


class QuestionCache:
    """Embeds as another model does, and each question once."""

    def __init__(self, encoder: Encoder) -> None:
        """Remember what ``encoder`` makes of questions."""
        self._encoder = encoder
        self.encode_question = lru_cache(QUESTIONS)(encoder.encode_question)
        """As the encoder's own."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of sentences of documents, shape ``(len(texts), dimensions)``."""
        return self._encoder.encode(texts)
