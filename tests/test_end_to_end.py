"""A few questions through the real models: what the tests with fakes cannot tell."""

import json
import subprocess
import sys
from functools import partial

import pytest

from qa.answering.checker import CalibratedChecker, support_logit
from qa.config import Config
from qa.pipeline import Ask, Pipeline
from qa.schema import Answer, Draft, Evidence, Turn
from tests.support.fakes import ROOT, check
from tests.verification.test_checked_sentences import LEAVES_TO_THE_CHECKER
from tests.verification.test_support import CHANGED


def asked(pipeline: Pipeline, question: str, *history: Turn) -> Answer:
    """The answer, every quote of which was seen to be cut from its document."""
    answer = pipeline.invoke(Ask(question, history))
    for quote in (*answer.quotes, *answer.nearest):
        assert pipeline.documents[quote.span.doc_id].text[quote.span.start : quote.span.end] == quote.text
    assert bool(answer.quotes) == answer.answered
    return answer


@pytest.fixture(scope="module")
def events(pipeline: Pipeline) -> list[Evidence | Draft | Answer]:
    return list(pipeline.stream(Ask("What did Boyet say about Uzbekistan?")))


def test_the_example_question_is_answered_with_quotes_on_uzbekistan(
    pipeline: Pipeline, events: list[Evidence | Draft | Answer]
):
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert answer.answered
    for quote in answer.quotes:
        assert quote.span.cut(pipeline.documents) == quote.text
    assert any("Uzbekistan" in quote.text for quote in answer.quotes)
    assert {quote.span.doc_id for quote in answer.quotes} == {"alstom-boyet-interview.md"}


def test_quotes_are_streamed_before_the_draft_and_the_answer_last(events: list[Evidence | Draft | Answer]):
    kinds = [type(event) for event in events]
    assert kinds[0] is Evidence
    assert kinds[-1] is Answer
    assert set(kinds[1:-1]) == {Draft}


def test_a_number_is_given_as_the_document_has_it(pipeline: Pipeline):
    answer = asked(pipeline, "How much is the gas turbine contract in Uzbekistan worth?")
    assert "72 million" in answer.text
    assert [quote.span.doc_id for quote in answer.quotes] == ["siemens-energy-central-asia.md"]


def test_the_short_answer_is_cut_from_its_quote(pipeline: Pipeline):
    answer = asked(pipeline, "How much is the gas turbine contract in Uzbekistan worth?")
    assert answer.short is not None
    assert "72 million" in answer.short.text
    assert answer.short.span.cut(pipeline.documents) == answer.short.text
    (quote,) = (each for each in answer.quotes if each.number == answer.short.quote)
    assert answer.short.text in quote.text


@pytest.mark.parametrize("name", sorted(LEAVES_TO_THE_CHECKER))
def test_the_model_does_not_find_a_changed_fact_supported(pipeline: Pipeline, name: str):
    assert pipeline.model is not None
    quote, sentence = CHANGED[name]
    checker = CalibratedChecker(partial(support_logit, pipeline.model))
    assert not check(sentence, quote, checker=checker).answered


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        (
            "Colombiana was co-written by Luc Besson and directed by Olivier Megaton.",
            "Megaton wrote Colombiana.",
        ),
        ("Saturn is the second-largest planet after Jupiter.", "Saturn is larger than Jupiter."),
    ],
)
def test_the_model_does_not_find_roles_turned_round_supported(pipeline: Pipeline, quote: str, sentence: str):
    assert pipeline.model is not None
    checker = CalibratedChecker(partial(support_logit, pipeline.model))
    assert not check(sentence, quote, checker=checker).answered


def test_a_follow_up_is_understood(pipeline: Pipeline):
    history = Turn("Who is Jerome Boyet?", "Jerome Boyet works for Alstom.")
    answer = asked(pipeline, "what is his position?", history)
    assert "Managing Director" in answer.text


@pytest.mark.parametrize("question", ["What is the capital of France?", "how long do you boil an egg"])
def test_a_question_on_another_subject_is_not_answered(pipeline: Pipeline, question: str):
    answer = asked(pipeline, question)
    assert not answer.answered
    assert answer.reason


def test_a_false_premise_is_not_confirmed(pipeline: Pipeline):
    assert not asked(pipeline, "Why did Siemens cancel its wind farm in Turkmenistan?").answered


def _process(*argv: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qa", *argv]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_program_tells_its_version():
    done = _process("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("attest 0.")


def test_the_program_answers_in_a_process_of_its_own(
    pipeline: Pipeline, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ATTEST_MODEL", "none")
    monkeypatch.setenv("ATTEST_THRESHOLD", "0")
    done = _process("ask", "How much is the contract worth?", "--json", "--index", str(settings.index))
    assert (done.returncode, done.stderr) == (0, "")
    quotes = json.loads(done.stdout)["quotes"]
    assert any("72 million" in quote["text"] for quote in quotes)
    for quote in quotes:
        assert pipeline.documents[quote["document"]].text[quote["start"] : quote["end"]] == quote["text"]
