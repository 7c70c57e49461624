"""A citation says where in its document it stands, wherever it is shown."""

from dataclasses import replace

import pytest

from qa.export.evidence_sheet import evidence_sheet
from qa.export.json import answer_record, search_record
from qa.export.markdown import answer_markdown
from qa.export.sheet_checker import check_sheet
from qa.export.text import plain_text
from qa.retrieval.evidence import number_quotes
from qa.schema import Answer, Document, Hit, Passage, Place, Quote, RetrievalResult, Sentence, Span
from qa.web.ui import answer_html, quotes_html
from tests.support.fakes import by_id, document, html_text

TEXT = "Preface.\n\nThe plant has four turbines."
PLANT = Span("a.txt", 10, len(TEXT))


def report(label: str = "page 2") -> Document:
    return replace(document(TEXT), places=(Place(0, "page 1"), Place(10, label)))


def cited(label: str = "page 2") -> tuple[Quote, ...]:
    return number_quotes([PLANT], by_id(report(label)))


def answer(label: str = "page 2") -> Answer:
    return Answer("How many?", "How many?", (Sentence("Four.", (1,)),), cited(label), (), 0.9, 0.5)


def test_a_card_says_the_place():
    assert "page 2" in html_text(quotes_html.quotes_html(cited()))


def test_pointing_at_a_citation_says_the_place():
    assert 'data-source="A title, page 2"' in answer_html.answer_html(answer())


@pytest.mark.parametrize("written", [answer_markdown(answer()), plain_text(answer())])
def test_an_answer_taken_away_says_the_place(written: str):
    assert "A title, page 2, a.txt" in written


def test_json_says_the_place():
    assert answer_record(answer())["quotes"][0]["place"] == "page 2"
    found = search_record(RetrievalResult("plant", (Hit(Passage(PLANT, (PLANT,)), 1.0),)), by_id(report()))
    assert found["results"][0]["place"] == "page 2"


def test_an_evidence_sheet_says_the_place_and_is_checked_for_it():
    sheet = evidence_sheet("Plants", [answer()], by_id(report()), None)
    assert "page 2" in html_text(sheet)
    assert check_sheet(sheet, by_id(report())) == []
    (fault,) = check_sheet(sheet, by_id(report("page 3")))
    assert "at “page 3” in a.txt, not at “page 2”" in str(fault)


def test_a_place_never_becomes_markup():
    label = "<img src=x onerror=alert(1)> *bold* \"'"
    assert "<img" not in quotes_html.quotes_html(cited(label)) + answer_html.answer_html(answer(label))
    assert "\\*bold\\*" in answer_markdown(answer(label))
