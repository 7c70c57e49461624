"""The load test, on a server without a language model."""

import pytest

from eval.bench import load_test
from eval.bench.load_test import Read
from qa.config import Config
from qa.runtime import StaticRuntime


def test_readers_who_ask_at_once_are_measured(
    quick_parts: StaticRuntime,
    settings: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("eval.bench.load_test.config.load", lambda: settings)
    monkeypatch.setattr("eval.bench.load_test.assemble.open_runtime", lambda _: quick_parts)
    assert load_test.main(["--readers", "5"]) == 0
    said = capsys.readouterr().out
    assert "time to evidence" in said
    assert "0 of 5 readers were shown their place in the queue" in said
    assert "Errors: 0" in said


def test_errors_and_places_are_told():
    reads = [
        Read("One?", 0.1, 2.0, (3, 2, 1)),
        Read("Two?", 0.3, 4.0),
        Read("Three?", error="the stream ended without an answer"),
    ]
    said = load_test.table(reads)
    assert "0.20 s" in said
    assert "4.00 s" in said
    assert "1 of 3 readers were shown their place in the queue; at most 3 were before one." in said
    assert "Errors: 1\n  Three?: the stream ended without an answer" in said


def test_no_readers_are_a_mistake(capsys: pytest.CaptureFixture[str]):
    assert load_test.main(["--readers", "0"]) == 2
    assert "at least 1" in capsys.readouterr().err
