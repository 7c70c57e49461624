"""A model of the reader's own: measured, kept, and used; or said not to have been measured."""

import hashlib
import json
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult

from qa import assemble, config
from qa.answering.calibration import read_calibration
from qa.cli import parser
from qa.errors import UserError
from qa.weights import FITTED
from tests.support.fakes import FakeChat, FakeEncoder, facts

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
    assert known.judge == assemble.load_judge(config.load())
    assert known.judge != FITTED.judge
    assert known.judge.calibration.weights["verdict"] > 0
    assert known.data_sha256 == {"facts.json": hashlib.sha256(questions.read_bytes()).hexdigest()}
    assert "--limit 12" in known.command
    assert caplog.text == ""


@pytest.mark.usefixtures("cache")
def test_a_model_that_nobody_measured_is_said_to_be_none_such(caplog: pytest.LogCaptureFixture):
    assert assemble.load_judge(config.load()) == FITTED.judge
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
        assemble.load_judge(config.load())
