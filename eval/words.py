"""How many words of other people's files are read, against what they say is in them.

    python -m eval.words FOLDER [ENDING ...]

FOLDER holds ``sources/NAME`` and ``groundtruth/NAME.md`` at any depth, as tests/data of docling does
(https://github.com/docling-project/docling). Words are counted as a multiset, without order; marks of
Markdown, targets of links and commands of LaTeX are no words. Recall is the part of the stated words that are
read, precision the part of the words read that are stated; both are means over the files of a format.
"""

import argparse
import html
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import UserError
from qa.ingest.readers import READERS, suffix
from qa.ingest.readers.sandbox import read_in_sandbox

_NO_WORDS = re.compile(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)]*\)|\\[A-Za-z]+|```\w*", re.S)
"""What Markdown writes beside the words: comments, pictures, targets of links, commands, languages."""

_WORD = re.compile(r"[^\W_]+")
_SMALL = {
    ord(small): f" {usual} "
    for small, usual in zip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ₀₁₂₃₄₅₆₇₈₉", "0123456789ni0123456789", strict=True)
}
"""Raised and lowered figures, as the words that a ground truth has them as."""


@dataclass(frozen=True, slots=True)
class Score:
    """How the words of one file were read."""

    recall: float
    precision: float


def score(read: str, stated: str) -> Score:
    """Return how the words ``read`` compare with the Markdown that states them."""
    found, wanted = _words(read), _words(_NO_WORDS.sub(" ", html.unescape(stated)))
    both = (found & wanted).total()
    return Score(
        both / wanted.total() if wanted else 1.0,
        both / found.total() if found else float(not wanted),
    )


def scores(folder: Path) -> Iterator[tuple[str, Score]]:
    """Yield the ending and the score of each file with a ground truth; a file that is refused scores zero."""
    for truth in sorted(folder.rglob("groundtruth/*.md")):
        source = truth.parents[1] / "sources" / truth.stem
        if not source.is_file() or suffix(source.name) not in READERS:
            continue
        try:
            pieces = read_in_sandbox(source.read_bytes(), source.name).pieces
        except UserError as error:
            print(f"{source.name}: {error}", file=sys.stderr)
            pieces = ()
        text = "\n".join(piece.text for piece in pieces)
        yield suffix(source.name), score(text, truth.read_text(encoding="utf-8"))


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each format."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.words", description="Measure the words that are read."
    )
    parser.add_argument("folder", type=Path, help="a folder with sources and groundtruth inside")
    parser.add_argument("endings", nargs="*", help="such as .docx; all of them if none is named")
    args = parser.parse_args(argv)
    by_ending: dict[str, list[Score]] = {}
    for ending, each in scores(args.folder):
        if not args.endings or ending in args.endings:
            by_ending.setdefault(ending, []).append(each)
    for ending, found in sorted(by_ending.items()):
        recall = sum(each.recall for each in found) / len(found)
        precision = sum(each.precision for each in found) / len(found)
        print(f"{ending}: {len(found)} files, recall {recall:.3f}, precision {precision:.3f}")
    return 0


def _words(text: str) -> Counter[str]:
    return Counter(word.lower() for word in _WORD.findall(text.translate(_SMALL)))


if __name__ == "__main__":
    sys.exit(main())
