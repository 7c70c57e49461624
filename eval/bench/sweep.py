"""Measure the sweep over every sentence beside a search for the best passages, at one size of the index."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from eval.bench.corpus import Texts
from eval.bench.retrieval import Material
from eval.bench.synthetic import SyntheticEncoder, real_documents, synthetic_documents
from qa.index.index import Index
from qa.index.stats import count_stored
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.mentions.sweep import find_mentions
from qa.nlp.terms import is_stop, terms, words
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import SearchedDocuments

QUESTIONS = 20
"""Questions for which every sentence is gone over."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """The time that something takes: by the clock, and of all processor cores, which other work on the
    machine does not lengthen.
    """

    clock: tuple[float, ...]
    cores: tuple[float, ...]

    def __str__(self) -> str:
        """Show the medians, and the longest time by the clock."""
        return f"{median(self.clock):.3f} / {max(self.clock):.3f} / {median(self.cores):.3f}"


@dataclass(frozen=True, slots=True)
class SweepTimes:
    """The times to go over every sentence, and to find the best passages of the same index."""

    passages: int
    real: int
    """The number of them that are real text; the others are synthetic."""
    sentences: int
    questions: Seconds
    """Of each question, gone over by words and by meaning."""
    best: Seconds
    """Of each of them, searched for the best passages."""
    common: Seconds
    """Of the commonest word, gone over by words alone."""
    common_mentions: int
    """Sentences that have it."""

    @property
    def ratio(self) -> float:
        """The cores' time to go over every sentence, as a multiple of that of a search for the best
        passages.
        """
        return median(self.questions.cores) / median(self.best.cores)


def measure_sweep(material: Material, passages: int) -> SweepTimes:
    """Write an index of about so many ``passages``, and go over all its sentences for some questions."""
    real = real_documents(material.texts.paragraphs[:passages])
    documents = real + synthetic_documents(material.texts.paragraphs, passages - len(real), material.shape)
    questions = [each.text for each in material.texts.questions[: QUESTIONS + 1]]
    with tempfile.TemporaryDirectory() as scratch:
        store = LocalStore(Path(scratch) / "index", material.identity)
        build_index(store, documents, SyntheticEncoder(material.vectors, material.shape.sentences))
        del documents
        index = Index.open(store)
        retriever = HybridRetriever(source=index, encoder=material.encoder)
        find = partial(find_mentions, retriever=retriever, searched=SearchedDocuments(index.size, index.size))
        word = _commonest_word(material.texts)
        return SweepTimes(
            passages=index.size,
            real=len(real),
            sentences=count_stored(store, store.describe().segments).sentences,
            questions=_seconds(find, questions),
            best=_seconds(retriever.search, questions),
            common=_seconds(find, [word, word]),
            common_mentions=len(find(word).mentions),
        )


def _seconds(call: Callable[[str], object], asked: Sequence[str]) -> Seconds:
    """Return how long each call takes, without the first, which reads the files into memory."""
    call(asked[0])
    clock, cores = [], []
    for each in asked[1:]:
        begun = time.perf_counter(), time.process_time()
        call(each)
        clock.append(time.perf_counter() - begun[0])
        cores.append(time.process_time() - begun[1])
    return Seconds(tuple(clock), tuple(cores))


def _commonest_word(texts: Texts) -> str:
    """Return the word that most paragraphs have, of those that are searched for."""
    counted = Counter(word for text in texts.paragraphs for word in {*words(text)} if len(word) > 2)
    return next(word for word, _ in counted.most_common() if not is_stop(terms(word)[0]))


def sweep_rows(times: Sequence[SweepTimes]) -> list[list[str]]:
    """Return the rows of the report's table."""
    return [
        [
            f"{each.passages:,}",
            f"{each.real:,} real + {each.passages - each.real:,} synthetic",
            f"{each.sentences:,}",
            str(each.questions),
            str(each.best),
            f"{each.ratio:.1f}",
            f"{each.common} ({each.common_mentions:,} found)",
        ]
        for each in times
    ]
