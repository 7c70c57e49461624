"""A reader's verdict is kept whole or not at all, and never costs the reader anything."""

import datetime
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from qa.export.evidence_sheet import text_sha256
from qa.schema import Answer, Evidence, Span
from qa.verification.policy import Verdict
from qa.verification.verify import abstain
from qa.web.ui.feedback import Feedback, FeedbackFile, Thumb, feedback
from tests.support.fakes import by_id, check, disk_for, document
from tests.support.prompt_injections import HOSTILE

NOON = datetime.datetime(2026, 5, 2, 12, 0, 0, 5, tzinfo=datetime.UTC)

FIRST = document("The plant has four turbines.", "1.txt")
SECOND = document("It opened in May.", "2.txt")
DOCUMENTS = by_id(FIRST, SECOND)
ANSWER = check("The plant has four turbines [1].", FIRST.text, SECOND.text, question="How many turbines?")
REFUSAL = replace(
    abstain(
        Evidence("Who owns the plant?", ANSWER.quotes),
        DOCUMENTS,
        Verdict(0.1, 0.5),
        "no passage seems to contain the answer",
    ),
    question="Who owns it?",
)


def of(answer: Answer, thumb: Thumb = Thumb.UP) -> Feedback:
    return feedback(answer, thumb, DOCUMENTS, NOON)


def test_a_verdict_says_on_what_it_was_given(tmp_path: Path):
    path = tmp_path / "readers" / "feedback.jsonl"
    assert FeedbackFile(path).append(of(ANSWER, Thumb.DOWN))
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "time": "2026-05-02T12:00:00+00:00",
        "thumb": "down",
        "question": "How many turbines?",
        "resolved": "How many turbines?",
        "answered": True,
        "answer": "The plant has four turbines. [1]",
        "cited": [{"doc_id": "1.txt", "start": 0, "end": 28}],
        "documents": {"1.txt": text_sha256(FIRST)},
    }


def test_a_verdict_on_a_refusal_says_so():
    said = of(REFUSAL)
    assert (said.answered, said.answer, said.cited, said.documents) == (False, "", (), {})
    assert (said.question, said.resolved) == ("Who owns it?", "Who owns the plant?")


def test_a_document_that_went_away_since_has_no_digest():
    assert feedback(ANSWER, Thumb.UP, {}, NOON).documents == {}
    assert feedback(ANSWER, Thumb.UP, {}, NOON).cited == (Span("1.txt", 0, 28),)


@pytest.mark.parametrize("text", [*HOSTILE.values(), "two\nlines\r\u2028\x85", "\ud800"])
def test_a_verdict_is_one_line_whatever_was_asked(tmp_path: Path, text: str):
    path = tmp_path / "feedback.jsonl"
    assert FeedbackFile(path).append(of(replace(ANSWER, question=text)))
    (line, rest) = path.read_bytes().split(b"\n")
    assert (json.loads(line)["question"], rest) == (text, b"")


def test_verdicts_given_at_once_are_all_kept(tmp_path: Path):
    path = tmp_path / "feedback.jsonl"
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: FeedbackFile(path).append(of(ANSWER)), range(100)))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(kept)
    assert [json.loads(line)["thumb"] for line in lines] == ["up"] * 100


def test_a_disk_that_fills_up_costs_one_verdict_and_one_line_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "feedback.jsonl"
    kept = [FeedbackFile(path).append(of(ANSWER)) for _ in range(200)]
    before = path.read_bytes()
    with caplog.at_level(logging.WARNING), disk_for(len(before) + 20):
        kept.append(FeedbackFile(path).append(of(ANSWER)))
    assert kept == [True] * 200 + [False]
    assert path.read_bytes() == before
    assert [record.getMessage().count("\n") for record in caplog.records] == [0]
    assert "feedback.jsonl" in caplog.text
    assert FeedbackFile(path).append(of(ANSWER))
    assert len(path.read_text(encoding="utf-8").splitlines()) == 201


def test_a_file_that_cannot_be_written_costs_the_reader_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "full").symlink_to("/dev/full")
    (tmp_path / "a file").touch()
    for path in (tmp_path, tmp_path / "full", tmp_path / "a file" / "feedback.jsonl"):
        caplog.clear()
        assert not FeedbackFile(path).append(of(ANSWER))
        assert len(caplog.records) == 1
