"""What the rest of Attest needs of an embedding model, and what identifies one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class Encoder(Protocol):
    """An embedding model: texts to unit vectors."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimensions)``."""


@dataclass(frozen=True, slots=True)
class EmbeddingIdentity:
    """Which model made the vectors: its name and the SHA-256 of its weights."""

    name: str
    sha256: str
