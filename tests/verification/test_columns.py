"""A figure of a table is not given under the name of another column of its row."""

import pytest

from qa.schema import Quote, ShortAnswer, Span
from qa.verification.columns import column_mismatch, is_of_unasked_column

WEIGHTS = "Weight (kg) — HX-30 single-phase: 139; HX-40 three-phase: 168; HX-60 three-phase: –"
REVENUE = "Revenue — 2022: 1,284.6; 2021: 1,197.3"
PLANT = "Plant: Muruntau; Power: 54 MW; Built: 1995; Profit: 88; Revenue: 99"


@pytest.mark.parametrize(
    ("sentence", "row", "reason"),
    [
        (
            "The HX-60 weighs 168 kg.",
            WEIGHTS,
            "the quote has 168 under “HX-40 three-phase”, not “HX-60 three-phase”",
        ),
        ("Revenue was 1,197.3 in 2022.", REVENUE, "the quote has 1,197.3 under “2021”, not “2022”"),
        ("Muruntau had a profit of 99.", PLANT, "the quote has 99 under “Revenue”, not “Profit”"),
    ],
)
def test_a_figure_under_another_name_is_told(sentence: str, row: str, reason: str):
    assert column_mismatch(sentence, row, "en") == reason


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        ("The three-phase HX-40 weighs 168 kg.", WEIGHTS),
        ("Revenue was 1,284.6 in 2022 and 1,197.3 in 2021.", REVENUE),
        ("Revenue was 1,197.3.", REVENUE),
        ("Muruntau, built in 1995, has 54 MW.", PLANT),
        ("The plant was built in 1995 with 54 MW of power.", PLANT),
        (
            "3.7 million people live in Berlin.",
            "City: Berlin; Population: 3.7 million; People per km2: 4,100",
        ),
        ("Revenue was 99 and profit was 88.", "Revenue was 99, and profit was 88 in all."),
        ("Profit was 99.", "Profit | 88 | 99"),
    ],
)
def test_a_figure_under_its_own_name_or_none_is_not(sentence: str, row: str):
    assert column_mismatch(sentence, row, "en") == ""


def test_one_of_several_rows_with_the_figure_under_its_name_is_enough():
    rows = f"{REVENUE}\nProfit — 2022: 1,197.3; 2021: 5"
    assert column_mismatch("In 2022 it was 1,197.3.", rows, "en") == ""


@pytest.mark.parametrize(
    ("question", "text", "row", "unasked"),
    [
        ("How heavy is the HX-60?", "168", WEIGHTS, True),
        ("How heavy is the HX-40?", "168", WEIGHTS, False),
        ("How heavy is it?", "168", WEIGHTS, False),
        ("When was the plant with a power of 54 MW built?", "1995", PLANT, False),
        ("What was the profit of Muruntau?", "99", PLANT, True),
    ],
)
def test_a_short_answer_is_from_the_column_that_the_question_names(
    question: str, text: str, row: str, unasked: bool
):
    start = 10 + row.rindex(text)
    quote = Quote(1, Span("a", 10, 10 + len(row)), row, "", None)
    short = ShortAnswer(text, 1, Span("a", start, start + len(text)))
    assert is_of_unasked_column(question, short, quote) is unasked
