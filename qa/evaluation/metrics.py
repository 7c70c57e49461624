"""Metrics of retrieval, answers and abstention, as pure functions."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

OfBoth = Callable[[Sequence[float], Sequence[float]], float | None]
"""A statistic of the scores of answerable and of unanswerable questions."""

RESAMPLES = 1_000
"""Bootstrap resamples behind a 95 % interval."""

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_POSSESSIVE = re.compile(r"['’]s\b")
_DASH = re.compile(r"—|--")
"""A dash between two words that makes no one word of them, unlike a hyphen: "Arthurdale—a settlement"."""
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""A character of a script that is written without spaces: Han, Hiragana, Katakana."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``n`` questions with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Risk (share of wrong answers) against coverage (share answered), surest questions first.

    El-Yaniv and Wiener (2010). ``area`` is the mean risk over all coverages (AURC): lower is better.
    """

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float


def normalise_answer(text: str) -> str:
    """Normalise as SQuAD does: lower case, without punctuation, articles and extra white space.

    Every Chinese and Japanese character counts as a word, as in MLQA (Lewis et al. 2020).
    """
    spoken = "".join(char for char in text.lower() if not _is_punctuation(char))
    return " ".join(_ARTICLES.sub(" ", _WITHOUT_SPACES.sub(r" \g<0> ", spoken)).split())


@cache
def _is_punctuation(char: str) -> bool:
    return char in string.punctuation or unicodedata.category(char).startswith("P")


def contains_answer(text: str, accepted: Sequence[str]) -> bool:
    """Return whether ``text`` has one of the accepted answers, word for word after normalisation.

    A possessive counts as its noun: "Koch's 1891 proofs" has "Koch".
    """
    said, *ways = (_DASH.sub(" ", each) for each in (text, *accepted))
    padded = [f" {normalise_answer(way)} " for way in (said, _POSSESSIVE.sub("", said))]
    wanted = [f" {normal} " for way in ways if (normal := normalise_answer(way))]
    return any(answer in way for answer in wanted for way in padded)


def meets(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Return whether ``text`` has an accepted answer of every group."""
    return all(contains_answer(text, group) for group in groups)


def f1(text: str, accepted: Sequence[str]) -> float:
    """Return the best token F1 of ``text`` against the accepted answers (Rajpurkar et al. 2016)."""
    overlaps = (_token_overlap(text, answer) for answer in accepted)
    return max((2 * p * r / (p + r) if p + r else 0.0 for p, r in overlaps), default=0.0)


def token_recall(text: str, accepted: Sequence[str]) -> float:
    """Return the largest share of the tokens of an accepted answer that ``text`` has."""
    return max((_token_overlap(text, answer)[1] for answer in accepted), default=0.0)


def _token_overlap(text: str, answer: str) -> tuple[float, float]:
    """Return the share of the tokens of ``text`` that ``answer`` has, and the other way round."""
    said, wanted = (Counter(normalise_answer(each).split()) for each in (text, answer))
    shared = (said & wanted).total()
    return (shared / said.total(), shared / wanted.total()) if shared else (0.0, 0.0)


def recall_at(ranks: Sequence[int | None], k: int) -> list[float]:
    """Return 1.0 for each question whose passage is among the first ``k``, else 0.0; ranks count from 1."""
    return [float(rank is not None and rank <= k) for rank in ranks]


def reciprocal_ranks(ranks: Sequence[int | None]) -> list[float]:
    """Return 1/rank for each question, 0 if the right passage was not retrieved."""
    return [1 / rank if rank else 0.0 for rank in ranks]


def estimate(values: Sequence[float], seed: int = 0) -> Estimate | None:
    """Return the mean of ``values`` and its percentile bootstrap interval (Efron 1979); None if empty."""
    if not len(values):
        return None
    data = np.asarray(values, dtype=float)
    chosen = np.random.default_rng(seed).integers(0, len(data), size=(RESAMPLES, len(data)))
    low, high = np.percentile(data[chosen].mean(axis=1), [2.5, 97.5])
    return Estimate(float(data.mean()), float(low), float(high), len(data))


def auc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the area under the ROC curve: the chance that a positive scores above a negative."""
    if not positive or not negative:
        return None
    # From ranks (Mann and Whitney 1947): an interval needs it a thousand times.
    n, ranks = len(positive), rankdata([*positive, *negative])
    return float(ranks[:n].sum() - n * (n + 1) / 2) / (n * len(negative))


def abstention_at(
    positive: Sequence[float], negative: Sequence[float], false_abstention: float
) -> float | None:
    """Return the share of ``negative`` below the threshold that has the share ``false_abstention`` of
    ``positive`` below it.
    """
    if not positive or not negative:
        return None
    allowed = int(false_abstention * len(positive))
    threshold = sorted(positive)[allowed]
    return float(np.mean(np.asarray(negative) < threshold))


def interval_of_both(
    statistic: OfBoth, positive: Sequence[float], negative: Sequence[float], seed: int = 0
) -> tuple[float, float] | None:
    """Return the 95 % bootstrap interval of a statistic of two samples; None if one is empty.

    Each sample is drawn from by itself, so that both keep their size.
    """
    if not positive or not negative:
        return None
    chance = np.random.default_rng(seed)
    resamples = (
        [chance.choice(sample, len(sample)).tolist() for sample in (positive, negative)]
        for _ in range(RESAMPLES)
    )
    drawn = [statistic(*samples) for samples in resamples]
    low, high = np.percentile([value for value in drawn if value is not None], [2.5, 97.5])
    return float(low), float(high)


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> RiskCoverage | None:
    """Return the risk–coverage curve when questions are answered in descending order of ``confidence``."""
    if not confidence:
        return None
    order = np.argsort(-np.asarray(confidence), kind="stable")
    wrong = 1.0 - np.asarray(right, dtype=float)[order]
    counts: NDArray[np.float64] = np.arange(1, len(wrong) + 1, dtype=float)
    risk = np.cumsum(wrong) / counts
    return RiskCoverage(tuple((counts / len(wrong)).tolist()), tuple(risk.tolist()), float(risk.mean()))


def percentile(values: Sequence[float], q: float) -> float | None:
    """Return the ``q``-th percentile (0 to 100); None for no values."""
    return float(np.percentile(values, q)) if values else None
