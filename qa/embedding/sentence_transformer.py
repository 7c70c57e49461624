"""Many texts to vectors with sentence-transformers, which is imported here alone: for models that
:mod:`qa.embedding.torch_bert` does not compute.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from qa.embedding.linear import native_type
from qa.embedding.settings import read_settings
from qa.errors import UserError

BATCH = 32
"""Texts in a forward pass. They are sorted by length, so that padding is short."""


class SentenceEmbeddings:
    """A sentence-transformers model from a folder on disk, on the CPU, never from the network.

    Vectors have unit length, so their inner product is the cosine. Where the processor multiplies
    bfloat16 natively the model is loaded in it (twice as fast here, cosine to float32 0.9999 and more).
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load the model in ``folder``, to compute with ``threads``; None for as many as there are cores.

        Raises:
            UserError: the files are not those of a model that sentence-transformers can load.
        """
        if threads:
            torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # without types
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # without types
        try:
            self._model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": native_type()},
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise UserError(f"The embedding model in {folder} cannot be loaded: {error}") from error
        settings = read_settings(folder)
        self._query_prompt, self._prompt = settings.query_prompt, settings.document_prompt

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of sentences of documents, shape ``(len(texts), dimensions)``."""
        return self._encode(texts, self._prompt)

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        vector: NDArray[np.float32] = self._encode([question], self._query_prompt)[0]
        return vector

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            vectors[rows] = self._model.encode(
                [texts[row] for row in rows],
                prompt=prompt,
                batch_size=BATCH,
                show_progress_bar=False,
            )
        # In bfloat16 the length of a vector is only near to 1.
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors
