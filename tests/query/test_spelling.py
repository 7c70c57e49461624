"""Misspelt words of a question are corrected with the words of the documents."""

import pytest

from qa.query.spelling import SpellingCorrector

ENGLISH = {
    "locomot": "locomotives",
    "uzbekistan": "Uzbekistan",
    "turbin": "turbines",
    "alstom": "Alstom",
    "each": "each",
}
"""Spellings by stem."""

WORDS = {"en": ENGLISH}


@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("locomotves in Uzbekstan", "locomotives in Uzbekistan"),
        ("Who is Merkel?", "Who is Merkel?"),
        ("boat turbines", "boat turbines"),
        ("Alstom 54 MW", "Alstom 54 MW"),
        ("Turbinev5l, locomotves2 and locomotves_x", "Turbinev5l, locomotves2 and locomotves_x"),
        ("", ""),
    ],
)
def test_a_misspelt_word_is_put_right_and_no_other(asked: str, searched: str):
    assert SpellingCorrector(WORDS, frozenset()).correct(asked) == searched


def test_a_common_word_is_not_taken_for_a_misspelling():
    assert SpellingCorrector(WORDS, frozenset()).correct("turbinos") == "turbines"
    assert SpellingCorrector(WORDS, {"turbinos"}).correct("turbinos") == "turbinos"


@pytest.mark.parametrize("word", ["locomotion", "turbid", "facet"])
def test_a_word_of_the_dictionary_is_not_taken_for_a_misspelling(word: str):
    near = {"en": ENGLISH | {"locomotio": "locomotio", "turbi": "turbie", "fact": "fact"}}
    assert SpellingCorrector(near, frozenset()).correct(word) == word


@pytest.mark.parametrize(
    ("asked", "documents", "searched"),
    [
        ("recognise", {"recogn": "recognized", "recognit": "recognition"}, "recognize"),
        ("analysing", {"analyz": "analyzed", "analysi": "analysis"}, "analyzing"),
        ("recognise", {"recognit": "recognition"}, "recognise"),
        ("capitalisation", {"capitalist": "capitalists"}, "capitalisation"),
    ],
)
def test_british_spelling_is_no_misspelling(asked: str, documents: dict[str, str], searched: str):
    assert SpellingCorrector({"en": documents}, frozenset()).correct(asked) == searched


def test_an_inflected_word_of_spanish_is_no_misspelling():
    words = {"es": {"port": "port", "pago": "página"}}
    assert (
        SpellingCorrector(words, frozenset(), "es").correct("¿quién aportó o pagó?")
        == "¿quién aportó o pagó?"
    )
    assert SpellingCorrector(words, frozenset(), "es").correct("la págima") == "la página"


def test_a_name_is_not_bent_into_a_common_word():
    words = {"en": {"durat": "duration", "hervé": "Hervé"}}
    assert SpellingCorrector(words, frozenset()).correct("Duratio and Herve") == "Duratio and Hervé"


@pytest.mark.parametrize("word", ["each", "eac", "ech", "thee"])
def test_short_words_and_stop_words_stay_as_they_are(word: str):
    assert SpellingCorrector(WORDS, frozenset()).correct(word) == word


def test_without_documents_nothing_is_corrected():
    assert SpellingCorrector({}, frozenset()).correct("locomotves") == "locomotves"


FOREIGN = WORDS | {
    "ru": {"заводск": "заводские", "маяк": "маяк"},
    "es": {"turbin": "turbinas"},
    "": {"bolts": "Bolts"},
}


@pytest.mark.parametrize(
    ("language", "asked", "searched"),
    [
        ("es", "locomotiva", "locomotiva"),
        ("de", "Turbinan Uzbekstan", "Turbinan Uzbekstan"),
        ("ru", "заводкие", "заводские"),
        ("en", "заводкие", "заводкие"),
        ("ru", "locomotves", "locomotves"),
        ("en", "turbinas", "turbinas"),
        ("en", "Boltss", "Bolts"),
        ("zh", "灯塔看守人住在哪里", "灯塔看守人住在哪里"),
        ("hi", "किताबें कहाँ हैं", "किताबें कहाँ हैं"),
    ],
)
def test_a_word_is_only_bent_into_one_of_its_language(language: str, asked: str, searched: str):
    assert SpellingCorrector(FOREIGN, frozenset(), language).correct(asked) == searched
