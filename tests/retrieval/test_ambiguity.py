"""Tests of asking back: a question that the documents answer for several things."""

import pytest

from qa.retrieval.ambiguity import find_choices
from qa.schema import Evidence
from tests.support.fakes import by_id, document, whole

PLANTS = (
    "The Karaganda plant has a capacity of 120 MW.",
    "The Aktau plant has a capacity of 80 MW.",
    "Workers like tea.",
)


def choices(question: str, *texts: str) -> list[str]:
    documents = by_id(*(document(text, f"{i}.txt") for i, text in enumerate(texts, start=1)))
    return [choice.text for choice in find_choices(Evidence(question, whole(documents)))]


def test_a_question_that_two_plants_answer_has_two_choices():
    assert choices("What is the capacity?", *PLANTS) == ["Karaganda", "Aktau"]


@pytest.mark.parametrize(
    "question",
    [
        "What is the capacity of the Aktau plant?",
        "Does it have a capacity?",
        "Why is the capacity so low?",
        "What is the colour?",
        "Which plants have a capacity?",
        "Which capacities does the plant have?",
    ],
)
def test_a_question_that_is_clear_or_not_answered_has_none(question: str):
    assert choices(question, *PLANTS) == []


def test_two_quotes_on_the_same_thing_are_no_choice():
    same = ("The Karaganda plant has a capacity of 120 MW.", "The capacity of the Karaganda plant is 120 MW.")
    assert choices("What is the capacity?", *same) == []


def test_documents_are_told_apart_by_their_titles_where_the_quotes_name_nothing():
    texts = ("the capacity is 120 MW.", "the capacity is 80 MW.")
    documents = by_id(*(document(text, f"{i}.txt", title=f"Plant {i}") for i, text in enumerate(texts)))
    found = find_choices(Evidence("What is the capacity?", whole(documents)))
    assert [(choice.text, choice.quote) for choice in found] == [("Plant 0", 1), ("Plant 1", 2)]
