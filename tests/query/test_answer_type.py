import pytest

from qa.nlp.entities import mentions, names_in
from qa.query.answer_type import leaves_time_open, missing_answer_type
from qa.verification.relevance import irrelevance_reason


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many turbines?", "Siemens installs four turbines."),
        ("How many turbines?", "Siemens installs dozens of turbines."),
        ("How many countries take part?", "It involves Peru, Chile, and Bolivia."),
        ("How much land?", "It owns fifty percent."),
        ("Who signed it?", "Boyet signed it."),
        ("Who signed it?", "The minister signed it."),
        ("How much does the plant cost?", "It costs 72 million euros."),
        ("What was the price?", "It was sold for $5."),
        ("How much gas is sold?", "It sells 5 tons."),
        ("What is the name of the plant?", "The plant is called Turkestan."),
        ("Why was it signed?", "To sell gas."),
    ],
)
def test_a_text_that_brings_what_is_asked_for_lacks_nothing(question: str, text: str):
    assert missing_answer_type(text, question) == ""


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("How many turbines?", "Siemens installs turbines.", "a number"),
        ("How many turbines?", "A major expansion was planned.", "a number"),
        ("How many countries take part?", "Peru takes part.", "a number"),
        ("How much does the plant cost?", "It has 1,000 MW.", "a sum of money"),
        ("What is the budget?", "The budget is in euros.", "a sum of money"),
        ("What is the name of the source?", "An official told them.", "a proper name"),
        ("Who runs Alstom?", "He is the Managing Director.", "a name"),
        ("Who signed it?", "It was signed in haste.", "a name"),
        ("Who leads Alstom?", "Alstom is led.", "a name"),
    ],
)
def test_what_a_text_lacks_is_named(question: str, text: str, missing: str):
    assert missing in missing_answer_type(text, question)


def test_a_repetition_of_the_question_adds_nothing():
    assert irrelevance_reason("Alstom builds trains.", "Where does Alstom build trains?")
    assert not irrelevance_reason("Alstom builds trains in France.", "Where does Alstom build trains?")
    assert not irrelevance_reason("Yes, Alstom builds trains.", "Does Alstom build trains?")


def test_when_wants_a_time():
    assert leaves_time_open("It was signed.", "When was it signed?")
    assert not leaves_time_open("It was signed in May.", "When was it signed?")
    assert not leaves_time_open("It was signed.", "Who signed it?")


def test_a_single_letter_is_more_than_the_question_repeated():
    assert irrelevance_reason("One key cell type is T cells.", "What is one key cell type?") == ""
    assert irrelevance_reason("One key cell type is a cell type.", "What is one key cell type?")


def test_initials_stand_for_their_name():
    assert names_in("Who sits in the SP?") <= mentions("members of the Scottish Parliament")
