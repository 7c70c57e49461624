"""Compare an index in a folder with one in Milvus: ``python -m eval.bench.stores FILE…``.

ATTEST_MILVUS_URI is the address of Milvus. The index there has the name ATTEST_MILVUS_NAME with ``_bench``
added, and is not removed. FILEs are in SQuAD format; passages beyond their paragraphs are synthetic.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from tabulate import tabulate

from eval.bench.corpus import read_texts
from eval.bench.environment import this_machine
from eval.bench.retrieval import Material, make_material
from eval.bench.synthetic import Shape, SyntheticEncoder, real_documents, synthetic_documents
from qa import assemble, config, storage
from qa.config import Config
from qa.errors import AttestError
from qa.index.base import Store
from qa.index.index import Index
from qa.index.update.update import build_index
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Passage

WARM = 5
"""Questions asked before the first that is timed."""


@dataclass(frozen=True, slots=True)
class StoreTimes:
    """The times of an index of one size in one store."""

    store: str
    passages: int
    real: int
    writing: float
    """Seconds, without embedding."""
    opening: float
    """Seconds, including its checks."""
    milliseconds: tuple[float, ...]
    """The time of each question: embedded, searched by meaning and by words, fused."""
    best: tuple[tuple[Passage, ...], ...]
    """The ten best passages of each question."""

    @property
    def p50(self) -> float:
        """The median time of a question, in milliseconds."""
        return float(np.median(self.milliseconds))

    def agreement(self, other: "StoreTimes") -> float:
        """Return the share of the other's ten best that are among this one's, over all questions."""
        shares = [
            len(set(ours) & set(theirs)) / len(theirs)
            for ours, theirs in zip(self.best, other.best, strict=True)
            if theirs
        ]
        return float(np.mean(shares))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for, print the report, and write it to the file that it names."""
    given = list(sys.argv[1:] if argv is None else argv)
    args = _parser().parse_args(given)
    try:
        found = measure(config.load(), args.files, args.sizes, args.questions)
    except AttestError as error:
        print(f"eval.bench.stores: {error}", file=sys.stderr)
        return error.exit_status
    text = report(found, "python -m eval.bench.stores " + " ".join(given), args.out.with_suffix(".svg").name)
    args.out.write_text(text, encoding="utf-8")
    draw(found, args.out.with_suffix(".svg"))
    print(text)
    return 0


def measure(
    settings: Config, files: Sequence[Path], sizes: Sequence[int], questions: int
) -> list[tuple[StoreTimes, StoreTimes]]:
    """Measure for each size the index in a folder and the one in Milvus.

    Raises:
        AttestError: a file, a model or Milvus is not available.
    """
    elsewhere = {"index": storage.MILVUS, "milvus_name": f"{settings.milvus_name}_bench"}
    milvus = storage.open_store(settings.model_copy(update=elsewhere))
    encoder, identity = assemble.load_encoder(settings), storage.embedding_identity(settings)
    material = make_material(read_texts(files).sample_questions(questions), Shape(), encoder, identity)
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            local = storage.open_store(settings.model_copy(update={"index": Path(scratch)}))
            found.append(
                (_measure("a folder", local, material, size), _measure("Milvus", milvus, material, size))
            )
    return found


def _measure(name: str, store: Store, material: Material, size: int) -> StoreTimes:
    real = real_documents(material.texts.paragraphs[:size])
    documents = real + synthetic_documents(material.texts.paragraphs, size - len(real), material.shape)
    begun = time.perf_counter()
    build_index(store, documents, SyntheticEncoder(material.vectors, material.shape.sentences))
    written = time.perf_counter()
    index = Index.open(store)
    opened = time.perf_counter()
    retriever = HybridRetriever(source=index, encoder=material.encoder)
    asked = [each.text for each in material.texts.questions]
    for question in asked[:WARM]:
        retriever.search(question)
    times, hits = [], []
    for question in asked:
        start = time.perf_counter()
        best = retriever.search(question).hits
        times.append((time.perf_counter() - start) * 1_000)
        hits.append(tuple(hit.passage for hit in best))
    return StoreTimes(
        name, index.size, len(real), written - begun, opened - written, tuple(times), tuple(hits)
    )


def report(found: Sequence[tuple[StoreTimes, StoreTimes]], command: str, plot: str) -> str:
    """Return the times of both stores as Markdown."""
    machine = this_machine()
    rows = [
        [
            f"{each.passages:,}",
            f"{each.real:,}",
            each.store,
            f"{each.writing:.1f}",
            f"{each.opening:.2f}",
            f"{each.p50:.1f}",
            f"{np.percentile(each.milliseconds, 95):.1f}",
            f"{each.agreement(pair[0]):.3f}",
        ]
        for pair in found
        for each in pair
    ]
    head = [
        *("passages", "of them real", "in", "writing, s", "opening, s"),
        *("p50 ms", "p95 ms", "the folder's ten best"),
    ]
    return (
        f"# An index in a folder and in Milvus\n\n    {command}\n\n"
        f"{machine.date}; {machine.processor}, {machine.cores} cores, {machine.memory:.0f} GiB of memory. "
        f"{len(found[0][0].milliseconds)} real questions, including embedding; writing leaves it out.\n\n"
        f"{tabulate(rows, headers=head, tablefmt='github', disable_numparse=True)}\n\n"
        f"![Retrieval and writing against size]({plot})\n"
    )


def draw(found: Sequence[tuple[StoreTimes, StoreTimes]], path: Path) -> None:
    """Write a plot: latency and writing against the number of passages."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for times in zip(*found, strict=True):
        sizes = [each.passages for each in times]
        left.plot(sizes, [each.p50 for each in times], marker="o", label=f"in {times[0].store}")
        right.plot(sizes, [each.writing for each in times], marker="o", label=f"in {times[0].store}")
    left.set(xlabel="passages", ylabel="milliseconds, median", title="Retrieval", xscale="log")
    right.set(xlabel="passages", ylabel="seconds", title="Writing", xscale="log", yscale="log")
    left.legend()
    figure.savefig(path, metadata={"Date": None})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.stores", description=__doc__.splitlines()[0].partition(":")[0]
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 5_000], metavar="PASSAGES")
    parser.add_argument("--questions", type=int, default=50, metavar="N")
    parser.add_argument("--out", type=Path, default=Path("stores.md"), metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
