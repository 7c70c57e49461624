"""Measure the peak memory of building an index: ``python -m eval.bench.build_memory FILE… --sizes 10000``.

FILEs are in SQuAD format; the passages are synthetic, of words as frequent as there, in files of a thousand
passages each. An encoder that takes no time and no memory stands for the embedding model, whose own memory
does not depend on the corpus. Each size is built in a process of its own: all files at once, or with
``--merge`` half of them first and then all, so that the first half is merged with the second.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tabulate import tabulate

from eval.bench.corpus import read_texts
from eval.bench.environment import peak_bytes
from eval.bench.null_encoder import NullEncoder
from eval.bench.synthetic import Shape, synthetic_documents
from qa.embedding.base import EmbeddingIdentity
from qa.errors import AttestError
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest import discovery

PARAGRAPHS_OF_A_FILE = 1_000

SHAPE = Shape(sentences=2, words=20)
"""Of a paragraph: short ones, so that a million fit on the disk."""


@dataclass(frozen=True, slots=True)
class BuildMemory:
    """The memory of a process that built an index."""

    paragraphs: int
    """Synthetic ones."""
    passages: int
    """Of the index: Attest puts as many paragraphs into a passage as it holds."""
    sentences: int
    characters: int
    before: int
    """Bytes, the most until it began to build."""
    peak: int
    """Bytes, the most until it ended."""
    seconds: float


def measure(source: Path, paragraphs: int, merge: bool) -> BuildMemory:
    """Build an index of ``source`` in this process, which must not have built one before; with ``merge``, of
    half of its files first.
    """
    found = discovery.survey([source])
    half = replace(found, files=found.files[::2])
    characters = sum(file.path.stat().st_size for file in found.files)
    with tempfile.TemporaryDirectory() as scratch:
        before, begun = peak_bytes(), time.perf_counter()
        store = LocalStore(Path(scratch), EmbeddingIdentity("none", "0" * 64))
        for files in (half, found) if merge else (found,):
            stats = update_index(store, files, NullEncoder()).stats
        seconds = time.perf_counter() - begun
        counts = (paragraphs, stats.passages, stats.sentences, characters)
        return BuildMemory(*counts, before, peak_bytes(), seconds)


def write(folder: Path, real: Sequence[str], paragraphs: int, shape: Shape) -> None:
    """Write so many synthetic ``paragraphs`` of this ``shape`` into ``folder``."""
    for number in range(-(-paragraphs // PARAGRAPHS_OF_A_FILE)):
        count = min(PARAGRAPHS_OF_A_FILE, paragraphs - number * PARAGRAPHS_OF_A_FILE)
        texts = [each.text for each in synthetic_documents(real, count, shape, seed=number)]
        (folder / f"{number:05}.txt").write_text("\n\n".join(texts), encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every size and print the table."""
    options = argparse.ArgumentParser(prog="python -m eval.bench.build_memory", description=__doc__)
    options.add_argument("data", nargs="+", type=Path, metavar="FILE")
    options.add_argument("--sizes", nargs="+", type=int, default=[10_000, 40_000], metavar="N")
    options.add_argument("--sentences", type=int, default=SHAPE.sentences, metavar="N", help="of a paragraph")
    options.add_argument("--words", type=int, default=SHAPE.words, metavar="N", help="of a sentence")
    options.add_argument("--merge", action="store_true", help="index half of the files, and then all")
    options.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    args = options.parse_args(argv)
    try:
        if args.source:
            print(*_row(measure(args.source, args.sizes[0], args.merge)), sep="\t")
            return 0
        shape = Shape(args.sentences, args.words)
        rows = [_measure_apart(args.data, size, shape, args.merge) for size in args.sizes]
    except AttestError as error:
        print(f"eval.bench.build_memory: {error}", file=sys.stderr)
        return error.exit_status
    head = [
        *("synthetic paragraphs", "passages", "sentences", "characters"),
        *("peak, MB", "of it before building, MB", "seconds"),
    ]
    print(tabulate(rows, headers=head, tablefmt="github", disable_numparse=True))
    return 0


def _measure_apart(data: Sequence[Path], size: int, shape: Shape, merge: bool) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        write(Path(scratch), read_texts(data).paragraphs, size, shape)
        command = [sys.executable, "-m", "eval.bench.build_memory", *map(str, data)]
        command += ["--sizes", str(size), "--source", scratch, *(["--merge"] if merge else [])]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.rstrip("\n").split("\t")


def _row(found: BuildMemory) -> list[str]:
    return [
        f"{found.paragraphs:,}",
        f"{found.passages:,}",
        f"{found.sentences:,}",
        f"{found.characters:,}",
        f"{found.peak / 1e6:,.0f}",
        f"{found.before / 1e6:,.0f}",
        f"{found.seconds:.0f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
