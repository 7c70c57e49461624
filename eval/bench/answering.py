"""Time answers with the language model, and count the tokens that it reads and writes, by two checkouts.

Both answer the same questions by turns, each in a process of its own. Seconds depend on what else the machine
does; what the model reads and writes does not.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from tqdm import tqdm

from qa.errors import UserError
from qa.evaluation.metrics import percentile

WORKER = Path(__file__).with_name("answer_worker.py")
HERE = Path(__file__).parents[2]

STAGES = ("judged", "short answer", "writing", "check")
"""The stages of :data:`eval.bench.answer_worker.STAGES` that single questions have."""


@dataclass(frozen=True, slots=True)
class StageCost:
    """The cost of one stage to a question, on average over all of them."""

    read: float
    """Tokens of prompts that were not known from the prompt before."""
    written: float
    seconds: float


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """The times of one checkout over the questions. Seconds are medians, from asking."""

    name: str
    questions: int
    searched: float
    """Until the quotes are there."""
    checked: float | None
    """Until the first words of a checked answer are there, where there is one; None where there is none."""
    whole: float | None
    """Until the whole answer is there, where there is one."""
    refusal: float | None
    readers: int
    last: float
    """Until the last of so many ``readers`` who ask at once has an answer."""
    stages: dict[str, StageCost]
    estimate: float
    """Seconds of the language model for a question by the tokens alone, at the speed of the whole run."""
    answered: tuple[bool, ...]
    right: tuple[bool, ...]
    answerable: tuple[bool, ...]


def measure_answering(
    file: Path, questions: int, seed: int, readers: int, against: Path | None = None
) -> tuple[AnswerTimes, ...]:
    """Ask ``questions`` of a ``file`` in SQuAD format, over the ``qa`` of the checkout ``against`` first, if
    there is one, and over this one's by turns; then as many readers at once.

    Raises:
        UserError: a process ends before it has answered.
    """
    folders = [*([against] if against else []), HERE]
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(folder, file, questions, seed)) for folder in folders]
        count = min(worker.questions for worker in workers)
        replies: list[list[dict[str, Any]]] = [[] for _ in workers]
        for i in tqdm(range(count), "Asking"):
            for worker, kept in zip(workers, replies, strict=True):
                kept.append(worker.ask([i]))
        crowd = [i % count for i in range(readers)]
        at_once = [worker.ask(crowd) for worker in workers]
    requests = [each for kept in replies for reply in kept for each in reply["requests"]]
    read, write = _speed(requests, "prompt"), _speed(requests, "predicted")
    names = [*([against.name] if against else []), "this checkout"]
    return tuple(
        _summarise(name, kept, crowded, read, write)
        for name, kept, crowded in zip(names, replies, at_once, strict=True)
    )


class _Worker:
    """A process that answers questions over the ``qa`` of one checkout."""

    def __init__(self, folder: Path, file: Path, questions: int, seed: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), str(file.resolve()), str(questions), str(seed)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder.resolve())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._folder = folder
        self.questions = int(self._read()["questions"])

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def ask(self, chosen: Sequence[int]) -> dict[str, Any]:
        """Ask the questions of those numbers at once."""
        assert self._process.stdin
        print(json.dumps(list(chosen)), file=self._process.stdin, flush=True)
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise UserError(
                f"The process over {self._folder} ended before it had answered; it says why above"
            )
        reply: dict[str, Any] = json.loads(line)
        return reply


def _speed(requests: Sequence[dict[str, Any]], what: str) -> float:
    """Return tokens per second."""
    # llama.cpp gives no time to a token that comes with the prompt.
    timed = [each for each in requests if each.get(f"{what}_ms", 0) > 1]
    seconds = sum(each[f"{what}_ms"] for each in timed) / 1_000
    return sum(each[f"{what}_n"] for each in timed) / seconds if seconds else 0.0


def _summarise(
    name: str, replies: Sequence[dict[str, Any]], crowd: dict[str, Any], read: float, write: float
) -> AnswerTimes:
    answers = [reply["answers"][0] for reply in replies]
    shown = [each for each in answers if each["answered"]]
    refused = [each for each in answers if not each["answered"]]
    requests = [each for reply in replies for each in reply["requests"]]
    stages = {stage: _cost([r for r in requests if r["stage"] == stage], len(answers)) for stage in STAGES}
    return AnswerTimes(
        name,
        len(answers),
        searched=_median([each["searched"] for each in answers]) or 0.0,
        checked=_median([each["checked"] for each in shown]),
        whole=_median([each["whole"] for each in shown]),
        refusal=_median([each["whole"] for each in refused]),
        readers=len(crowd["answers"]),
        last=max(each["whole"] for each in crowd["answers"]),
        stages=stages,
        estimate=sum(
            (each.read / read if read else 0.0) + (each.written / write if write else 0.0)
            for each in stages.values()
        ),
        answered=tuple(each["answered"] for each in answers),
        right=tuple(each["right"] for each in answers),
        answerable=tuple(each["answerable"] for each in answers),
    )


def _median(values: Sequence[float]) -> float | None:
    return percentile(values, 50) if values else None


def _cost(requests: Sequence[dict[str, Any]], questions: int) -> StageCost:
    def total(name: str) -> float:
        return float(sum(each.get(name, 0) for each in requests)) / questions

    milliseconds = total("prompt_ms") + total("predicted_ms")
    writes = [each for each in requests if each.get("predicted_n", 0) > 1]  # one token comes with the prompt
    return StageCost(
        total("prompt_n"), sum(each["predicted_n"] for each in writes) / questions, milliseconds / 1_000
    )


def answering_rows(times: Sequence[AnswerTimes]) -> list[list[str]]:
    """Return a row of the report for each figure, with the ratio of the last of ``times`` to the first."""
    figures: list[tuple[str, list[float | None]]] = [
        ("passages found, s", [each.searched for each in times]),
        ("first checked words, s", [each.checked for each in times]),
        ("whole answer, s", [each.whole for each in times]),
        ("refusal, s", [each.refusal for each in times]),
        (f"last of {times[0].readers} readers at once, s", [each.last for each in times]),
        ("language model by its tokens, s", [each.estimate for each in times]),
    ]
    for stage in STAGES:
        costs = [each.stages[stage] for each in times]
        figures += [
            (f"{stage}: tokens read", [each.read for each in costs]),
            (f"{stage}: tokens written", [each.written for each in costs]),
            (f"{stage}: seconds", [each.seconds for each in costs]),
        ]
    figures += [
        ("answered, of the answerable", [_share(each.answered, each.answerable) for each in times]),
        ("right, of the answerable", [_share(each.right, each.answerable) for each in times]),
        ("right, of those answered", [_share(each.right, each.answered) for each in times]),
        (
            "refused, of the unanswerable",
            [1 - _share(each.answered, [not yes for yes in each.answerable]) for each in times],
        ),
    ]
    return [[name, *map(_number, values), _ratio(values[-1], values[0])] for name, values in figures]


def changed_verdicts(times: Sequence[AnswerTimes]) -> int:
    """Return how many questions the last of ``times`` answers that the first refuses, or the other way."""
    return sum(one != other for one, other in zip(times[0].answered, times[-1].answered, strict=True))


def _share(holds: Sequence[bool], of: Sequence[bool]) -> float:
    chosen = [yes for yes, counts in zip(holds, of, strict=True) if counts]
    return fmean(chosen) if chosen else 0.0


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _ratio(one: float | None, other: float | None) -> str:
    return f"{one / other:.2f}" if one is not None and other else "–"
