"""Measure indexing: against LangChain, again after a change, and where the time goes."""

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

import qa
from eval.bench import langchain_baseline
from eval.bench.corpus import Texts, file_name, paragraph_number
from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.index.dense import DenseIndex
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import UpdateResult, update_index
from qa.ingest import discovery
from qa.retrieval.hybrid import POOL

NEAREST = 10
"""Passages among which the right one counts as found."""

TOP = 10
"""Functions in each table of a profile."""


PACKAGE = Path(qa.__file__).parent
"""The folder of Attest's own functions."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """The results of one way of indexing a folder of files."""

    name: str
    passages: int
    characters: int
    seconds: tuple[float, ...]
    """Of every round."""
    recall: float
    """Share of the questions whose paragraph is among the ``NEAREST`` by vectors alone."""
    passage_recall: float
    """The recall by one vector for each passage instead."""
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
class UpdateTimes:
    """The times, in seconds, of building an index and of updating it after some files changed."""

    files: int
    requested: int
    """The number of files on the command line; the data may have fewer paragraphs."""
    changed: int
    build: float
    update: float
    unchanged: float
    """An update for which nothing had changed."""

    @property
    def fraction(self) -> float:
        """The time of the update as a fraction of the build's."""
        return self.update / self.build


@dataclass(frozen=True, slots=True)
class Cost:
    """The time of one function in a profiled run."""

    name: str
    calls: int
    own: float
    """Seconds in the function itself."""
    total: float
    """Seconds with everything that it called."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The functions that took the time of one indexing."""

    seconds: float
    by_own: tuple[Cost, ...]
    """By the time in the function itself, the longest first."""
    ours: tuple[Cost, ...]
    """Attest's own functions by the time with everything that they called, the longest first."""


def index_folder(source: Path, folder: Path, encoder: Encoder, identity: EmbeddingIdentity) -> UpdateResult:
    """Index as ``attest index`` does, with an embedding model that is loaded."""
    return update_index(LocalStore(folder, identity), discovery.survey([source]), encoder)


def compare(
    texts: Texts, encoder: Encoder, identity: EmbeddingIdentity, embeddings: Embeddings, rounds: int
) -> tuple[Indexing, Indexing]:
    """Index ``texts`` as files with Attest and with LangChain, by turns, ``rounds`` times each."""
    encoder.encode(texts.paragraphs[:1])  # the first pass sets things up, which is not part of indexing
    embeddings.embed_documents(list(texts.paragraphs[:1]))
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "files"
        texts.write(source)
        for number in range(rounds):
            folder, other = Path(scratch) / f"attest-{number}", Path(scratch) / f"langchain-{number}"
            begun = time.perf_counter()
            index_folder(source, folder, encoder, identity)
            ours.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            store = langchain_baseline.index_folder(source, embeddings)
            store.save_local(str(other))
            theirs.append(time.perf_counter() - begun)
        index = Index.open(LocalStore(folder, identity))
        homes = [passage.span.doc_id for passage in index.passages]
        dense = DenseIndex.load(folder / index.snapshot.segments[0].name)
        sentences = {
            home: np.stack([vector for _, vector in index.sentence_vectors([home])]) for home in set(homes)
        }

        def nearest(question: str) -> list[str]:
            return [homes[n] for n in dense.search(encoder.encode_question(question), NEAREST)]

        def nearest_by_sentence(question: str) -> list[str]:
            vector = encoder.encode_question(question)
            found = [homes[n] for n in dense.search(vector, POOL)]
            return sorted(found, key=lambda home: -float((sentences[home] @ vector).max()))[:NEAREST]

        recall, passage_recall = _recall(texts, nearest_by_sentence), _recall(texts, nearest)
        other_recall = _recall(texts, lambda text: langchain_baseline.nearest_files(store, text, NEAREST))
    asked, size = len(texts.questions), texts.characters
    return (
        Indexing("Attest", len(index.passages), size, tuple(ours), recall, passage_recall, asked),
        Indexing(
            langchain_baseline.NAME,
            *(store.index.ntotal, size, tuple(theirs), other_recall, other_recall, asked),
        ),
    )


def measure_update(
    texts: Texts, encoder: Encoder, identity: EmbeddingIdentity, requested: int, changed: int
) -> UpdateTimes:
    """Index ``texts``, update with nothing changed, and update again after ``changed`` files did."""
    changed = min(changed, len(texts.paragraphs))
    encoder.encode(texts.paragraphs[:1])
    with tempfile.TemporaryDirectory() as scratch:
        source, folder = Path(scratch) / "files", Path(scratch) / "index"
        texts.write(source)

        def timed() -> float:
            begun = time.perf_counter()
            index_folder(source, folder, encoder, identity)
            return time.perf_counter() - begun

        build, unchanged = timed(), timed()
        for number in np.linspace(0, len(texts.paragraphs) - 1, changed, dtype=int).tolist():
            with (source / file_name(number)).open("a", encoding="utf-8") as file:
                file.write(f" This sentence came to paragraph {number} later.")
        return UpdateTimes(len(texts.paragraphs), requested, changed, build, timed(), unchanged)


def profile(texts: Texts, encoder: Encoder, identity: EmbeddingIdentity) -> Profile:
    """Index ``texts`` once under cProfile, which makes short functions look slower than they are."""
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
    found = [each.paragraph in map(paragraph_number, nearest(each.text)) for each in texts.questions]
    return sum(found) / len(found) if found else 0.0


def _is_ours(code: CodeType | str) -> bool:
    return isinstance(code, CodeType) and PACKAGE in Path(code.co_filename).parents


def _name(code: CodeType | str) -> str:
    if isinstance(code, str):
        return code
    path = Path(code.co_filename)
    shown = path.relative_to(PACKAGE.parent) if _is_ours(code) else Path(path.parent.name, path.name)
    return f"{shown.as_posix()}: {code.co_name}"
