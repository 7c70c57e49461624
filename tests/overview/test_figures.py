"""Tests of the figures with units in a text, and of its dates."""

import pytest

from qa.overview.dates import find_dates
from qa.overview.figures import find_figures


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("It cost $72 million, EUR 5.5bn or -3 %.", "en", ["$72 million", "EUR 5.5bn", "-3 %"]),
        ("Of 8,278 euros, 12.5 % were spent.", "en", ["8,278 euros", "12.5 %"]),
        ("It rose by 27-30% to 5–6 km.", "en", ["27-30%", "5–6 km"]),
        ("A 54 MW turbine, 5.5 km away, at 20 °C for three years.", "en", ["54 MW", "5.5 km", "20 °C"]),
        ("72 Millionen Euro und 1.234,5 Kilogramm.", "de", ["72 Millionen Euro", "1.234,5 Kilogramm"]),
        ("72 millions d’euros pour 12 kilomètres", "fr", ["72 millions d’euros", "12 kilomètres"]),
        ("72 миллиона евро, 5 километров", "ru", ["72 миллиона евро", "5 километров"]),
        ("投资72亿美元，铁路100公里", "zh", ["72亿美元", "100公里"]),
        ("In 2019 it had 300 on page 5 of GT36 m, on 3/5/2019, at 12:30, and 1.2.3 km.", "en", []),
        ("72 flurbs and $5", "xx", ["$5"]),
    ],
)  # fmt: skip
def test_numbers_with_units_are_figures(text: str, language: str, found: list[str]):
    assert [text[each.start : each.end] for each in find_figures(text, language)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On 22 January 2025, Friday May 3, 2019.", ["2025-01-22", "2019-05-03"]),
        ("2024-02-01, September 2023", ["2024-02-01", "2023-09"]),
        ("am 3. März 2021; в 2020 году", ["2021-03-03", "2020"]),
        ("2019年5月3日; le 1er mai 2018", ["2019-05-03", "2018-05-01"]),
        ("Founded in 1928, it grew since 1950.", ["1928", "1950"]),
        ("It has 2019 workers in 2000 plants by 1950 rivers.", []),
        ("On 31 February 2020 nothing was.", ["2020-02"]),
    ],
)  # fmt: skip
def test_dates_are_those_that_can_be_nothing_else(text: str, found: list[str]):
    assert [each.iso for each in find_dates(text)] == found
