"""Make ``qa/nlp/antonyms.tsv`` from WordNet's files (Debian's package wordnet-base has them).

``python -m eval.training.antonyms /usr/share/wordnet``
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parents[2] / "qa" / "nlp" / "antonyms.tsv"
_FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}


def pairs(folder: Path) -> set[tuple[str, str]]:
    """Return every pair of single words that WordNet links by an antonym pointer (see its wndb(5WN))."""
    synsets = {
        (pos, line.split()[0]): line for pos in _FILES for line in _lines(folder / f"data.{_FILES[pos]}")
    }
    found = set()
    for line in synsets.values():
        here = _words(line)
        for symbol, offset, pos, source_target in _pointers(line):
            if symbol != "!":
                continue
            there = _words(synsets[("a" if pos == "s" else pos, offset)])
            source, target = int(source_target[:2], 16), int(source_target[2:], 16)
            if source and target:
                found.add(tuple(sorted((here[source - 1], there[target - 1]))))
    return {(a, b) for a, b in found if a.isalpha() and b.isalpha()}


def _lines(path: Path) -> Iterator[str]:
    return (line.partition(" | ")[0] for line in path.open() if not line.startswith("  "))


def _words(line: str) -> list[str]:
    fields = line.split()
    return [re.sub(r"\(.*\)", "", fields[4 + 2 * i]).lower() for i in range(int(fields[3], 16))]


def _pointers(line: str) -> Iterator[list[str]]:
    fields = line.split()
    start = 4 + 2 * int(fields[3], 16)
    for i in range(int(fields[start])):
        yield fields[start + 1 + 4 * i : start + 5 + 4 * i]


def main() -> None:
    """Write the pairs under the licence notice that the file opens with."""
    notice = [line for line in TARGET.read_text().splitlines() if line.startswith("#")]
    rows = [f"{a}\t{b}" for a, b in sorted(pairs(Path(sys.argv[1])))]
    TARGET.write_text("\n".join([*notice, *rows]) + "\n")


if __name__ == "__main__":
    main()
