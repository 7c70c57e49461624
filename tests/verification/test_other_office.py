"""Tests of short answers that name somebody with another office than was asked for."""

import pytest

from qa.retrieval.evidence import number_quotes
from qa.schema import Evidence, Span
from qa.verification.short_answer import cut_short_answer
from tests.support.fakes import by_id, document

DIRECTOR = "Trains are liked there, said Jo Lind, Managing Director of Velmo in the North, in an interview."
CHIEF = "Sales rose, said Ada Brand, the chief executive of Velmo."
PLAIN = "Ada Brand, who joined Velmo in 2019, speaks Polish."


def short(question: str, text: str, name: str) -> str:
    documents = by_id(document(text, language="en"))
    (doc_id,) = documents
    quotes = number_quotes([Span(doc_id, 0, len(text))], documents)
    found = cut_short_answer(name, Evidence(question, quotes))
    return found.text if found else ""


@pytest.mark.parametrize(
    "question",
    [
        "Who is the chief executive of Velmo?",
        "who is the chief executive of velmo",
        "Who's the lawyer at Velmo?",
    ],
)
def test_somebody_with_another_office_is_not_the_one_asked_for(question: str):
    assert short(question, DIRECTOR, "Jo Lind") == ""


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("Who is the managing director of Velmo in the North?", DIRECTOR, "Jo Lind"),
        ("Who is the director of Velmo?", DIRECTOR, "Jo Lind"),
        ("Who is the head of Velmo in the North?", DIRECTOR, "Jo Lind"),  # a director heads it
        ("Who spoke about trains?", DIRECTOR, "Jo Lind"),
        ("Who is the chief executive of Velmo?", CHIEF, "Ada Brand"),
        ("Who is the interpreter of Velmo?", PLAIN, "Ada Brand"),  # no office behind the name
    ],
)
def test_others_are(question: str, text: str, name: str):
    assert short(question, text, name) == name
