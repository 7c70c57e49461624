"""The bench of the language model beside a busy program: what it times, and what it refuses."""

import json
import os
import subprocess
import sys

import pytest
from langchain_core.language_models import FakeListChatModel

from eval.bench import busy_machine
from qa import assemble
from qa.errors import UserError
from tests.support.fakes import ROOT


def test_reading_and_writing_are_timed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    model = FakeListChatModel(responses=["At nine."])
    monkeypatch.setattr(assemble, "load_model", lambda settings: model)
    assert busy_machine.main(["--worker", "--rounds", "2"]) == 0
    reading, writing = json.loads(capsys.readouterr().out)
    assert reading > 0
    assert writing > 0


def test_nothing_is_timed_without_a_model(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_MODEL", "none")
    with pytest.raises(UserError, match="ATTEST_MODEL=none has no model to time"):
        busy_machine.main(["--rounds", "1", "--values", "0"])


@pytest.mark.parametrize(("chosen", "used"), [(None, "1000"), ("7", "7")])
def test_threads_that_wait_soon_sleep_unless_the_person_has_said_otherwise(chosen: str | None, used: str):
    environment = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
    if chosen:
        environment["GOMP_SPINCOUNT"] = chosen
    code = "import os, qa; print(os.environ['GOMP_SPINCOUNT'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == used
