"""The embedding model for both uses: one question at once, many sentences fast."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from qa.embedding.base import Encoder
from qa.embedding.numpy_bert import BertEncoder


class TextEncoder(Embeddings):
    """A model from a folder on disk, behind LangChain's ``Embeddings``.

    A single text is encoded in NumPy. Several are encoded by sentence-transformers, which is loaded the first
    time: a server that answers questions starts without it, and may never need it.
    """

    def __init__(self, folder: Path) -> None:
        """Load the part of the model in ``folder`` that encodes a question."""
        self._folder = folder
        self._single = BertEncoder(folder)
        self._loading = Lock()

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._single.dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape ``(len(texts), dimensions)``."""
        if len(texts) < 2:
            return self._single.encode(texts)
        with self._loading:
            batch = self._batch
        return batch.encode(texts)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's port: one vector per text."""
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """LangChain's port: the vector of a question (this model treats both sides alike)."""
        return self.embed_documents([text])[0]

    @cached_property
    def _batch(self) -> Encoder:
        from qa.embedding.sentence_transformer import SentenceEmbeddings

        return SentenceEmbeddings(self._folder)
