"""What a cell says where no language model phrases an answer."""

import pytest

from qa.grid.base import Cell, Source
from qa.grid.fill import cell_of
from qa.retrieval.evidence import number_quotes
from qa.schema import Document, Evidence, Span
from qa.verification.policy import Verdict
from qa.verification.verify import present

HEADER = "Quarters of 2022, unaudited, EUR million"
ROW = "Total revenue — 2022: 146.2 million euros; 2021: 131.8 million euros"


def fill(question: str, *lines: str, p: float = 0.8) -> Cell:
    document = Document("a.md", "\n".join(lines), "Report", language="en")
    starts = [document.text.index(line) for line in lines]
    spans = [Span(document.id, start, start + len(line)) for start, line in zip(starts, lines, strict=True)]
    documents = {document.id: document}
    evidence = Evidence(question, number_quotes(spans, documents))
    return cell_of(present(evidence, documents, Verdict(p, 0.3)), Source.WORDS)


def test_the_first_passage_that_is_an_answer_fills_a_cell():
    cell = fill("What was the revenue?", HEADER, ROW)
    assert cell.found
    assert cell.text == ROW
    assert [quote.text for quote in cell.quotes] == [ROW]


def test_a_passage_that_is_none_is_shown_as_the_nearest():
    cell = fill("What was the revenue?", HEADER)
    assert not cell.found
    assert not cell.text
    assert cell.reason == "no passage answers it by itself"
    assert [quote.text for quote in cell.quotes] == [HEADER]


@pytest.mark.parametrize(("p", "found"), [(0.6, True), (0.4, False)])
def test_a_passage_that_is_less_likely_an_answer_than_not_fills_none(p: float, found: bool):
    assert fill("What was the revenue?", ROW, p=p).found == found
