import pytest

from qa.query.every import asks_for_every
from qa.query.types import (
    Order,
    wants_list,
    wants_order,
    wants_short_answer,
    wants_statement,
    wants_yes_or_no,
)


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


def test_questions_for_lists_and_for_yes_or_no_are_told():
    assert wants_list("List all the projects")
    assert wants_list("Which countries are involved?")
    assert not wants_list("Who leads the project?")
    assert wants_yes_or_no("Is gas cheap?")
    assert not wants_yes_or_no("What is cheap?")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was ist der Preis der Turbine?", False),
        ("Was sagte der Direktor über das Werk?", False),
        ("Was the plant sold?", True),
        ("Was Boyet in Baku?", True),
        ("Am wievielten Mai ist das Treffen?", False),
        ("Ist das Werk verkauft?", False),
        ("am i allowed to film", True),
        ("shall the tenant insure the goods?", True),
        ("Isn’t the plant sold?", True),
        ("wont it rain", True),
    ],
)
def test_a_question_that_opens_with_an_english_auxiliary_verb_wants_yes_or_no(question: str, expected: bool):
    assert wants_yes_or_no(question) == expected


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("List every penalty for late delivery.", "penalty for late delivery"),
        ("List all mentions of the European Union", "European Union"),
        ("How many documents mention gas turbines?", "gas turbines"),
        ("Which contracts have a clause on liability?", "clause on liability"),
        ("Find all documents that mention the EU", "EU"),
        ("List every document that mentions uranium", "uranium"),
        ("List all countries in which Alstom works", ""),
        ("How often is the cup held?", ""),
        ("How often is uranium mentioned?", "uranium"),
        ("How many locomotives has Alstom delivered?", ""),
        ("Which countries are involved in the program?", ""),
        ("Which article is more recent?", ""),
        ("Which document mentions Boyet and was published first?", ""),
    ],
)
def test_a_question_that_asks_for_every_mention_says_of_what(question: str, topic: str):
    assert asks_for_every(question) == topic


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What does a trustee do?", False),
        ("What happened to the harbour in 2003?", False),
        ("What does E27 mean?", True),
        ("What do they cost?", True),
        ("Who runs the harbour?", True),
    ],
)
def test_what_somebody_does_and_what_happened_takes_a_sentence(question: str, short: bool):
    assert wants_short_answer(question) is short


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What did Boyet claim about Uzbekistan?", True),
        ("Who claims that the plant is safe?", True),
        ("What does the author stress?", True),
        ("How many claims were denied in 2005?", False),
        ("What approval rate did the department expect for claims in 2008?", False),
        ("When did the tenant file a claim?", False),
        ("What is the proof stress of the bars?", False),
        ("How many words does the essay have?", False),
    ],
)
def test_claims_and_stress_are_said_only_by_somebody(question: str, wanted: bool):
    assert wants_statement(question) is wanted
