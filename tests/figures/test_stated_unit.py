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
