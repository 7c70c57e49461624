"""The protocol of an embedding model, and its identity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class Encoder(Protocol):
    """An embedding model."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape ``(len(texts), dimensions)``."""


@dataclass(frozen=True, slots=True)
class EmbeddingIdentity:
    """The model that made the vectors: its name and the SHA-256 of its weights."""

    name: str
    sha256: str
