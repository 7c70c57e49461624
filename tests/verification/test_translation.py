"""What code finds between a sentence and a quote in another language, whatever the model thinks of them."""

import pytest

from qa.schema import Evidence, Sentence
from qa.verification.claims import verify_sentence
from tests.support.fakes import by_id, document, whole

QUOTES = {
    "ru": "Никола Тесла продал патент компании Вестингауз в Германии 7 января 1888 года за 2,5 млн долларов.",
    "de": "Die Brücke in Warschau wurde am 3. Mai 1964 eröffnet und kostete 1.250,5 Mio. Euro.",
    "es": "La iglesia de Sevilla no tiene torre y recibe a 12.500 visitantes.",
    "zh": "华沙是波兰的首都，2019年有1790658人。",
    "en": "The bridge in Warsaw cost 40 million dollars and was opened by Anna Nowak in June 1964.",
}


class Sure:
    threshold = 0.5

    def probability(self, claim: str, quotes: object, features: object) -> float:
        return 0.99


def check(text: str, quoted_in: str, asked_in: str, question: str = "?") -> str:
    """Return the reason why a sentence is left out; empty if it is kept."""
    documents = by_id(document(QUOTES[quoted_in], language=quoted_in, title=""))
    evidence = Evidence(question, whole(documents), asked_in=asked_in)
    (checked,) = verify_sentence(text, evidence, documents, Sure())
    return "" if isinstance(checked, Sentence) else checked.reason


@pytest.mark.parametrize(
    ("text", "quoted_in", "asked_in"),
    [
        ("Nikola Tesla sold the patent on January 7, 1888 for $2.5 million.", "ru", "en"),
        ("It was sold to Westinghouse in Germany in 1888.", "ru", "en"),
        ("Nikola Tesla verkaufte das Patent in Deutschland für 2,5 Millionen Dollar.", "ru", "de"),
        ("The bridge in Warsaw was opened on 3 May 1964.", "de", "en"),
        ("В Варшаве его открыли 3 мая 1964 года, он стоил 1250,5 млн евро.", "de", "ru"),
        ("The church of Seville has no tower and receives 12,500 visitors.", "es", "en"),
        ("Warsaw is the capital of Poland and had 1,790,658 people in 2019.", "zh", "en"),
        ("El puente de Varsovia costó 40 millones de dólares.", "en", "es"),
        ("华沙的桥耗资4000万美元。", "en", "zh"),
    ],
)
def test_a_faithful_translation_is_kept(text: str, quoted_in: str, asked_in: str):
    assert check(text, quoted_in, asked_in) == ""


@pytest.mark.parametrize(
    ("text", "quoted_in", "asked_in", "reason"),
    [
        ("Nikola Tesla sold it in 1889.", "ru", "en", "1889"),
        ("Nikola Tesla sold it on January 8, 1888.", "ru", "en", "January 8, 1888"),
        ("It was sold for 2.5 billion dollars.", "ru", "en", "2.5 billion"),
        ("It was sold for €2.5 million.", "ru", "en", "2.5 million"),
        ("Thomas Edison sold the patent.", "ru", "en", "Thomas"),
        ("It was sold in France.", "ru", "en", "France"),
        ("Thomas Edison verkaufte das Patent.", "ru", "de", "Thomas"),
        ("It was opened in Krakow.", "de", "en", "Krakow"),
        ("It was opened in June 1964.", "de", "en", "June 1964"),
        ("The church of Seville has a tower.", "es", "en", "negation"),
        ("The church of Seville is called “the old one”, and has no tower.", "es", "en", "the old one"),
        ("Он в Кракове стоил 40 миллионов долларов.", "en", "ru", "Кракове"),
        ("这座桥由Maria Nowak开通。", "en", "zh", "Maria"),
        ("这座桥耗资5000万美元。", "en", "zh", "5000"),
    ],
)
def test_what_the_quote_lacks_is_a_veto(text: str, quoted_in: str, asked_in: str, reason: str):
    assert reason in check(text, quoted_in, asked_in)


def test_a_word_that_the_question_has_without_a_capital_letter_is_no_name():
    assert check("Мост стоил 40 млн долларов.", "en", "ru", "Сколько стоило строительство моста?") == ""
    assert "Мост" in check("Мост стоил 40 млн долларов.", "en", "ru", "Сколько?")
