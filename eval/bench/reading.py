"""Measure how well files are read, against what is written beside them.

    python -m eval.bench.reading FOLDER… [--endings .docx …] [--each]

Every ``FILE.pdf``, or file of another format that Attest reads, counts whose text lies beside it, or in the
folder ``groundtruth`` beside or above it, as ``FILE.pdf.txt``, ``FILE.txt`` or ``FILE.md``. In Markdown,
marks, targets of links and commands of LaTeX are no words. Of its words:

- recall: the share of them that is read;
- precision: the share of what is read that is among them;
- order: of the words that occur once in both, the share in the longest row that is in the same order in both.

A file that is refused has read nothing.
"""

import argparse
import html
import re
import sys
import time
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from qa.errors import AttestError, UserError
from qa.ingest import readers
from qa.ingest.readers.sandbox import read_in_sandbox, reuse_processes

_TRUTH = "groundtruth"

_NO_WORDS = re.compile(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)]*\)|\\[A-Za-z]+|```\w*", re.DOTALL)
"""The marks that Markdown writes beside the words: comments, pictures, targets of links, commands,
languages."""

_WORD = re.compile(r"[^\W_]+")

_SMALL = {
    ord(small): f" {usual} "
    for small, usual in zip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ₀₁₂₃₄₅₆₇₈₉", "0123456789ni0123456789", strict=True)
}
"""Raised and lowered figures, as the words that a ground truth has them as."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The accuracy of the words read from a file, each figure between 0 and 1."""

    name: str
    recall: float
    precision: float
    order: float
    seconds: float
    pieces: int


def main(argv: Sequence[str] | None = None) -> int:
    """Print a row for each format, and with ``--each`` for each file."""
    options = argparse.ArgumentParser(
        prog="python -m eval.bench.reading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    options.add_argument("--endings", nargs="+", metavar="ENDING", help="such as .docx; all if left out")
    options.add_argument("--each", action="store_true", help="a row for each file")
    args = options.parse_args(argv)
    try:
        pairs = [pair for folder in args.folders for pair in find_pairs(folder)]
        if args.endings:
            pairs = [(file, text) for file, text in pairs if readers.suffix(file.name) in args.endings]
        if not pairs:
            raise UserError("no file has its text beside it")
        with reuse_processes():
            readings = list(_measure(pairs))
    except AttestError as error:
        print(f"eval.bench.reading: {error}", file=sys.stderr)
        return error.exit_status
    print("| files | recall | precision | order | pieces/s |\n|---|---|---|---|---|")
    if args.each:
        for reading in readings:
            print(_row(reading.name, [reading]))
    for ending in sorted({readers.suffix(reading.name) for reading in readings}):
        those = [reading for reading in readings if readers.suffix(reading.name) == ending]
        print(_row(f"{len(those)} {ending}", those))
    return 0


def find_pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file below ``folder`` whose text is known, and the file that has this text."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in set(readers.READERS) - {".txt", ".md"} or path.parent.name == _TRUTH:
            continue
        homes = [path.parent, path.parent / _TRUTH, path.parent.parent / _TRUTH]
        names = [f"{path.name}.txt", f"{path.name}.md", f"{path.stem}.txt", f"{path.stem}.md"]
        known = next((home / name for home in homes for name in names if (home / name).is_file()), None)
        if known:
            yield path, known


def compare(
    name: str, truth: str, text: str, seconds: float = 0.0, pieces: int = 0, *, markdown: bool = True
) -> Reading:
    """Return how well ``text`` agrees with ``truth``, which is Markdown or not."""
    if markdown:
        truth = _NO_WORDS.sub(" ", html.unescape(truth))
    expected, found = _words(truth), _words(text)
    of_truth, of_text = Counter(expected), Counter(found)
    common = (of_truth & of_text).total()
    once = {word for word in of_truth if of_truth[word] == 1 == of_text[word]}
    place = {word: i for i, word in enumerate(found) if word in once}
    sequence = [place[word] for word in expected if word in once]
    return Reading(
        name,
        common / len(expected) if expected else 1.0,
        common / len(found) if found else float(not expected),
        _longest_rise(sequence) / len(sequence) if sequence else 1.0,
        seconds,
        pieces,
    )


def _measure(pairs: Sequence[tuple[Path, Path]]) -> Iterator[Reading]:
    for path, known in pairs:
        start = time.perf_counter()
        try:
            pieces = read_in_sandbox(path.read_bytes(), path.name).pieces
        except UserError as error:
            print(f"{path}: {error}", file=sys.stderr)
            pieces = ()
        seconds = time.perf_counter() - start
        text = "\n\n".join(piece.text for piece in pieces)
        truth, markdown = known.read_text("utf-8", "replace"), known.suffix == ".md"
        yield compare(path.name, truth, text, seconds, len(pieces), markdown=markdown)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text.translate(_SMALL)).lower())


def _longest_rise(numbers: Sequence[int]) -> int:
    """Return the length of the longest rising subsequence."""
    ends: list[int] = []
    for number in numbers:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(ends)


def _row(name: str, readings: Sequence[Reading]) -> str:
    seconds = sum(reading.seconds for reading in readings)
    figures = (
        fmean(getattr(reading, figure) for reading in readings) for figure in ("recall", "precision", "order")
    )
    speed = sum(reading.pieces for reading in readings) / seconds if seconds else 0.0
    return f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + f" | {speed:.1f} |"


if __name__ == "__main__":
    sys.exit(main())
