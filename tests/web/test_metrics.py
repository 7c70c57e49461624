"""What the server counts, for the API and the page alike."""

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from qa.config import Config
from qa.pipeline import Ask, Event, Pipeline
from qa.runtime import StaticRuntime
from qa.verification.policy import AnswerPolicy
from qa.web import server
from qa.web.metrics import observe
from qa.web.ui import chat

QUESTION = "How much is the contract in Uzbekistan worth?"


@pytest.fixture
def client(quick_parts: StaticRuntime, settings: Config) -> TestClient:
    return TestClient(server.create(quick_parts, settings), "http://127.0.0.1", raise_server_exceptions=False)


def counts(client: TestClient) -> dict[str, float]:
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    return {
        sample.name.removeprefix("attest_"): sample.value
        for family in text_string_to_metric_families(told.text)
        for sample in family.samples
        if not sample.labels and not sample.name.endswith("_created")
    }


def grown(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """What differs, sums of seconds aside."""
    return {
        name: after[name] - before[name]
        for name in after
        if after[name] != before[name] and not name.endswith("_sum")
    }


ANSWERED = {"questions_total": 1, "evidence_seconds_count": 1, "answer_seconds_count": 1}


def test_an_answer_is_counted_and_timed(client: TestClient):
    before = counts(client)
    client.post("/ask", json={"question": QUESTION})
    assert grown(before, counts(client)) == ANSWERED


def test_a_streamed_answer_is_counted_alike(client: TestClient):
    before = counts(client)
    client.post("/ask", json={"question": QUESTION, "stream": True})
    assert grown(before, counts(client)) == ANSWERED


def test_a_question_on_the_page_is_counted_alike(client: TestClient, quick_pipeline: Pipeline):
    before = counts(client)
    list(chat.stream_frames(quick_pipeline, Ask(QUESTION), chat.Flag()))
    assert grown(before, counts(client)) == ANSWERED


def test_a_refusal_is_counted(client: TestClient, quick_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(quick_pipeline, "policy", AnswerPolicy(1.0, 1.0))
    before = counts(client)
    client.post("/ask", json={"question": QUESTION})
    assert grown(before, counts(client)) == {**ANSWERED, "refusals_total": 1}


def test_a_failure_is_counted_and_a_mistake_is_not(
    client: TestClient, quick_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
):
    def stream(ask: Ask) -> Iterator[Event]:
        raise KeyError("broken")
        yield

    monkeypatch.setattr(quick_pipeline, "stream", stream)
    before = counts(client)
    client.post("/ask", json={"question": " "})
    assert grown(before, counts(client)) == {}
    client.post("/ask", json={"question": QUESTION})
    assert grown(before, counts(client)) == {"questions_total": 1, "failures_total": 1}


def test_questions_in_progress_are_told(client: TestClient, quick_pipeline: Pipeline):
    before = counts(client)["questions_in_progress"]
    events = observe(quick_pipeline.stream(Ask(QUESTION)))
    next(events)
    assert counts(client)["questions_in_progress"] == before + 1
    events.close()
    assert counts(client)["questions_in_progress"] == before
