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
        """Return the unit vectors of sentences of documents, shape ``(len(texts), dimensions)``."""

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape ``(dimensions,)``."""


@runtime_checkable
class TokenEncoder(Protocol):
    """An embedding model that also gives a vector for each token of a text, in its context."""

    def encode_tokens(self, text: str) -> NDArray[np.float32]:
        """Return the unit vectors of the tokens of a text of a document, one row each."""

    def encode_question_tokens(self, question: str) -> NDArray[np.float32]:
        """Return those of a question's own tokens, without what stands for its beginning and end."""


@dataclass(frozen=True, slots=True)
class EmbeddingIdentity:
    """The model that made the vectors: its name, the SHA-256 of its weights, and what it puts in front of
    texts.
    """

    name: str
    sha256: str
    query_prompt: str = ""
    document_prompt: str = ""

    def is_equivalent(self, other: "EmbeddingIdentity") -> bool:
        """Return whether both make the same vectors, whatever their names."""
        return (self.sha256, self.query_prompt, self.document_prompt) == (
            other.sha256,
            other.query_prompt,
            other.document_prompt,
        )
