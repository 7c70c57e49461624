"""Fit what the place in a longer document adds to the ranking, on invented folders and on whole articles.

The weights of ``ranking`` stay as they are, and so does how a text of one passage is ranked.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from eval.training.invented.base import InventedQuestion
from eval.training.invented.folder import invented_folder
from eval.training.ranking import PASSAGES, Choice, Matrix, by_name, fit_listwise, recall_at
from qa import assemble, calibrations
from qa.config import Config
from qa.embedding.base import Encoder
from qa.evaluation.datasets.base import Case, Dataset
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.ingest.documents import parse
from qa.retrieval.features import QuestionTerms, passage_features, sentence_features
from qa.retrieval.in_document import passage_in_document, sentences_in_document
from qa.retrieval.ranking import rescale
from qa.schema import Candidate, Document, Span
from qa.weights import IN_DOCUMENT, Weights


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question of a folder, its candidates, and which of their sentences answer it."""

    terms: QuestionTerms
    candidates: Sequence[Candidate]
    answers: Sequence[Sequence[bool]]
    folder: str


def fit_in_document(
    files: Sequence[Path], folders: int, seed: int, encoder: Encoder, settings: Config
) -> dict[str, dict[str, object]]:
    """Fit both on ``folders`` that ``seed`` and those after it make and on as many questions about the
    articles of ``files``, with the recall that weights of the one half of both have on the other.
    """
    retrieved = [each for n in range(folders) for each in retrieve(seed + n, encoder, settings)]
    dataset = read_squad(files)
    answerable = [case for case in dataset.cases if case.answerable]
    chance = random.Random(seed)
    chosen = chance.sample(answerable, min(len(retrieved), len(answerable)))
    retrieved += retrieve_articles(dataset.documents, chosen, encoder, settings)
    return in_document_record(retrieved, calibrations.find_weights(settings, encoder))


def retrieve(seed: int, encoder: Encoder, settings: Config) -> Iterator[LabelledQuestion]:
    """Yield every question of the folder that ``seed`` makes."""
    files = invented_folder(seed)
    documents = tuple(parse(file.html.encode(), file.path) for file in files)
    with indexed(Dataset(f"folder {seed}", documents, ()), encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        for file, document in zip(files, documents, strict=True):
            for asked in file.asked:
                candidates = [
                    rescale(each, retriever.weights) for each in retriever.candidates(asked.question)
                ]
                yield LabelledQuestion(
                    QuestionTerms(asked.question, index.rarity),
                    candidates,
                    [list(_answers(asked, document.id, each)) for each in candidates],
                    str(seed),
                )


def retrieve_articles(
    paragraphs: Sequence[Document], cases: Iterable[Case], encoder: Encoder, settings: Config
) -> Iterator[LabelledQuestion]:
    """Yield questions about ``paragraphs``, the paragraphs of each article joined to one document."""
    articles: list[Document] = []
    places: dict[str, Span] = {}
    for home, parts in groupby(paragraphs, lambda each: each.id.rpartition("/")[0]):
        article = list(parts)
        text = "\n\n".join([f"# {article[0].title}", *(each.text for each in article)])
        document = parse(text.encode(), f"{home}.md")
        articles.append(document)
        for each in article:
            start = document.text.find(each.text)
            places[each.id] = Span(document.id, start, start + len(each.text))
    with indexed(Dataset("articles", tuple(articles), ()), encoder, settings) as index:
        retriever = assemble.create_retriever(settings, index, encoder)
        for case in cases:
            place = places[case.gold[0].doc_id]
            candidates = [rescale(each, retriever.weights) for each in retriever.candidates(case.question)]
            yield LabelledQuestion(
                QuestionTerms(case.question, index.rarity),
                candidates,
                [list(_states(case, place, each)) for each in candidates],
                place.doc_id,
            )


def _states(case: Case, place: Span, candidate: Candidate) -> Iterator[bool]:
    """Yield whether each sentence of ``candidate`` is in the paragraph at ``place`` and has the answer."""
    accepted = [answer for group in case.answers for answer in group]
    for span, text in zip(candidate.passage.sentences, candidate.sentence_texts, strict=True):
        within = span.doc_id == place.doc_id and place.start <= span.start < place.end
        yield within and any(answer in text for answer in accepted)


def _answers(asked: InventedQuestion, doc_id: str, candidate: Candidate) -> Iterator[bool]:
    """Yield whether each sentence of ``candidate`` answers."""
    for text in candidate.sentence_texts:
        yield candidate.passage.span.doc_id == doc_id and all(each in text for each in asked.evidence)


def in_document_record(
    retrieved: Sequence[LabelledQuestion], ranking: Weights
) -> dict[str, dict[str, object]]:
    """Return the record of what is fitted beside ``ranking``."""
    passages, sentences = _fit(retrieved, ranking)
    halves = sorted({each.folder for each in retrieved})[::2]
    seen = [each for each in retrieved if each.folder in halves]
    unseen = [each for each in retrieved if each.folder not in halves]
    weights = _fit(seen, ranking)
    nothing = (np.zeros_like(passages), np.zeros_like(sentences))
    after, before = _recall(unseen, ranking, weights), _recall(unseen, ranking, nothing)
    return {
        part: {
            "weights": by_name(linear.weights, found),
            "on_unseen": {"with": after[part], "without": before[part]},
            "questions": len(retrieved),
        }
        for part, linear, found in (
            ("passage", IN_DOCUMENT.passage, passages),
            ("sentence", IN_DOCUMENT.sentence, sentences),
        )
    }


def _fit(retrieved: Iterable[LabelledQuestion], ranking: Weights) -> tuple[Matrix, Matrix]:
    asked = list(retrieved)
    passages = fit_listwise([_passages(each, ranking) for each in asked])
    return passages, fit_listwise([_sentences(each, ranking, passages) for each in asked])


def _recall(
    asked: Sequence[LabelledQuestion], ranking: Weights, weights: tuple[Matrix, Matrix]
) -> dict[str, dict[str, float]]:
    passages = [_passages(each, ranking) for each in asked]
    sentences = [_sentences(each, ranking, weights[0]) for each in asked]
    return {
        "passage": {f"recall@{k}": recall_at(passages, weights[0], k) for k in (1, 5)},
        "sentence": {f"recall@{k}": recall_at(sentences, weights[1], k) for k in (1, 4)},
    }


def _passages(asked: LabelledQuestion, ranking: Weights) -> Choice:
    given = [ranking.passage.score(passage_features(asked.terms, each)) for each in asked.candidates]
    features = [passage_in_document(asked.terms, each) for each in asked.candidates]
    right = [any(answers) for answers in asked.answers]
    return Choice(np.asarray(features), np.asarray(right), asked.folder, np.asarray(given))


def _sentences(asked: LabelledQuestion, ranking: Weights, weights: Matrix) -> Choice:
    """Return the sentences of the best passages."""
    passages = _passages(asked, ranking)
    scores = passages.given + passages.features @ weights
    best = np.argsort(-scores)[:PASSAGES]
    features: list[list[float]] = []
    given: list[float] = []
    right: list[bool] = []
    for number in best:
        candidate = asked.candidates[number]
        lead = float(scores[number] - scores[best[0]])
        given += [ranking.sentence.score(row) for row in sentence_features(asked.terms, candidate, lead)]
        features += sentences_in_document(asked.terms, candidate)
        right += asked.answers[number]
    return Choice(np.asarray(features), np.asarray(right), asked.folder, np.asarray(given))
