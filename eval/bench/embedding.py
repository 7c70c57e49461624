"""Measure how near embedding comes to what the processor can do: the operations a second of the matrix
multiplications alone, beside those of embedding real sentences.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from eval.bench.synthetic import real_documents, sentences_of
from qa.concurrency import usable_cores
from qa.embedding.linear import Linear
from qa.embedding.settings import read_settings
from qa.embedding.tokenizer import load_tokenizer
from qa.embedding.torch_bert import BATCH_TOKENS, TorchBert
from qa.errors import UserError

ROUNDS = 9
"""How often each is measured, by turns."""

SECONDS = 0.3
"""About how long a round of multiplications takes."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Embedding with one number of threads, beside matrix multiplications with as many. In GFLOP/s, the
    medians of ``ROUNDS``.
    """

    threads: int
    kind: str
    """The type that the model is computed in."""
    float32: float
    """Of the model's matrix multiplications alone, in float32."""
    limit: float
    """Of the same in the type ``kind``."""
    reached: float
    """Of embedding, tokenising included; only its matrix multiplications are counted."""
    tokens_per_second: float

    @property
    def share(self) -> float:
        """What embedding reaches of the limit."""
        return self.reached / self.limit


@dataclass(frozen=True, slots=True)
class _Network:
    """The sizes of a BERT."""

    hidden: int
    wide: int
    layers: int

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Inputs and outputs of the matrices of a layer."""
        hidden, wide = self.hidden, self.wide
        return (hidden, 3 * hidden), (hidden, hidden), (hidden, wide), (wide, hidden)

    @property
    def operations(self) -> int:
        """Additions and multiplications for a token."""
        return 2 * self.layers * sum(inputs * outputs for inputs, outputs in self.shapes)


def measure_reach(folder: Path, paragraphs: Sequence[str]) -> tuple[Reach, ...]:
    """Measure the model in ``folder`` over the sentences of ``paragraphs``: in one thread, then in all.

    Raises:
        UserError: the model is not one that Attest computes itself.
    """
    settings = read_settings(folder)
    if not settings.is_plain_bert:
        raise UserError("The distance to the limit is known only for models of the BERT architecture")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    network = _Network(config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"])
    tokenize = load_tokenizer(folder, settings.max_length)
    texts = list(dict.fromkeys(sentences_of(real_documents(paragraphs))))
    tokens = sum(len(tokenize(settings.document_prompt + text)) for text in texts)
    return tuple(
        _measure(network, TorchBert(folder, threads), texts, tokens, threads)
        for threads in dict.fromkeys((1, usable_cores()))
    )


def _measure(network: _Network, encoder: TorchBert, texts: Sequence[str], tokens: int, threads: int) -> Reach:
    with (
        _multiplication(network, torch.float32, threads) as single,
        _multiplication(network, encoder.type, threads) as own,
    ):
        calls: list[tuple[Callable[[], object], float]] = [
            (single.run, single.operations),
            (own.run, own.operations),
            (lambda: encoder.encode(texts), network.operations * tokens),
        ]
        rates: list[list[float]] = [[] for _ in calls]
        for _ in range(ROUNDS):
            for (call, operations), found in zip(calls, rates, strict=True):
                begun = time.perf_counter()
                call()
                found.append(operations / (time.perf_counter() - begun) / 1e9)
    float32, limit, reached = map(statistics.median, rates)
    kind = str(encoder.type).removeprefix("torch.")
    return Reach(threads, kind, float32, limit, reached, reached * 1e9 / network.operations)


@dataclass(frozen=True, slots=True)
class _Multiplication:
    """A model's matrix multiplications, run for about ``SECONDS``."""

    run: Callable[[], object]
    operations: float


@contextmanager
def _multiplication(network: _Network, kind: torch.dtype, threads: int) -> Iterator[_Multiplication]:
    """Prepare the multiplications of a layer for ``threads`` threads, each with vectors of its own."""
    matrices = [
        (torch.randn(BATCH_TOKENS, inputs).to(kind), Linear(
            torch.randn(outputs, inputs).to(kind), torch.randn(outputs).to(kind), BATCH_TOKENS
        ))
        for inputs, outputs in network.shapes
    ]  # fmt: skip

    @torch.inference_mode()
    def multiply(layers: int) -> None:
        for _ in range(layers):
            for vectors, matrix in matrices:
                matrix.multiply(vectors)

    with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        list(pool.map(multiply, [1] * threads))
        begun = time.perf_counter()
        list(pool.map(multiply, [network.layers] * threads))
        layers = max(1, int(network.layers * SECONDS / (time.perf_counter() - begun)))
        operations = network.operations / network.layers * layers * threads * BATCH_TOKENS
        yield _Multiplication(lambda: list(pool.map(multiply, [layers] * threads)), operations)
