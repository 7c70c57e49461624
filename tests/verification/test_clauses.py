import pytest

from qa.verification.clauses import split_clauses


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The gas is cheap, and the rail is fast.", ["The gas is cheap", "the rail is fast."]),
        ("The gas is cheap; the rail is fast", ["The gas is cheap", "the rail is fast"]),
        ("The gas is cheap while the rail is fast", ["The gas is cheap", "the rail is fast"]),
        ("The gas and the rail are cheap", ["The gas and the rail are cheap"]),
        ("It sells gas, coal, and electric rail cars", ["It sells gas, coal, and electric rail cars"]),
    ],
)
def test_a_sentence_falls_into_clauses(sentence: str, expected: list[str]):
    assert split_clauses(sentence) == expected
