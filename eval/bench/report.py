"""The Markdown report of the measurements, and its plot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from tabulate import tabulate

from eval.bench.answering import STAGES, AnswerTimes, answering_rows, changed_verdicts
from eval.bench.embedding import ROUNDS, Reach
from eval.bench.environment import Machine
from eval.bench.growing import GrowthTimes, growth_rows
from eval.bench.indexing import NEAREST, Cost, Indexing, Profile, UpdateTimes
from eval.bench.retrieval import Retrieval
from eval.bench.sweep import SweepTimes, sweep_rows
from eval.bench.tracking import TrackingTimes, tracking_rows

mpl.rcParams["svg.hashsalt"] = "attest"  # the same figures give the same bytes


@dataclass(frozen=True, slots=True)
class Bench:
    """The measurements, and the command that made them; what was not measured is None or empty."""

    command: str
    machine: Machine
    compared: tuple[Indexing, ...] = ()
    """Attest, then LangChain."""
    reach: tuple[Reach, ...] = ()
    """By the number of threads."""
    update: UpdateTimes | None = None
    growing: tuple[GrowthTimes, ...] = ()
    """By the number of files."""
    retrievals: tuple[Retrieval, ...] = ()
    sweeps: tuple[SweepTimes, ...] = ()
    answering: tuple[AnswerTimes, ...] = ()
    """Another checkout, if it is compared with one, then this one."""
    synthetic: str = ""
    """The way the synthetic passages were made, if there are any."""
    tracking: TrackingTimes | None = None
    profile: Profile | None = None


def report(bench: Bench, plot: str = "") -> str:
    """Return everything as Markdown; ``plot`` is the name of the plot's file."""
    machine = bench.machine
    parts = [
        "# Speed and memory",
        f"    {bench.command}",
        f"{machine.date}; {machine.processor}, {machine.cores} cores, {machine.memory:.0f} GiB of memory, "
        f"{machine.system}; {', '.join(machine.versions)}.",
    ]
    if bench.compared:
        parts += _compared(*bench.compared)
    if bench.reach:
        parts += _reach(bench.reach)
    if bench.update:
        parts += _update(bench.update)
    if bench.growing:
        parts += _growing(bench.growing)
    if bench.retrievals:
        parts += _retrievals(bench.retrievals, bench.synthetic)
    parts += _answering(bench.answering)
    if bench.sweeps:
        parts += _sweeps(bench.sweeps, bench.synthetic)
    if bench.tracking:
        parts += _tracking(bench.tracking)
    if bench.profile:
        parts += _profile(bench.profile)
    if plot:
        parts.append(f"![Throughput and latency]({plot})")
    return "\n\n".join(parts) + "\n"


def draw(bench: Bench, path: Path) -> None:
    """Write a plot of throughput, and of latency against size, in the format of the ending of ``path``."""
    more = [*([_draw_growing] if bench.growing else []), *([_draw_answering] if bench.answering else [])]
    figure = Figure(figsize=(9 + 4.5 * len(more), 3.4), layout="constrained")
    left, right, *others = figure.subplots(1, 2 + len(more))
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
    for draw_part, axes in zip(more, others, strict=True):
        draw_part(bench, axes)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})


def _draw_growing(bench: Bench, axes: Axes) -> None:
    files = [each.files for each in bench.growing]
    for label, seconds in (
        ("everything by meaning", [each.meaning for each in bench.growing]),
        ("everything by words", [each.words for each in bench.growing]),
        ("first answer", [each.first for each in bench.growing]),
    ):
        axes.plot(files, seconds, marker="o", label=label)
    axes.set(xlabel="files", ylabel="seconds", title="A new folder", xscale="log", yscale="log")
    axes.legend()


def _draw_answering(bench: Bench, axes: Axes) -> None:
    names = [each.name for each in bench.answering]
    below = [0.0] * len(names)
    for stage in STAGES:
        seconds = [each.stages[stage].seconds for each in bench.answering]
        axes.bar(names, seconds, bottom=below, label=stage)
        below = [one + other for one, other in zip(below, seconds, strict=True)]
    axes.set(ylabel="seconds of the language model", title="An answer, by stage")
    axes.legend()


def _compared(ours: Indexing, other: Indexing) -> list[str]:
    rows = [
        ["passages/s", f"{ours.passages_per_second:.1f}", f"{other.passages_per_second:.1f}",
         _ratio(ours.passages_per_second, other.passages_per_second)],
        ["characters/s", f"{ours.characters_per_second:,.0f}", f"{other.characters_per_second:,.0f}",
         _ratio(ours.characters_per_second, other.characters_per_second)],
        ["seconds", f"{ours.time:.2f}", f"{other.time:.2f}", _ratio(ours.time, other.time)],
        [f"right paragraph among the {NEAREST} nearest", f"{ours.recall:.3f}", f"{other.recall:.3f}",
         _ratio(ours.recall, other.recall)],
        ["the same by one vector for each passage", f"{ours.passage_recall:.3f}",
         f"{other.passage_recall:.3f}", _ratio(ours.passage_recall, other.passage_recall)],
    ]  # fmt: skip
    return [
        "## Indexing, from files to an index on disk",
        f"{other.passages:,} files of one paragraph ({other.characters:,} characters) with the same "
        f"embedding model, by turns, the median of {len(ours.seconds)}. Attest embeds every sentence, "
        f"{other.name} every paragraph (which it cuts at the model's longest input); Attest makes "
        f"{ours.passages:,} passages of the files, {other.name} {other.passages:,}. Attest's model "
        f"runs in bfloat16 where the processor supports it, {other.name}'s in float32. The nearest are "
        f"those of the vectors alone, for {ours.questions} questions: {other.name}'s of each paragraph; "
        "of Attest, as it ranks by meaning, the passages whose sentences' mean is nearest, by their best "
        "sentence.",
        _table(["", "Attest", other.name, f"Attest / {other.name}"], rows),
    ]


def _answering(times: Sequence[AnswerTimes]) -> list[str]:
    if not times:
        return []
    compared = f" Verdicts that differ: {changed_verdicts(times)}." if len(times) > 1 else ""
    names = [each.name for each in times]
    return [
        "## Answers with the language model",
        f"{times[0].questions:,} questions, asked one after the other"
        f"{', by turns of both checkouts' if compared else ''}; seconds are medians, those of a stage and "
        f"tokens are for a question on average.{compared}",
        _table(["", *names, f"{names[-1]} / {names[0]}"], answering_rows(times)),
    ]


def _sweeps(times: Sequence[SweepTimes], synthetic: str) -> list[str]:
    head = [
        *("passages", "text", "sentences", "every sentence, by words and meaning, s"),
        *("the best passages, s", "ratio", "commonest word, by words, s"),
    ]
    return [
        "## Every mention",
        f"{len(times[0].best.clock)} real questions over the same index. Embedding the question is part of "
        "both times. Seconds are the median by the clock / the longest / the median of all processor cores; "
        "the ratio is of the last.",
        *([synthetic] if synthetic else []),
        _table(head, sweep_rows(times)),
    ]


def _tracking(times: TrackingTimes) -> list[str]:
    return [
        "## Tracked questions after a change",
        f"{times.questions:,} tracked questions over {times.files:,} files, of which {times.new} are new. No "
        "language model: these are the questions that it is asked then.",
        _table(["", ""], tracking_rows(times)),
    ]


def _reach(reaches: Sequence[Reach]) -> list[str]:
    rows = [
        [
            f"{each.threads}",
            f"{each.float32:,.0f}",
            f"{each.int8:,.0f}",
            f"{each.limit:,.0f} ({each.kind})",
            f"{each.reached:,.0f}",
            f"{each.share:.2f}",
            f"{each.share_of_int8:.2f}",
            f"{each.tokens_per_second:,.0f}",
        ]
        for each in reaches
    ]
    head = [
        *("threads", "multiplications in float32, GFLOP/s", "in 8 bits", "as the model runs: the limit"),
        *("embedding, GFLOP/s", "of the limit", "of that in 8 bits", "tokens/s"),
    ]
    return [
        "## Embedding, and what the processor can do",
        "The limit is the model's matrix multiplications with nothing between them. Embedding does the same "
        f"number for real sentences, and all that is between. By turns, the median of {ROUNDS}.",
        _table(head, rows),
    ]


def _update(times: UpdateTimes) -> list[str]:
    fewer = times.files < times.requested
    note = f" ({times.requested:,} were requested; the data has no more)" if fewer else ""
    rows = [
        ["first build", f"{times.build:.2f}", "1"],
        [f"again, {times.changed} changed", f"{times.update:.2f}", f"{times.fraction:.4f}"],
        ["again, nothing changed", f"{times.unchanged:.2f}", f"{times.unchanged / times.build:.4f}"],
    ]
    return [
        "## Indexing again",
        f"{times.files:,} files{note}.",
        _table(["", "seconds", "of the first build"], rows),
    ]


def _growing(times: Sequence[GrowthTimes]) -> list[str]:
    head = ["synthetic files", "first answer, s", "everything by words, s", "everything by meaning, s"]
    return [
        "## A new folder",
        "From the start of indexing: until a search without a language model finds passages, until every "
        "file is searched by words, and by meaning too. The search runs in the process that indexes.",
        _table(head, growth_rows(times)),
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
        f"{asked} real questions: embedded, searched by meaning and by words, fused. Memory is by how much "
        "a process grows with the index open and every question searched, including mapped files as far "
        "as they were read; it is compared with float32 vectors in a flat index and the passages' texts. "
        "Start is from starting a server, page and models included, to the first evidence over HTTP, and "
        "to the page. Writing leaves out embedding.",
    ]
    return [*parts, *([synthetic] if synthetic else []), _table(head, rows)]


def _profile(profile: Profile) -> list[str]:
    head = ["function", "calls", "seconds", "share"]
    return [
        "## Where the time of indexing goes",
        f"One indexing under cProfile, {profile.seconds:.1f} s. By a function's own time:",
        _table(head, _costs(profile.by_own, profile.seconds, own=True)),
        "Attest's functions, with everything that they call:",
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
