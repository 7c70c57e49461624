"""Measure memory in a process of its own, which prints one line of JSON.

python -m eval.bench.memory_probe attest BUILD QUERIES    bytes that the dense and lexical index of BUILD take
python -m eval.bench.memory_probe flat FOLDER QUERIES     bytes that float32 vectors and all texts take
"""

import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

FLAT, TEXTS = "flat.faiss", "texts.jsonl"
"""The files of the vectors, and of the texts, a JSON string on each line, that ``flat`` holds in memory."""
VECTORS, QUESTIONS = "queries.npy", "queries.json"
"""The files in QUERIES. They are searched before memory is counted, so that pages read by searching count."""

_T = TypeVar("_T")


def main(what: str, folder: Path, queries: Path) -> None:
    """Measure one thing and print it."""
    print(json.dumps((_attest if what == "attest" else _flat)(folder, queries)))


def _attest(build: Path, queries: Path) -> int:
    import numpy as np

    from qa.index.dense import DenseIndex
    from qa.index.lexical import LexicalIndex
    from qa.nlp.terms import is_stop, terms
    from qa.retrieval.hybrid import POOL

    vectors = np.load(queries / VECTORS)
    words = [
        [term for term in terms(question) if not is_stop(term)]
        for question in json.loads((queries / QUESTIONS).read_text(encoding="utf-8"))
    ]

    def load() -> list[object]:
        dense, lexical = DenseIndex.load(build), LexicalIndex.load(build)
        for vector, asked in zip(vectors, words, strict=True):
            dense.cosines(vector, dense.search(vector, POOL))
            lexical.scores(asked)
        return [dense, lexical]

    return _bytes_of(load)


def _flat(folder: Path, queries: Path) -> int:
    import faiss
    import numpy as np

    vectors = np.load(queries / VECTORS)

    def load() -> list[object]:
        index = faiss.read_index(str(folder / FLAT))
        with (folder / TEXTS).open(encoding="utf-8") as file:
            texts = [json.loads(line) for line in file]
        for vector in vectors:
            index.search(vector.reshape(1, -1), 10)
        return [index, texts]

    return _bytes_of(load)


def _bytes_of(make: Callable[[], _T]) -> int:
    """Return how much the process's memory grows, in bytes, while it holds the value of ``make``."""
    from eval.bench.environment import resident_bytes

    gc.collect()
    before = resident_bytes()
    value = make()
    gc.collect()
    grown = resident_bytes() - before
    del value
    return grown


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
