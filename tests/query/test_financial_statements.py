from dataclasses import replace

import pytest

from qa.query.financial_statements import find_asked_statements, statements_in
from qa.schema import Document, Place
from tests.support.fakes import document

ROWS = "".join(f"Item {number} — 2022: {number},100; 2021: {number},200\n" for number in range(1, 8))


def paged(*pages: str) -> Document:
    starts = [sum(map(len, pages[:i])) for i in range(len(pages))]
    places = tuple(Place(start, f"page {number}") for number, start in enumerate(starts, 1))
    return replace(document("".join(pages), "report.pdf"), places=places)


def titles(kind: str, found: Document) -> list[str]:
    return [found.text[span.start : span.end].splitlines()[0] for span in statements_in(kind, found)]


@pytest.mark.parametrize(
    ("question", "statements"),
    [
        ("What is the net PPNE in the balance sheet?", ["balance sheet"]),
        ("what was the largest liability on acme's balance sheet in 2022", ["balance sheet"]),
        ("Using the statement of financial position, what are the total assets?", ["balance sheet"]),
        ("What are the sales? Rely on the details shown in the P&L statement.", ["income statement"]),
        ("According to the statement of operations, what is the net loss?", ["income statement"]),
        (
            "Compute it by using the profit and loss account and the cash flow statement.",
            ["income statement", "cash flow statement"],
        ),
        ("Wie hoch sind die Vorräte in der Bilanz?", ["balance sheet"]),
        ("Wie hoch ist der Umsatz laut Gewinn- und Verlustrechnung?", ["income statement"]),
        ("Quel est le total des actifs dans le bilan ?", ["balance sheet"]),
        ("¿Cuál es el beneficio según la cuenta de pérdidas y ganancias?", ["income statement"]),
        ("Каковы запасы в бухгалтерском балансе?", ["balance sheet"]),
        ("Quanto è stato pagato secondo il rendiconto finanziario?", ["cash flow statement"]),
        ("What does it pay according to its consolidated statements of cash flows?", ["cash flow statement"]),
    ],
)
def test_the_statements_that_a_question_names_are_found(question: str, statements: list[str]):
    assert list(find_asked_statements(question)) == statements


def test_a_statement_is_called_as_the_question_does():
    asked = "How much is it in the Statement  of Financial Position?"
    assert find_asked_statements(asked) == {"balance sheet": "Statement of Financial Position"}


@pytest.mark.parametrize(
    "question",
    [
        "What are the off-balance-sheet obligations?",
        "What is due 30 days after the balance sheet date?",
        "Who signed the statement of purpose?",
        "What is the cash flow from operations?",
        "What are the earnings in 2022?",
    ],
)
def test_other_questions_name_none(question: str):
    assert find_asked_statements(question) == {}


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("balance sheet", "CONSOLIDATED BALANCE SHEETS"),
        ("balance sheet", "The Acme Company and Subsidiaries Consolidated Statements of Financial Position"),
        ("income statement", "Consolidated Statements of Operations (unaudited)"),
        ("income statement", "## Income statement"),
        ("income statement", "Consolidated income statement for the year ended 31 December 2022"),
        ("balance sheet", "Consolidated statement of financial position at 31 December 2022"),
        ("balance sheet", "Konzernbilanz zum 31. Dezember 2022"),
        ("balance sheet", "Bilan consolidé"),
        ("income statement", "Gewinn- und Verlustrechnung"),
        ("income statement", "ОТЧЁТ О ПРИБЫЛЯХ И УБЫТКАХ"),
        ("cash flow statement", "Tableau des flux de trésorerie"),
        ("income statement", "Consolidated Statement of Incom e"),
        ("cash flow statement", "Statements of Cash Flows | Acme and Subsidiary Companies"),
        ("income statement", "Profit and loss account"),
        ("cash flow statement", "Condensed Consolidated Statement of Cash Flows (continued)"),
    ],
)
def test_a_statement_is_found_by_any_of_its_titles_and_ends_with_its_page(kind: str, title: str):
    report = paged("We audited it.\n", f"{title}\n\n(in millions)\n{ROWS}", "Notes follow.")
    (span,) = statements_in(kind, report)
    assert report.text[span.start : span.end] == report.text[15:-13]


@pytest.mark.parametrize(
    "line",
    [
        "Consolidated Balance Sheets 98",
        "Consolidated Balance Sheets | 98",
        "Consolidated Balance Sheets at December 31, 2022 98",
        "Stocks rose, as shown in the balance sheet at 31 December 2022",
        "Date Fair | Balance Sheet Hedge | Acme",
        "We have audited the accompanying consolidated balance sheets",
        "Balance Sheets are prepared by the board",
        "These are notes to the balance sheet",
    ],
)
def test_a_line_of_a_table_of_contents_or_of_prose_is_no_title(line: str):
    assert statements_in("balance sheet", paged(f"{line}\n{ROWS}")) == []


def test_a_title_without_figures_below_it_is_none():
    assert statements_in("balance sheet", paged("Balance Sheet\nSee page 2.\n", f"Other\n{ROWS}")) == []


def test_the_rows_of_a_sheet_belong_to_it():
    text = f"Balance Sheet\n{ROWS}P&L\n{ROWS}"
    second = text.index("P&L")
    labels = [(0, "sheet Balance Sheet"), (14, "sheet Balance Sheet, row 1"), (second, "sheet P&L")]
    book = replace(document(text, "book.xlsx"), places=tuple(Place(*each) for each in labels))
    assert [span.end for span in statements_in("balance sheet", book)] == [second]
    assert titles("income statement", book) == ["P&L"]
