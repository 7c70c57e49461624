import pytest

from qa.mentions.variants import last_word, long_forms, short_forms, stands_alone
from qa.mentions.wording import read_wording


@pytest.mark.parametrize(
    ("query", "sentence", "language"),
    [
        ("penalty for late delivery", "Penalties are due when deliveries come late.", "en"),
        ("negotiate", "They were negotiating until May.", "en"),
        ("Verträge", "Der Vertrag gilt.", "de"),
        ("договор", "Стороны заключили договоры.", "ru"),
        ("中国", "我们在中国工作。", "zh"),
        ("Barack Obama", "Barack H. Obama spoke.", "en"),
        ("Herve Dupont", "Hervé Dupont sang.", "fr"),
        ("Hervé Dupont", "Herve Dupont sang.", "en"),
        ("Bank of England", "The Bank of England raised its rate.", "en"),
        ("Alstom's", "Alstom grew.", "en"),
        ("US", "The US won.", "en"),
        ('"late delivery"', "A late delivery costs 5 %.", "en"),
        ("12,000 euros", "It costs 12.000 euros.", "en"),
        ("1 234,5", "It costs 1,234.5 euros.", "en"),
    ],
)
def test_a_sentence_has_what_is_looked_for_in_any_inflection(query: str, sentence: str, language: str):
    assert read_wording(query, language).matches(sentence, language)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("penalty for late delivery", "Penalties are due."),
        ("New York", "York is a new city for me."),
        ("US", "They told us."),
        ('"late delivery"', "The delivery was late."),
        ("art", "They start."),
        ("12,000 euros", "The 12 towns pay 5,000 euros."),
        ("1.5 euros", "It is 5 euros for 1 day."),
    ],
)
def test_a_sentence_has_all_of_it_and_names_as_they_are(query: str, sentence: str):
    assert not read_wording(query, "en").matches(sentence, "en")


def test_documents_define_the_short_form_of_a_name():
    name = read_wording("European Union", "en")
    (short,) = short_forms(name, ["The European Union (EU) pays.", "The European Union (the largest) pays."])
    assert short.matches("The EU pays.", "en")
    assert not short.matches("Fam eu voltou.", "en")


def test_documents_define_the_long_form_of_a_short_name():
    (name,) = long_forms(read_wording("EU", "en"), ["In Brussels the European Union (EU) pays."])
    assert name.text == "European Union"
    assert long_forms(read_wording("EU", "en"), ["Some Other Thing (EU) pays."]) == []


def test_the_last_word_of_a_name_stands_for_it_outside_other_names():
    assert last_word(read_wording("Henri Poupart-Lafarge", "en")).text == "Poupart-Lafarge"
    assert last_word(read_wording("South Africa", "en")) is None
    assert last_word(read_wording("Bank of England", "en")) is None
    assert stands_alone("Obama", "Then Obama spoke.")
    assert stands_alone("Obama", "Then President Obama spoke.")
    assert not stands_alone("Obama", "Then Michelle Obama spoke.")
    assert not stands_alone("Washington", "They went to Washington State.")
    assert not stands_alone("Court", "Then the Court of Auditors met.")
    assert stands_alone("Court", "The president of the Court spoke.")
