"""Measure the check of tracked questions after a change, without a language model."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.corpus import Texts, file_name
from eval.bench.indexing import index_folder
from qa.embedding.base import EmbeddingIdentity, Encoder
from qa.embedding.question_cache import QuestionCache
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.retrieval.hybrid import HybridRetriever
from qa.tracking.screening import find_evidence, keep_evidence, questions_to_ask
from qa.tracking.values import KeptEvidence
from qa.weights import WEIGHTS, Weights, load_weights

SAMPLE = 200
"""Questions that are searched again to compare with: searching takes a tenth of a second of a core."""


@dataclass(frozen=True, slots=True)
class TrackingTimes:
    """The time to find the questions that new files can matter to, and whether all are found."""

    files: int
    new: int
    questions: int
    seconds: float
    """Of the check."""
    to_ask: int
    """Questions that the check has the model asked."""
    sample: int
    """Questions that are searched again, to compare with."""
    again_seconds: float
    """Of that, without embedding them."""
    expected: int
    """Questions of the sample that have a new passage among their evidence then."""
    missed: int
    """The number of them that the check does not find."""

    @property
    def ratio(self) -> float:
        """The time to search every question again, as a multiple of this."""
        return self.again_seconds / self.sample * self.questions / self.seconds


def measure_tracking(
    texts: Texts, encoder: Encoder, identity: EmbeddingIdentity, questions: int, new: int
) -> TrackingTimes:
    """Index all but the last ``new`` paragraphs of ``texts``, keep the evidence of ``questions``, some of
    which are about the last, add those, and check.
    """
    new = min(new, len(texts.paragraphs) // 2)
    asked = [each.text for each in texts.sample_questions(questions).questions]
    weights = load_weights(identity.name) or WEIGHTS
    encoder = QuestionCache(encoder)
    first = len(texts.paragraphs) - new
    with tempfile.TemporaryDirectory() as scratch:
        source, folder = Path(scratch) / "files", Path(scratch) / "index"
        texts.first(first).write(source)
        kept = _keep(asked, _open(source, folder, encoder, identity, weights=weights))
        texts.write(source)
        retriever = _open(source, folder, encoder, identity, weights=weights)
        index = retriever.source
        assert isinstance(index, Index)
        added = [file_name(number) for number in range(first, len(texts.paragraphs))]
        begun = time.perf_counter()
        to_ask = questions_to_ask(
            kept, added, (), index, weights, lambda _, part: find_evidence(part, retriever)
        )
        seconds = time.perf_counter() - begun
        sample = asked[:SAMPLE]
        begun = time.perf_counter()
        after = {text: find_evidence(kept[text][0], retriever) for text in sample}
        again = time.perf_counter() - begun
    new_ids = set(added)
    expected = {
        text
        for text, evidence in after.items()
        if any(quote.span.doc_id in new_ids for quote in evidence.quotes)
    }
    return TrackingTimes(
        len(texts.paragraphs),
        new,
        len(asked),
        seconds,
        len(to_ask),
        len(sample),
        again,
        len(expected),
        len(expected - to_ask),
    )


def tracking_rows(times: TrackingTimes) -> Sequence[Sequence[str]]:
    """Return the rows of the report."""
    return [
        ["check, seconds", f"{times.seconds:.2f}"],
        ["questions that the model would be asked", f"{times.to_ask:,}"],
        [f"{times.sample:,} of them searched again, seconds", f"{times.again_seconds:.2f}"],
        ["searching every question again / check", f"{times.ratio:.0f}"],
        [f"of the {times.sample:,}, with a new passage among their evidence", f"{times.expected:,}"],
        ["of them missed", f"{times.missed:,}"],
    ]


def _open(
    source: Path, folder: Path, encoder: Encoder, identity: EmbeddingIdentity, *, weights: Weights
) -> HybridRetriever:
    index_folder(source, folder, encoder, identity)
    index = Index.open(LocalStore(folder, identity))
    return HybridRetriever(source=index, encoder=encoder, weights=weights)


def _keep(questions: Sequence[str], retriever: HybridRetriever) -> dict[str, list[KeptEvidence]]:
    return {each: [keep_evidence(each, retriever)] for each in questions}
