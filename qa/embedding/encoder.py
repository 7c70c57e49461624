"""The embedding model for both uses: one question at once, many sentences fast."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from qa.embedding.base import Encoder
from qa.embedding.numpy_bert import INNER, BertEncoder
from qa.embedding.settings import read_settings
from qa.errors import UserError


class TextEncoder(Embeddings):
    """A model from a folder on disk, behind LangChain's ``Embeddings``.

    A question is encoded in NumPy, if the model is one that NumPy can compute. Several texts are encoded in
    PyTorch, which is loaded the first time: a server that answers questions starts without it, and may never
    need it.
    """

    def __init__(self, folder: Path, inner: float = INNER) -> None:
        """Load the part of the model in ``folder`` that encodes a question; ``inner`` as for
        :class:`BertEncoder`.

        Raises:
            UserError: the folder is not a sentence-transformers model.
        """
        self._folder = folder
        self._settings = read_settings(folder)
        self._single = BertEncoder(folder, inner) if self._settings.is_plain_bert else None
        self._loading = Lock()

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._single.dimensions if self._single else self._load_batch().dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of sentences of documents, shape ``(len(texts), dimensions)``."""
        if len(texts) < 2 and self._single:
            return self._single.encode([self._settings.document_prompt + text for text in texts])
        return self._load_batch().encode(texts)

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        if self._single:
            vector: NDArray[np.float32] = self._single.encode([self._settings.query_prompt + question])[0]
            return vector
        return self._load_batch().encode_question(question)

    def encode_tokens(self, text: str) -> NDArray[np.float32]:
        """Return the unit vectors of the tokens of a text of a document, shape ``(tokens, 2 * dimensions)``.

        Raises:
            UserError: NumPy cannot compute the model.
        """
        return self._require_single().encode_tokens(self._settings.document_prompt + text)

    def encode_question_tokens(self, question: str) -> NDArray[np.float32]:
        """Return those of a question's own tokens, without its prompt, beginning and end.

        Raises:
            UserError: NumPy cannot compute the model.
        """
        single = self._require_single()
        prompt = self._settings.query_prompt
        before = single.count_tokens(prompt) - 1  # of the prompt alone, without its end
        return single.encode_tokens(prompt + question)[before:-1]

    def _require_single(self) -> BertEncoder:
        if self._single is None:
            raise UserError(f"{self._folder} is not a BERT model, so it cannot give vectors of single tokens")
        return self._single

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's port: one vector per text."""
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """LangChain's port: the vector of a question."""
        vector: list[float] = self.encode_question(text).tolist()
        return vector

    def _load_batch(self) -> Encoder:
        with self._loading:
            return self._batch

    @cached_property
    def _batch(self) -> Encoder:
        return load_batch_encoder(self._folder)


def load_batch_encoder(folder: Path, threads: int | None = None) -> Encoder:
    """Load the model in ``folder`` for many texts at once, to compute with ``threads``; None for as many as
    there are cores.

    Raises:
        UserError: the files are not those of a model that can be loaded.
    """
    if read_settings(folder).is_plain_bert:
        from qa.embedding.torch_bert import TorchBert

        return TorchBert(folder, threads)
    from qa.embedding.sentence_transformer import SentenceEmbeddings

    return SentenceEmbeddings(folder, threads)
