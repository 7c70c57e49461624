import pytest
from hypothesis import given

from qa.query.decompose import split_question
from tests.support.fakes import TEXTS


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is Boyet?", ["Who is Boyet?"]),
        (
            "Who is Boyet, and what did he say about rail?",
            ["Who is Boyet?", "what did he say about rail?"],
        ),
        ("Who signed it? When was it signed?", ["Who signed it?", "When was it signed?"]),
        (
            "What are Alstom and Siemens Energy each doing in Peru?",
            ["What are Alstom doing in Peru?", "What are Siemens Energy doing in Peru?"],
        ),
        ("Did Acme and Beta each sign?", ["Did Acme sign?", "Did Beta sign?"]),
        (
            "Compare Acme, Beta and Gamma in Peru",
            [f"What is said about {name} in Peru?" for name in ("Acme", "Beta", "Gamma")],
        ),
        (
            "What is given for the size of the plant and for the price of gas?",
            ["What is given for the size of the plant?", "What is given for the price of gas?"],
        ),
        ("Which markets have both Acme and Beta?", ["Which markets have both Acme and Beta?"]),
        ("Who and why?", ["Who and why?"]),
    ],
)
def test_a_question_falls_into_its_parts(question: str, expected: list[str]):
    assert split_question(question) == expected


@given(TEXTS)
def test_any_text_has_parts(text: str):
    assert split_question(text)
