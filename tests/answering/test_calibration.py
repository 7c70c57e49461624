"""A model of the reader's own: measured, kept, and used; or said not to have been measured."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult

from qa import assemble, calibrations, config
from qa.answering.calibration import claims_of, read_calibration
from qa.cli import parser
from qa.errors import UserError
from qa.weights import SUPPORT, WEIGHTS
from tests.support.fakes import FACTS, FakeChat, FakeEncoder, facts

MODEL = "openai:some-model"


class Knowing(FakeChat):
    """Says yes exactly where the quotes have the thing that is asked about."""

    def _generate(self, messages: list[BaseMessage], *args: object, **kwargs: object) -> ChatResult:
        quotes, _, asked = str(messages[-1].content).partition("Question: ")
        thing = asked.partition("?")[0].split()[-1]
        self.p_yes = 0.9 if thing in quotes else 0.1
        return super()._generate(messages, *args, **kwargs)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts()))
    return path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATTEST_MODEL", MODEL)
    monkeypatch.setenv("ATTEST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(assemble, "load_encoder", lambda config: FakeEncoder())
    monkeypatch.setattr(assemble, "load_model", lambda config: Knowing())
    return tmp_path / "cache"


def test_what_was_measured_is_kept_and_used(
    cache: Path, questions: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    assert parser.main(["calibrate", "--dataset", "squad", str(questions), "--limit", "12"]) == 0
    assert MODEL in capsys.readouterr().out
    known = read_calibration(cache, MODEL)
    assert known is not None
    assert known.judge == calibrations.load_judge(config.load())
    assert known.judge != WEIGHTS.judge
    assert known.judge.calibration.weights["verdict"] > 0
    assert known.data_sha256 == {"facts.json": hashlib.sha256(questions.read_bytes()).hexdigest()}
    assert "--limit 12" in known.command
    assert caplog.text == ""


@pytest.mark.usefixtures("cache")
def test_a_model_that_nobody_measured_is_said_to_be_none_such(caplog: pytest.LogCaptureFixture):
    assert calibrations.load_judge(config.load()) == replace(WEIGHTS.judge, first=None)
    assert f"{MODEL} is not calibrated" in caplog.text
    assert "attest calibrate" in caplog.text


@pytest.mark.parametrize("model", ["default", "none"])
def test_the_default_model_needs_no_measuring(
    model: str, questions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ATTEST_MODEL", model)
    assert parser.main(["calibrate", str(questions)]) == 2
    assert "already calibrated" in capsys.readouterr().err


@pytest.mark.usefixtures("cache")
def test_questions_that_are_all_answered_do_not_suffice(questions: Path, capsys: pytest.CaptureFixture[str]):
    data = facts()
    for each in data["data"]:
        each["paragraphs"][0]["qas"].pop()
    questions.write_text(json.dumps(data))
    assert parser.main(["calibrate", str(questions)]) == 2
    assert "without an answer" in capsys.readouterr().err


@pytest.mark.parametrize("damage", ["", "{}", "[1]", '{"judge": {"calibration": {"weights": 1}}}'])
def test_a_damaged_file_is_named(cache: Path, questions: Path, damage: str):
    parser.main(["calibrate", str(questions)])
    (file,) = (cache / "calibrations").iterdir()
    file.write_text(damage)
    with pytest.raises(UserError, match=f"{file.name}.*attest calibrate"):
        calibrations.load_judge(config.load())


class Seeing(FakeChat):
    """Sees what burned in no quote."""

    def _generate(self, messages: list[BaseMessage], *args: object, **kwargs: object) -> ChatResult:
        self.p_yes = 0.1 if "burned" in str(messages[-1].content) else 0.9
        return super()._generate(messages, *args, **kwargs)


def write_claims(path: Path) -> Path:
    lines = [
        {"claim": f"The plant for {thing} {verb} in {place}.", "evidence": evidence, "label": label}
        for thing, place in map(str.split, FACTS)
        for evidence in [f"The plant for {thing} stands in {place}."]
        for verb, label in (("is located", "SUPPORTS"), ("burned", "REFUTES"))
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def test_the_check_of_sentences_is_calibrated_on_claims_and_used(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(assemble, "load_model", lambda config: Seeing())
    assert parser.main(["calibrate", "--claims", str(write_claims(tmp_path / "claims.jsonl"))]) == 0
    out = capsys.readouterr().out
    assert f"{MODEL} is calibrated" in out
    assert "100.0% of the supported ones pass, 0.0% of the others" in out
    known = read_calibration(cache, claims_of(MODEL))
    assert known is not None
    assert calibrations.load_support(config.load()) == known.judge != SUPPORT
    assert read_calibration(cache, MODEL) is None, "questions are calibrated by themselves"


@pytest.mark.usefixtures("cache")
def test_a_model_that_was_not_calibrated_for_sentences_is_said_so(caplog: pytest.LogCaptureFixture):
    assert calibrations.load_support(config.load()) == SUPPORT
    assert "attest calibrate --claims FILE" in caplog.text


@pytest.mark.usefixtures("cache")
def test_a_file_that_holds_no_claims_is_named(questions: Path, capsys: pytest.CaptureFixture[str]):
    assert parser.main(["calibrate", "--claims", str(questions)]) == 2
    assert "facts.json" in capsys.readouterr().err
