import json
import weakref
from pathlib import Path

import pytest

from qa.nlp.language import detect_language
from tests.support.fakes import ROOT

SHARED = ROOT.parent / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The plant has four turbines, which were installed in 1998.", "en"),
        ("La planta tiene cuatro turbinas, que se instalaron en 1998.", "es"),
        ("Das Werk hat vier Turbinen, die 1998 eingebaut wurden.", "de"),
        ("На заводе четыре турбины, их установили в 1998 году.", "ru"),
        ("На заводі чотири турбіни, їх встановили у 1998 році.", "uk"),
        ("工厂有四台涡轮机，于1998年安装。", "zh"),
        ("工場には1998年に設置された四台のタービンがある。", "ja"),
        ("공장에는 1998년에 설치된 터빈 네 대가 있다.", "ko"),
        ("يضم المصنع أربع توربينات رُكّبت عام 1998.", "ar"),
        ("کارخانه چهار توربین دارد که در سال ۱۹۹۸ نصب شده‌اند.", "fa"),
        ("संयंत्र में चार टरबाइन हैं, जो 1998 में लगाए गए थे।", "hi"),
        ("โรงงานมีกังหันสี่ตัวซึ่งติดตั้งในปี 1998", "th"),
        ("ქარხანას ოთხი ტურბინა აქვს.", "ka"),
        ("Գործարանն ունի չորս տուրբին։", "hy"),
        ("Το εργοστάσιο έχει τέσσερις τουρμπίνες.", "el"),
        ("iPhone 15的价格是多少？", "zh"),
    ],
)
def test_the_language_of_a_sentence_is_told(text: str, language: str):
    assert detect_language(text) == language


FIGURES = """HARVEST | VARIATION
COTTON | 886,7 | (35,8)
RICE | 2.389,7 | (1,3)
TOTAL BEANS | 2.952,7 | (7,2)
CANOLA | 43,8 | 3,3
BARLEY | 102,8 | 16,3
TOTAL CORN | 15.686,2 | 4,2
SOYBEAN | 27.715,2 | 10,7
"""
"""A table that py3langid takes for Volapük."""


@pytest.mark.parametrize("text", ["", "  \n", "1998; 54 %", "!!!", "👩‍👩‍👧", "Alstom 54 MW", "ᏣᎳᎩ", FIGURES])
def test_what_shows_no_language_has_none(text: str):
    assert detect_language(text) == ""


@pytest.mark.parametrize(
    ("question", "candidates", "language"),
    [
        ("Who is Boyet?", {"en"}, "en"),
        ("Wer ist Merkel?", {"en", "de"}, "de"),
        ("¿Quién construyó el puente de la ciudad?", {"en"}, "es"),
        ("Кто построил мост?", {"en"}, "ru"),
        ("Кто построил мост?", {"en", "ru"}, "ru"),
        ("東京", {"en", "ja"}, "ja"),
        ("東京", {"en", "ja", "zh"}, "zh"),
        ("کتاب", {"en", "fa"}, "fa"),
    ],
)
def test_a_short_question_is_in_a_language_of_the_documents_unless_plainly_in_another(
    question: str, candidates: set[str], language: str
):
    assert detect_language(question, frozenset(candidates)) == language


def _questions(path: Path, every: int) -> list[str]:
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    asked = [each["question"] for a in articles for paragraph in a["paragraphs"] for each in paragraph["qas"]]
    return asked[::every]


@pytest.mark.parametrize("language", ["ar", "es", "ru", "zh"])
def test_questions_are_told_apart(language: str):
    asked = _questions(SHARED / "xquad" / f"xquad.{language}.json", 10)
    candidates = frozenset({"en", "es", "ru", "zh", "ar"})
    told = [detect_language(question, candidates) for question in asked]
    assert told.count(language) >= 0.98 * len(asked)


def test_english_questions_are_told_apart():
    asked = _questions(SHARED / "squad2-public.json", 20)
    for candidates in (frozenset({"en"}), frozenset({"en", "es", "de", "ru", "zh", "ar"})):
        assert {detect_language(question, candidates) for question in asked} == {"en"}


def test_a_long_text_is_forgotten_once_its_language_is_known():
    class Text(str):
        """A string that can be watched."""

    text = Text("The turbines of the plant are serviced every second year. " * 100)
    alive = weakref.ref(text)
    assert detect_language(text) == "en"
    del text
    assert alive() is None
