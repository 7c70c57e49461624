"""The bench of the encoder beside a busy program, and the threads that Attest sets after it."""

import os
import subprocess
import sys

import pytest

from eval.bench import busy_encoder
from tests.support.fakes import ROOT


def test_questions_and_passages_are_timed_in_one_thread_and_in_more(capsys: pytest.CaptureFixture[str]):
    assert busy_encoder.main(["--rounds", "1"]) == 0
    _, _, one, more = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines()]
    assert int(one[0]) == 1 < int(more[0])
    assert all(float(cell) > 0 for row in (one, more) for cell in row[1:])


@pytest.mark.parametrize(("chosen", "used"), [(None, "1"), ("3", "3")])
def test_numpy_multiplies_in_one_thread_unless_the_person_has_said_otherwise(chosen: str | None, used: str):
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    if chosen:
        environment["OPENBLAS_NUM_THREADS"] = chosen
    code = "import os, qa, numpy; print(os.environ['OPENBLAS_NUM_THREADS'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == used
