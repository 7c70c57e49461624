"""Counts and times of every question, from the page or over HTTP, for Prometheus."""

import time
from collections.abc import Generator
from contextlib import closing

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from qa.errors import UserError
from qa.pipeline import Event
from qa.schema import Answer, Evidence

REGISTRY = CollectorRegistry()
"""A registry of its own, so that the process and the machine are not described."""

QUESTIONS = Counter("attest_questions", "Questions begun", registry=REGISTRY)
REFUSALS = Counter("attest_refusals", "Questions Attest abstained from", registry=REGISTRY)
SILENT = Counter(
    "attest_model_silent",
    "Questions answered without the language model, because it did not answer",
    registry=REGISTRY,
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


def observe(events: Generator[Event, None, None]) -> Generator[Event, None, None]:
    """Pass on the ``events`` of one question, and count and time them. Closing it closes them.

    A question that the visitor has to correct does not count as a failure.
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
                    SILENT.inc(event.model_failed)
                yield event
        except Exception as error:  # every failure counts, and goes on
            FAILURES.inc(not isinstance(error, UserError))
            raise


def exposition() -> bytes:
    """Return all counts and times so far in Prometheus's text format."""
    return generate_latest(REGISTRY)
