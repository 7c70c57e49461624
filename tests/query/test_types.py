import pytest
from hypothesis import given

from qa.query.answer_type import AnswerType, expected_answer_type
from qa.query.decompose import split_question
from qa.query.types import Order, wants_list, wants_order, wants_yes_or_no
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


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Which article is more recent?", Order.NEWEST),
        ("Which is more recent, the interview or the report?", Order.NEWEST),
        ("What is the latest report on gas?", Order.NEWEST),
        ("Which of the two articles was published first?", Order.OLDEST),
        ("Which document is the oldest?", Order.OLDEST),
        ("What report came first in the race?", None),
        ("Which treaty is older, Rome or Lisbon?", None),
        ("What does the article say?", None),
    ],
)
def test_a_question_about_the_age_of_documents_is_told(question: str, order: Order | None):
    assert wants_order(question) is order


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many turbines are there?", AnswerType.NUMBER),
        ("What year was it signed?", AnswerType.NUMBER),
        ("How much did the plant cost?", AnswerType.MONEY),
        ("What is the budget of the program?", AnswerType.MONEY),
        ("What is the name of the source?", AnswerType.PROPER_NAME),
        ("Who signed it?", AnswerType.NAME),
        ("Which company won?", AnswerType.NAME),
        ("Is it how many say?", None),
        ("Why was it signed?", None),
    ],
)
def test_what_a_question_seeks_is_told_from_its_form(question: str, kind: AnswerType | None):
    assert expected_answer_type(question) is kind


def test_questions_for_lists_and_for_yes_or_no_are_told():
    assert wants_list("List all the projects")
    assert wants_list("Which countries are involved?")
    assert not wants_list("Who leads the project?")
    assert wants_yes_or_no("Is gas cheap?")
    assert not wants_yes_or_no("What is cheap?")
