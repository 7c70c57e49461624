"""Time the encoding of a question and of a passage beside another program that never pauses, in one run.

    python -m eval.bench.busy_encoder --rounds 5

Both are timed in a process of its own for each value of ``OPENBLAS_NUM_THREADS``, alone and beside a process
that computes without end for all but one of the cores. What counts are the ratios to the one thread that
Attest sets.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from tabulate import tabulate

from eval.bench.busy_machine import measure
from qa import assemble, config
from qa.concurrency import usable_cores
from qa.errors import AttestError

QUESTION = "When does the ferry between the islands leave?"
PASSAGE = (
    "The ferry between the islands leaves at nine and is back at noon, unless the wind is against it. " * 8
)
"""Some 180 tokens, as many as a paragraph has."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print seconds for one thread and for one on each core, alone and beside another program."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.busy_encoder", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.worker:
        print(json.dumps(_work(arguments.rounds)))
        return 0
    rows = []
    for threads in (1, max(2, usable_cores())):
        seconds = measure("eval.bench.busy_encoder", "OPENBLAS_NUM_THREADS", threads, arguments.rounds)
        rows.append([threads, *seconds])
    headers = ["threads", "question, s", "passage, s", "question beside, s", "passage beside, s"]
    print(tabulate(rows, headers, floatfmt=".3f", tablefmt="github"))
    return 0


def _work(rounds: int) -> tuple[float, float]:
    """Return the median seconds to encode the question, and the tokens of the passage."""
    encoder = assemble.load_encoder(config.load())
    return (
        _median(lambda: encoder.encode_question(QUESTION), rounds),
        _median(lambda: encoder.encode_tokens(PASSAGE), rounds),
    )


def _median(call: Callable[[], object], rounds: int) -> float:
    """Return the median seconds of a call, after a first one, which loads what is needed."""
    call()
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AttestError as error:
        sys.exit(str(error))
