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
from functools import partial
from pathlib import Path

import torch

from eval.bench.synthetic import real_documents, sentences_of
from qa.concurrency import usable_cores
from qa.embedding.linear import Linear, native_type
from qa.embedding.settings import read_settings
from qa.embedding.tokenizer import load_tokenizer
from qa.embedding.torch_bert import BATCH_TOKENS, TorchBert
from qa.errors import UserError

ROUNDS = 9
"""The rounds in which each is measured, by turns."""

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
    int8: float
    """Of the same in 8 bits, with a scale for all vectors and results in the type ``kind``."""
    limit: float
    """Of the same in the type ``kind``."""
    reached: float
    """Of embedding, tokenising included; only its matrix multiplications are counted."""
    tokens_per_second: float

    @property
    def share(self) -> float:
        """The share of the limit of its type that embedding reaches."""
        return self.reached / self.limit

    @property
    def share_of_int8(self) -> float:
        """The share of the limit in 8 bits that embedding reaches."""
        return self.reached / self.int8


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
        _multiplication(network, partial(_in, torch.float32), threads) as single,
        _multiplication(network, _in_int8, threads) as short,
        _multiplication(network, partial(_in, encoder.type), threads) as own,
    ):
        calls: list[tuple[Callable[[], object], float]] = [
            (single.run, single.operations),
            (short.run, short.operations),
            (own.run, own.operations),
            (lambda: encoder.encode(texts), network.operations * tokens),
        ]
        rates: list[list[float]] = [[] for _ in calls]
        for _ in range(ROUNDS):
            for (call, operations), found in zip(calls, rates, strict=True):
                begun = time.perf_counter()
                call()
                found.append(operations / (time.perf_counter() - begun) / 1e9)
    float32, int8, limit, reached = map(statistics.median, rates)
    kind = str(encoder.type).removeprefix("torch.")
    return Reach(threads, kind, float32, int8, limit, reached, reached * 1e9 / network.operations)


@dataclass(frozen=True, slots=True)
class _Multiplication:
    """A model's matrix multiplications, run for about ``SECONDS``."""

    run: Callable[[], object]
    operations: float


def _in(kind: torch.dtype, inputs: int, outputs: int) -> Callable[[], object]:
    """Return a multiplication of the vectors of a batch by a matrix of the type ``kind``."""
    vectors = torch.randn(BATCH_TOKENS, inputs).to(kind)
    weights, bias = torch.randn(outputs, inputs).to(kind), torch.randn(outputs).to(kind)
    return partial(Linear(weights, bias, BATCH_TOKENS).multiply, vectors)


def _in_int8(inputs: int, outputs: int) -> Callable[[], object]:
    """Return the same in 8 bits, by the kernels of oneDNN that PyTorch has for quantized models.

    Results are of the native type: where the processor has no bfloat16, oneDNN returns it by a reference
    kernel, thousands of times slower.
    """
    vectors = torch.randint(0, 255, (BATCH_TOKENS, inputs), dtype=torch.uint8)
    weights = torch.randint(-127, 127, (outputs, inputs), dtype=torch.int8)
    packed = torch.ops.onednn.qlinear_prepack(weights, list(vectors.shape))
    scales, zeros = torch.full((outputs,), 0.01), torch.zeros(outputs, dtype=torch.int64)
    weights_of = (packed, scales, zeros, torch.zeros(outputs))
    multiply = torch.ops.onednn.qlinear_pointwise
    return lambda: multiply(vectors, 0.02, 128, *weights_of, 1.0, 0, native_type(), "none", [], "")


@contextmanager
def _multiplication(
    network: _Network, prepare: Callable[[int, int], Callable[[], object]], threads: int
) -> Iterator[_Multiplication]:
    """Prepare the multiplications of a layer, which ``prepare`` returns by the numbers of inputs and outputs,
    for ``threads`` threads.
    """
    matrices = [prepare(*shape) for shape in network.shapes]

    @torch.inference_mode()
    def multiply(layers: int) -> None:
        for _ in range(layers):
            for each in matrices:
                each()

    with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        list(pool.map(multiply, [1] * threads))
        begun = time.perf_counter()
        list(pool.map(multiply, [network.layers] * threads))
        layers = max(1, int(network.layers * SECONDS / (time.perf_counter() - begun)))
        operations = network.operations / network.layers * layers * threads * BATCH_TOKENS
        yield _Multiplication(lambda: list(pool.map(multiply, [layers] * threads)), operations)
