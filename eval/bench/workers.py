"""Measure indexing with several workers, and predict it for more: ``python -m eval.bench.workers FILE…``.

FILEs are in SQuAD format; each paragraph is indexed as a file of its own. Every number of workers is measured
in each round, so that ratios are of one run, once the workers have loaded their model.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import nnls
from tabulate import tabulate

from eval.bench.corpus import Texts, read_texts
from eval.bench.environment import Machine, this_machine
from eval.bench.null_encoder import NullEncoder, load_null_encoder
from qa import assemble, config, storage
from qa.concurrency import usable_cores
from qa.embedding.base import Encoder
from qa.errors import AttestError, UserError
from qa.index.stats import IndexStats
from qa.index.stores.local import LocalStore
from qa.index.update.embed import STEP
from qa.index.update.update import update_index
from qa.index.update.workers.base import WorkerPool
from qa.index.update.workers.dask import AHEAD, FILES, DaskPool, Load
from qa.index.update.workers.local import InProcessPool
from qa.ingest import discovery

PREDICTED_WORKERS = 64
"""The number of workers to predict for."""

NO_WORKERS = 0
"""Stands for one process without workers, the default."""


def load_on_one_core(threads: int) -> Encoder:
    """Load the embedding model of a worker, which computes on one core however few workers there are, as
    Amdahl's law assumes.
    """
    return assemble.load_in_worker(1)


@dataclass(frozen=True, slots=True)
class Timing:
    """The time of indexing the same files with one number of workers."""

    workers: int
    """``NO_WORKERS`` for one process without workers."""
    seconds: tuple[float, ...]
    """Of each round, from nothing to an index that can be searched."""

    @property
    def time(self) -> float:
        """The median round."""
        return statistics.median(self.seconds)


@dataclass(frozen=True, slots=True)
class AmdahlLaw:
    """Amdahl's law (1967): of one worker's seconds, some are divided among all workers and some are not."""

    serial: float
    parallel: float

    def time(self, workers: int) -> float:
        """Return the seconds with so many workers."""
        return self.serial + self.parallel / workers

    @property
    def serial_share(self) -> float:
        """The share of one worker's time that is not divided."""
        return self.serial / self.time(1)


@dataclass(frozen=True, slots=True)
class WorkerBench:
    """The measurements, and what they were made on."""

    machine: Machine
    stats: IndexStats
    timings: tuple[Timing, ...]
    without_model: Timing
    """With as many workers as there are cores, and an encoder that takes no time."""
    startup: float
    """Seconds until every worker has loaded its model, which the timings leave out."""

    @property
    def core_each(self) -> tuple[Timing, ...]:
        """The timings of workers with a core each."""
        return tuple(each for each in self.timings if NO_WORKERS < each.workers <= self.machine.cores)

    @property
    def fit(self) -> AmdahlLaw:
        """The law nearest to the timings by least squares, with neither part negative."""
        inverse = np.array([1 / each.workers for each in self.core_each])
        seconds = np.array([each.time for each in self.core_each])
        rows = np.stack([np.ones_like(inverse), inverse], axis=1)
        serial, parallel = nnls(rows, seconds)[0]
        return AmdahlLaw(float(serial), float(parallel))

    @property
    def bound(self) -> AmdahlLaw:
        """The law by which the model's work alone is divided."""
        one, rest = self.core_each[0], self.without_model.time
        return AmdahlLaw(rest, (one.time - rest) * one.workers)

    def rate(self, seconds: float) -> float:
        """Return the passages per second."""
        return self.stats.passages / seconds


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for, print the report, and write it to the file that it names."""
    args = _parser().parse_args(argv)
    try:
        texts = read_texts(args.files).first(args.paragraphs)
        found = measure(texts, args.workers, args.rounds, assemble.load_encoder(config.load()))
    except AttestError as error:
        print(f"eval.bench.workers: {error}", file=sys.stderr)
        return error.exit_status
    plot = args.out.with_suffix(".svg")
    names, numbers = (" ".join(each) for each in ([p.name for p in args.files], map(str, args.workers)))
    shown = f"{names} --paragraphs {args.paragraphs} --workers {numbers} --rounds {args.rounds}"
    text = report(found, f"python -m eval.bench.workers {shown}", plot.name)
    args.out.write_text(text, encoding="utf-8")
    draw(found, plot)
    print(text)
    return 0


def measure(
    texts: Texts, numbers: Sequence[int], rounds: int, encoder: Encoder, load: Load | None = None
) -> WorkerBench:
    """Index ``texts`` with each of the ``numbers`` of workers and without any, ``rounds`` times each.

    ``load`` loads ``encoder`` in a worker, to compute on one core.

    Raises:
        UserError: there is too little text to divide, or no number of workers with a core each.
        AttestError: the model or the workers are not available.
    """
    machine = this_machine()
    if rounds < 1 or min(numbers) < 1 or min(numbers) > machine.cores:
        raise UserError(f"Give a number of workers from 1 to {machine.cores}, and at least one round")
    if len(texts.paragraphs) <= FILES:
        raise UserError(f"There is too little text to divide; give more than {FILES} paragraphs")
    encoder.encode(texts.paragraphs[:STEP])  # the first pass sets things up, which is not part of indexing
    times: dict[int, list[float]] = {number: [] for number in (NO_WORKERS, *sorted(set(numbers)))}
    without_model, startup = [], []
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "files"
        texts.write(source)
        for _ in range(rounds):
            for number, seconds in times.items():
                if number == NO_WORKERS:
                    updated = _index(source, encoder, InProcessPool(encoder))
                else:
                    with DaskPool(str(number), load or load_on_one_core, InProcessPool(encoder)) as pool:
                        startup.append(_warm_up(pool, number))
                        updated = _index(source, encoder, pool)
                seconds.append(updated.seconds)
            with DaskPool(str(machine.cores), load_null_encoder, InProcessPool(NullEncoder())) as pool:
                _warm_up(pool, machine.cores)
                without_model.append(_index(source, NullEncoder(), pool).seconds)
    return WorkerBench(
        machine,
        updated.stats,
        tuple(Timing(number, tuple(seconds)) for number, seconds in times.items()),
        Timing(machine.cores, tuple(without_model)),
        statistics.median(startup),
    )


@dataclass(frozen=True, slots=True)
class _IndexRun:
    seconds: float
    stats: IndexStats


def _index(source: Path, encoder: Encoder, pool: WorkerPool) -> _IndexRun:
    """Index as ``attest index`` does for the first time, with an embedding model that is loaded."""
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(Path(folder), storage.embedding_identity(config.load()))
        begun = time.perf_counter()
        updated = update_index(store, discovery.survey([source]), encoder, workers=pool)
        return _IndexRun(time.perf_counter() - begun, updated.stats)


def _warm_up(pool: WorkerPool, workers: int) -> float:
    """Return the seconds until every worker is there and has loaded its model."""
    begun = time.perf_counter()
    each = 2 * AHEAD * usable_cores()
    for _ in pool.embed([[f"{n} first words"] for n in range(workers * each)]):
        pass
    return time.perf_counter() - begun


def report(found: WorkerBench, command: str, plot: str) -> str:
    """Return the measurements and the predictions as Markdown."""
    machine, first = found.machine, found.timings[0]
    rows = [
        [
            "one process, no workers" if each.workers == NO_WORKERS else f"{each.workers}",
            f"{each.time:.1f}",
            f"{found.rate(each.time):.1f}",
            f"{first.time / each.time:.2f}",
            f"{found.fit.time(each.workers):.1f}" if each.workers else "",
        ]
        for each in found.timings
    ]
    rows.append([f"{found.without_model.workers}, no model", *_cells(found, found.without_model.time), ""])
    fit_points = ", ".join(str(each.workers) for each in found.core_each)
    head = ["workers", "seconds", "passages/s", "of one process", "law, seconds"]
    laws = [
        [name, f"{law.serial_share:.3f}", *_cells(found, law.time(PREDICTED_WORKERS))]
        for name, law in (("fit to the measurements", found.fit), ("no model", found.bound))
    ]
    predicted = ["serial share by", "of one worker's time", "seconds", "passages/s", "of one process"]
    return f"""# Indexing with several workers

    {command}

{machine.date}; {machine.processor}, {machine.cores} cores, {machine.memory:.0f} GiB of memory;
{", ".join(machine.versions)}.
{found.stats.documents} files, {found.stats.passages} passages, {found.stats.sentences} sentences;
medians of {len(first.seconds)} rounds, by turns. A worker computes on one core, a process without workers on
all. All workers had loaded their model after {found.startup:.1f} s, which the seconds leave out.

{_table(rows, head)}

Predicted for {PREDICTED_WORKERS} workers with a core each, by Amdahl's law, T(n) = serial + parallel / n:

{_table(laws, predicted)}

The fit is to the measurements with a core for each worker: {fit_points}. The row without a model has
everything but the model: finding and hashing files, splitting sentences, sending and storing, writing the
indexes. It leaves out a network, a disk that machines share, cores that share memory and heat, and batches
that end unevenly.

![Passages per second against workers]({plot})
"""


def draw(found: WorkerBench, path: Path) -> None:
    """Write a plot: passages per second against the number of workers, measured and predicted."""
    figure = Figure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    numbers = [2**power for power in range(PREDICTED_WORKERS.bit_length())]
    for name, law in (("fit", found.fit), ("no model", found.bound)):
        axes.plot(numbers, [found.rate(law.time(n)) for n in numbers], "--", label=f"Amdahl, {name}")
    workers = [each for each in found.timings if each.workers != NO_WORKERS]
    axes.plot([e.workers for e in workers], [found.rate(e.time) for e in workers], "o", label="measured")
    axes.axhline(found.rate(found.timings[0].time), color="grey", linewidth=1, label="one process")
    axes.set(xlabel="workers", ylabel="passages/s", xscale="log", yscale="log")
    axes.set_xticks(numbers, [str(n) for n in numbers])
    axes.legend()
    figure.savefig(path, metadata={"Date": None})


def _cells(found: WorkerBench, seconds: float) -> list[str]:
    return [f"{seconds:.1f}", f"{found.rate(seconds):.1f}", f"{found.timings[0].time / seconds:.2f}"]


def _table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    return str(tabulate(rows, headers=head, tablefmt="github", disable_numparse=True))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.workers", description=__doc__.splitlines()[0].partition(":")[0]
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2], metavar="N")
    parser.add_argument("--paragraphs", type=int, default=1_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--out", type=Path, default=Path("workers.md"), metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
