"""Figures that code computes from quotes: through the pipeline, and over the tables of ``eval.figures``."""

import re
from dataclasses import asdict, replace

import pytest

from eval.figures import Outcome, measure
from qa.export.evidence_sheet import evidence_sheet
from qa.export.json import answer_record
from qa.export.markdown import answer_markdown
from qa.export.sheet_checker import check_sheet
from qa.export.text import plain_text
from qa.figures.compute import compute_figures
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.pipeline import Ask, Pipeline
from qa.retrieval.evidence import number_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer, Document, Heading, Span
from qa.verification.verify import restore
from qa.web.ui.answer_html import answer_html
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder, by_id, html_text

RESULTS = Document(
    "results.csv",
    "Results of Norden\nin millions of dollars\n"
    "Revenue — 2022: 7,685; 2023: 8,278\nCost of revenue — 2022: 4,610; 2023: 4,801",
    "Results of Norden",
    language="en",
)
BUDGET = Document(
    "budget.csv",
    "Budget of the library\nRent — Amount: $24,000\nBooks — Amount: $8,500\nHeating — Amount: €3,200",
    "Budget of the library",
    language="en",
)
GREW = "How much did the revenue grow from 2022 to 2023?"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    store = LocalStore(tmp_path_factory.mktemp("index"), IDENTITY)
    build_index(store, [RESULTS, BUDGET], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())
    model = FakeChat(says="Revenue grew by 1,000.")
    return Pipeline(retriever, retriever.source.documents, model, 0.0)


@pytest.fixture(scope="module")
def grew(pipeline: Pipeline) -> Answer:
    return pipeline.invoke(Ask(GREW))


def test_growth_is_computed_and_each_operand_is_cut_from_its_quote(pipeline: Pipeline, grew: Answer):
    difference, percent = grew.figures
    assert difference.text == "8,278 − 7,685 = 593 million dollars [1]"
    assert percent.text == "(8,278 − 7,685) ÷ 7,685 ≈ 7.7% [1]"
    quotes = {quote.number: quote for quote in grew.quotes}
    for operand in (*difference.operands, *percent.operands):
        assert operand.span.cut(pipeline.documents) == operand.text
        assert operand.text in quotes[operand.quote].text


def test_whose_figures_they_are_may_stand_in_the_name_of_the_file():
    text = "Annual report\nRevenue — 2022: 10; 2023: 12"
    report = by_id(Document("brennholm-report.csv", text, "Annual report", language="en"))
    quotes = number_quotes([Span("brennholm-report.csv", text.index("Revenue"), len(text))], report)
    computed = compute_figures("What was Brennholm's revenue growth in 2023?", quotes, report)
    assert [figure.text for figure in computed.figures] == ["12 − 10 = 2 [1]", "(12 − 10) ÷ 10 = 20% [1]"]
    assert not compute_figures("What was Tessaline's revenue growth in 2023?", quotes, report).figures


SEGMENTS = Document(
    "velmora-2019.txt",
    "Velmora annual report\n\n"
    "Street Lamps\n\nTurnover — 2018: 110.3; 2019: 120.4\nScrap — 2018: 1.3; 2019: 1.4\n\n"
    "Desk Lamps\n\nTurnover — 2018: 98.7; 2019: 99.9\nScrap — 2018: 2.3; 2019: 2.4\n\n"
    "At a glance\n\nTurnover — 2018: 209.0; 2019: 220.3\nSites — 2018: 8; 2019: 9\n",
    "Velmora annual report",
    language="en",
)


@pytest.mark.parametrize(
    ("question", "formula"),
    [
        ("How much did Velmora's turnover grow from 2018 to 2019?", "220.3 − 209 = 11.3 [3]"),
        ("How much did the turnover of Desk Lamps grow from 2018 to 2019?", "99.9 − 98.7 = 1.2 [2]"),
        (
            "What is the difference in turnover between Street Lamps and Desk Lamps in 2019?",
            "120.4 − 99.9 = 20.5 [1][2]",
        ),
    ],
)
def test_a_company_grows_by_its_own_figures_and_not_by_those_of_a_segment(question: str, formula: str):
    starts = [match.start() for match in re.finditer("Turnover", SEGMENTS.text)]
    headings = tuple(
        Heading(SEGMENTS.text.index(f"\n{name}\n"), end, name)
        for name, end in zip(
            ("Street Lamps", "Desk Lamps", "At a glance"), (*starts[1:], len(SEGMENTS.text)), strict=True
        )
    )
    report = replace(SEGMENTS, headings=headings)
    spans = [Span(report.id, start, report.text.index("\n", start)) for start in starts]
    computed = compute_figures(question, number_quotes(spans, by_id(report)), by_id(report))
    assert computed.figures[0].text == formula


def test_growth_is_computed_from_the_table_of_both_years_where_another_was_found():
    name, plain, noted = (
        "Turnover",
        "Turnover — 2018: 209.0; 2019: 220.3",
        "Turnover — 2018 before items: 209.0; 2018 items: 1.0; 2019 before items: 220.3; 2019 items: 0.0",
    )
    text = f"Velmora annual report\n\nIncome\n\n{noted}\n\nAt a glance\n\n{plain}\n"
    report = by_id(Document("velmora-2019.txt", text, "Velmora annual report", language="en"))
    found = number_quotes([Span("velmora-2019.txt", text.index(name), text.index("\n\nAt"))], report)
    computed = compute_figures("How much did Velmora's turnover grow in 2019?", found, report)
    assert computed.figures[0].text == "220.3 − 209 = 11.3 [2]"
    assert [quote.text for quote in computed.quotes] == [plain]


def test_the_model_says_no_word_of_it(grew: Answer):
    assert "1,000" not in grew.text
    assert grew.text.startswith("8,278 − 7,685 = 593 million dollars [1]")


def test_every_output_shows_the_formula(grew: Answer):
    assert answer_record(grew)["figures"][0]["formula"] == "8,278 − 7,685 = 593"
    shown = "Computed from the quotes: 8,278 − 7,685 = 593 million dollars [1]"
    assert shown in plain_text(grew)
    assert "8,278 − 7,685 = 593 million dollars" in answer_markdown(grew)
    assert "8,278 − 7,685 = 593 million dollars" in html_text(answer_html(grew))


def test_a_sheet_shows_the_formula_and_its_check_finds_a_number_that_was_changed(
    pipeline: Pipeline, grew: Answer
):
    sheet = evidence_sheet("Growth", [grew], pipeline.documents, None)
    assert "8,278 − 7,685 = 593 million dollars" in html_text(sheet)
    assert check_sheet(sheet, pipeline.documents) == []
    operand = 'data-field="operand" data-quote="1"'
    changed = re.sub(rf"({operand} [^>]*>)8,278", r"\g<1>9,278", sheet)
    assert changed != sheet
    assert any("9,278" in str(fault) for fault in check_sheet(changed, pipeline.documents))


def test_rows_that_no_search_found_are_quoted_too(pipeline: Pipeline):
    answer = pipeline.invoke(Ask("What is the total of rent and books?"))
    (figure,) = answer.figures
    assert figure.formula == "24,000 + 8,500 = 32,500"
    assert {each.quote for each in figure.operands} <= {quote.number for quote in answer.quotes}


def test_currencies_that_do_not_fit_are_refused_with_a_sentence(pipeline: Pipeline):
    answer = pipeline.invoke(Ask("What is the total of rent and heating?"))
    assert answer.figures == ()
    assert "24,000 is in dollars and 3,200 is in euros, which do not fit together" in answer.note


def test_a_saved_answer_keeps_its_figures(pipeline: Pipeline, grew: Answer):
    assert restore(asdict(grew), pipeline.documents).figures == grew.figures


@pytest.mark.parametrize("outcome", measure(), ids=lambda outcome: outcome.question)
def test_no_question_gets_a_wrong_figure(outcome: Outcome):
    assert outcome.verdict == "right", outcome
