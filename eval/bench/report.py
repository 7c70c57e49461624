"""Measurements as a Markdown report and a plot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from tabulate import tabulate

from eval.bench.environment import Machine
from eval.bench.indexing import NEAREST, Again, Cost, Indexing, Profile
from eval.bench.retrieval import Retrieval

mpl.rcParams["svg.hashsalt"] = "attest"  # the same figures give the same bytes


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured, with the command that did it; what was not asked for is None or empty."""

    command: str
    machine: Machine
    compared: tuple[Indexing, ...] = ()
    """Attest, then the plain chain."""
    again: Again | None = None
    retrievals: tuple[Retrieval, ...] = ()
    synthetic: str = ""
    """How synthetic passages were made, where there are any."""
    profile: Profile | None = None


def report(bench: Bench, plot: str = "") -> str:
    """Everything as Markdown; ``plot`` names the file of the plot."""
    machine = bench.machine
    parts = [
        "# Speed and memory",
        f"    {bench.command}",
        f"{machine.date}; {machine.processor}, {machine.cores} cores, {machine.memory:.0f} GiB of memory, "
        f"{machine.system}; {', '.join(machine.versions)}.",
    ]
    if bench.compared:
        parts += _compared(*bench.compared)
    if bench.again:
        parts += _again(bench.again)
    if bench.retrievals:
        parts += _retrievals(bench.retrievals, bench.synthetic)
    if bench.profile:
        parts += _profile(bench.profile)
    if plot:
        parts.append(f"![Throughput and latency]({plot})")
    return "\n\n".join(parts) + "\n"


def draw(bench: Bench, path: Path) -> None:
    """Write a plot, in the format that ``path`` ends in: throughput, and latency against size."""
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.bar([each.name for each in bench.compared], [each.passages_per_second for each in bench.compared])
    left.set(ylabel="passages per second", title="Indexing")
    sizes = [each.passages for each in bench.retrievals]
    for label, values in (
        ("p95", [each.p95 for each in bench.retrievals]),
        ("p50", [each.p50 for each in bench.retrievals]),
        ("of it the dense index", [each.stages.dense for each in bench.retrievals]),
        ("of it the lexical index", [each.stages.lexical for each in bench.retrievals]),
    ):
        right.plot(sizes, values, marker="o", label=label)
    right.set(xlabel="passages", ylabel="milliseconds", title="Retrieval")
    if sizes:
        right.set(xscale="log", yscale="log")
        right.legend()
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})


def _compared(ours: Indexing, chain: Indexing) -> list[str]:
    rows = [
        ["passages/s", f"{ours.passages_per_second:.1f}", f"{chain.passages_per_second:.1f}",
         _ratio(ours.passages_per_second, chain.passages_per_second)],
        ["characters/s", f"{ours.characters_per_second:,.0f}", f"{chain.characters_per_second:,.0f}",
         _ratio(ours.characters_per_second, chain.characters_per_second)],
        ["seconds", f"{ours.time:.2f}", f"{chain.time:.2f}", _ratio(ours.time, chain.time)],
        [f"right paragraph among the {NEAREST} nearest", f"{ours.recall:.3f}", f"{chain.recall:.3f}",
         _ratio(ours.recall, chain.recall)],
    ]  # fmt: skip
    return [
        "## Indexing, from files to an index on disk",
        f"{chain.passages:,} files of one paragraph ({chain.characters:,} characters) with the same "
        f"embedding model, by turns, the median of {len(ours.seconds)}. Attest embeds every sentence, the "
        f"chain every paragraph (which it cuts at the model's longest input); Attest makes "
        f"{ours.passages:,} passages of the files, the chain {chain.passages:,}. Attest's model "
        "runs in bfloat16 where the processor multiplies that, the chain's in float32. The nearest are "
        f"those of the vectors alone, for {ours.questions} questions.",
        _table(["", "Attest", "plain chain", "Attest / chain"], rows),
    ]


def _again(again: Again) -> list[str]:
    fewer = f" ({again.asked:,} were asked for; the data has no more)" if again.files < again.asked else ""
    rows = [
        ["first build", f"{again.first:.2f}", "1"],
        [f"again, {again.changed} changed", f"{again.again:.2f}", f"{again.fraction:.4f}"],
        ["again, nothing changed", f"{again.unchanged:.2f}", f"{again.unchanged / again.first:.4f}"],
    ]
    return [
        "## Indexing again",
        f"{again.files:,} files{fewer}.",
        _table(["", "seconds", "of the first build"], rows),
    ]


def _retrievals(retrievals: Sequence[Retrieval], synthetic: str) -> list[str]:
    rows = [
        [
            f"{each.passages:,}",
            each.label,
            each.kind,
            f"{each.p50:.1f} / {each.p95:.1f}",
            f"{each.stages.embed:.1f} + {each.stages.dense:.1f} + {each.stages.lexical:.1f}",
            f"{each.recall:.3f}",
            f"{each.memory.attest:,.0f}",
            f"{each.memory.flat:,.0f}",
            f"{each.memory.ratio:.2f}",
            "–" if each.start is None else f"{each.start.evidence:.2f} / {each.start.page:.2f}",
            f"{each.build:.1f}",
        ]
        for each in retrievals
    ]
    head = [
        *("passages", "text", "vectors", "p50 / p95 ms", "embed + dense + lexical, ms"),
        *(f"recall@{NEAREST} of exact search", "B/passage, dense + lexical"),
        *("B/passage, float32 + text", "ratio", "start to evidence / page, s", "writing, s"),
    ]
    asked = len(retrievals[0].milliseconds)
    parts = [
        "## Retrieval",
        f"{asked} real questions: embedded, searched by meaning and by words, fused. Memory is what a "
        "process has more of with the index open and every question searched, mapped files included as "
        "far as they were read; it is held against float32 vectors in a flat index and the passages' "
        "texts. Start is from starting a server, page and models included, to the first evidence over "
        "HTTP, and to the page. "
        "Writing leaves embedding out.",
    ]
    return [*parts, *([synthetic] if synthetic else []), _table(head, rows)]


def _profile(profile: Profile) -> list[str]:
    head = ["function", "calls", "seconds", "share"]
    return [
        "## Where the time of indexing goes",
        f"One indexing under cProfile, {profile.seconds:.1f} s. By a function's own time:",
        _table(head, _costs(profile.by_own, profile.seconds, own=True)),
        "Attest's functions, with all they call:",
        _table(head, _costs(profile.ours, profile.seconds, own=False)),
    ]


def _costs(costs: Iterable[Cost], seconds: float, *, own: bool) -> list[list[str]]:
    rows = []
    for each in costs:
        took = each.own if own else each.total
        rows.append([f"`{each.name}`", f"{each.calls:,}", f"{took:.2f}", f"{took / seconds:.1%}"])
    return rows


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "–"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return tabulate(rows, headers=head, tablefmt="github", disable_numparse=True)
