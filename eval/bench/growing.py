"""Time a folder from the start of its indexing to the first answer, to all words and to all meaning."""

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eval.bench.corpus import Texts
from eval.bench.indexing import index_folder
from eval.bench.synthetic import Shape, synthetic_documents
from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.errors import IndexMissingError
from qa.index.follower import IndexFollower
from qa.index.stores.local import LocalStore
from qa.retrieval.hybrid import HybridRetriever

LOOK_SECONDS = 0.05
"""The time between two looks at the index."""


@dataclass(frozen=True, slots=True)
class GrowthTimes:
    """Seconds from the start of indexing a folder."""

    files: int
    first: float
    """Until a search, without a language model, has found passages."""
    words: float
    """Until every file is searched by words."""
    meaning: float
    """Until every file is searched by meaning too, and indexing has ended."""


def measure_growth(
    texts: Texts, files: int, shape: Shape, encoder: Encoder, identity: EmbeddingIdentity
) -> GrowthTimes:
    """Index so many synthetic ``files`` and meanwhile search them again and again."""
    encoder.encode(texts.paragraphs[:2])  # the first pass sets things up, which is not part of indexing
    documents = synthetic_documents(texts.paragraphs, files, shape)
    question = " ".join(documents[-1].text.split()[:5])
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(1) as background:
        source, store = Path(scratch) / "files", LocalStore(Path(scratch) / "index", identity)
        Texts(tuple(each.text for each in documents), ()).write(source)
        follower = IndexFollower(store)
        begun = time.perf_counter()
        indexing = background.submit(index_folder, source, store.home, encoder, identity)
        first = words = 0.0
        while not words:
            time.sleep(LOOK_SECONDS)
            if indexing.done():
                indexing.result()  # what it raised
            with suppress(IndexMissingError):
                follower.refresh()
            index = follower.index
            if index is None:
                continue
            if not first and HybridRetriever(source=index, encoder=encoder).search(question).hits:
                first = time.perf_counter() - begun
            if first and index.coverage.searched == files:
                words = time.perf_counter() - begun
        indexing.result()
        return GrowthTimes(files, first, words, time.perf_counter() - begun)


def growth_rows(times: Sequence[GrowthTimes]) -> list[list[str]]:
    """Return a row of the report for each of ``times``."""
    return [
        [f"{each.files:,}", f"{each.first:.1f}", f"{each.words:.1f}", f"{each.meaning:.1f}"] for each in times
    ]
