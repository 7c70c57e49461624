"""Indexing with several workers, measured and reckoned for more: ``python -m eval.bench.workers FILE…``.

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
from eval.bench.null_encoder import Weightless, load_weightless
from qa import assemble, config
from qa.concurrency import usable_cores
from qa.embedding.base import Encoder
from qa.errors import AttestError, UserError
from qa.index.index import Contents
from qa.index.stores.local import LocalStore
from qa.index.update.cached_encoder import STEP
from qa.index.update.update import update_index
from qa.index.update.workers.base import WorkerPool
from qa.index.update.workers.dask import AHEAD, FILES, Load, Workers
from qa.index.update.workers.local import InProcessPool
from qa.ingest import discovery

WANTED = 64
"""The number of workers to reckon for."""

ALONE = 0
"""Stands for no workers: one process, the default."""


def load_on_one_core(threads: int) -> Encoder:
    """The embedding model of a worker, which has one core however few workers there are: so says the law."""
    return assemble.load_in_worker(1)


@dataclass(frozen=True, slots=True)
class Timed:
    """The same files indexed by one crew, in every round, from nothing to an index in force."""

    workers: int
    """``ALONE`` for one process without workers."""
    seconds: tuple[float, ...]

    @property
    def time(self) -> float:
        """Of the median round."""
        return statistics.median(self.seconds)


@dataclass(frozen=True, slots=True)
class Law:
    """Amdahl's law (1967): of the seconds that one worker takes, some are shared out and some are not."""

    serial: float
    shared: float

    def time(self, workers: int) -> float:
        """Seconds with so many workers."""
        return self.serial + self.shared / workers

    @property
    def share(self) -> float:
        """Of the work of one worker, what is not shared out."""
        return self.serial / self.time(1)


@dataclass(frozen=True, slots=True)
class Spread:
    """What was measured, and on what."""

    machine: Machine
    contents: Contents
    timed: tuple[Timed, ...]
    weightless: Timed
    """With as many workers as there are cores, and an encoder that takes no time."""
    starting: float
    """Seconds until the first worker has loaded its model: not in the others."""

    @property
    def measured(self) -> tuple[Timed, ...]:
        """Those of workers with a core each."""
        return tuple(each for each in self.timed if ALONE < each.workers <= self.machine.cores)

    @property
    def fitted(self) -> Law:
        """The law that is nearest to what was measured, in least squares; neither part is below nothing."""
        inverse = np.array([1 / each.workers for each in self.measured])
        seconds = np.array([each.time for each in self.measured])
        rows = np.stack([np.ones_like(inverse), inverse], axis=1)
        serial, shared = nnls(rows, seconds)[0]
        return Law(float(serial), float(shared))

    @property
    def clocked(self) -> Law:
        """The law by which only the model's work is shared out, as little of it as was measured."""
        one = self.measured[0]
        return Law(self.weightless.time, (one.time - self.weightless.time) * one.workers)

    def rate(self, seconds: float) -> float:
        """Passages a second."""
        return self.contents.passages / seconds


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what the command line asks for, print the report, and write it where that says."""
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
) -> Spread:
    """Index ``texts`` with each of the ``numbers`` of workers, and alone, ``rounds`` times each. ``load``
    loads ``encoder`` in a worker, to compute on one core.

    Raises:
        UserError: there is too little text to be shared out, or no number of workers that has a core each.
        AttestError: the model or the workers cannot be had.
    """
    machine = this_machine()
    if rounds < 1 or min(numbers) < 1 or min(numbers) > machine.cores:
        raise UserError(f"Give a number of workers from 1 to {machine.cores}, and at least one round")
    if len(texts.paragraphs) <= FILES:
        raise UserError(f"There is too little text to be shared out; give more than {FILES} paragraphs")
    encoder.encode(texts.paragraphs[:STEP])  # what a first pass sets up is no part of indexing
    times: dict[int, list[float]] = {number: [] for number in (ALONE, *sorted(set(numbers)))}
    weightless, starting = [], []
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "files"
        texts.write(source)
        for _ in range(rounds):
            for number, seconds in times.items():
                if number == ALONE:
                    brought = _index(source, encoder, InProcessPool(encoder))
                else:
                    with Workers(str(number), load or load_on_one_core, InProcessPool(encoder)) as crew:
                        starting.append(_warmed(crew, number))
                        brought = _index(source, encoder, crew)
                seconds.append(brought.seconds)
            with Workers(str(machine.cores), load_weightless, InProcessPool(Weightless())) as crew:
                _warmed(crew, machine.cores)
                weightless.append(_index(source, Weightless(), crew).seconds)
    return Spread(
        machine,
        brought.contents,
        tuple(Timed(number, tuple(seconds)) for number, seconds in times.items()),
        Timed(machine.cores, tuple(weightless)),
        statistics.median(starting),
    )


@dataclass(frozen=True, slots=True)
class _Indexed:
    seconds: float
    contents: Contents


def _index(source: Path, encoder: Encoder, crew: WorkerPool) -> _Indexed:
    """What ``attest index`` does for the first time, with an embedding model that is loaded."""
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(Path(folder), assemble.embedding_identity())
        begun = time.perf_counter()
        brought = update_index(store, discovery.survey([source]), encoder, crew=crew)
        return _Indexed(time.perf_counter() - begun, brought.contents)


def _warmed(crew: WorkerPool, workers: int) -> float:
    """Seconds until all of the crew are there and have loaded their model."""
    begun = time.perf_counter()
    each = 2 * AHEAD * usable_cores()
    for _ in crew.embed([[f"{n} first words"] for n in range(workers * each)]):
        pass
    return time.perf_counter() - begun


def report(found: Spread, command: str, plot: str) -> str:
    """What was measured, and what it predicts, as Markdown."""
    machine, first = found.machine, found.timed[0]
    rows = [
        [
            "one process, none" if each.workers == ALONE else f"{each.workers}",
            f"{each.time:.1f}",
            f"{found.rate(each.time):.1f}",
            f"{first.time / each.time:.2f}",
            f"{found.fitted.time(each.workers):.1f}" if each.workers else "",
        ]
        for each in found.timed
    ]
    rows.append([f"{found.weightless.workers}, no model", *_cells(found, found.weightless.time), ""])
    fitted = ", ".join(str(each.workers) for each in found.measured)
    head = ["workers", "seconds", "passages/s", "of one process", "law, seconds"]
    laws = [
        [name, f"{law.share:.3f}", *_cells(found, law.time(WANTED))]
        for name, law in (("fitted to the measured points", found.fitted), ("no model", found.clocked))
    ]
    predicted = ["serial share by", "of one worker's time", "seconds", "passages/s", "of one process"]
    return f"""# Indexing with several workers

    {command}

{machine.date}; {machine.processor}, {machine.cores} cores, {machine.memory:.0f} GiB of memory;
{", ".join(machine.versions)}.
{found.contents.documents} files, {found.contents.passages} passages, {found.contents.sentences} sentences;
medians of {len(first.seconds)} rounds, by turns. A worker computes on one core, a process without workers on
all. Until all workers had loaded their model took {found.starting:.1f} s, which the seconds leave out.

{_table(rows, head)}

Reckoned for {WANTED} workers with a core each, by Amdahl's law, T(n) = serial + shared / n:

{_table(laws, predicted)}

Fitted are the points with a core for each worker: {fitted}. The row without a model has all that is not the
model's: finding and hashing files, cutting sentences, sending and keeping, writing the indexes. Not in it: a
network, a disk that machines share, cores that share memory and heat, batches that end unevenly.

![Passages a second against workers]({plot})
"""


def draw(found: Spread, path: Path) -> None:
    """Write a plot: passages a second against the number of workers, measured and by the law."""
    figure = Figure(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    numbers = [2**power for power in range(WANTED.bit_length())]
    for name, law in (("fitted", found.fitted), ("no model", found.clocked)):
        axes.plot(numbers, [found.rate(law.time(n)) for n in numbers], "--", label=f"Amdahl, {name}")
    workers = [each for each in found.timed if each.workers != ALONE]
    axes.plot([e.workers for e in workers], [found.rate(e.time) for e in workers], "o", label="measured")
    axes.axhline(found.rate(found.timed[0].time), color="grey", linewidth=1, label="one process")
    axes.set(xlabel="workers", ylabel="passages/s", xscale="log", yscale="log")
    axes.set_xticks(numbers, [str(n) for n in numbers])
    axes.legend()
    figure.savefig(path, metadata={"Date": None})


def _cells(found: Spread, seconds: float) -> list[str]:
    return [f"{seconds:.1f}", f"{found.rate(seconds):.1f}", f"{found.timed[0].time / seconds:.2f}"]


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
