"""Time the language model beside another program that never pauses, in one run.

    python -m eval.bench.busy_machine --rounds 3

The model reads a prompt and writes some words, in a process of its own for each value of ``GOMP_SPINCOUNT``:
how often a thread looks whether the others are done before it sleeps. One process that computes without end
is started for all but one of the cores. What counts are the ratios to the value that Attest sets, alone and
beside the other program.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from langchain_core.messages import HumanMessage
from tabulate import tabulate

from qa import assemble, config
from qa.concurrency import usable_cores
from qa.errors import AttestError, UserError

LIBGOMP_DEFAULT = 300_000
"""What libgomp takes where nothing is set, and there are no more threads than cores."""
SPIN_COUNTS = (0, 100, 1_000, 5_000, LIBGOMP_DEFAULT)

PROMPT = (
    "The ferry between the islands leaves at nine and is back at noon, unless the wind is against it. " * 12
)
"""Some 250 tokens, as many as a question with its quotes."""
WORDS = 40
"""Tokens to write, as many as a sentence or two have."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print seconds for each value, alone and beside another program."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.busy_machine", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--values", type=int, nargs="+", default=SPIN_COUNTS)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.worker:
        print(json.dumps(_work(arguments.rounds)))
        return 0
    rows = []
    for value in arguments.values:
        rows.append([value, *measure("eval.bench.busy_machine", "GOMP_SPINCOUNT", value, arguments.rounds)])
    headers = ["GOMP_SPINCOUNT", "reading, s", "writing, s", "reading beside, s", "writing beside, s"]
    print(tabulate(rows, headers, floatfmt=".2f", tablefmt="github"))
    return 0


def measure(module: str, variable: str, value: int, rounds: int) -> list[float]:
    """Return the two medians, in seconds, that ``module`` prints as a worker with ``variable`` at ``value``:
    alone, and beside another program.
    """
    alone = _run_worker(module, variable, value, rounds)
    with _busy_neighbour():
        return [*alone, *_run_worker(module, variable, value, rounds)]


@contextmanager
def _busy_neighbour() -> Iterator[None]:
    """Keep all cores but one busy, from another session, as another program of the person would."""
    command = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(command, start_new_session=True) for _ in range(max(1, usable_cores() - 1))]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def _run_worker(module: str, variable: str, value: int, rounds: int) -> tuple[float, float]:
    command = [sys.executable, "-m", module, "--worker", "--rounds", str(rounds)]
    environment = {**os.environ, variable: str(value)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"The model was not timed: {done.stderr.strip()}")
    first, second = json.loads(done.stdout)
    return first, second


def _work(rounds: int) -> tuple[float, float]:
    """Return the median seconds to read the prompt, and to write."""
    model = assemble.load_model(config.load())
    if model is None:
        raise UserError("ATTEST_MODEL=none has no model to time; set another")
    reading, writing = [], []
    model.invoke("Good morning")  # the first pass loads what is needed
    for i in range(rounds):
        asked = [HumanMessage(f"{i}. {PROMPT}\nDescribe the ferry.")]
        started = time.perf_counter()
        model.bind(max_tokens=1).invoke(asked)
        read = time.perf_counter()
        model.bind(max_tokens=WORDS).invoke(asked)  # the prompt is in memory now
        reading.append(read - started)
        writing.append(time.perf_counter() - read)
    return statistics.median(reading), statistics.median(writing)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AttestError as error:
        sys.exit(str(error))
