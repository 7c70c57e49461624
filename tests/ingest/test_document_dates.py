"""A date is one that the document states as its own, with where it was taken from; else there is none."""

import pytest

from qa.ingest.documents import parse
from tests.support import sample_files
from tests.support.sample_files import TURBINES

BODY = f"{TURBINES} It was built after the contract of 4 April 2011 and opened on 5 May 2013."
"""A text that names dates, none of which is its own."""


def dated(beginning: str, name: str = "a.txt") -> tuple[str | None, str]:
    document = parse(f"{beginning}\n\n{BODY}".encode(), name)
    return document.date, document.date_source


@pytest.mark.parametrize(
    ("beginning", "date", "source"),
    [
        ("Power for Navoi\n\nPublished: 3 May 2019", "2019-05-03", "“Published: 3 May 2019”"),
        ("Power for Navoi\nDated 3rd May 2019", "2019-05-03", "“Dated 3rd May 2019”"),
        ("Date: 2019-05-03", "2019-05-03", "“Date: 2019-05-03”"),
        ("Effective Date: May 2019", "2019-05", "“Effective Date: May 2019”"),
        ("Date of Report (Date of earliest event): July 1, 2022 (June 30, 2022)", "2022-07-01", None),
        ("For the fiscal year ended December 31, 2018", "2018-12-31", None),
        ("for the quarterly period ended June 30, 2023", "2023-06-30", None),
        ("Power for Navoi\n\nMay 3, 2019", "2019-05-03", "“May 3, 2019”"),
        ("Navoi, 3 May 2019", "2019-05-03", "“Navoi, 3 May 2019”"),
        ("Friday, May 3, 2019", "2019-05-03", None),
        ("NAVOI, Uzbekistan, May 3, 2019 – The plant opened", "2019-05-03", None),
        ("New Brunswick, N.J. (July 20, 2023) – Sales grew", "2023-07-20", None),
        ("White Paper Revision 1.1 May 2017", "2017-05", "“Revision 1.1 May 2017”"),
        ("arXiv:1706.03762v5 [cs.CL] 6 Dec 2017", "2017-12-06", None),
        ("This Lease Agreement is made as of May 3, 2019 by and between A and B", "2019-05-03", None),
        ("Last updated: 3 May 2019", "2019-05-03", None),
        ("NAVOI, May 3, 2019 – Sales grew for the 12 weeks ended March 25, 2019", "2019-05-03", None),
        ("Published: 3 May 2019\nUpdated: 4 June 2021", "2019-05-03", None),
        ("Updated: 4 June 2021\nPublished: 3 May 2019", "2019-05-03", None),
        ("Veröffentlicht am 3. Mai 2019", "2019-05-03", None),
        ("Stand: 03.05.2019", "2019-05-03", None),
        ("Publié le 3 mai 2019", "2019-05-03", None),
        ("Fecha: 3 de mayo de 2019", "2019-05-03", None),
        ("발행일 2020년 4월 2일", "2020-04-02", "“발행일 2020년 4월 2일”"),
        ("Дата: 3 мая 2019", "2019-05-03", None),
        ("Date: 23/05/2019", "2019-05-23", None),
        ("Date: 05/23/2019", "2019-05-23", None),
        ("Date: 03/05/2019", "2019", None),
        ("Date: 05/05/2019", "2019-05-05", None),
    ],
)
def test_a_text_states_its_date(beginning: str, date: str, source: str | None):
    found, words = dated(beginning)
    assert found == date
    assert words == (source or words) != ""
    assert words.strip("“”") in " ".join(beginning.split())


@pytest.mark.parametrize(
    "beginning",
    [
        "Power for Navoi",
        "Minutes of the meeting of 3 May 2019, revised by the board",
        "The fiscal year 2018",
        "The Indenture, dated as of April 28, 2016, remains in force",
        "Date: soon",
        "Date: 31 February 2019",
        "Date: 99/99/2019",
        "Published works: 12",
        "Up to date since 2019",
        "\n\n".join([BODY] * 60) + "\n\nPublished: 3 May 2019",
    ],
)
def test_a_text_that_states_no_date_of_its_own_has_none(beginning: str):
    assert dated(beginning) == (None, "")


@pytest.mark.parametrize(
    ("name", "data", "source"),
    [
        ("a.md", b"---\ndate: 2025-01-22\n---\ntext", "the front matter"),
        ("a.eml", sample_files.letter(), "the mail's header"),
        ("a.html", sample_files.page(), "the page's metadata"),
        ("a.epub", sample_files.book(), "the book's metadata"),
    ],
)
def test_a_date_that_a_file_states_for_readers_is_taken(name: str, data: bytes, source: str):
    document = parse(data, name)
    assert (document.date, document.date_source) == ("2025-01-22", source)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *(
            ("a.docx", sample_files.word()),
            ("a.pptx", sample_files.slides()),
            ("a.xlsx", sample_files.sheets()),
        ),
        *(("a.odt", sample_files.odt()), ("a.rtf", sample_files.rtf()), ("a.pdf", sample_files.columns(1))),
    ],
)
def test_when_a_file_was_made_or_saved_is_not_its_date(name: str, data: bytes):
    document = parse(data, name)
    assert (document.date, document.date_source) == (None, "")


def test_dates_in_tables_and_mails_are_not_theirs():
    assert parse(b"Date,Item\n2019-05-03,Fuel\n", "a.csv").date is None
    assert parse(b"Subject: Old\nFrom: a@example.org\n\nPublished: 3 May 2019\n", "a.eml").date is None
