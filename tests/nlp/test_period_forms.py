"""A period is one, however a text writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.nlp.period_forms import find_periods, periods_in


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("sales in February 2024", {"m2", "2024"}),
        ("Feb. 2024", {"m2", "2024"}),
        ("2024-02-29", {"m2", "2024"}),
        ("the third quarter", {"q3"}),
        ("Q3", {"q3"}),
        ("3Q", {"q3"}),
        ("FY15 3rd Q TTL", {"q3", "2015"}),
        ("first half of FY2018", {"h1", "2018"}),
        ("H1 '18", {"h1", "2018"}),
        ("room 3, page 12, it's 70", set()),
    ],
)
def test_periods_have_one_form(text: str, periods: set[str]):
    assert periods_in(text) == periods


@pytest.mark.parametrize(
    ("text", "language", "periods"),
    [
        ("Umsatz im März", "de", {"m3"}),
        ("im 3. Quartal", "de", {"q3"}),
        ("en el 2.º trimestre", "es", {"q2"}),
        ("в феврале", "ru", set()),
        ("9 февраля", "ru", {"m2"}),
    ],
)
def test_periods_are_known_in_other_languages(text: str, language: str, periods: set[str]):
    assert periods_in(text, language) == periods


@given(st.text(max_size=60), st.sampled_from(["en", "de", "zh", "xx", ""]))
def test_periods_stand_in_the_text(text: str, language: str):
    assert all(0 <= start < end <= len(text) for start, end, _ in find_periods(text, language))


@pytest.mark.parametrize("char", [" ", "_", "7", "q", "'", "-", "F"])
def test_hostile_text_is_read(char: str):
    assert len(periods_in(char * 20_000)) <= 1
