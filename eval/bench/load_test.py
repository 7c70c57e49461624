"""Measure how long readers wait who all ask one server at once: ``python -m eval.bench.load_test``."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

import httpx
from tabulate import tabulate

from eval.known_answers import QUESTIONS
from qa import assemble, config
from qa.errors import AttestError, UserError
from qa.evaluation.datasets.own import read_own
from qa.evaluation.metrics import percentile
from qa.ingest import discovery
from qa.web import server

PATIENCE_SECONDS = 3_600.0
"""A reader who waits longer counts as an error. The default model needs less for sixty on two cores."""


@dataclass(frozen=True, slots=True)
class Read:
    """One reader's wait. Times are in seconds from asking; None if nothing came."""

    question: str
    evidence: float | None = None
    answer: float | None = None
    places: tuple[int, ...] = ()
    """Every number of readers that the server said were before this one, in order."""
    error: str = ""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and print a table. The exit status is 1 when a reader got no answer."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.load_test", description=__doc__)
    parser.add_argument("--readers", type=int, default=20, metavar="N", help="readers who ask at once (20)")
    args = parser.parse_args(argv)
    try:
        if args.readers < 1:
            raise UserError("--readers must be at least 1")
        reads = measure(args.readers)
    except AttestError as error:
        print(f"eval.bench.load_test: {error}", file=sys.stderr)
        return error.exit_status
    print(table(reads))
    return 1 if any(each.error for each in reads) else 0


def measure(readers: int) -> list[Read]:
    """Let each of ``readers`` readers ask one of the project's own questions, all at once.

    Raises:
        AttestError: the server cannot be started.
    """
    settings = config.load()
    known = read_own(discovery.load([settings.corpus]).documents, QUESTIONS)
    questions = islice(cycle(case.question for case in known.cases if not case.history), readers)
    app = server.create(assemble.open_runtime(settings), settings)
    with server.listen("127.0.0.1", 0) as listener, server.run_in_background(app, listener) as address:
        return asyncio.run(_all_at_once(address, list(questions)))


def table(reads: Sequence[Read]) -> str:
    """Return the figures as aligned text."""
    rows = []
    for name, seconds in (
        ("time to evidence", [each.evidence for each in reads if each.evidence is not None]),
        ("time to the whole answer", [each.answer for each in reads if each.answer is not None]),
    ):
        figures = [percentile(seconds, share) for share in (50, 95, 100)]
        rows.append([name, *("–" if each is None else f"{each:.2f} s" for each in figures), len(seconds)])
    told = sum(1 for each in reads if each.places)
    furthest = max((place for each in reads for place in each.places), default=0)
    errors = [each for each in reads if each.error]
    said = [
        f"{told} of {len(reads)} readers were shown their place in the queue; "
        f"at most {furthest} were before one."
    ]
    said += [f"Errors: {len(errors)}"] + [f"  {each.question}: {each.error}" for each in errors]
    head = ["", "p50", "p95", "max", "n"]
    return "\n".join([tabulate(rows, headers=head, disable_numparse=True), *said])


async def _all_at_once(address: str, questions: Sequence[str]) -> list[Read]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=address, timeout=PATIENCE_SECONDS, limits=limits, trust_env=False
    ) as client:
        return await asyncio.gather(*(_read(client, question) for question in questions))


async def _read(client: httpx.AsyncClient, question: str) -> Read:
    begun = time.perf_counter()
    times: dict[str, float] = {}
    places: dict[int, None] = {}
    error = ""
    try:
        async with client.stream("POST", "/ask", json={"question": question, "stream": True}) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                ((name, value),) = json.loads(line).items()
                times.setdefault(name, time.perf_counter() - begun)
                if name == "waiting":
                    places.setdefault(value)
                elif name == "error":
                    error = value
    except (httpx.HTTPError, ValueError) as failure:
        error = str(failure) or type(failure).__name__
    if "answer" not in times and not error:
        error = "the stream ended without an answer"
    return Read(question, times.get("evidence"), times.get("answer"), tuple(places), error)


if __name__ == "__main__":
    sys.exit(main())
