import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.training.__main__ import store_parts
from eval.training.first import first_record
from eval.training.judge import judge_records, known_verdicts, saved_verdicts
from eval.training.ranking import fit_ranking
from eval.training.reranker import fit_reranker
from eval.training.support import saved_logits, support_record
from eval.training.yes_or_no import asks_for_yes_or_no, yes_or_no_record
from qa.answering.judge import VERDICTS
from qa.config import Config
from qa.errors import UserError
from qa.evaluation.datasets.base import Dataset
from qa.evaluation.datasets.claims import ClaimCase
from qa.evaluation.datasets.index import indexed
from qa.evaluation.datasets.squad import read_squad
from qa.evaluation.fit import fit_judge
from qa.evaluation.fit_support import NAMES as SUPPORT_NAMES
from qa.evaluation.fit_support import fit_support
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.signals import NAMES
from qa.schema import Evidence, Quote
from qa.weights import WEIGHTS
from tests.support.fakes import FACTS, FakeEncoder, document, facts


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


def knows(evidence: Evidence) -> dict[str, float]:
    """Verdicts that are right: the place is asked for and the best quote has the thing. A short answer is
    found only then.
    """
    thing = evidence.question.rstrip("?").split()[-1]
    if evidence.quotes and thing in evidence.quotes[0].text:
        return {"verdict": 3.0, "has_short": 1.0, "short": 3.0}
    return {"verdict": -3.0, "has_short": 0.0}


def test_the_ranking_that_is_fitted_finds_the_right_passage(retriever: HybridRetriever, dataset: Dataset):
    record = fit_ranking(retriever, dataset.cases)
    for part, reference in (("passage", WEIGHTS.passage), ("sentence", WEIGHTS.sentence)):
        assert set(record[part]["weights"]) == set(reference.weights)
        ablated = record[part]["on_unseen_articles"]
        assert set(ablated["without"]) == set(ablated["alone"]) == set(reference.weights)
    assert record["passage"]["candidates_hold_the_answer"] == 1.0
    assert record["passage"]["on_unseen_articles"]["all"]["recall@1"] == 1.0
    assert record["sentence"]["recall_at"]["8"] == 0.5  # half of the questions have no answer


class TokensOfWords(FakeEncoder):
    """A fake encoder whose tokens are words."""

    def encode_tokens(self, text: str) -> NDArray[np.float32]:
        return self.encode(text.split())

    def encode_question_tokens(self, question: str) -> NDArray[np.float32]:
        return self.encode(question.split())


def test_the_reranker_is_fitted_beside_scores_and_says_what_each_gap_costs(
    retriever: HybridRetriever, dataset: Dataset
):
    record = fit_reranker(retriever, TokensOfWords(), dataset.cases)["reranker"]
    assert list(record["weights"]) == [*WEIGHTS.passage.weights, "late_interaction"]
    unseen = record["on_unseen_articles"]
    assert unseen["without"]["recall@1"] == 1.0
    gaps = [value["passages_a_question"] for name, value in unseen.items() if name != "without"]
    assert gaps == sorted(gaps)


def test_a_verdict_that_is_right_is_believed(retriever: HybridRetriever, dataset: Dataset):
    judge = judge_records(fit_judge(retriever, dataset.cases, dataset.cases, knows))["judge"]
    assert judge["weights"]["verdict"] > 0
    assert judge["weights"]["has_short"] > 0
    assert set(judge["weights"]) == {*VERDICTS, *NAMES}
    assert 0 < judge["threshold"] < 1
    for condition in ("adversarial", "absent"):
        assert judge["verdict_alone"][condition]["auc"] == 1.0


def test_a_verdict_is_asked_for_once(retriever: HybridRetriever, dataset: Dataset, tmp_path: Path):
    file = tmp_path / "verdicts.jsonl"
    first = fit_judge(retriever, dataset.cases, dataset.cases, saved_verdicts(knows, file))

    def asked_again(evidence: Evidence) -> dict[str, float]:
        raise AssertionError(evidence.question)

    assert fit_judge(retriever, dataset.cases, dataset.cases, saved_verdicts(asked_again, file)) == first


def test_questions_for_yes_or_no_are_refused_less_often_where_their_verdicts_are_low(
    retriever: HybridRetriever, dataset: Dataset
):
    asked = [replace(case, question=f"Is the plant for {case.id[:-2]} old?") for case in dataset.cases]
    chosen = asks_for_yes_or_no([*dataset.cases, *asked])
    assert [case.id for case in chosen] == [f"{fact.split()[0]}-y" for fact in FACTS]

    def doubts(evidence: Evidence) -> dict[str, float]:
        return {name: value / 6 - 2 for name, value in knows(evidence).items()}

    record = yes_or_no_record(retriever, chosen, doubts)
    refused = record["refused_on_unseen_articles"]
    assert record["questions"] == 2 * len(FACTS)
    assert record["added"] > 0
    assert refused["with"]["answerable"] < refused["without"]["answerable"]


def test_a_first_verdict_that_is_right_settles_every_question(
    retriever: HybridRetriever, dataset: Dataset, tmp_path: Path
):
    def tells(evidence: Evidence) -> dict[str, float]:
        told = knows(evidence)
        return {**told, "first": told["verdict"]}

    file = tmp_path / "verdicts.jsonl"
    record = first_record(retriever, dataset.cases, saved_verdicts(tells, file))
    assert set(record["weights"]) == {"first", *NAMES}
    assert record["refuses_below"] <= WEIGHTS.judge.threshold <= record["answers_from"]
    assert record["settled_on_unseen_articles"] > 0.9
    assert record["changed_on_unseen_articles"] <= 0.01
    assert first_record(retriever, dataset.cases, known_verdicts(file)) == record


def claims() -> list[ClaimCase]:
    """Of each fact a claim in other words, one that changes a plain word, and one with another name."""
    cases = []
    for i, (thing, place) in enumerate(map(str.split, FACTS)):
        text = document(f"The plant for {thing} stands in {place}.", f"{i}.txt")
        for kind, claim in (
            ("fair", f"The plant for {thing} is located in {place}."),
            ("false", f"The plant for {thing} burned in {place}."),
            ("vetoed", f"The plant for {thing} stands in Atlantis."),
        ):
            cases.append(ClaimCase(f"facts:{i}{kind}", claim, kind == "fair", kind, text))
    return cases


def sees(claim: str, quotes: Sequence[Quote]) -> float:
    return -2.0 if "burned" in claim else 2.0


def test_the_check_of_sentences_that_is_fitted_passes_fair_claims_alone():
    fit = fit_support(claims(), sees)
    record = support_record(fit)
    assert set(fit.judge.calibration.weights) == set(SUPPORT_NAMES)
    assert fit.judge.calibration.weights["verdict"] > 0
    assert 0.5 <= fit.judge.threshold < 1
    assert (fit.unseen["facts"].supported, fit.unseen["facts"].unsupported) == (1.0, 0.0)
    assert record["verdicts"] == 2 * len(FACTS), "a claim with another name needs no verdict"


def test_a_model_without_probabilities_cannot_be_fitted_for_sentences():
    with pytest.raises(UserError, match="probabilities"):
        fit_support(claims(), lambda claim, quotes: None)


def test_a_claim_is_asked_for_once(tmp_path: Path):
    file = tmp_path / "verdicts.jsonl"
    first = fit_support(claims(), saved_logits(sees, file))

    def asked_again(claim: str, quotes: Sequence[Quote]) -> float:
        raise AssertionError(claim)

    assert fit_support(claims(), saved_logits(asked_again, file)) == first


def test_a_fit_is_stored_in_the_place_of_the_one_before():
    record: dict[str, Any] = {
        "model": {"judge": {"bias": 1.0}, "passage": {"bias": 2.0}},
        "support": {"bias": 3.0},
    }
    source = {"command": "python -m eval.training"}
    store_parts(record, "ranking", "model", {"passage": {"bias": 4.0}}, source)
    store_parts(record, "in_document", "model", {"passage": {"bias": 5.0}}, source)
    store_parts(record, "support", "model", {"support": {"bias": 6.0}}, source)
    store_parts(record, "first", "model", {"first": {"bias": 7.0}}, source)
    assert record == {
        "model": {
            "judge": {"bias": 1.0, "first": {"bias": 7.0, "fitted": source}},
            "passage": {"bias": 4.0, "fitted": source},
        },
        "in_document": {"passage": {"bias": 5.0, "fitted": source}},
        "support": {"bias": 6.0, "fitted": source},
    }
