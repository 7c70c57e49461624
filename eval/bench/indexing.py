"""Indexing measured: against the plain chain, again after a change, and where its time goes."""

import cProfile
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import numpy as np
from langchain_core.embeddings import Embeddings

from eval.bench.corpus import Texts, name_of, number_of
from eval.bench.langchain_baseline import Chain
from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.index.dense import DenseIndex
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import UpdateResult, update_index
from qa.ingest import discovery

NEAREST = 10
"""Passages among which the right one is looked for."""

TOP = 10
"""Functions a profile tells of."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """How one way of indexing did on a folder of files."""

    name: str
    passages: int
    characters: int
    seconds: tuple[float, ...]
    """Of every round."""
    recall: float
    """Share of the questions with the right paragraph among the ``NEAREST`` by vector alone."""
    questions: int

    @property
    def time(self) -> float:
        """The median round, in seconds."""
        return statistics.median(self.seconds)

    @property
    def passages_per_second(self) -> float:
        """By the median round."""
        return self.passages / self.time

    @property
    def characters_per_second(self) -> float:
        """By the median round."""
        return self.characters / self.time


@dataclass(frozen=True, slots=True)
class Again:
    """An index that was built, and then brought up to date after some files changed. In seconds."""

    files: int
    asked: int
    """How many files were asked for; there may be fewer paragraphs."""
    changed: int
    first: float
    again: float
    unchanged: float
    """Of an update for which nothing had changed."""

    @property
    def fraction(self) -> float:
        """What the update took of the first build's time."""
        return self.again / self.first


@dataclass(frozen=True, slots=True)
class Cost:
    """What a function took of a profiled run."""

    name: str
    calls: int
    own: float
    """Seconds in the function itself."""
    total: float
    """Seconds with all that it called."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the time of one indexing went."""

    seconds: float
    by_own: tuple[Cost, ...]
    """The functions that took most themselves."""
    ours: tuple[Cost, ...]
    """Of Attest's own functions, those that took most with what they called."""


def index_folder(source: Path, folder: Path, encoder: Encoder, identity: EmbeddingIdentity) -> UpdateResult:
    """What ``attest index`` does with an embedding model that is loaded."""
    return update_index(LocalStore(folder, identity), discovery.survey([source]), encoder)


def compare(
    texts: Texts, encoder: Encoder, identity: EmbeddingIdentity, embeddings: Embeddings, rounds: int
) -> tuple[Indexing, Indexing]:
    """Index ``texts`` as files with Attest and with the plain chain, by turns, ``rounds`` times each."""
    encoder.encode(texts.paragraphs[:1])  # what a first pass sets up is no part of indexing
    embeddings.embed_documents(list(texts.paragraphs[:1]))
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "files"
        texts.write(source)
        for number in range(rounds):
            folder, other = Path(scratch) / f"attest-{number}", Path(scratch) / f"chain-{number}"
            begun = time.perf_counter()
            index_folder(source, folder, encoder, identity)
            ours.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            chain = Chain.of_folder(source, embeddings)
            chain.save(other)
            theirs.append(time.perf_counter() - begun)
        index = Index.open(LocalStore(folder, identity))
        homes = [passage.span.doc_id for passage in index.passages]
        dense = DenseIndex.load(folder / index.snapshot.segments[0].name)

        def nearest(question: str) -> list[str]:
            return [homes[n] for n in dense.search(encoder.encode([question])[0], NEAREST)]

        found = _recall(texts, nearest)
        plain = _recall(texts, lambda text: chain.nearest(embeddings.embed_query(text), NEAREST))
    asked, size = len(texts.questions), texts.characters
    return (
        Indexing("Attest", len(homes), size, tuple(ours), found, asked),
        Indexing("plain chain", len(chain.documents), size, tuple(theirs), plain, asked),
    )


def index_again(
    texts: Texts, encoder: Encoder, identity: EmbeddingIdentity, asked: int, changed: int
) -> Again:
    """Index ``texts``, update with nothing changed, and update again after ``changed`` files have."""
    changed = min(changed, len(texts.paragraphs))
    encoder.encode(texts.paragraphs[:1])
    with tempfile.TemporaryDirectory() as scratch:
        source, folder = Path(scratch) / "files", Path(scratch) / "index"
        texts.write(source)

        def timed() -> float:
            begun = time.perf_counter()
            index_folder(source, folder, encoder, identity)
            return time.perf_counter() - begun

        first, unchanged = timed(), timed()
        for number in np.linspace(0, len(texts.paragraphs) - 1, changed, dtype=int).tolist():
            with (source / name_of(number)).open("a", encoding="utf-8") as file:
                file.write(f" This sentence came to paragraph {number} later.")
        return Again(len(texts.paragraphs), asked, changed, first, timed(), unchanged)


def profile(texts: Texts, encoder: Encoder, identity: EmbeddingIdentity) -> Profile:
    """Index ``texts`` once under cProfile, which makes short functions look dearer than they are."""
    encoder.encode(texts.paragraphs[:1])
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "files"
        texts.write(source)
        profiler = cProfile.Profile()
        profiler.runcall(index_folder, source, Path(scratch) / "index", encoder, identity)
    every, ours = [], []
    for entry in profiler.getstats():
        cost = Cost(_name(entry.code), entry.callcount, entry.inlinetime, entry.totaltime)
        every.append(cost)
        if _is_ours(entry.code):
            ours.append(cost)
    return Profile(
        seconds=sum(each.own for each in every),
        by_own=tuple(sorted(every, key=lambda each: -each.own)[:TOP]),
        ours=tuple(sorted(ours, key=lambda each: -each.total)[:TOP]),
    )


def _recall(texts: Texts, nearest: Callable[[str], list[str]]) -> float:
    found = [each.paragraph in map(number_of, nearest(each.text)) for each in texts.questions]
    return sum(found) / len(found) if found else 0.0


def _is_ours(code: CodeType | str) -> bool:
    return isinstance(code, CodeType) and Path(discovery.__file__).parent in Path(code.co_filename).parents


def _name(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code
    path = Path(code.co_filename)
    return f"{path.parent.name}/{path.name}: {code.co_name}"
