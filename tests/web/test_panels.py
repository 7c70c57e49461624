"""What the lists and forms of the page say, in the singular and in the plural."""

import datetime
from typing import Any

import pytest

from qa.ingest.base import Failure
from qa.ingest.left_out import LeftOut
from qa.schema import QueuePosition, Span
from qa.uploads.limits import Limits
from qa.uploads.listing import DocumentRow, DocumentState
from qa.web.ui import frames, panels
from qa.web.ui.document_list_html import documents_html
from qa.web.ui.document_view import PAGE_ROWS, ListView, SortOrder, find
from qa.web.ui.session import SearchScope
from tests.support.fakes import check, html_text

LIMITS = Limits()
EVERYTHING = SearchScope()
SINCE_2024 = SearchScope(since=datetime.date(2024, 1, 1))
ANSWER = check("The plant has four turbines [1].", "The plant has four turbines.", question="How many?")


def shown(
    rows: list[DocumentRow], scope: SearchScope = EVERYTHING, *, shared: bool = False, message: str = ""
) -> str:
    return html_text(documents_html(rows, scope, LIMITS, shared=shared, lasts=False, message=message))


def row(name: str, date: str | None = None, *, size: int = 2) -> DocumentRow:
    return DocumentRow(name, name, date, size, size)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("a", "2024")], "1 of 1 document is from this period."),
        ([row("a"), row("b", "2024")], "1 of 2 documents is from this period; 1 without a date is left out."),
        (
            [row("a"), row("b"), row("c", "2024"), row("d", "2025")],
            "2 of 4 documents are from this period; 2 without a date are left out.",
        ),
        ([row("a", "2023")], "0 of 1 document are from this period."),
    ],
)
def test_the_period_is_told_with_what_it_leaves_out(rows: list[DocumentRow], said: str):
    assert said in shown(rows, SINCE_2024)


def test_a_period_that_ends_before_it_begins_is_told_and_counts_nothing():
    scope = SearchScope(since=datetime.date(2024, 1, 2), until=datetime.date(2024, 1, 1))
    assert scope.error
    assert scope.error in shown([row("a", "2024")], scope)
    assert "from this period" not in shown([row("a", "2024")], scope)


def test_the_list_says_what_questions_search():
    assert "Questions search all documents" in shown([row("a")])
    for scope in (SINCE_2024, SearchScope(frozenset({"a"}))):
        assert "Questions search this selection only" in shown([row("a")], scope)


def test_sizes_are_counted():
    assert "1 character · 1 passage" in shown([row("a", size=1)])
    assert "2,000 characters · 2,000 passages" in shown([row("a", size=2_000)])


def test_a_document_that_is_not_there_yet_has_its_state():
    rows = [
        DocumentRow(f"{state}", "a", state=state) for state in (DocumentState.WAITING, DocumentState.READING)
    ]
    rows.append(DocumentRow("c", "c", state=DocumentState.FAILED, reason="it is empty"))
    text = shown(rows)
    for said in ("Waiting", "Reading …", "Not added: it is empty"):
        assert said in text


def test_what_is_left_out_is_listed_by_reason():
    groups = [LeftOut("pictures are not read", ("<a>.png", "b.png")), LeftOut("it is damaged", ("c.pdf",))]
    html = documents_html([row("a")], EVERYTHING, LIMITS, shared=False, lasts=False, left_out=groups)
    text = html_text(html)
    assert "Left out: 3 files" in text
    assert "2 files: pictures are not read" in text
    assert "<a>.png, b.png" in text
    assert "1 file: it is damaged" in text
    assert "Left out" not in shown([row("a")])


def view(rows: list[DocumentRow], **chosen: Any) -> str:
    view = ListView(**chosen)
    html = documents_html(rows, EVERYTHING, LIMITS, shared=False, lasts=False, view=view)
    return html_text(html)


def test_a_long_list_is_shown_in_pages():
    rows = [row(f"{i:03}.txt") for i in range(PAGE_ROWS + 1)]
    assert f"1 to {PAGE_ROWS} of {PAGE_ROWS + 1} documents" in view(rows)
    assert "100.txt" in view(rows, page=2)
    assert "100.txt" not in view(rows)
    assert "Page 2 of 2" in view(rows, page=99)
    assert "Page" not in view(rows[:PAGE_ROWS])


def test_a_search_finds_titles_names_and_folders_whatever_their_accents():
    rows = [row("Zürich/plan.md"), row("berlin/plan.md"), row("berlin/notes.txt")]
    assert "1 document found" in view(rows, search="zurich PLAN")
    assert "2 documents found" in view(rows, folder="berlin")
    assert "Nothing found for “oslo” in the folder berlin." in view(rows, search="oslo", folder="berlin")
    assert "Select all 2 found" in view(rows, search="plan")
    assert "Select all" not in view(rows)


def test_the_list_is_sorted_as_chosen():
    rows = [row("b/1.txt", "2024"), row("a/2.txt"), row("a/3.txt", "2023")]

    def order(sort: SortOrder) -> list[str]:
        return [each.id for each in find(rows, ListView(sort=sort)).rows]

    assert order(SortOrder.FOLDER) == order(SortOrder.TITLE) == ["a/2.txt", "a/3.txt", "b/1.txt"]
    assert order(SortOrder.DATE) == ["a/3.txt", "b/1.txt", "a/2.txt"]
    assert order(SortOrder.NEWEST) == ["b/1.txt", "a/3.txt", "a/2.txt"]


def test_what_became_of_an_upload_is_told():
    text = html_text(panels.report_html(["<Lights>"], [Failure("photo.gif", "it is a picture")]))
    assert "1 document was added: <Lights>." in text
    assert "1 file was not added:photo.gif: it is a picture" in text
    assert panels.report_html((), ()) == ""


def test_the_limits_and_the_owners_are_told():
    private, shared = shown([]), shown([], shared=True)
    for text in (private, shared):
        assert f"up to {LIMITS.files} files" in text
        assert "each up to 50 MB" in text
        assert "20 MB of text" in text
    without_files = documents_html([], EVERYTHING, LIMITS, shared=True, lasts=True, keeps_originals=False)
    assert "Only their text is kept, not the files" in without_files
    assert "files are kept with their text" in private
    assert "Only you can see them" in private
    assert "Everyone who uses this page can see and remove them" in shared


@pytest.mark.parametrize(
    ("exchanges", "said"),
    [
        (1, "Asking it replaces its answer."),
        (2, "Asking it replaces its answer and removes the question after it."),
        (3, "Asking it replaces its answer and removes the 2 questions after it."),
    ],
)
def test_editing_says_what_asking_will_replace(exchanges: int, said: str):
    assert said in html_text(panels.editing_html(0, exchanges))


@pytest.mark.parametrize(("ahead", "said"), [(1, "1 {} is ahead of yours"), (2, "2 {}s are ahead of yours")])
def test_a_place_in_the_queue_is_told(ahead: int, said: str):
    assert said.format("upload") in panels.upload_queue_text(ahead)
    assert said.format("question") in frames.waiting_text(QueuePosition(ahead))


def test_the_form_of_a_test_offers_the_selected_text_first():
    form = html_text(panels.form_html(1, ANSWER, Span("a.txt", 0, 3), "The"))
    places = ["The selected text answers it: “The”", "Quote 1 answers it", "The documents do not answer it"]
    assert [form.index(each) for each in places] == sorted(form.index(each) for each in places)


def test_nothing_to_export_shows_nothing():
    assert panels.export_html([], 0) == ""
    assert "Tests" not in html_text(panels.export_html([ANSWER], 0))
    assert "Tests (1,200)" in html_text(panels.export_html([], 1_200))
