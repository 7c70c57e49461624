import pytest
from hypothesis import given

from qa.nlp.tokens import is_content, tokens
from tests.support.fakes import TEXTS


@given(TEXTS)
def test_any_text_has_tokens(text: str):
    for token in tokens(text):
        assert token.key
        assert token.surface in text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000", "1000"),
        ("four", "4"),
        ("Twelve", "12"),
        ("7.0", "7"),
        ("1,234.5", "1234.5"),
        ("72 million", "72,000,000"),
        ("two hundred", "200"),
        ("1.5 billion", "1,500 million"),
        ("fifty-five", "55"),
        ("007", "007"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str):
    assert [token.key for token in tokens(one)] == [token.key for token in tokens(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("24", "36"),
        ("1.5", "15"),
        ("1,5", "15"),
        ("5", "50"),
        ("1.000", "1000"),
        ("72", "7.2"),
        ("3.10", "3.1"),
    ],
)
def test_another_number_is_another(one: str, other: str):
    assert [token.key for token in tokens(one)] != [token.key for token in tokens(other)]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Refunds are not offered", {"offered"}),
        ("Refunds aren’t offered", {"offered"}),
        ("No refunds are offered", {"refunds", "offered"}),
        ("Refunds are offered, not vouchers", {"vouchers"}),
        ("It is not cheap, but refunds are offered", {"cheap"}),
        ("They never came. Refunds are offered", {"came"}),
        ("Refunds are offered without delay", {"delay"}),
        ("Not only refunds are offered", set()),
        ("Not until spring were refunds offered", set()),
        ("Refunds are not offered until spring", {"offered", "until", "spring"}),
        ("Refunds are offered", set()),
    ],
)
def test_negation_falls_on_the_words_after_it_in_its_clause(text: str, negated: set[str]):
    assert {token.surface for token in tokens(text) if token.negated and is_content(token)} == negated


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "1,234.5", "1234.5"),
        ("de", "1.234,5", "1234.5"),
        ("es", "1.234", "1234"),
        ("ru", "3,5", "3.5"),
        ("de", "1,234", "1.234"),
        ("de", "1,234,567", "1234567"),
        ("en", "1.234,5", "1234.5"),
        ("en", "3.000.000", "3000000"),
        ("de", "1,234.5", "1234.5"),
        ("fr", "1 234,5", "1234.5"),
        ("ru", "3 000 000", "3000000"),
        ("en", "12\u202f500.5", "12500.5"),
        ("ar", "١٬٢٣٤٫٥", "1234.5"),
        ("hi", "१८८७", "1887"),
        ("zh", "１８８７", "1887"),
        ("fa", "۱۸۸۷", "1887"),
    ],
)
def test_numbers_have_a_value_in_the_digits_and_marks_of_every_language(language: str, text: str, value: str):
    (token,) = tokens(text, language)
    assert token.number
    assert token.key == value


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "12 500", ["12", "500"]),
        ("fr", "2020 500", ["2020", "500"]),
        ("fr", "12 5000", ["12", "5000"]),
        ("fr", "12  500", ["12", "500"]),
        ("fr", "12\n500", ["12", "500"]),
        ("fr", "1,5 500", ["1.5", "500"]),
        ("fr", " ".join(["123"] * 7), ["123" * 6, "123"]),
        ("en", "1.2.3", ["1.2.3"]),
        ("en", "192.168.100.2", ["192.168.100.2"]),
    ],
)
def test_numbers_beside_each_other_are_not_one(language: str, text: str, values: list[str]):
    assert [token.key for token in tokens(text, language)] == values


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [("hi", "किताबें", 1), ("ar", "مُحَمَّد", 1), ("zh", "灯塔点亮", 3), ("th", "กั้", 1)],
)
def test_marks_do_not_split_a_token_and_scripts_without_spaces_become_pairs(
    language: str, text: str, count: int
):
    assert len(tokens(text, language)) == count


def test_english_number_words_count_in_english_alone():
    assert tokens("ten")[0].number
    assert not tokens("ten", "pl")[0].number
