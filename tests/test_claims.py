import pytest
from fakes import NORMAL_TEXTS, TEXTS
from hypothesis import assume, given

from qa.claims import Source, clauses, is_content, objection, tokens

INTERVIEW = "Interview with Jerome Boyet Trend 2025-01-22 22 January 2025"


def against(sentence: str, quote: str, *, known: str = "", document: str = "", question: str = "") -> str:
    """The objection to ``sentence`` on the ground of ``quote``."""
    return objection(sentence, Source(quote, known, document or quote), question)


@given(TEXTS)
def test_any_text_has_tokens(text: str):
    for token in tokens(text):
        assert token.key
        assert token.surface in text


@given(TEXTS, TEXTS, TEXTS)
def test_any_sentence_can_be_held_against_any_quote(sentence: str, quote: str, question: str):
    assert isinstance(against(sentence, quote, known=question, question=question), str)


@given(NORMAL_TEXTS)
def test_a_text_bears_itself_out(text: str):
    assume(any(is_content(token) for token in tokens(text)))
    assert against(text, text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,000", "1000"), ("four", "4"), ("Twelve", "12"), ("7.0", "7"), ("1,234.50", "1234.5"), ("007", "007")],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str):
    assert [token.key for token in tokens(one)] == [token.key for token in tokens(other)]


@pytest.mark.parametrize(
    ("one", "other"), [("24", "36"), ("1.5", "15"), ("1,5", "15"), ("5", "50"), ("1.000", "1000"), ("72", "7.2")]
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
        ("Refunds are offered", set()),
    ],
)
def test_negation_falls_on_the_words_after_it_in_its_clause(text: str, negated: set[str]):
    assert {token.surface for token in tokens(text) if token.negated and is_content(token)} == negated


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Gas is cheap, and rail is fast.", ["Gas is cheap", "rail is fast."]),
        ("Gas is cheap; rail is fast", ["Gas is cheap", "rail is fast"]),
        ("Gas is cheap while rail is fast", ["Gas is cheap", "rail is fast"]),
        ("Gas and rail are cheap", ["Gas and rail are cheap"]),
    ],
)
def test_a_sentence_falls_into_clauses(sentence: str, expected: list[str]):
    assert clauses(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The interview was published on 22 January 2025.",
        "The article is dated January 22, 2025.",
        "Boyet noted that Alstom is expanding.",
        "According to Jerome Boyet, Alstom is expanding in Central Asia.",
        "The article states that Alstom expands.",
    ],
)
def test_what_is_known_of_the_document_counts(sentence: str):
    assert against(sentence, "Alstom is expanding in Central Asia.", known=INTERVIEW) == ""


@pytest.mark.parametrize("sentence", ["Alstom has 22 locomotives.", "Alstom has 2025 locomotives."])
def test_the_date_of_a_document_proves_no_other_number(sentence: str):
    assert against(sentence, "Alstom has locomotives.", known=INTERVIEW)


def test_the_place_of_a_document_is_not_where_its_facts_are():
    quote = "Alstom is expanding its presence in Central Asia."
    assert against("Alstom is expanding its presence in Baku.", quote, known="Trend Baku, Azerbaijan")


def test_a_name_of_the_question_stands_for_the_pronoun_of_the_quote():
    quote, document = "He leads the company.", "Boyet is a director. He leads the company."
    assert against("Boyet leads the company.", quote, document=document, question="What does Boyet do?") == ""


def test_a_name_of_the_question_proves_nothing_where_the_quote_names_another():
    quote = "Siemens is mostly active in Kazakhstan."
    document = f"{quote} The program involves Kyrgyzstan."
    question = "Is Siemens mostly active in Kyrgyzstan?"
    assert against("Siemens is mostly active in Kyrgyzstan.", quote, document=document, question=question)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("It lasts 36 months.", "36"),
        ("It lasts 24 years.", "years"),
        ("It does not last 24 months.", "denies"),
        ("It is what it is.", "states nothing"),
        ("She said “it lasts for ever”.", "word for word"),
    ],
)
def test_an_objection_names_what_is_wrong(sentence: str, reason: str):
    assert reason in against(sentence, "It lasts 24 months.")


@pytest.mark.parametrize(
    "sentence",
    ["The documents do not say.", "The text does not mention it.", "The article describes the sources."],
)
def test_to_speak_of_the_documents_alone_states_nothing(sentence: str):
    assert against(sentence, "Alstom builds locomotives.")
