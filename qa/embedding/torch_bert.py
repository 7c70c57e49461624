"""A sentence-transformers model of the BERT architecture in PyTorch, for the sentences of many documents.

It computes what :mod:`qa.embedding.numpy_bert` computes, for many texts at once and without padding: their
tokens stand one after the other, and texts of equal length attend together.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.nn import functional

from qa.concurrency import usable_cores
from qa.embedding.linear import Linear, native_type
from qa.embedding.settings import WEIGHTS, read_settings
from qa.embedding.tokenizer import load_tokenizer
from qa.errors import UserError

BATCH_TOKENS = 1_024
"""Tokens that are computed together, unless one text has more. From 512 to 8,192 the speed is the same within
a tenth (docs/speed.md); small batches divide evenly among threads."""

ATTENTION_STEP = 16
"""PyTorch's attention is up to twice as fast over a multiple of so many tokens: a register of AVX-512 holds
16 numbers."""


@dataclass(frozen=True, slots=True)
class _Norm:
    """A layer norm: its learnt scale and shift."""

    scale: Tensor
    shift: Tensor
    epsilon: float

    def apply(self, x: Tensor) -> Tensor:
        return functional.layer_norm(x, self.scale.shape, self.scale, self.shift, self.epsilon)


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of BERT."""

    attention: Linear
    """Makes the queries, keys and values."""
    attended: Linear
    attention_norm: _Norm
    wide: Linear
    narrow: Linear
    norm: _Norm


class TorchBert:
    """The model in a folder, on the processor.

    Vectors have unit length, so their inner product is the cosine. Where the processor multiplies bfloat16
    natively the model is computed in it (cosine to float32 above 0.9999), elsewhere in float32. A text has
    the same vector in any company, to the 0.001 that bfloat16 rounds by.

    Each core computes batches of its own in one thread. PyTorch would divide every multiplication among all
    cores, which then wait for each other thousands of times a second: eight times as long as alone, as soon
    as another program uses one of the cores (docs/speed.md).
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load the model in ``folder``, to compute with ``threads``; None for as many as there are cores.

        Raises:
            UserError: the weights cannot be read, or are not those of a BERT alone.
        """
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        settings = read_settings(folder)
        self._query_prompt, self._prompt = settings.query_prompt, settings.document_prompt
        self._tokenize = load_tokenizer(folder, settings.max_length)
        self._heads = int(config["num_attention_heads"])
        self.dimensions = int(config["hidden_size"])
        try:
            self._load(folder / WEIGHTS, int(config["num_hidden_layers"]), float(config["layer_norm_eps"]))
        except (SafetensorError, OSError) as error:
            raise UserError(
                f"{folder / WEIGHTS} cannot be read as the weights of a model ({error}); download the "
                "model again, or set ATTEST_EMBEDDING to another"
            ) from error
        self._threads = ThreadPoolExecutor(
            threads or usable_cores(), "embedding", torch.set_num_threads, (1,)
        )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of sentences of documents, shape ``(len(texts), dimensions)``."""
        return self._encode([self._prompt + text for text in texts])

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        vector: NDArray[np.float32] = self._encode([self._query_prompt + question])[0]
        return vector

    def _load(self, file: Path, layers: int, epsilon: float) -> None:
        self.type = native_type()
        with safe_open(file, framework="pt") as weights:

            def tensor(name: str) -> Tensor:
                found: Tensor = weights.get_tensor(name).to(self.type)
                return found

            def linear(*names: str) -> Linear:
                weight = torch.cat([tensor(f"{name}.weight") for name in names])
                bias = torch.cat([tensor(f"{name}.bias") for name in names])
                return Linear(weight, bias, BATCH_TOKENS)

            def norm(name: str) -> _Norm:
                scale, shift = (tensor(f"{name}.LayerNorm.{part}") for part in ("weight", "bias"))
                return _Norm(scale, shift, epsilon)

            self._words: Tensor = weights.get_tensor("embeddings.word_embeddings.weight")
            kinds = tensor("embeddings.token_type_embeddings.weight")
            self._places = tensor("embeddings.position_embeddings.weight") + kinds[0]
            self._norm = norm("embeddings")
            self._layers = [
                _Layer(
                    linear(*(f"{of}.attention.self.{name}" for name in ("query", "key", "value"))),
                    linear(f"{of}.attention.output.dense"),
                    norm(f"{of}.attention.output"),
                    linear(f"{of}.intermediate.dense"),
                    linear(f"{of}.output.dense"),
                    norm(f"{of}.output"),
                )
                for of in (f"encoder.layer.{number}" for number in range(layers))
            ]

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        pieces = [self._tokenize(text) for text in texts]
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        batches = list(_batches(list(map(len, pieces))))
        made = self._threads.map(lambda rows: self._compute([pieces[row] for row in rows]), batches)
        for rows, batch in zip(batches, made, strict=True):
            vectors[rows] = batch
        return vectors

    @torch.inference_mode()
    def _compute(self, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return the unit vectors of texts that are sorted by length."""
        groups = [(length, len(list(group))) for length, group in groupby(map(len, pieces))]
        sizes = [length * count for length, count in groups]
        # The last texts of each length are read beyond their end (see _attend).
        flat = [number for text in pieces for number in text] + [pieces[-1][-1]] * ATTENTION_STEP
        places = [place for text in pieces for place in range(len(text))] + [0] * ATTENTION_STEP
        x = functional.embedding(torch.tensor(flat), self._words).to(self.type)
        x = self._norm.apply(x + self._places[torch.tensor(places)])
        for layer in self._layers:
            attended = self._attend(layer.attention.multiply(x), groups)
            x = layer.attention_norm.apply(layer.attended.multiply_and_add(attended, x))
            wide = layer.wide.multiply_and_activate(x)
            x = layer.norm.apply(layer.narrow.multiply_and_add(wide, x))
        means = [
            part.view(count, length, -1).mean(1, dtype=torch.float32)
            for part, (length, count) in zip(torch.split(x[: sum(sizes)], sizes), groups, strict=True)
        ]
        vectors: NDArray[np.float32] = functional.normalize(torch.cat(means)).numpy()
        return vectors

    def _attend(self, x: Tensor, groups: Sequence[tuple[int, int]]) -> Tensor:
        """Return, for every head, each token's mean of all values of its text, weighted by how well its query
        fits their keys. ``x`` has a query, a key and a value per token, ``groups`` the lengths of the texts
        and how many have each.

        A text is read up to the next multiple of ``ATTENTION_STEP``, without a copy: what stands there is
        masked, and belongs to the text after it.
        """
        width = self.dimensions // self._heads
        attended = x.new_zeros(len(x), self.dimensions)
        row = 0
        for length, count in groups:
            padded = -(-length // ATTENTION_STEP) * ATTENTION_STEP
            mask = x.new_zeros(padded)
            mask[length:] = -torch.inf
            query, key, value = x[row:].as_strided(
                (3, count, self._heads, padded, width),
                (self.dimensions, length * 3 * self.dimensions, width, 3 * self.dimensions, 1),
            )
            found = functional.scaled_dot_product_attention(query, key, value, mask.expand(1, 1, padded, -1))
            rows = attended[row : row + count * length]
            rows.view(count, length, self._heads, width).copy_(found[:, :, :length].transpose(1, 2))
            row += count * length
        return attended


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the rows of texts with these ``lengths`` that are computed together: sorted by length, the
    longest first, so that what is left for the end is short.
    """
    batch: list[int] = []
    tokens = 0
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and tokens + lengths[row] > BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
        batch.append(row)
        tokens += lengths[row]
    if batch:
        yield batch
