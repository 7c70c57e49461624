import pytest

from qa.nlp.terms import content_terms, count_spellings, is_stop, search_terms, terms, words_by_stem


@pytest.mark.parametrize(("one", "other"), [("turbines", "Turbine"), ("installed", "installing"), ("5", "5")])
def test_inflections_share_a_term(one: str, other: str):
    assert terms(one) == terms(other)


@pytest.mark.parametrize(("one", "other"), [("Uzbekistan", "Kazakhstan"), ("5", "50"), ("gas", "glass")])
def test_different_words_do_not(one: str, other: str):
    assert terms(one) != terms(other)


def test_order_and_stop_words_are_kept_in_terms_and_dropped_from_content():
    assert len(terms("What did Boyet say about the trains?")) == 7
    assert content_terms("What did Boyet say about the trains?") == set(terms("Boyet trains"))
    assert all(is_stop(term) for term in terms("what did they say about the"))


def test_words_of_other_scripts_are_terms():
    assert terms("Поезд 火车 قطار") == ("поезд", "火车", "قطار")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ru", "заводы", "Заводов"),
        ("es", "las estaciones", "LAS ESTACIÓN"),
        ("de", "Straßen", "STRASSE"),
        ("fr", "les gares", "les gare"),
        ("tr", "İSTANBUL'DA", "istanbul'da"),
        ("en", "İstanbul", "Istanbul"),
        ("el", "ΛΈΞΗ", "λέξεις"),
        ("hi", "लड़कियों", "लड़की"),
        ("ar", "الطَّائِرَاتُ", "الطائرات"),
        ("ar", "مدينـــة", "مدينة"),
        ("fa", "کتاب\u200cها", "کتاب"),
        ("hy", "քաղաքներ", "քաղաքների"),
        ("ja", "２０１９", "2019"),
    ],
)
def test_inflections_share_a_term_in_every_language_with_a_stemmer(language: str, one: str, other: str):
    assert terms(one, language) == terms(other, language)
    assert terms(one, language)


@pytest.mark.parametrize("language", ["en", "", "ka", "sw"])
def test_a_word_in_another_script_is_stemmed_by_the_language_that_uses_it_most(language: str):
    assert terms("заводы", language) == terms("заводов", language)
    assert terms("लड़कियों", language) == terms("लड़की", language)


@pytest.mark.parametrize(("language", "alike"), [("ru", True), ("zh", True), ("", True), ("sw", False)])
def test_latin_words_are_english_unless_their_text_is_in_another_language_of_that_script(
    language: str, alike: bool
):
    assert (terms("turbines", language) == terms("turbine", language)) == alike


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "水不足。火", ("水不", "不足", "火")),
        ("zh", "iPhone手机2019年", ("iphon", "手机", "2019", "年")),
        ("ja", "東京タワー", ("東京", "京タ", "タワ", "ワー")),
        ("th", "ที่นี่ 5", ("ที่นี่", "5")),
        ("ko", "서울에서", ("서울", "울에", "에서")),
        ("en", "Made in 北京市", ("made", "in", "北京", "京市")),
    ],
)
def test_scripts_without_spaces_become_pairs_of_characters(
    language: str, text: str, expected: tuple[str, ...]
):
    assert terms(text, language) == expected


@pytest.mark.parametrize("text", ["किताबें", "ქართული", "հայերեն", "مُحَمَّد", "e\u0301tude", "नमस्ते"])
def test_marks_do_not_split_a_word(text: str):
    assert len(terms(text, "ka")) == 1


@pytest.mark.parametrize(
    ("language", "text", "content"),
    [
        ("ru", "Что он сказал о заводах?", "сказал заводах"),
        ("es", "¿Cómo es la estación?", "estación cómo"),
        ("de", "Wer ist der Vater?", "Vater"),
        ("hi", "लड़की का घर", "लड़की"),
        ("ka", "რა არის ეს", "რა არის ეს"),
    ],
)
def test_stop_words_are_those_of_the_language(language: str, text: str, content: str):
    assert content_terms(text, language) <= set(terms(content, language))


def test_a_word_that_says_much_is_no_stop_word():
    assert not is_stop(terms("Россия", "ru")[0], "ru")
    assert not is_stop(terms("Москва", "ru")[0], "ru")


def test_a_question_is_sought_in_every_language_of_the_documents():
    found = search_terms("Who installs turbines in Uzbekistan?", "en", ["ru", "es", "en"])
    assert found[:3] == ["instal", "turbin", "uzbekistan"]
    assert {"uzbekist", *terms("Uzbekistan", "es")} <= set(found)
    assert not {"who", "in"} & set(found)


def test_a_question_of_stop_words_alone_is_sought_with_them():
    assert search_terms("what is the", "en", ["en"]) == ["what", "is", "the"]


def test_spellings_are_those_of_the_texts():
    assert words_by_stem(count_spellings("заводы, заводы и завод"), "ru") == {"завод": "заводы", "и": "и"}
    assert words_by_stem(count_spellings("北京 Beijing"), "zh") == {"beij": "Beijing"}
