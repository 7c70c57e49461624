"""What the server counts and times, for Prometheus: every question, from the page or over HTTP."""

import time
from collections.abc import Generator
from contextlib import closing

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from qa.errors import UserError
from qa.pipeline import Event
from qa.schema import Answer, Evidence

REGISTRY = CollectorRegistry()
"""The server's own, so that nothing is told of the process or its machine."""

QUESTIONS = Counter("attest_questions", "Questions begun", registry=REGISTRY)
REFUSALS = Counter("attest_refusals", "Questions Attest abstained from", registry=REGISTRY)
SILENT = Counter(
    "attest_model_silent", "Questions answered without the language model, which did not", registry=REGISTRY
)
FAILURES = Counter("attest_failures", "Questions that failed", registry=REGISTRY)
IN_PROGRESS = Gauge("attest_questions_in_progress", "Questions being worked on", registry=REGISTRY)
EVIDENCE_SECONDS = Histogram(
    "attest_evidence_seconds", "From a question to its quotes", registry=REGISTRY, unit="seconds"
)
ANSWER_SECONDS = Histogram(
    "attest_answer_seconds",
    "From a question to its verified answer",
    registry=REGISTRY,
    unit="seconds",
    # From an answer of quotes alone to one that a busy machine writes.
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 240),
)


def observed(events: Generator[Event, None, None]) -> Generator[Event, None, None]:
    """The ``events`` of one question as they come, counted and timed. Closing it closes them.

    A question that is the reader's mistake is no failure.
    """
    begun = time.perf_counter()
    QUESTIONS.inc()
    found = False
    with IN_PROGRESS.track_inprogress(), closing(events):
        try:
            for event in events:
                if isinstance(event, Evidence) and not found:  # a question in two parts has it twice
                    found = True
                    EVIDENCE_SECONDS.observe(time.perf_counter() - begun)
                elif isinstance(event, Answer):
                    ANSWER_SECONDS.observe(time.perf_counter() - begun)
                    REFUSALS.inc(not event.answered)
                    SILENT.inc(bool(event.note))
                yield event
        except Exception as error:
            FAILURES.inc(not isinstance(error, UserError))
            raise


def exposition() -> bytes:
    """Everything counted so far, in Prometheus's text format."""
    return generate_latest(REGISTRY)
