import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.training.judge import judge_records, saved_verdicts
from eval.training.ranking import fit_ranking
from qa.config import Config
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.evaluation.fit import fit_judge
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.signals import NAMES
from qa.schema import Evidence
from qa.weights import FITTED
from tests.support.fakes import FakeEncoder, facts


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    path = tmp_path_factory.mktemp("squad") / "facts.json"
    path.write_text(json.dumps(facts()))
    return read_squad([path])


@pytest.fixture(scope="module")
def retriever(dataset: Dataset) -> Iterator[HybridRetriever]:
    encoder = FakeEncoder()
    with indexed(dataset, encoder, Config()) as opened:
        yield HybridRetriever(source=opened, encoder=encoder)


def knows(evidence: Evidence) -> float:
    """A verdict that is right: the place is asked for and the best quote has the thing."""
    thing = evidence.question.rstrip("?").split()[-1]
    return 3.0 if evidence.quotes and thing in evidence.quotes[0].text else -3.0


def test_the_ranking_that_is_fitted_finds_the_right_passage(retriever: HybridRetriever, dataset: Dataset):
    fitted = fit_ranking(retriever, dataset.cases)
    for part, reference in (("passage", FITTED.passage), ("sentence", FITTED.sentence)):
        assert set(fitted[part]["weights"]) == set(reference.weights)
        ablated = fitted[part]["on_unseen_articles"]
        assert set(ablated["without"]) == set(ablated["alone"]) == set(reference.weights)
    assert fitted["passage"]["candidates_hold_the_answer"] == 1.0
    assert fitted["passage"]["on_unseen_articles"]["all"]["recall@1"] == 1.0
    assert fitted["sentence"]["recall_at"]["8"] == 0.5  # half of the questions have no answer


def test_a_verdict_that_is_right_is_believed(retriever: HybridRetriever, dataset: Dataset):
    judge = judge_records(fit_judge(retriever, dataset.cases, dataset.cases, knows))["judge"]
    assert judge["weights"]["verdict"] > 0
    assert set(judge["weights"]) == {"verdict", *NAMES}
    assert 0 < judge["threshold"] < 1
    for condition in ("adversarial", "absent"):
        assert judge["verdict_alone"][condition]["auc"] == 1.0


def test_a_verdict_is_asked_for_once(retriever: HybridRetriever, dataset: Dataset, tmp_path: Path):
    file = tmp_path / "verdicts.jsonl"
    first = fit_judge(retriever, dataset.cases, dataset.cases, saved_verdicts(knows, file))

    def asked_again(evidence: Evidence) -> float:
        raise AssertionError(evidence.question)

    assert fit_judge(retriever, dataset.cases, dataset.cases, saved_verdicts(asked_again, file)) == first
