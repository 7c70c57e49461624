"""Sentences in other languages than English are held against quotes in theirs."""

import pytest

from qa.schema import Document, Evidence
from qa.verification.verify import verify
from tests.support.fakes import SURE, by_id, document, whole


def reason(sentence: str, quote: str, language: str) -> str:
    """Why ``sentence`` was rejected; empty if it was kept."""
    documents: dict[str, Document] = by_id(document(quote, language=language))
    answer = verify(sentence, Evidence("?", whole(documents)), documents, SURE)
    return "" if answer.answered else answer.cut[0].reason


RUSSIAN = "Маяк в гавани зажгли в 1887 году, а завод не работает после 1990 года."
SPANISH = "El faro del puerto no se encendió antes de 1887 y costó 1.234,5 euros."
CHINESE = "港口的灯塔于1887年点亮，灯塔不在上海。"
ARABIC = "أُضيئت منارة الميناء عام ١٨٨٧."
HINDI = "बंदरगाह का प्रकाशस्तंभ 1887 में नहीं जलाया गया।"
GERMAN = "Das Werk in Köln wurde nach 1990 nicht mehr betrieben."
GEORGIAN = "ნავსადგურის შუქურა 1887 წელს არ აინთო."
THAI = "ประภาคารของท่าเรือไม่ถูกจุดขึ้นในปี 1887"


@pytest.mark.parametrize(
    ("language", "quote", "sentence"),
    [
        ("ru", RUSSIAN, "Маяк гавани зажгли в 1887 году."),
        ("ru", RUSSIAN, "Завод не работает после 1990 года."),
        ("es", SPANISH, "Los faros del puerto no se encendieron antes de 1887."),
        ("es", SPANISH, "El faro costó 1234,5 euros."),
        ("zh", CHINESE, "灯塔在1887年点亮。"),
        ("zh", CHINESE, "灯塔于１８８７年点亮。"),
        ("zh", CHINESE, "灯塔不在上海。"),
        ("ar", ARABIC, "أضيئت المنارة عام 1887."),
        ("hi", HINDI, "प्रकाशस्तंभ १८८७ में नहीं जलाया गया।"),
        ("de", GERMAN, "Nach 1990 wurde das Werk nicht mehr betrieben."),
        ("ka", GEORGIAN, GEORGIAN),
        ("th", THAI, THAI),
    ],
)
def test_a_sentence_that_its_quote_supports_is_kept(language: str, quote: str, sentence: str):
    assert reason(sentence, quote, language) == ""


@pytest.mark.parametrize(
    ("language", "quote", "sentence"),
    [
        ("ru", RUSSIAN, "Маяк в гавани зажгли в 1888 году."),
        ("ru", RUSSIAN, "Завод работает после 1990 года."),
        ("ru", RUSSIAN, "Завод не работает до 1990 года."),
        ("ru", RUSSIAN, "Маяк в Баку зажгли в 1887 году."),
        ("es", SPANISH, "El faro del puerto se encendió antes de 1887."),
        ("es", SPANISH, "El faro del puerto no se encendió tras 1887."),
        ("es", SPANISH, "El faro costó 1,234 euros."),
        ("zh", CHINESE, "灯塔于1888年点亮。"),
        ("zh", CHINESE, "灯塔在上海。"),
        ("zh", CHINESE, "灯塔不在北京。"),
        ("ar", ARABIC, "أضيئت المنارة عام 1888."),
        ("ar", ARABIC, "لم تُضأ المنارة عام 1887."),
        ("hi", HINDI, "प्रकाशस्तंभ 1887 में जलाया गया।"),
        ("de", GERMAN, "Das Werk in Köln wurde vor 1990 nicht mehr betrieben."),
        ("de", GERMAN, "Das Werk in Köln wurde nach 1990 betrieben."),
        ("de", GERMAN, "Das Werk in Bonn wurde nach 1990 nicht mehr betrieben."),
        ("ka", GEORGIAN, "შუქურა 1887 წელს აინთო."),
        ("th", THAI, "ประภาคารของท่าเรือถูกจุดขึ้นในปี 1887"),
        ("th", THAI, "ถูกจุดขึ้นในปี 1887"),
    ],
)
def test_a_changed_fact_is_rejected(language: str, quote: str, sentence: str):
    assert reason(sentence, quote, language)


@pytest.mark.parametrize(
    ("language", "marks"), [("ru", "«»"), ("de", "„“"), ("zh", "“”"), ("ja", "「」"), ("es", "«»")]
)
def test_speech_in_the_quotation_marks_of_a_language_is_compared_word_for_word(language: str, marks: str):
    said, changed = {
        "ru": ("Мы построим большой завод", "Мы построим завод большой"),
        "de": ("Wir bauen ein großes Werk", "Wir bauen das große Werk"),
        "zh": ("我们建造大工厂", "我们大工厂建造"),
        "ja": ("我々は工場を建てる", "工場を我々は建てる"),
        "es": ("Vamos a construir una planta", "Vamos a construir la planta"),
    }[language]
    quote = f"{marks[0]}{said}{marks[1]} 1990."
    assert reason(quote, quote, language) == ""
    assert "word for word" in reason(quote.replace(said, changed), quote, language)
