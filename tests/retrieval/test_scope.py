"""Of a report's rows of one name, the one that the question means comes first."""

from dataclasses import replace

import pytest

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.ingest.documents import parse
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.retrieval.scope import rows_meant
from qa.schema import Quote, Span
from tests.support.fakes import IDENTITY, FakeEncoder, by_id, hits_of

AROUND = 4 * (
    "Velmora reviews turnover and training at every site, and Velmora plans turnover for three years ahead. "
    "The board of Velmora discusses training and turnover twice a year and reports what it found. "
)

REPORT = """# Velmora annual report 2019

Velmora makes lamps. {around}

## Parent company statements

### Income of the parent company, EUR million

Turnover — 2019: 31.2; 2018: 30.1
Dividends received — 2019: 4.4; 2018: 4.0

{around}

## First quarter

### Figures of the first quarter, EUR million

Turnover — 2019: 52.8; 2018: 50.5
Staff — 2019: 811; 2018: 790

{around}

## Street Lamps

### Street Lamps, EUR million

Turnover — 2019: 120.4; 2018: 110.3
Scrap — 2019: 1.4; 2018: 1.3

{around}

## Table Lamps

### Table Lamps, EUR million

Turnover — 2019: 99.9; 2018: 98.7
Scrap — 2019: 2.4; 2018: 2.3

{around}

## Contents and figures

Letter, page 2. People, page 4. Sites, page 9. Pensions, page 12. Law, page 14. Remuneration, page 30.

### At a glance, EUR million

Scrap — 2019: 3.8; 2018: 3.6
Staff — 2019: 820; 2018: 799
Sites — 2019: 9; 2018: 8
Turnover — 2019: 220.3; 2018: 209.0
Pensions — 2019: 5.5; 2018: 5.1
"""


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    store = LocalStore(tmp_path_factory.mktemp("index"), IDENTITY)
    document = parse(REPORT.format(around=AROUND).encode(), "velmora-2019.md")
    build_index(store, [document], FakeEncoder())
    return HybridRetriever(source=Index.open(store), encoder=FakeEncoder())


def first_row(retriever: HybridRetriever, question: str) -> Quote:
    found = retriever.retrieve(question)
    quotes = select_quotes(found.question, found.hits, retriever.source.documents, found.language).quotes
    return next(quote for quote in quotes if quote.text.startswith("Turnover —"))


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("What was Velmora's turnover in 2019?", "220.3"),
        ("What was the turnover of Velmora in 2018?", "209.0"),
        ("What was the turnover of Velmora's parent company in 2019?", "31.2"),
        ("What was Velmora's turnover in the first quarter of 2019?", "52.8"),
        ("What was the turnover of Table Lamps at Velmora in 2019?", "99.9"),
    ],
)
def test_a_row_of_the_group_a_segment_or_the_parent_company_is_told_from_the_others(
    retriever: HybridRetriever, question: str, figure: str
):
    assert figure in first_row(retriever, question).text


def test_no_part_is_quoted_beside_the_whole_for_a_question_without_a_word_that_could_mean_it(
    retriever: HybridRetriever,
):
    def quoted(question: str) -> list[str]:
        found = retriever.retrieve(question)
        chosen = select_quotes(question, found.hits, retriever.source.documents, found.language).quotes
        return [quote.text for quote in chosen if quote.text.startswith("Turnover —")]

    assert quoted("What was Velmora's turnover in 2019?") == ["Turnover — 2019: 220.3; 2018: 209.0"]
    assert len(quoted("What was Velmora's turnover with lanterns in 2019?")) > 1


def test_no_row_of_another_company_is_quoted_beside_that_of_the_one_that_is_asked_about(
    tmp_path_factory: pytest.TempPathFactory,
):
    tables = "# {title}\n\n" + "\n\n".join(REPORT.format(around="").split("\n\n")[2:])
    texts = {
        "velmora-2019.md": tables.format(title="Velmora"),
        "ostrander-2019.md": tables.format(title="Ostrander").replace("220.3", "770.3"),
    }
    store = LocalStore(tmp_path_factory.mktemp("index"), IDENTITY)
    build_index(store, [parse(text.encode(), name) for name, text in texts.items()], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())

    documents = retriever.source.documents

    def is_row(span: Span) -> bool:
        return span.cut(documents).startswith("Turnover — 2019: 220.3") or "770.3" in span.cut(documents)

    found = retriever.retrieve("What was the turnover in 2019?").hits
    alike = [
        replace(hit, sentences=tuple(replace(each, score=1.0) for each in hit.sentences if is_row(each.span)))
        for hit in sorted(found, key=lambda hit: hit.passage.span.doc_id, reverse=True)
    ]

    def asked(question: str) -> set[str]:
        chosen = select_quotes(question, alike, documents, "en").quotes
        return {quote.span.doc_id for quote in chosen if quote.text.startswith("Turnover —")}

    assert asked("What was Velmora's turnover in 2019?") == {"velmora-2019.md"}
    assert asked("What was the turnover in 2019?") == set(texts)


def test_a_row_of_the_whole_is_found_where_no_passage_with_it_is(retriever: HybridRetriever):
    question = "What was Velmora's turnover in 2019?"
    found = retriever.retrieve(question)
    parts = [hit for hit in found.hits if "220.3" not in hit.passage.span.cut(retriever.source.documents)]
    quotes = select_quotes(question, parts, retriever.source.documents, found.language).quotes
    assert quotes[0].text == "Turnover — 2019: 220.3; 2018: 209.0"
    assert "At a glance" in quotes[0].place


def test_where_the_tables_of_the_whole_disagree_none_is_brought_in(tmp_path_factory: pytest.TempPathFactory):
    second = "\n\n## Restated, EUR million\n\nTurnover — 2019: 219.1\nLamps sold — 2019: 5,120\n"
    store = LocalStore(tmp_path_factory.mktemp("index"), IDENTITY)
    document = parse((REPORT.format(around=AROUND) + second).encode(), "velmora-2019.md")
    build_index(store, [document], FakeEncoder())
    retriever = HybridRetriever(source=Index.open(store), encoder=FakeEncoder())
    question = "What was Velmora's turnover in 2019?"
    documents = retriever.source.documents
    hits = [
        hit
        for hit in retriever.retrieve(question).hits
        if not {"220.3", "219.1"} & set(hit.passage.span.cut(documents).replace(";", " ").split())
    ]
    quotes = select_quotes(question, hits, documents, "en").quotes
    assert not any("220.3" in quote.text or "219.1" in quote.text for quote in quotes)


def test_without_a_year_the_newest_row_is_meant():
    rows = (
        "Zone North — 2021 Turnover: 12.1; 2021 Profit: 2.2\n\n# Later\n\n"
        "Zone North — 2022 Turnover: 12.5; 2022 Profit: 2.7\n"
    )
    document = parse(rows.encode(), "zones.md")

    def meant(question: str) -> list[str]:
        return [span.cut({document.id: document})[13:17] for span in rows_meant(question, 0, document)]

    assert meant("What was the profit of Zone North?") == ["2022"]
    assert meant("What was the profit of Zone North in 2021?") == ["2021"]


RATES = """# Rates of the bank

## Home loans

Fixed for 3 years — Owner: bank; Rate: 3.94%
Variable — Owner: bank; Rate: 4.80%

## Investment home loans

Fixed for 3 years — Owner: bank; Rate: 4.14%
Variable — Owner: bank; Rate: 5.95%
"""

DETECTORS = """# Detectors

## Plain trees

Larch — AP: 49.2; Memory: 20.9
Aspen — AP: 48.1; Memory: 18.8

## Cascade of plain trees

Larch — AP: 50.0; Memory: 22.3
Aspen — AP: 49.9; Memory: 21.0

## Grids

Larch — AP: 44.1; Memory: 21.3
Aspen — AP: 43.7; Memory: 20.2
"""


def quoted_rows(question: str, text: str, row: str) -> list[str]:
    """The figures of the rows called ``row`` that are quoted for a question, all of which rank alike."""
    document = parse(text.encode(), "figures.md")
    hits = hits_of(document, scores=iter([1.0] * 50))
    quotes = select_quotes(question, hits, by_id(document), "en").quotes
    return [quote.text.partition(": ")[2][:4] for quote in quotes if quote.text.startswith(f"{row} —")]


def test_of_rows_of_the_same_columns_those_that_the_question_says_less_of_are_not_quoted():
    assert quoted_rows("What AP has Larch with grids?", DETECTORS, "Larch") == ["44.1"]
    assert quoted_rows("What AP has Larch in the cascade of plain trees?", DETECTORS, "Larch") == ["50.0"]
    assert len(quoted_rows("What AP has Larch on Sundays?", DETECTORS, "Larch")) > 1


def test_a_row_is_not_meant_whose_heading_says_all_that_another_s_does_and_more():
    assert quoted_rows("What AP has Larch with plain trees?", DETECTORS, "Larch") == ["49.2"]


def test_a_row_under_a_word_that_the_question_denies_is_not_meant():
    document = parse(RATES.encode(), "rates.md")

    def meant(question: str) -> list[str]:
        at = document.text.index("Fixed for 3")
        return [span.cut({document.id: document})[-5:] for span in rows_meant(question, at, document)]

    assert meant("What is the rate of a home loan (not investment), fixed for 3 years?") == ["3.94%"]
    assert meant("What is the rate of an investment home loan, fixed for 3 years?") == ["4.14%"]


NEWS = "Turnover of Dunmore Lighting rose to EUR 52.8 million in the first quarter of 2021."
YEARBOOK = """# Yearbook 2021

Dunmore Lighting makes lamps for streets.

## Key figures, EUR million

Turnover — 2021: 220.3; 2020: 209.0
Staff — 2021: 820; 2020: 799

## What the board says

In 2021 the harbour office counted 311 lamps of Dunmore Lighting.
"""


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What was Dunmore Lighting's turnover in 2021?", "Turnover — 2021: 220.3"),
        ("What was Dunmore Lighting's turnover in the first quarter of 2021?", "Turnover of Dunmore"),
        ("When did the turnover of Dunmore Lighting rise in 2021?", "Turnover of Dunmore"),
        ("What was the turnover of Dunmore Castle in 2021?", "Turnover of Dunmore"),
    ],
)
def test_a_figure_of_a_year_comes_before_a_sentence_about_a_part_of_it(question: str, first: str):
    news, yearbook = parse(NEWS.encode(), "news.txt"), parse(YEARBOOK.encode(), "dunmore-yearbook.md")
    hits = hits_of(news, yearbook, scores=iter(range(50, 0, -1)))
    quotes = select_quotes(question, hits, by_id(news, yearbook), "en").quotes
    assert quotes[0].text.startswith(first)


PLANS = """# Yearbook

## Full year 2021

Revenue — 2021 plan: 40; 2021 actual: 42

## Three months ended 31 March

Revenue — 2021 plan: 9; 2021 actual: 11
"""


def test_a_year_that_all_columns_share_does_not_hide_the_part_of_the_year_over_them():
    document = parse(PLANS.encode(), "yearbook.md")
    at = document.text.index("Revenue —")
    rows = rows_meant("What was the revenue in 2021?", at, document)
    assert [span.cut({document.id: document}) for span in rows] == [
        "Revenue — 2021 plan: 40; 2021 actual: 42"
    ]
