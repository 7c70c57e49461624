"""Tests of the words that people write in a language."""

import pytest

from qa.nlp.dictionary import is_common_word, is_compound, is_unknown_word


@pytest.mark.parametrize("word", ["Alstom", "kentavo", "Kubernetes"])
def test_a_name_is_an_unknown_word(word: str):
    assert is_unknown_word(word, "en")


@pytest.mark.parametrize("word", ["house", "House", "recieved", "Landlord"])
def test_a_word_and_a_slip_of_one_are_known(word: str):
    assert not is_unknown_word(word, "en")


def test_nothing_is_unknown_in_a_language_without_a_list():
    assert not is_unknown_word("Alstom", "zz")
    assert not is_common_word("house", "zz")


def test_a_rare_word_is_no_common_one():
    assert is_common_word("landlord", "en")
    assert not is_common_word("alston", "en")


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("Urlaubstage", "de", True),
        ("Bundesverfassungsgericht", "de", True),
        ("vakantiedagen", "nl", True),
        ("Kasachstan", "de", False),
        ("Alstom", "de", False),
        ("Tage", "de", False),
        ("bookshelf", "en", False),
        ("Tage" * 500, "de", True),
        ("Tage" * 500 + "xq", "de", False),
    ],
)
def test_a_compound_is_made_of_words(word: str, language: str, expected: bool):
    assert is_compound(word, language) is expected
