"""Both forms of what documents abbreviate are searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.query.abbreviations import definitions, write_out

TEXTS = (
    "We report earnings before interest and taxes (EBIT) of 5 million.",
    "Our capital expenditures (“capex”) were lower.",
    "Italy (IT), the gross domestic product (GDP), and sales (net) are not meant.",
    "Net asset value (NAV) is stated. Navigation (NAV) is not.",
    "The navigation aid vector (NAV) is another.",
)


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("What was the EBIT in 2022?", "What was the EBIT (earnings before interest and taxes) in 2022?"),
        ("What was capex?", "What was capex (capital expenditures)?"),
        ("Which Capital Expenditures fell?", "Which Capital Expenditures (capex) fell?"),
        ("What is the gross domestic product?", "What is the gross domestic product (GDP)?"),
        ("What is gross domestic product (GDP)?", "What is gross domestic product (GDP)?"),
        ("Was it sold?", "Was it sold?"),
        ("What is the NAV?", "What is the NAV?"),
    ],
)
def test_a_question_has_both_forms_of_what_is_defined_in_one_way(question: str, written: str):
    assert write_out(question, TEXTS) == written


@given(st.text(alphabet='ab AB(“”"),;\n.', max_size=80))
def test_a_definition_is_in_the_text_and_its_letters_in_their_order(text: str):
    for short, long in definitions(text):
        assert long in text
        letters = iter(long.lower())
        assert all(letter in letters for letter in short.lower())


def test_the_form_that_the_documents_use_more_is_enough():
    texts = ("The United Nations (UN) met.", "The UN voted.")
    assert write_out("What did the UN do?", texts) == "What did the UN do?"
    assert write_out("What did the United Nations do?", texts) == "What did the United Nations (UN) do?"


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("who is ceo of Alder", "who is ceo (chief executive officer) of Alder"),
        ("Who is the CEO of Alder?", "Who is the CEO (chief executive officer) of Alder?"),
        ("What is the pay of Ann Lee?", "What is the pay of Ann Lee?"),
        ("Who is the COO?", "Who is the COO?"),
        ("WHO IS THE CEO?", "WHO IS THE CEO?"),
        ("Who is the CTO?", "Who is the CTO (central treasury office)?"),
        ("who is afy", "who is afy"),
    ],
)
def test_an_abbreviation_that_no_text_defines_is_the_initials_of_words_that_they_repeat(
    question: str, written: str
):
    texts = (
        "“A good year”, said Ann Lee, chief executive officer of Alder.",
        "Bo Ray, Chief Executive Officer of Birch, and Cy Fox of the central treasury office met.",
        "We pay a yearly fee. They pay a yearly fee. All find you there.",
    )
    assert write_out(question, texts) == written


def test_words_with_the_same_initials_are_not_chosen_from():
    texts = ("A chief executive officer.", "Our chief executive officer and a civil engineering office.")
    assert write_out("who is ceo", texts) == "who is ceo (chief executive officer)"
    chance = ("She came early on.", "Carts enter over it. Carts enter over it.")
    assert write_out("who is ceo", ("The chief executive officer.", *chance)).endswith("officer)")
    assert write_out("who is ceo", (*texts, "The civil engineering office closed.")) == "who is ceo"


def test_a_line_of_a_key_defines_what_it_abbreviates():
    key = ("FY = Financial Year ending in March\nASK = available seat kilometers\nX = 5\n",)
    written = "What were the available seat kilometers (ASK)?"
    assert write_out("What were the available seat kilometers?", key) == written
    assert dict(definitions(key[0])) == {"ASK": "available seat kilometers"}


@pytest.mark.parametrize("unit", ["hrs", "min", "lbs"])
def test_the_sign_of_a_unit_abbreviates_no_other_words(unit: str):
    texts = ("Higher reserves secured.", "Mines improved nearly.", "Larger bonuses stopped.")
    assert write_out(f"How many {unit} is it?", texts) == f"How many {unit} is it?"


def test_an_address_has_no_initials():
    texts = ("See https://reuse.software and https://reuse.software now.",)
    assert write_out("What is the hrsr?", texts) == "What is the hrsr?"
