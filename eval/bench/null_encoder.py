"""An encoder that does no work. A module of its own, so that a worker imports little else."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.embedding.base import Encoder


class NullEncoder:
    """An encoder that takes no time, so that a measurement with it is of everything but the model."""

    dimensions = 384
    """As many as the default model has."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return equal unit vectors, shape ``(len(texts), dimensions)``."""
        return np.full((len(texts), self.dimensions), self.dimensions**-0.5, dtype=np.float32)

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        vector: NDArray[np.float32] = self.encode([question])[0]
        return vector


def load_null_encoder(threads: int) -> Encoder:
    """Return the encoder for a worker."""
    return NullEncoder()
