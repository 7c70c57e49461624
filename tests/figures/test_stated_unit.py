"""A number of a table is shown with the unit that the table states elsewhere, cut from where it stands."""

import pytest

from qa.errors import AttestError
from qa.export.json import answer_record
from qa.export.text import plain_text
from qa.figures.stated_unit import state_unit
from qa.ingest.documents import parse
from qa.quantities.stated_units import unit_headed
from qa.retrieval.evidence import number_quotes
from qa.schema import Evidence, ShortAnswer, Span, StatedUnit
from qa.verification.verify import verify
from qa.web.ui.answer_html import answer_html
from tests.support.fakes import SURE, by_id

REPORT = """# Annual report

## Key figures, GBP million

Capital expenditure — 2022: 63.1; 2021: 48.6
Dividend per share (pence) — 2022: 11.4; 2021: 10.8
Employees — 2022: 412; 2021: 401
Order intake — 2022: GBP 90.2; 2021: 88.0

## Energy, MWh

Wexcombe — 2022: 19,870; 2021: 18,940
Carrow — 2022: 7,100; 2021: 6,900

## Cables

Cable: FC-12; Price (EUR per metre): 4.10; Length m: 300; Group A: 17; Last day: 44
Cable: FC-16; Price (EUR per metre): 5.20; Length m: 250; Group A: 18; Last day: 5

Revenue in Peru was 7.5 last year.
"""


def short_answer(number: str) -> tuple[ShortAnswer, dict]:
    report = parse(REPORT.encode(), "report.md")
    start = report.text.index(number)
    documents = by_id(report)
    return state_unit(
        ShortAnswer(number, 1, Span(report.id, start, start + len(number))), documents
    ), documents


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        ("63.1", "GBP million"),
        ("48.6", "GBP million"),
        ("11.4", "pence"),
        ("412", None),
        ("90.2", None),
        ("19,870", "MWh"),
        ("4.10", "EUR per metre"),
        ("300", "m"),
        ("17", None),
        ("44", None),
        ("7.5", None),
    ],
)
def test_the_unit_is_cut_from_where_the_table_states_it(number: str, unit: str | None):
    short, documents = short_answer(number)
    assert (short.unit.text if short.unit else None) == unit
    assert short.unit is None or short.unit.span.cut(documents) == unit
    assert short.text == number


def test_it_is_shown_beside_the_number_on_the_page_in_text_and_in_records():
    short, documents = short_answer("63.1")
    line = next(line for line in documents["report.md"].text.splitlines() if "63.1" in line)
    start = documents["report.md"].text.index(line)
    quotes = number_quotes([Span("report.md", start, start + len(line))], documents)
    evidence = Evidence("What was the capital expenditure in 2022?", quotes)
    answer = verify("", evidence, documents, SURE, short=short)
    assert "Short answer: 63.1 (GBP million) [1]" in plain_text(answer)
    assert '63.1</strong> <span class="unit" dir="auto">GBP million</span>' in answer_html(answer)
    record = answer_record(answer)["short"]
    assert (record["text"], record["unit"]["text"]) == ("63.1", "GBP million")
    text = documents["report.md"].text
    assert text[record["unit"]["start"] : record["unit"]["end"]] == "GBP million"


def test_a_unit_that_is_not_what_the_document_says_is_never_shown():
    short, documents = short_answer("63.1")
    assert short.unit
    forged = ShortAnswer(short.text, 1, short.span, StatedUnit("EUR billion", short.unit.span))
    quotes = number_quotes([Span("report.md", 0, len(documents["report.md"].text))], documents)
    with pytest.raises(AttestError, match="EUR billion"):
        verify("", Evidence("How much?", quotes), documents, SURE, short=forged)


def test_the_thousands_of_a_number_are_no_unit():
    assert unit_headed("Daily, PM, $250, $3,000") is None
    assert unit_headed("Net sales, 000s") is not None


STATEMENT = """# Report

## Consolidated balance sheet

(Dollars in millions, except per share amount)

Assets

Current assets

Cash — 2022: $ 2,853; 2021: $ 3,053
Inventories — 2022: 4,366; 2021: 4,034
Total current assets — 2022: 13,709; 2021: 14,277

Research expenses — 2022: 1,821; 2021: 1,870
Researchers — 2022: 611; 2021: 599
Employee benefits — 2022: 6,481; 2021: 6,240
Property — net — 2022: 8,738; 2021: 8,866

Total assets — 2022: $ 36,500; 2021: $ 37,987

Equity

Shares, number — 2022: 944; 2021: 944
Earnings per share — 2022: $ 8.89; 2021: $ 7.93

The board met twelve times in 2022.

Visits — 2022: 55; 2021: 54
"""


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        ("2,853", "Dollars in millions"),
        ("4,366", "Dollars in millions"),
        ("36,500", "Dollars in millions"),
        ("1,821", "Dollars in millions"),
        ("611", None),
        ("6,481", "Dollars in millions"),
        ("944", None),
        ("8.89", None),
        ("55", None),
    ],
)
def test_the_parts_of_a_statement_have_the_unit_that_stands_over_it(number: str, unit: str | None):
    statement = parse(STATEMENT.encode(), "statement.md")
    start = statement.text.index(number)
    short = state_unit(
        ShortAnswer(number, 1, Span(statement.id, start, start + len(number))), by_id(statement)
    )
    assert (short.unit.text if short.unit else None) == unit


def test_the_parts_of_another_table_have_none():
    text = STATEMENT.replace("Consolidated balance sheet", "Customers")
    other = parse(text.encode(), "other.md")
    start = other.text.index("4,366")
    short = ShortAnswer("4,366", 1, Span(other.id, start, start + 5))
    assert state_unit(short, by_id(other)).unit is None


@pytest.mark.parametrize(
    ("heading", "key", "scale"),
    [
        ("(in millions)", "", 10**6),
        ("(In thousands, except per share data)", "", 10**3),
        ("Years ended December 31, in millions", "", 10**6),
        ("($ in millions)", "dollar", 10**6),
        ("(Dollars in thousands)", "dollar", 10**3),
        ("(in EUR thousands)", "euro", 10**3),
        ("(Angaben in Tsd. Euro)", "euro", 10**3),
    ],
)
def test_a_magnitude_in_brackets_is_read(heading: str, key: str, scale: int):
    unit = unit_headed(heading)
    assert unit
    assert (unit.key, unit.scale) == (key, scale)


def test_the_mark_of_a_note_behind_a_name_is_no_unit():
    rows = "Zone: North; Sales (a): 9,467; Profit (b): 1,570\nZone: South; Sales (a): 12,553; Profit (b): 7"
    sales = parse(rows.encode(), "a.txt")
    start = sales.text.index("12,553")
    short = ShortAnswer("12,553", 1, Span(sales.id, start, start + 6))
    assert state_unit(short, by_id(sales)).unit is None
