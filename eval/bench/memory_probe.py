"""What is measured in a process of its own, which prints one line of JSON.

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
"""The vectors, and the texts as a JSON string a line, that ``flat`` holds in memory."""
VECTORS, QUESTIONS = "queries.npy", "queries.json"
"""In QUERIES: what is searched before memory is counted, so that what searching touches counts too."""

_T = TypeVar("_T")


def main(what: str, folder: Path, queries: Path) -> None:
    """Measure one thing, and print it."""
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

    def held() -> list[object]:
        dense, lexical = DenseIndex.load(build), LexicalIndex.load(build)
        for vector, asked in zip(vectors, words, strict=True):
            dense.cosines(vector, dense.search(vector, POOL))
            lexical.scores(asked)
        return [dense, lexical]

    return _bytes_of(held)


def _flat(folder: Path, queries: Path) -> int:
    import faiss
    import numpy as np

    vectors = np.load(queries / VECTORS)

    def held() -> list[object]:
        index = faiss.read_index(str(folder / FLAT))
        with (folder / TEXTS).open(encoding="utf-8") as file:
            texts = [json.loads(line) for line in file]
        for vector in vectors:
            index.search(vector.reshape(1, -1), 10)
        return [index, texts]

    return _bytes_of(held)


def _bytes_of(make: Callable[[], _T]) -> int:
    """How much memory the process has more of while it holds what ``make`` makes."""
    from eval.bench.environment import resident

    gc.collect()
    before = resident()
    held = make()
    gc.collect()
    grown = resident() - before
    del held
    return grown


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
