"""Quantities in the notation of each language."""

import pytest

from qa.quantities.quantities import quantities_in


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("Der Umsatz betrug 1.234,56 Euro.", "de", "1234.56", "euro"),
        ("Der Umsatz betrug 12,5 Mio. Euro.", "de", "12500000", "euro"),
        ("Der Umsatz betrug 12,5 M EUR.", "de", "12500000", "euro"),
        ("Der Umsatz betrug 2 Bio. Euro.", "de", "2000000000000", "euro"),
        ("Die Leitung ist 12 m lang.", "de", "12", "m"),
        ("Le chiffre est de 12 345,6 millions d'euros.", "fr", "12345600000", "euro"),
        ("Le chiffre est de 12 M€.", "fr", "12000000", "euro"),
        ("Le chiffre est de 3,2 Md€.", "fr", "3200000000", "euro"),
        ("La cifra es de 1.234,56 millones de euros.", "es", "1234560000", "euro"),
        ("La cifra es de 2 mil millones de euros.", "es", "2000000000", "euro"),
        ("Выручка составила 12 345,6 млн руб.", "ru", "12345600000", "ruble"),
        ("Выручка составила 1,5 млрд рублей.", "ru", "1500000000", "ruble"),
        ("Расходы составили 12 тысяч евро.", "ru", "12000", "euro"),
        ("公司营收为3.5亿元。", "zh", "350000000", "yuan"),
        ("公司营收为1,234万美元。", "zh", "12340000", "dollar"),
        ("投资额3万亿元。", "zh", "3000000000000", "yuan"),
        ("利润增长了12%。", "zh", "12", "percent"),
        ("売上高は12億円です。", "ja", "1200000000", "yen"),
    ],
)
def test_a_number_is_read_with_its_magnitude_and_currency(text: str, language: str, value: str, unit: str):
    (found,) = quantities_in(text, language)
    assert (format(found.value.normalize(), "f"), found.unit.key) == (value, unit)
    assert found.exact


def test_the_number_of_a_clause_is_none():
    assert list(quantities_in("见本合同第12条。", "zh")) == []
