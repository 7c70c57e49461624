"""All rows of a table with the cell that a question asks for are its answer."""

import pytest

from qa.figures.named_rows import find_named_rows
from qa.ingest.documents import parse
from qa.retrieval.evidence import number_quotes
from qa.schema import Span

STAFF = """# Staff of the Tessem office

Name: Ada Brand; Profession: lawyer; Town: Carrow
Name: Ben Holt; Profession: clerk; Town: Carrow
Name: Cleo Dahl; Profession: lawyer; Town: Lunde
Name: Dan Ek; Profession: Lawyer; Town: Tessem
Name: Eve Falk; Profession: tax lawyer; Town: Tessem
"""


def rows(question: str, text: str = STAFF, first: int = 1) -> tuple[list[str], int]:
    """The names of the rows that are found from the ``first`` line alone, and how many more there are."""
    document = parse(text.encode(), "staff.md")
    start = document.text.index(document.text.split("\n\n")[-1].splitlines()[first - 1])
    end = document.text.find("\n", start)
    quotes = number_quotes([Span(document.id, start, end)], {document.id: document})
    found = find_named_rows(question, quotes, {document.id: document})
    return ([q.text.partition(";")[0][6:] for q in found.quotes], found.more) if found else ([], 0)


@pytest.mark.parametrize("question", ["list the lawyers", "Which lawyers are in the Tessem office?"])
def test_every_row_with_the_cell_is_found(question: str):
    assert rows(question) == (["Ada Brand", "Cleo Dahl", "Dan Ek"], 0)


@pytest.mark.parametrize(
    "question",
    [
        "list the lawyers of Carrow",
        "list the staff who are not lawyers",
        "list the judges",
        "Who is a lawyer?",
        "compare the lawyers and the clerks",
    ],
)
def test_where_more_or_other_is_asked_no_rows_are_taken(question: str):
    assert rows(question) == ([], 0)


def test_the_only_row_of_its_kind_is_no_list():
    assert rows("list the clerks", first=2) == ([], 0)


def test_what_does_not_fit_is_counted():
    many = "# Staff\n\n" + "\n".join(
        f"Name: Ada {i}; Profession: lawyer; Town: {'x' * 90}" for i in range(40)
    )
    shown, more = rows("list the lawyers", many)
    assert shown
    assert len(shown) + more == 40
    assert more
