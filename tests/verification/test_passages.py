"""What a passage says by itself, where no model is there to say whether it answers."""

import pytest

from qa.schema import Quote, Span
from qa.verification.passages import answers_alone


def quote(text: str, *headings: str, title: str = "Annual report") -> Quote:
    return Quote(1, Span("a.pdf", 0, len(text)), text, title, None, language="en", headings=headings)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which law governs the agreement?", "9.1 This agreement is governed by the laws of Italy."),
        ("How long is the warranty?", "5.2 The warranty period is 24 months from delivery."),
        ("What was the operating profit in 2022?", "Operating profit — 2022: 146.2; 2021: 131.8"),
        ("What was the revenue?", "Total revenue — 2021: $ 19,984,378; 2020: $ 10,230,316"),
        ("What was the revenue?", "In millions of CHF: Revenue; 2023: 7,262; 2022: 6,619"),
        ("How many employees are there?", "We have 36 full-time employees, without temporary staff."),
        ("Who is the chief executive officer?", "Signed: Ada Holm, Chief Executive Officer"),
        ("Who is the chief executive?", "Ada Holm — Office: Chief executive; Appointed: 2020"),
        ("When was the agreement made?", "This agreement was made on 24 June 2022."),
    ],
)
def test_a_passage_that_names_what_is_asked_is_an_answer(question: str, text: str):
    assert answers_alone(quote(text), (quote(text),), question)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What was the revenue?", "Quarters of 2022, unaudited, EUR million"),
        ("What was the revenue?", "In millions of CHF | January–June 2023"),
        ("What was the revenue?", "Cost of revenue — 2021: $ 9,984,378; 2020: $ 7,230,316"),
        ("What was the operating profit in 2022?", "2022 | $ 1,100,369"),
        ("What was the operating profit in 2022?", "Operating profit — January–June 2022: 6,619"),
        ("What was the operating profit in 2022?", "Operating profit — 2021: 6,619; 2020: 6,431"),
        ("How many employees are there?", "Aktau plant — Seat: Aktau; Share %: 100; Employees: 124"),
        ("How many employees are there?", "We also rely on suppliers in China, many of whom were shut down."),
        ("What are the total assets?", "Total — 2023 Impairment of intangible assets: (16)"),
        ("What dividend is proposed?", "Dividend yield | 0% | 0%"),
        ("What is the total liability limited to?", "Total liabilities — 2021: 57,739; 2020: 55,371"),
        ("Who is the chief executive?", "Letter from the Chief Executive"),
        ("Who are the parties to the agreement?", "8.2 Either Party may end it with 90 days' notice."),
        ("When does the agreement end?", "7.1 It is secret during this agreement and after its end."),
        ("Who is a party to the agreement?", f"The parties to the agreement {'and others ' * 40}are told."),
    ],
)
def test_a_passage_about_something_near_is_none(question: str, text: str):
    assert not answers_alone(quote(text), (quote(text),), question)


def test_the_name_of_whose_report_it_is_need_not_be_repeated():
    text = "The board proposes a dividend of EUR 0.62 per share."
    found = quote(text, title="Varso annual report")
    assert answers_alone(found, (found,), "What dividend does the board of Varso propose?")
    assert not answers_alone(quote(text), (quote(text),), "What dividend does the board of Varso propose?")


def test_a_row_is_read_with_the_headings_over_it():
    row = "2022 | 5.1"
    assert not answers_alone(quote(row, "Revenue"), (quote(row),), "What was the operating profit in 2022?")
    named = quote("Revenue — 2022: 5.1", "Bakery")
    assert answers_alone(named, (named,), "What was the revenue of the Bakery in 2022?")
