from itertools import repeat

import pytest
from hypothesis import given

from qa.nlp.polarity import affirms
from qa.retrieval.evidence import select_quotes
from qa.retrieval.signals import NAMES
from tests.support.fakes import TEXTS, by_id, document, hits_of

TEXT = "The advance was halted in 1943. Siemens is active in Kazakhstan. Refunds are not offered."


def signals(question: str, text: str = TEXT, **known: str) -> dict[str, float]:
    """The signals for a question whose first quote is the sentence that shares most words with it."""
    texts = by_id(document(text, **known))
    words = set(question.lower().strip("?").split())
    sentences = [s for hit in hits_of(*texts.values(), scores=repeat(0.0)) for s in hit.sentences]
    shared = [len(words & set(s.span.cut(texts).lower().strip(".").split())) for s in sentences]
    return dict(select_quotes(question, hits_of(*texts.values(), scores=map(float, shared)), texts).signals)


@pytest.mark.parametrize(
    ("question", "signal", "value"),
    [
        ("When was the advance halted?", "opposites", 0),
        ("When was the retreat halted?", "opposites", 1),
        ("Was the advance halted in 1943?", "numbers_missing", 0),
        ("Was the advance halted in 1944?", "numbers_missing", 1),
        ("Was the advance halted in 1944?", "number_conflict", 1),
        ("Was the advance halted?", "number_conflict", 0),
        ("Is Siemens active in Kazakhstan?", "names_missing", 0),
        ("Is Siemens busy in Kazakhstan?", "names_missing", 0),
        ("Is Siemens active in Peru?", "names_missing", 1),
        ("Are refunds not offered?", "negation", 0),
        ("Are refunds offered?", "negation", 1),
        ("Is Siemens active in Kazakhstan?", "missing_best", 0),
        ("Is Siemens active in Peru?", "missing_best", 1 / 3),
        ("Is Siemens active in Peru and Chile?", "missing_passage", 0.5),
    ],
)
def test_a_question_bent_away_from_its_quote_shows(question: str, signal: str, value: float):
    assert signals(question)[signal] == pytest.approx(value)


def test_what_is_known_of_the_document_is_not_missing():
    assert signals("Is Siemens active in Baku?", place="Baku")["names_missing"] == 0


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Is Siemens active in Kazakhstan?", True),
        ("Is Siemens inactive in Kazakhstan?", False),
        ("Is Siemens not active in Kazakhstan?", False),
        ("Is Siemens active in Peru?", None),
    ],
)
def test_a_quote_affirms_denies_or_leaves_open(question: str, verdict: bool | None):
    assert affirms(question, "Siemens is active in Kazakhstan.") is verdict


@given(TEXTS, TEXTS.filter(str.strip))
def test_any_question_has_finite_signals(question: str, text: str):
    found = signals(question, text)
    assert tuple(found) == NAMES
    assert all(abs(value) < 1e9 for value in found.values())
