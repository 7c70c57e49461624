from dataclasses import replace
from typing import Any

import pytest
from langchain_core.outputs import ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import Field

from qa.answering.draft import draft
from qa.answering.judge import (
    VERDICTS,
    ask_short_verdict,
    ask_verdict,
    combine,
    combine_at_best,
    judge_without_model,
)
from qa.answering.short_answer import propose_short_answer
from qa.errors import ModelSilentError
from qa.llm import client
from qa.retrieval.signals import NAMES
from qa.schema import Evidence
from qa.weights import WEIGHTS, Judge, Linear
from tests.support.fakes import FakeChat, by_id, document, whole

TEXTS = by_id(document("Siemens installs four turbines.", "turbines.md"))
EVIDENCE = Evidence("How many turbines?", whole(TEXTS), dict.fromkeys(NAMES, 0.5))
VERDICT_ONLY = Judge(Linear({"verdict": 1.0}), 0.5)


def verdict_on(model: FakeChat, evidence: Evidence) -> float:
    return ask_verdict(model, evidence)["verdict"]


def test_the_verdict_is_read_from_the_probability_of_the_first_token():
    assert verdict_on(FakeChat(p_yes=0.5), EVIDENCE) == pytest.approx(0, abs=1e-4)
    assert verdict_on(FakeChat(p_yes=0.9), EVIDENCE) == pytest.approx(2.197, abs=1e-3)
    assert verdict_on(FakeChat(p_yes=0.1), EVIDENCE) == pytest.approx(-2.197, abs=1e-3)


def test_a_question_typed_in_haste_is_put_to_the_model_as_one():
    evidence = replace(EVIDENCE, question="how many turbines are there")
    model = FakeChat(short="four", says="There are four.")
    ask_verdict(model, evidence)
    ask_short_verdict(model, evidence, propose_short_answer(model, evidence))
    list(draft(model, evidence))
    assert len(model.prompts) == 4
    assert all("Question: How many turbines are there?\n" in prompt for prompt in model.prompts)


@pytest.mark.parametrize("p_yes", [0.0, 1.0])
def test_a_verdict_without_the_other_word_is_strong_but_finite(p_yes: float):
    assert abs(verdict_on(FakeChat(p_yes=p_yes), EVIDENCE)) == pytest.approx(13.8, abs=0.1)


def test_the_probability_counts_and_not_the_word():
    assert verdict_on(FakeChat(p_yes=0.2, verdict="Yes"), EVIDENCE) < 0


@pytest.mark.parametrize(
    ("verdict", "sure"), [("yes", True), ("Yes, they do.", True), ("no", False), ("I cannot tell", False)]
)
def test_a_model_without_probabilities_is_taken_at_its_word(verdict: str, sure: bool):
    assert (verdict_on(FakeChat(p_yes=None, verdict=verdict), EVIDENCE) > 0) is sure


class Filling(FakeChat):
    """Gives no probabilities, and fills in forms with ``form``."""

    p_yes: float | None = None
    form: dict[str, Any] = Field(default_factory=dict)

    def with_structured_output(self, schema: Any, **_: Any) -> Runnable[Any, Any]:
        return RunnableLambda(lambda _: schema(**self.form))


@pytest.mark.parametrize(("sure", "logit"), [(50, 0.0), (90, 2.197), (100, 3.892)])
def test_a_model_without_probabilities_says_how_sure_it_is(sure: int, logit: float):
    for stated, sign in ((True, 1), (False, -1)):
        model = Filling(form={"stated": stated, "sure_percent": sure})
        assert verdict_on(model, EVIDENCE) == pytest.approx(sign * logit, abs=1e-3)


@pytest.mark.parametrize(
    "form", [{}, {"stated": "perhaps", "sure_percent": 70}, {"stated": True, "sure_percent": 9}]
)
def test_a_form_filled_in_wrongly_is_a_silent_model(form: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "LONGEST_WAIT", 0.0)
    with pytest.raises(ModelSilentError):
        verdict_on(Filling(form=form), EVIDENCE)


def test_a_model_that_refuses_to_tell_probabilities_is_asked_otherwise_and_at_once():
    class RefusedError(Exception):
        status_code = 400

    class Reasoning(Filling):
        def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
            if kwargs.get("logprobs"):
                self.written.append("refused")
                raise RefusedError
            return super()._generate(*args, **kwargs)

    model = Reasoning(form={"stated": True, "sure_percent": 90})
    assert verdict_on(model, EVIDENCE) > 0
    assert model.written == ["refused"]


def test_the_model_judges_the_question_over_the_quotes():
    model = FakeChat()
    verdict_on(model, EVIDENCE)
    (prompt,) = model.prompts
    assert EVIDENCE.question in prompt
    assert "[1]" in prompt
    assert EVIDENCE.quotes[0].text in prompt


def test_the_probability_is_the_logistic_function_of_the_weighted_sum():
    assert combine({"verdict": 0.0}, EVIDENCE.signals, VERDICT_ONLY) == 0.5
    assert combine({"verdict": 2.197}, EVIDENCE.signals, VERDICT_ONLY) == pytest.approx(0.9, abs=1e-3)
    both = Judge(Linear({"verdict": 1.0, "numbers_missing": -2.0}, bias=1.0), 0.5)
    assert combine({"verdict": 0.0}, {"numbers_missing": 0.5}, both) == 0.5


@pytest.mark.parametrize("verdict", [-1e9, 1e9])
def test_no_verdict_is_certain(verdict: float):
    assert 0 < combine({"verdict": verdict}, EVIDENCE.signals, VERDICT_ONLY) < 1


def test_a_surer_model_makes_a_surer_judge():
    doubtful, sure = (combine(ask_verdict(FakeChat(p_yes=p), EVIDENCE), EVIDENCE.signals) for p in (0.1, 0.9))
    assert 0 < doubtful < sure < 1


def test_a_question_bent_away_from_its_quotes_is_less_answerable():
    strong = {"cosine": 0.7, "coverage": 0.9, "best": 12.0, "passage": 12.0, "standout": 6.0}
    plain = dict.fromkeys(NAMES, 0.0) | strong
    bent = plain | {name: 1.0 for name in NAMES if name not in strong}
    for_plain, for_bent = (Evidence("What?", EVIDENCE.quotes, signals) for signals in (plain, bent))
    assert judge_without_model(for_bent) < judge_without_model(for_plain)


def test_every_fitted_weight_is_of_a_signal_there_is():
    assert set(WEIGHTS.judge.calibration.weights) <= {*VERDICTS, *NAMES}
    assert set(WEIGHTS.quotes_only.calibration.weights) <= set(NAMES)
    assert 0 < WEIGHTS.judge.threshold < 1
    assert 0 < WEIGHTS.quotes_only.threshold < 1


def test_a_short_answer_that_the_quotes_state_makes_a_surer_judge():
    verdict = ask_verdict(FakeChat(p_yes=0.6), EVIDENCE)
    none, doubtful, sure = (
        combine(verdict | ask_short_verdict(FakeChat(p_yes=p), EVIDENCE, short), EVIDENCE.signals)
        for p, short in ((0.9, ""), (0.2, "trains"), (0.9, "trains"))
    )
    assert doubtful < sure
    assert none < sure


def test_the_model_is_asked_about_the_short_answer_by_name():
    model = FakeChat()
    told = ask_short_verdict(model, EVIDENCE, "trains")
    assert told["has_short"] == 1
    assert told["short"] > 0
    (prompt,) = model.prompts
    assert "Proposed answer: trains" in prompt
    assert ask_short_verdict(FakeChat(p_yes=None), EVIDENCE, "trains") == {"has_short": 1.0}


def test_the_best_that_can_come_is_no_less_than_what_comes():
    judge = Judge(Linear({"verdict": 1.0, "short": 1.0}, means={"short": 0.0}), 0.5, {"short": 2.0})
    assert combine_at_best({"verdict": 0.0}, {}, judge) > combine({"verdict": 0.0, "short": 1.0}, {}, judge)
