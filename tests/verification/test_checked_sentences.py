"""Tests of sentences that are not copies: what a checker may let through, and what it may not."""

import pytest

from qa.retrieval.evidence import number_quotes
from qa.schema import Evidence, Span
from qa.verification.citing import is_word_for_word, unquoted_spans
from qa.verification.verify import verify
from tests.support.fakes import SURE, FakeChecker, by_id, check, document, whole
from tests.verification.test_support import CHANGED, FAITHFUL

RAIL = "Alstom is expanding its network of railways in Central Asia."
LEAVES_TO_THE_CHECKER = {
    "a verb",
    "a verb of saying",
    "safe to unsafe",
    "limitless to a limit",
    "up to down",
    "may to must",
}
"""Changes of one plain word for another. No rule forbids them, so the probability has to
(``tests/test_end_to_end.py``)."""


def test_a_paraphrase_is_shown_with_its_probability_and_its_own_words_marked():
    answer = check("Alstom grows in Central Asia.", RAIL, checker=FakeChecker(0.95))
    (sentence,) = answer.sentences
    assert sentence.support == 0.95
    assert [sentence.text[start:end] for start, end in sentence.unquoted] == ["grows"]
    assert sentence.cites == (1,)


def test_an_improbable_paraphrase_is_cut_and_its_probability_said():
    answer = check("Alstom grows in Central Asia.", RAIL, checker=FakeChecker(0.5))
    assert not answer.answered
    assert "50%" in answer.cut[0].reason


def test_a_copy_needs_no_checker():
    checker = FakeChecker(0.0)
    (sentence,) = check("Alstom is expanding its network of railways.", RAIL, checker=checker).sentences
    assert (sentence.support, sentence.unquoted) == (None, ())
    assert checker.asked == []


def test_the_same_words_in_another_order_need_the_checker():
    draft = "Its network of railways is expanding Alstom in Central Asia."
    assert check(draft, RAIL).answered
    assert not check(draft, RAIL, checker=FakeChecker(0.1)).answered


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [pair for name, pair in CHANGED.items() if name not in LEAVES_TO_THE_CHECKER],
    ids=[name for name in CHANGED if name not in LEAVES_TO_THE_CHECKER],
)
def test_no_probability_makes_a_changed_fact_pass(quote: str, sentence: str):
    checker = FakeChecker(1.0)
    assert not check(sentence, quote, checker=checker).answered
    assert checker.asked == []


@pytest.mark.parametrize(("quote", "sentence"), FAITHFUL.values(), ids=FAITHFUL.keys())
def test_a_fair_paraphrase_passes_a_sure_checker(quote: str, sentence: str):
    assert check(sentence, quote, date="2025-01-22", checker=FakeChecker(0.99)).cut == ()


def test_a_sentence_may_rest_on_two_quotes():
    quotes = ["Alstom builds trains in Belfort.", "Belfort lies in the east of France."]
    checker = FakeChecker(0.95)
    (sentence,) = check("Alstom builds trains in the east of France.", *quotes, checker=checker).sentences
    assert sentence.cites == (1, 2)
    assert checker.asked == [("Alstom builds trains in the east of France.", (1, 2))]
    assert not check("Alstom builds trains in the east of France.", *quotes).answered


def test_words_of_documents_that_share_no_name_make_no_sentence():
    quotes = [
        "“Privacy Laws” means the laws that govern how the Cloud Service uses personal data.",
        "This contract is governed by the laws of the State of California.",
    ]
    draft = "The Cloud Service contract is governed by the laws of the State of California."
    answer = check(draft, *quotes, checker=FakeChecker(0.99))
    assert not answer.answered
    assert "several documents" in answer.cut[0].reason
    assert check(quotes[1], *quotes, checker=FakeChecker(0.99)).answered


def test_the_number_of_one_quote_is_not_given_to_the_name_of_another():
    quotes = ["Alstom delivered 5 trains to Peru.", "Alstom opened a plant in Chile."]
    answer = check("Alstom delivered 5 trains to Chile.", *quotes, checker=FakeChecker(0.99))
    assert not answer.answered
    assert "together" in answer.cut[0].reason


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("The play is by Noël Coward.", "Noel Coward wrote the play."),
        ("Four was shown in Berlin Mitte on 8 August, 2005.", "Four was shown in August 2005."),
        ("Paramore, of Franklin, disbanded in 2004.", "In 2004 Paramore disbanded."),
        ("Part: KX-1080; Price EUR: 39,80", "The price of the KX-1080 is EUR 39,80."),
        (
            "Lind came to Oslo in 2008 for the Nordic Cup. He won gold at the 2010 World Games.",
            "Lind won gold at the 2010 World Games.",
        ),
        (
            "After 1918 Poirot rented Flat 203 in Baker House. He lived at 56B Baker Street.",
            "Poirot lived at 56B Baker Street.",
        ),
    ],
)
def test_a_name_or_a_date_written_otherwise_is_left_to_the_checker(quote: str, sentence: str):
    assert check(sentence, quote, checker=FakeChecker(0.95)).answered


def test_the_order_of_the_quotes_says_nothing_of_the_order_of_their_numbers():
    quotes = ["Oder Bridge was opened in 1931.", "Oder Bridge is 300 metres long and 20 metres wide."]
    draft = "Oder Bridge, 300 metres long and 20 metres wide, was opened in 1931."
    assert check(draft, *quotes, checker=FakeChecker(0.95)).answered
    turned = "Oder Bridge, 20 metres long and 300 metres wide, was opened in 1931."
    assert not check(turned, *quotes, checker=FakeChecker(0.95)).answered


def test_a_checker_that_cannot_tell_leaves_it_to_the_form():
    assert check("Alstom expanded its network of railways.", RAIL, checker=FakeChecker(None)).answered
    assert not check("Alstom grows in Central Asia.", RAIL, checker=FakeChecker(None)).answered


def test_word_for_word_shows_copies_alone():
    draft = "Alstom is expanding its network. Alstom expanded its network."
    answer = check(draft, RAIL, checker=FakeChecker(0.99), word_for_word=True)
    assert [sentence.text for sentence in answer.sentences] == ["Alstom is expanding its network."]
    assert "word for word" in answer.cut[0].reason


def test_the_title_above_a_quote_may_name_what_it_is_about():
    quote, checker = "The program ran from 1961 to 1972.", FakeChecker(0.95)
    answer = check("Apollo ran from 1961 to 1972.", quote, checker=checker, title="Apollo program")
    assert [answer.text[start:end] for start, end in answer.sentences[0].unquoted] == ["Apollo"]


@pytest.mark.parametrize(
    ("file", "passes"),
    [("reports/brennholm-2022.md", True), ("reports/annual-report-2022.md", False)],
)
def test_the_name_of_a_file_may_name_what_its_text_is_about(file: str, passes: bool):
    text = "We wrote the foundry off after fuel became dear."
    documents = by_id(document(text, file, title="Annual Report"))
    evidence = Evidence("?", number_quotes([Span(file, 0, len(text))], documents))
    draft, checker = "In spring Brennholm wrote the foundry off after fuel became dear.", FakeChecker(0.95)
    assert verify(draft, evidence, documents, SURE, checker=checker).answered is passes
    no = draft.replace("wrote", "never wrote")
    assert not verify(no, evidence, documents, SURE, checker=checker).answered
    dated = draft.replace("after", "in 2022 after")
    assert not verify(dated, evidence, documents, SURE, checker=checker).answered


def test_a_pronoun_may_stand_for_a_name_of_the_document():
    text = "Alstom is large. It has its seat in Saint-Ouen. Siemens is larger."
    documents = by_id(document(text))
    evidence = Evidence("?", number_quotes([Span("a.txt", 17, 47)], documents))

    def passes(name: str) -> bool:
        draft, checker = f"{name} sits in Saint-Ouen.", FakeChecker(0.95)
        return verify(draft, evidence, documents, SURE, checker=checker).answered

    assert passes("Alstom")
    assert not passes("Hitachi")


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Reign Over Me is a film. Distributed by Acme, the film was released in 2007.", True),
        ("Reign Over Me is a film. Up is another. The film was released in 2007.", False),
        ("Reign Over Me is a film. It was shot in Rome. The film was released in 2007.", True),
        ("Up is a film. The film was released in 2007. Reign Over Me is another.", False),
    ],
)
def test_a_phrase_may_stand_for_the_name_that_the_sentences_before_it_are_about(text: str, passes: bool):
    documents = by_id(document(text))
    start = text.rindex(". ", 0, text.index("released")) + 2
    end = text.index("2007.") + 5
    evidence = Evidence("?", number_quotes([Span("a.txt", start, end)], documents))
    draft = "Reign Over Me was released in 2007."
    answer = verify(draft, evidence, documents, SURE, checker=FakeChecker(0.95))
    assert answer.answered is passes


def test_a_unit_may_be_spelt_in_the_american_way():
    draft, quote = "Fresno is 350 kilometers from Los Angeles.", "Fresno is 350 kilometres from Los Angeles."
    assert check(draft, quote, checker=FakeChecker(0.99)).answered
    assert not check(draft.replace("kilometers", "miles"), quote, checker=FakeChecker(0.99)).answered
    draft, quote = "The hall measures 230 metres.", "The hall is 230 meters long."
    assert check(draft, quote, checker=FakeChecker(0.99)).answered


def test_the_year_over_a_quote_that_names_none_is_left_to_the_checker():
    draft, checker = "Acme opened the mill in 2019.", FakeChecker(0.95)
    assert check(draft, "Acme opened the mill.", checker=checker, date="2019-05-03").answered
    assert check(draft, "Acme opened the mill.", checker=checker, title="Report 2019").answered
    assert not check(draft, "Acme opened the mill.", checker=checker).answered
    assert not check(draft, "In 2018 Acme opened the mill.", checker=checker, date="2019-05-03").answered


def test_a_number_stands_in_one_quote_with_the_names_beside_it():
    quotes = ["Ann Lind won 3 races in Oslo.", "Oslo, the seat of Acme, has a harbour."]
    draft = "Ann Lind won 3 races in Oslo, the seat of Acme."
    assert check(draft, *quotes, checker=FakeChecker(0.95)).answered
    other = draft.replace("in Oslo", "for Acme in Oslo")
    assert not check(other, *quotes, checker=FakeChecker(0.95)).answered


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("It was written by Luc Besson and directed by Olivier Megaton.", "Megaton wrote it."),
        ("It was written by Luc Besson and directed by Olivier Megaton.", "It was written by Megaton."),
        ("Saturn is the second-largest planet after Jupiter.", "Saturn is larger than Jupiter."),
    ],
)
def test_nobody_is_given_the_role_of_another(quote: str, sentence: str):
    assert not check(sentence, quote, checker=FakeChecker(1.0)).answered


@pytest.mark.parametrize(
    "sentence", ["Megaton directed it.", "It was directed by Olivier Megaton.", "Besson was its writer."]
)
def test_a_role_of_its_own_may_be_said_in_other_words(sentence: str):
    quote = "It was written by Luc Besson and directed by Olivier Megaton."
    assert check(sentence, quote, checker=FakeChecker(0.99)).answered


def test_a_first_name_may_be_added_unless_the_document_has_another():
    checker = FakeChecker(0.95)
    assert check("Jane Boyet runs Alstom.", "Boyet leads Alstom.", checker=checker).answered
    assert not check("Jane Boyet runs Alstom.", "Jerome Boyet leads Alstom.", checker=checker).answered
    assert not check("Jane Boyet runs Siemens.", "Boyet leads Alstom.", checker=checker).answered


@pytest.mark.parametrize(
    ("text", "quote", "marked"),
    [
        ("Alstom GROWS fast.", "Alstom grows.", ["fast"]),
        ("It grew very fast, they say.", "It grew.", ["very fast", "they say"]),
        ("他在上海工作", "他在北京工作", ["上海"]),
        ("يعمل في باريس", "يعمل في لندن", ["باريس"]),
        ("Grows.", "Grows", []),
    ],
)
def test_every_word_outside_the_quotes_is_marked_in_any_script(text: str, quote: str, marked: list[str]):
    spans = unquoted_spans(text, whole(by_id(document(quote))))
    assert [text[start:end] for start, end in spans] == marked


def test_word_for_word_means_in_a_row():
    (quote,) = whole(by_id(document("Alstom is expanding, said Boyet.")))
    assert is_word_for_word("alstom is expanding", quote)
    assert not is_word_for_word("Boyet said Alstom is expanding", quote)
    assert not is_word_for_word("stom is expand", quote)


@pytest.mark.parametrize(
    ("question", "draft", "shown"),
    [
        ("What was the revenue in 2022?", "Revenue was EUR 287.4 million.", False),
        ("What was the revenue in 2022?", "In 2022, revenue was EUR 287.4 million.", False),
        ("What was the revenue in 2022?", "In the first quarter of 2022, it was EUR 287.4 million.", False),
        ("Describe the year 2022", "In the first quarter of 2022, revenue was EUR 287.4 million.", True),
        ("What was the revenue in Q1 2022?", "Revenue was EUR 287.4 million in 2022.", True),
        ("What was the revenue?", "Revenue was EUR 287.4 million.", True),
    ],
)
def test_the_figure_of_a_quarter_is_not_stated_as_the_years(question: str, draft: str, *, shown: bool):
    quarter = "In the first quarter of 2022, revenue was EUR 287.4 million."
    answer = check(draft, quarter, question=question, checker=FakeChecker(0.99))
    assert answer.answered == shown
    if not shown:
        assert "part of the year" in answer.cut[0].reason


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("the firm grows in Central Asia.", "The firm grows in Central Asia."),
        ("npm grows in Central Asia.", "npm grows in Central Asia."),
    ],
)
def test_a_drafted_sentence_begins_with_a_capital(draft: str, shown: str):
    quote = "the firm, which makes npm, is expanding its network in Central Asia."
    (sentence,) = check(draft, quote, checker=FakeChecker(0.99)).sentences
    assert sentence.text == shown
    (copied,) = check("the firm, which makes npm, is expanding.", quote).sentences
    assert copied.text == "the firm, which makes npm, is expanding."
