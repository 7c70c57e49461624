"""A title is what a reader would call the document."""

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.documents import parse
from qa.ingest.titles import MAX_CHARS, choose_title
from tests.support import sample_files
from tests.support.fakes import TEXTS
from tests.support.sample_files import TURBINES

BODY = f"{TURBINES} Each of them works on gas from the field."


def titled(known: str, heading: str = "", text: str = f"{BODY}\n\n{BODY}", name: str = "a.pdf") -> str:
    return choose_title(known, heading, text, name, trusted=False, prose=True)


@pytest.mark.parametrize(
    "made_up",
    [
        *(
            "",
            "untitled",
            "Untitled Document",
            "Unbenannt 1",
            "(anonymous)",
            "Document1",
            "Dokument 2",
            "Slide 1",
        ),
        *("PowerPoint Presentation", "PowerPoint-Präsentation", "Présentation PowerPoint", "Presentation 3"),
        *(
            "Microsoft Word - draft3.doc",
            "Microsoft PowerPoint - final_v2.ppt",
            "New Microsoft Word Document",
        ),
        *(
            "report.docx",
            "Q3_report_final",
            "SampleContract-Shuttle",
            "20190503",
            "2019-05-03",
            "12",
            "C:\\a\\b.txt",
        ),
        *(
            "Click to edit Master title style",
            "Paper Title (use style: paper title)",
            "[Document title]",
            "title",
        ),
        *("http://example.org/a", "about:blank", "Bericht\ufffd\ufffd", "plant report"),
    ],
)
def test_a_title_that_nobody_chose_is_passed_over(made_up: str):
    assert titled(made_up, "Power for Navoi", name="folder/plant-report.pdf") == "Power for Navoi"


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Duck - Wikipedia",
            "10-K - 02/07/2019 - 3M Company",
            "5-Level Paging",
            "Power",
            "1984",
            "发电厂",
            "Slide rules",
        ),
        *("Document management in Navoi", "The title page", "Presentation of the plant"),
    ],
)
def test_a_title_that_somebody_chose_is_kept(title: str):
    kept = title if title != "1984" else "Heading"  # only figures: more often the number of a file
    assert titled(title, "Heading") == kept


def test_a_printer_driver_is_no_part_of_a_title():
    assert titled("Microsoft Word - Power for Navoi") == "Power for Navoi"


@pytest.mark.parametrize(
    ("beginning", "title"),
    [
        ("Power for Navoi", "Power for Navoi"),
        ("May 5, 2023\n\nPower for Navoi", "Power for Navoi"),
        ("May 5, 2023\nTo whom it may concern:", "To whom it may concern:"),
        ("FOR IMMEDIATE RELEASE\n\nPower for Navoi", "Power for Navoi"),
        ("Power for the whole of Navoi 9", "Power for the whole of Navoi"),
        ("Sample Agreement — page 1", "Sample Agreement"),
        ("CHAPTER 1", "CHAPTER 1"),
        ("Power, gas and\n\nwater in the region of\n\nNavoi", "Power, gas and water in the region of Navoi"),
        ("The Hideous Name †", "The Hideous Name"),
        (f"{BODY}\n\nPower for Navoi", "plant"),  # the text has begun
        ("• One point\n\nPower for Navoi", "plant"),
        ("a | b\n\nc | d", "plant"),
        ("www.example.org\n\ninfo@example.org", "plant"),
    ],
)
def test_the_first_line_of_a_text_may_be_its_title(beginning: str, title: str):
    assert titled("untitled", text=f"{beginning}\n\n{BODY}", name="plant.pdf") == title


def test_a_running_head_wins_over_the_heading_of_a_part():
    text = f"Sample Agreement — page 1\n\nPART I - DEFINITIONS\n\n{BODY}"
    assert titled("", "PART I - DEFINITIONS", text) == "Sample Agreement"
    assert titled("", "PART I - DEFINITIONS") == "PART I - DEFINITIONS"


def test_a_company_is_not_the_title_of_its_report():
    text = f"UNITED STATES\n\nFORM 10-K\n\nTHE TURBINE COMPANY\n\n{BODY}"
    assert titled("", "THE TURBINE COMPANY", text) == "THE TURBINE COMPANY, FORM 10-K"


def test_a_report_is_named_after_the_company_that_its_cover_names():
    cover = "UNITED STATES\n\nFORM 10-Q\n\nWindmill Games, Inc.\n(Exact name of registrant as in its charter)"
    assert titled("", "UNITED STATES", f"{cover}\n\n{BODY}") == "Windmill Games, Inc., FORM 10-Q"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a/power_for-navoi.pdf", "power for navoi"),
        ("2019-05-03 minutes.pdf", "2019-05-03 minutes"),
        ("__.pdf", "__"),
        ("report.pdf", "report"),
    ],
)
def test_without_any_title_the_name_of_the_file_is_readable(name: str, title: str):
    assert titled("untitled", name=name) == title


def test_the_name_of_a_file_that_was_given_as_title_is_better_than_one_of_figures():
    assert titled("Erlkönig.pages", name="scan-0001.pdf") == "Erlkönig"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"---\ntitle: 2025\n---\n# Power\ntext", "a.md"),
        (b"Subject: 2025\nFrom: a@example.org\n\ntext", "a.eml"),
    ],
)
def test_a_title_that_is_written_for_readers_is_kept_whatever_it_is(data: bytes, name: str):
    assert parse(data, name).title == "2025"


def test_files_with_titles_of_programs_are_called_by_their_headings():
    document = docx.Document()
    document.core_properties.title = "Microsoft Word - draft3.doc"
    document.add_paragraph("Power for Navoi")
    document.add_paragraph(BODY)
    assert parse(sample_files._saved(document), "draft3.docx").title == "Power for Navoi"
    page = f"<title>Untitled Document</title><h1>Power for Navoi</h1><p>{BODY}".encode()
    assert parse(page, "index.html").title == "Power for Navoi"


@given(known=TEXTS, heading=TEXTS, text=TEXTS, trusted=st.booleans(), prose=st.booleans())
def test_every_document_has_a_title_on_one_line(
    known: str, heading: str, text: str, trusted: bool, prose: bool
):
    title = choose_title(known, heading, text, "folder/a.txt", trusted=trusted, prose=prose)
    assert title == " ".join(title.split())
    assert title or known or heading
    assert trusted or len(title) <= 2 * MAX_CHARS


def test_a_title_without_end_takes_no_time():
    assert titled("a " * 1_000_000, "b " * 1_000_000, "c " * 1_000_000).startswith("b b")
