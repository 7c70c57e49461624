"""Compare the default embedding model with all-MiniLM-L6-v2, in one run.

    python -m eval.bench.embedding_models FILE… --files 300 --rounds 3

FILEs are in SQuAD format. Both models index the same files by turns, each time in a process of its own, and
then serve them without a language model. What counts are the ratios: passages a second while indexing (at
least 0.9), and memory of a server that has answered questions (at most 1.3).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from tabulate import tabulate

from eval.bench.corpus import Texts, read_texts
from eval.bench.indexing import index_folder
from eval.bench.startup import running_server
from qa import assemble, config, storage
from qa.errors import AttestError, UserError
from qa.index.index import Index
from qa.index.stores.local import LocalStore

MINILM, DEFAULT = MODELS = ("minilm", "default")
"""Values of ``ATTEST_EMBEDDING``."""


@dataclass(frozen=True, slots=True)
class ModelCost:
    """The cost of one embedding model."""

    name: str
    passages: int
    seconds: tuple[float, ...]
    """To index them, of every round. The model is loaded before."""
    memory: int
    """Bytes of a server and its processes after it has answered questions."""

    @property
    def passages_per_second(self) -> float:
        """By the median round."""
        return self.passages / statistics.median(self.seconds)


def measure(texts: Texts, rounds: int, models: Sequence[str] = MODELS) -> list[ModelCost]:
    """Index ``texts`` as files with each of ``models``, by turns, and serve them.

    Raises:
        AttestError: a model cannot index, or the server does not start.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "files"
        texts.write(source)
        seconds: dict[str, list[float]] = {model: [] for model in models}
        passages: dict[str, int] = {}
        for number in range(rounds):
            for model in models:
                took, passages[model] = _index_in_process(source, Path(scratch) / f"{model}-{number}", model)
                seconds[model].append(took)
        return [
            ModelCost(
                model,
                passages[model],
                tuple(seconds[model]),
                _serve(Path(scratch) / f"{model}-0", model, [question.text for question in texts.questions]),
            )
            for model in models
        ]


def _index_in_process(source: Path, folder: Path, model: str) -> tuple[float, int]:
    command = [sys.executable, "-m", __spec__.name, "--index", str(folder), str(source)]
    environment = os.environ | {"ATTEST_EMBEDDING": model}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise AttestError(f"The model {model} cannot index; its own message is above")
    seconds, passages = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), int(passages)


def _index(source: Path, folder: Path) -> tuple[float, int]:
    """Index ``source`` with the model of the settings; return the seconds that it took and the passages."""
    settings = config.load()
    encoder, identity = assemble.load_encoder(settings), storage.embedding_identity(settings)
    encoder.encode(["The first pass sets things up, which is not part of indexing."])
    begun = time.perf_counter()
    index_folder(source, folder, encoder, identity)
    seconds = time.perf_counter() - begun
    return seconds, len(Index.open(LocalStore(folder, identity)).passages)


def _serve(index: Path, model: str, questions: Sequence[str]) -> int:
    """Return the bytes of a server without a language model that has answered ``questions``."""
    with running_server(index, ATTEST_EMBEDDING=model, ATTEST_MODEL="none") as server:
        for question in questions:
            server.client.post("/ask", json={"question": question}).raise_for_status()
        process = psutil.Process(server.process)
        return sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))


def report(costs: Sequence[ModelCost]) -> str:
    """Return the figures as Markdown, each model's also as ratios to the first's."""
    first = costs[0]
    rows = [
        [
            each.name,
            f"{each.passages:,}",
            f"{each.passages_per_second:,.1f}",
            f"{each.passages_per_second / first.passages_per_second:.2f}",
            f"{each.memory / 2**20:,.0f}",
            f"{each.memory / first.memory:.2f}",
        ]
        for each in costs
    ]
    headers = ["embedding", "passages", "passages/s", "of the first's", "server, MiB", "of the first's"]
    return tabulate(rows, headers, tablefmt="github", disable_numparse=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the report, or index one folder for it."""
    options = argparse.ArgumentParser(
        prog="python -m eval.bench.embedding_models",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("data", nargs="+", type=Path, metavar="FILE", help="in SQuAD format")
    options.add_argument("--files", type=int, default=300, metavar="N", help="files to index (300)")
    options.add_argument("--rounds", type=int, default=3, metavar="N", help="how often to index them (3)")
    options.add_argument("--questions", type=int, default=20, metavar="N", help="questions to answer (20)")
    options.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    args = options.parse_args(argv)
    try:
        if args.index:
            print(json.dumps(_index(args.data[0], args.index)))
            return 0
        if min(args.files, args.rounds, args.questions) < 1:
            raise UserError("Every number must be at least 1")
        texts = read_texts(args.data).first(args.files).sample_questions(args.questions)
        print(report(measure(texts, args.rounds)))
    except AttestError as error:
        print(f"eval.bench.embedding_models: {error}", file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
