"""A cell of a table that has every word of a question among its own names answers it without a judge."""

import pytest

from qa.figures.named_cell import find_named_cell
from qa.ingest.documents import parse
from qa.retrieval.evidence import number_quotes
from qa.schema import Span

HARBOUR = """# Harbour of Tessem, yearbook 2021

## Quays

Bakers Quay — Built: 1911; Depth m: 9.5; Cranes: 4; Owner: City of Tessem
Salt Quay — Built: 1934; Depth m: 7.0; Cranes: –; Owner: Lunde Brothers
Salt Quay Annex — Built: 1958; Depth m: 6.5; Cranes: 1; Owner: Lunde Brothers

## Finances

### First half, EUR thousand

Mooring fees — 2021: 412; 2020: 377
Towage — 2021: 90; 2020: 88

### Whole year, EUR thousand

Mooring fees — 2021: 903; 2020: 811
Cost of mooring fees — 2021: 111; 2020: 104
Towage — Budget 2021: 200; Result 2021: 187

## Half-yearly counts

Visits — 2021: 52; 2020: 47
"""


def cell(question: str, text: str = HARBOUR, name: str = "tessem-harbour-2021.md") -> str | None:
    """The words of the cell that is found among all rows of the document, checked against its text."""
    document = parse(text.encode(), name)
    spans, start = [], 0
    for line in document.text.splitlines(keepends=True):
        spans.append(Span(document.id, start, start + len(line.rstrip("\n"))))
        start += len(line)
    quotes = number_quotes(
        [span for span in spans if " — " in span.cut({document.id: document})], {document.id: document}
    )
    found = find_named_cell(question, quotes, {document.id: document})
    assert found is None or found.text == found.span.cut({document.id: document})
    return found.text if found else None


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("In which year was Bakers Quay built?", "1911"),
        ("When was Salt Quay in the harbour of Tessem built?", "1934"),
        ("How many cranes does Bakers Quay have?", "4"),
        ("What is the depth of the Salt Quay Annex?", "6.5"),
        ("Mooring fees of Tessem in 2020", "811"),
        ("What were the mooring fees of Tessem in the first half of 2021?", "412"),
        ("What was the result of towage in 2021?", "187"),
        ("Who is the owner of Bakers Quay?", "City of Tessem"),
    ],
)
def test_the_cell_that_a_question_names_is_found(question: str, value: str):
    assert cell(question) == value


@pytest.mark.parametrize(
    "question",
    [
        "How many cranes does Salt Quay have?",  # there is no figure
        "In which year was Coal Quay built?",
        "In which year was Bakers Quay rebuilt after the fire?",
        "How many cranes does the Annex have?",  # named in part
        "What were the mooring fees of Tessem in 2019?",
        "What were the mooring fees of Lunde Brothers in 2021?",
        "What were the expected mooring fees of Tessem in 2021?",
        "How many visits were there in Tessem in 2021?",  # of half a year
        "What was the towage of Tessem in 2021?",  # the budget or the result
        "What does Bakers Quay not own?",
        "Was Bakers Quay built in 1911?",
        "Why was Bakers Quay built?",
    ],
)
def test_where_the_names_do_not_cover_the_question_none_is_found(question: str):
    assert cell(question) is None


def test_of_two_rows_of_one_name_that_differ_none_is_found():
    second = "\n## Restated, EUR thousand\n\nMooring fees — 2021: 899; 2020: 811\n"
    assert cell("Mooring fees of Tessem in 2021", HARBOUR + second) is None
    assert cell("Mooring fees of Tessem in 2020", HARBOUR + second) == "811"


def test_a_report_is_known_by_the_name_that_it_gives_to_its_owner():
    text = "# Report 2021\n\nOrsk Cabling lays cables.\n\nTurnover — 2021: 31.2; 2020: 30.1\n"
    question = "What was Orsk Cabling's turnover in 2021, in EUR?"
    assert (
        cell(
            question.replace(", in EUR", ""),
            text.replace("\n\nTurnover", "\n\n## EUR million\n\nTurnover"),
            "orsk-2021.md",
        )
        == "31.2"
    )
    assert cell("What was Orsk Foundries' turnover in 2021?", text, "orsk-2021.md") is None


REPORT = """# Quay inspection report

Prepared By: Ada Byron
Opened on: 4 May 2021
Tom: Nobody Knows.
Berths: 12

The inspection report reveals several findings. The report names every quay.

Approval:
"""


def line(question: str, text: str = REPORT) -> str | None:
    """The words of the value that is found among the lines of the document."""
    document = parse(text.encode(), "report.md")
    spans, start = [], 0
    for each in document.text.splitlines(keepends=True):
        if each.strip():
            spans.append(Span(document.id, start, start + len(each.rstrip("\n"))))
        start += len(each)
    found = find_named_cell(question, number_quotes(spans, {document.id: document}), {document.id: document})
    return found.text if found else None


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("who prepared the quay inspection report", "Ada Byron"),
        ("When was the quay opened?", "4 May 2021"),
        ("How many berths?", "12"),
    ],
)
def test_the_line_of_a_form_that_a_question_names_is_found(question: str, value: str):
    assert line(question) == value


@pytest.mark.parametrize(
    "question",
    [
        "who is Tom",
        "who approved the quay inspection report",
        "who prepared the crane inspection report",
        "when was the quay inspection report prepared",
        "who has not prepared the quay inspection report",
        "how many berths are there for yachts",
    ],
)
def test_a_line_that_lacks_a_word_or_what_is_asked_is_not(question: str):
    assert line(question) is None


@pytest.mark.parametrize("character", [" ", "_", "a", "7", ":", "*"])
def test_a_long_line_takes_no_time(character: str):
    assert line("who prepared the report", f"# Report\n\nPrepared {character * 20_000}x\n") is None
