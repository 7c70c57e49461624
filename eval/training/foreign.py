"""Fit the weights of passages and sentences in another language than the question.

They are fitted by listwise maximum likelihood over folders of documents in two languages, in which what is in
the question's own language keeps its scores. So both kinds of scores compare, and a folder of documents in
one language is ranked as before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval.mixed import DEPTHS, MIXES, CachingEncoder, MixedFolder, mixed_folder, open_folder
from eval.training.ranking import PASSAGES, Choice, Matrix, fit_listwise, recall_at
from qa.config import Config
from qa.embedding.base import Encoder
from qa.evaluation import metrics
from qa.evaluation.datasets.base import Case, article, sample
from qa.retrieval.features import (
    FOREIGN_PASSAGE,
    FOREIGN_SENTENCE,
    QuestionTerms,
    foreign_passage_features,
    foreign_sentence_features,
    passage_features,
    sentence_features,
)
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.ranking import rescale
from qa.schema import Candidate
from qa.weights import WEIGHTS, Weights

_FEW = (1, 4)
"""The ranks at which recall of sentences is measured: of four quotes."""


@dataclass(frozen=True)
class _Question:
    """A question asked over a folder, with its candidate passages, and which of their sentences have an
    accepted answer.
    """

    languages: frozenset[str]
    """Of the folder: the names of its files."""
    fitted_on: bool
    foreign: bool
    """True if a document in another language answers it."""
    terms: Mapping[str, QuestionTerms]
    candidates: list[Candidate]
    answers: list[list[bool]]
    passages: Choice


def fit_foreign(
    files: Sequence[Path], encoder: Encoder, settings: Config, limit: int, seed: int
) -> dict[str, dict[str, object]]:
    """Fit both on half of the articles, with ``limit`` questions in each language. Recall is measured on the
    other articles, and there once more in each two languages with weights fitted without either.
    """
    caching = CachingEncoder(encoder)
    asked: list[_Question] = []
    ranking = WEIGHTS
    for own, foreign in tqdm(list(permutations(files, 2)), "Retrieving"):
        for mix in MIXES:
            folder = mixed_folder(own, foreign, mix)
            with open_folder(folder, caching, settings) as retriever:
                ranking = retriever.weights
                cases = sample(folder.dataset, limit, seed).cases
                languages = frozenset({own.stem, foreign.stem})
                asked += [_ask(retriever, folder, case, languages) for case in cases]
    passages = [each.passages for each in asked]
    of_passages = _fit(asked, passages)
    sentences = [_sentences(each, of_passages, ranking) for each in asked]
    return {
        "foreign_passage": _record(FOREIGN_PASSAGE, asked, passages, DEPTHS),
        "foreign_sentence": _record(FOREIGN_SENTENCE, asked, sentences, _FEW),
    }


def _fit(
    asked: Sequence[_Question], choices: Sequence[Choice], without: frozenset[str] = frozenset()
) -> Matrix:
    """Fit on the folders that have no language of ``without``."""
    return fit_listwise(
        [
            choice
            for each, choice in zip(asked, choices, strict=True)
            if each.fitted_on and not each.languages & without
        ]
    )


def _ask(retriever: HybridRetriever, folder: MixedFolder, case: Case, languages: frozenset[str]) -> _Question:
    ranking = retriever.weights
    candidates = [rescale(each, ranking) for each in retriever.candidates(case.question)]
    asked_in, rarity = retriever.language(case.question), retriever.source.rarity
    terms = {
        language: QuestionTerms(case.question, rarity, asked_in, language)
        for language in {candidate.language for candidate in candidates}
    }
    rows, given = [], []
    for each in candidates:
        words = terms[each.language]
        score = ranking.passage.score(passage_features(words, each))
        rows.append(_row(foreign_passage_features(words, each), words.is_foreign))
        given.append(0.0 if words.is_foreign else score)
    home = {span.doc_id for span in case.gold}
    at_home = [each.passage.span.doc_id in home for each in candidates]
    return _Question(
        languages,
        case.id in folder.fitted_on,
        case.id in folder.foreign,
        terms,
        candidates,
        [
            [there and metrics.meets(text, case.answers) for text in each.sentence_texts]
            for there, each in zip(at_home, candidates, strict=True)
        ],
        Choice(np.asarray(rows), np.asarray(at_home), article(case), np.asarray(given)),
    )


def _row(features: Sequence[float], is_foreign: bool) -> list[float]:
    """Return the row of a candidate: its features and 1 for the bias, or nothing that is fitted."""
    return [*features, 1.0] if is_foreign else [0.0] * (len(features) + 1)


def _sentences(asked: _Question, weights: Matrix, ranking: Weights) -> Choice:
    """Return the sentences of the best passages."""
    scores = asked.passages.given + asked.passages.features @ weights
    best = np.argsort(-scores, kind="stable")[:PASSAGES]
    rows: list[list[float]] = []
    given: list[float] = []
    right: list[bool] = []
    for number in best:
        candidate, lead = asked.candidates[number], float(scores[number] - scores[best[0]])
        words = asked.terms[candidate.language]
        known = [ranking.sentence.score(row) for row in sentence_features(words, candidate, lead)]
        rows += [
            _row(features, words.is_foreign) for features in foreign_sentence_features(words, candidate, lead)
        ]
        given += [0.0 if words.is_foreign else score for score in known]
        right += asked.answers[number]
    return Choice(np.asarray(rows), np.asarray(right), asked.passages.article, np.asarray(given))


def _record(
    names: Sequence[str], asked: Sequence[_Question], choices: Sequence[Choice], depths: Sequence[int]
) -> dict[str, object]:
    weights = _fit(asked, choices)
    *slopes, bias = weights.round(4).tolist()
    groups = sorted({each.languages for each in asked}, key=sorted)
    elsewhere = {each: _fit(asked, choices, each) for each in groups if _is_left(groups, each)}

    def recall(fit: Callable[[_Question], Matrix | None]) -> dict[str, dict[str, float]]:
        return {
            name: {
                f"recall@{k}": round(float(np.mean(hits)), 4)
                for k in depths
                if (
                    hits := [
                        recall_at([choice], found, k)
                        for each, choice in zip(asked, choices, strict=True)
                        if not each.fitted_on and each.foreign is foreign and (found := fit(each)) is not None
                    ]
                )
            }
            for name, foreign in (("same_language", False), ("another_language", True))
        }

    return {
        "weights": dict(zip(names, slopes, strict=True)),
        "bias": bias,
        "on_unseen_articles": recall(lambda _: weights),
        "on_unseen_languages": recall(lambda each: elsewhere.get(each.languages)),
        "questions": sum(each.fitted_on for each in asked),
    }


def _is_left(groups: Sequence[frozenset[str]], without: frozenset[str]) -> bool:
    """Return whether folders are left that have no language of ``without``."""
    return any(not group & without for group in groups)
