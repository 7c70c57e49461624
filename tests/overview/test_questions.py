"""Tests of the questions that are offered to begin with."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.overview.questions import SUGGESTIONS, StatedQuestion, suggest_questions
from qa.pipeline import Pipeline
from qa.schema import Document, Heading, Span
from tests.support.fakes import document


def suggested(documents: Iterable[Document]) -> list[str]:
    return suggest_questions(documents, lambda question: True)


def headed(heading: str, language: str) -> Document:
    text = f"{heading}\n\nThe mill of Kivik has two wheels and was built in 1904."
    made = document(text, f"{heading}.txt", title="Notes")
    return replace(made, language=language, headings=(Heading(0, len(text), heading),))


def test_headings_that_are_questions_are_suggested():
    german = headed("3. Wie viele Räder hat die Mühle?", "de")
    unclear = headed("Who will use it in the end?", "en")
    found = suggested([german, unclear, headed("Next steps", "en"), headed("Why?", "en")])
    assert found == ["Wie viele Räder hat die Mühle?", "How many wheels does the mill of Kivik have?"]


@pytest.mark.parametrize(
    ("title", "text", "question"),
    [
        ("Apollo program", "The Apollo program was a series of flights. It ended in 1972.", True),
        ("Ada Lovelace", "Ada Lovelace (1815–1852) was an English writer. She wrote notes.", True),
        ("Siemens Energy wins order", "Siemens Energy has won an order.", False),
        ("Notes", "Later on Ada left Baku. In winter Ada came. Once more Ada saw Baku.", False),
    ],
)
def test_what_a_text_says_its_title_is_is_suggested(title: str, text: str, question: bool):
    found = suggested([replace(document(text, "1.txt", title=title), language="en")])
    expected = {"Apollo program": "What was the Apollo program?", "Ada Lovelace": "Who was Ada Lovelace?"}
    assert found == ([expected[title]] if question else [])


def test_nothing_is_suggested_where_nothing_is_asked():
    assert suggested([]) == []
    assert suggested([document("it is what it is and it is.")]) == []


@given(st.lists(st.text(), max_size=4))
def test_any_documents_can_be_suggested_from(texts: list[str]):
    found = suggested(document(text, f"{n}.txt") for n, text in enumerate(texts))
    assert len(found) == len(set(found)) <= SUGGESTIONS


def english(text: str) -> Document:
    return replace(document(text), language="en")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The mill of Kivik was built by monks in 1904.", "When was the mill of Kivik built?"),
        ("Project Solar was signed on 3 May 2019.", "When was Project Solar signed?"),
        ("The contract in Peru is worth 72 million euros.", "How much is the contract in Peru worth?"),
        ("Mills were built in 1904. Since then mills stand.", "When were mills built?"),
        ("Project Solar costs about $5,000 a day.", "How much does Project Solar cost?"),
        ("Siemens Energy has 96,000 employees.", "How many employees does Siemens Energy have?"),
        ("We met Jerome Boyet, Managing Director of Alstom.", "Who is Jerome Boyet?"),
    ],
)
def test_sentences_that_state_something_are_asked_about(text: str, question: str):
    assert suggested([english(text)]) == [question]


@pytest.mark.parametrize(
    "text",
    [
        "It was built in 1904.",
        "The mill was built in a hurry.",
        "After the American Civil War, President Charles Eliot of Harvard came.",
        "This contract is worth 72 million euros.",
        "The contract is worth the trouble.",
        "Das Werk was built in 1904 by their men, but Their Mill was made in 2000s style.",
    ],
)
def test_nothing_is_asked_that_is_unclear_or_not_stated(text: str):
    assert suggested([english(text)]) == []


def test_what_is_not_answered_from_its_own_words_is_not_offered():
    mill = english("The mill of Kivik was built by monks in 1904.")
    asked: list[StatedQuestion] = []
    assert suggest_questions([mill], lambda each: bool(asked.append(each))) == []
    assert mill.text[asked[0].span.start : asked[0].span.end] == mill.text


def test_the_search_tells_what_is_answered(quick_pipeline: Pipeline, documents: dict[str, Document]):
    article = documents["siemens-energy-central-asia.md"]
    start = article.text.index("Projects implemented in Uzbekistan include")
    stated = Span(article.id, start, article.text.index(".", start) + 1)
    asked = "How much is the contract in Uzbekistan worth?"
    assert quick_pipeline.answers_from(StatedQuestion(asked, stated))
    assert not quick_pipeline.answers_from(StatedQuestion(asked, Span(article.id, 0, 10)))
    assert not quick_pipeline.answers_from(StatedQuestion("Who won the World Cup of 1998?", stated))
