from dataclasses import replace

import pytest

from qa.query.place import AskedPlace, find_asked_place, spans_of
from qa.schema import Document, Place, Span
from tests.support.fakes import document

CONTRACT = document(
    "14. Term\n\nIt lasts two years.\n\n15. Governing law\n\n15.1 The law of Delaware governs.\n\n"
    "15.2 Courts there decide.\n\n16. Notices\n\n15 people signed."
)
PAGES = replace(document("One.\n\nTwo.\n\nThree."), places=(Place(0, "page 1"), Place(6, "page 2")))


def cut(place: AskedPlace, found: Document) -> list[str]:
    return [found.text[span.start : span.end].strip() for span in spans_of(place, found)]


@pytest.mark.parametrize(
    ("question", "kind", "number"),
    [
        ("What does clause 15.1 say?", "clause", "15.1"),
        ("who is named on page 7?", "page", "7"),
        ("What is said in section 4a about rent?", "section", "4a"),
        ("What is on slide 12", "slide", "12"),
        ("What does § 15 say?", "§", "15"),
    ],
)
def test_a_place_that_a_question_names_is_found(question: str, kind: str, number: str):
    assert find_asked_place(question) == AskedPlace(kind, number)


@pytest.mark.parametrize(
    "question", ["How many pages has it?", "What is 15 % of it?", "Which page?", "When did part of it end?"]
)
def test_other_questions_name_no_place(question: str):
    assert find_asked_place(question) is None


def test_a_clause_holds_its_subclauses_and_ends_where_the_next_begins():
    (text,) = cut(AskedPlace("clause", "15"), CONTRACT)
    assert text.startswith("15. Governing law")
    assert text.endswith("Courts there decide.")
    assert cut(AskedPlace("clause", "15.1"), CONTRACT) == ["15.1 The law of Delaware governs."]


def test_a_page_is_what_the_reader_called_so():
    assert cut(AskedPlace("page", "2"), PAGES) == ["Two.\n\nThree."]
    assert spans_of(AskedPlace("page", "3"), PAGES) == []
    assert spans_of(AskedPlace("page", "1"), CONTRACT) == []
    assert spans_of(AskedPlace("page", "1"), PAGES) == [Span(PAGES.id, 0, 6)]
