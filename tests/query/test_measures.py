"""A measure that a question asks for by an adjective is searched for as the tables name it."""

import pytest

from qa.query.measures import name_measure

ROWS = ("Weight (kg) — HX-30: 139; HX-40: 168", "Model: HX-40; Height: 2 m", "The pump is of great length.")


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("how heavy is the hx-40", "how heavy is the hx-40 (weight)"),
        ("How tall is the HX-40?", "How tall is the HX-40? (height)"),
        ("How long is the HX-40?", "How long is the HX-40?"),
        ("How heavy is it, by weight?", "How heavy is it, by weight?"),
        ("What is the weight of the HX-40?", "What is the weight of the HX-40?"),
    ],
)
def test_the_noun_of_a_measure_is_added_where_a_row_has_it(question: str, searched: str):
    assert name_measure(question, ROWS) == searched
