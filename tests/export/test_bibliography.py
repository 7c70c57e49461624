"""The documents that answers cite arrive whole in other programs' lists of references."""

import io
import json
import warnings

import bibtexparser
import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source import BibliographySource
from citeproc.source.bibtex import BibTeX
from citeproc.source.json import CiteProcJSON

from qa.errors import UserError
from qa.export.bibliography import bibtex, cited_documents, csl_json, ris
from qa.schema import Document, Span
from tests.export.test_export import answered, refusal
from tests.support.fakes import by_id, document

REPORT = Document(
    "reports/größe & wert_1.pdf",
    "Four turbines.",
    "50% of A & B_1: Größe\nund Wert",
    date="2023-10-23",
    author="Ada Lovelace; Fernando José",
    publisher="NASA",
    place="Baku",
    language="de",
)
UNDATED = document("It opened.", "b/größe & wert_1.txt", title="Москва")
MONTH = document("It opened again.", "c/ж.md", title="A month {sic}", date="2023-10")


def harvard(source: BibliographySource) -> list[str]:
    """The list of references that a processor of the Citation Style Language makes."""
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for key in source:
        bibliography.register(Citation([CitationItem(key)]))
    return [str(each) for each in bibliography.bibliography()]


def test_the_cited_documents_are_each_named_once_in_the_order_of_their_quotes():
    documents = by_id(REPORT, UNDATED, MONTH)
    twice = answered(documents, Span(MONTH.id, 0, 2), Span(MONTH.id, 3, 9), Span(REPORT.id, 0, 4))
    again = answered(documents, Span(REPORT.id, 5, 13))
    assert cited_documents([twice, again], documents) == [MONTH, REPORT]


def test_passages_beside_a_refusal_are_not_cited():
    documents = by_id(REPORT)
    with pytest.raises(UserError, match="No answer cites a document"):
        cited_documents([refusal(documents, Span(REPORT.id, 0, 4))], documents)


def test_csl_json_is_read_by_a_citation_processor():
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a field that CSL does not know is a warning
        source = CiteProcJSON(json.loads(csl_json([REPORT, UNDATED])))
    first, second = harvard(source)
    assert first == "Ada Lovelace and Fernando José (2023) “50% of A & B_1: Größe und Wert”. Baku: NASA."
    assert "Москва" in second
    assert json.loads(csl_json([MONTH]))[0]["issued"] == {"date-parts": [[2023, 10]]}


@pytest.mark.filterwarnings("ignore:Unsupported BibTeX field")  # date, language and file
def test_bibtex_is_read_by_another_program():
    first, second = harvard(BibTeX(io.StringIO(bibtex([REPORT, UNDATED]))))
    assert "50% of A & B_1: Größe und Wert" in first
    assert "2023" in first
    assert "Москва" in second


def test_bibtex_keeps_a_document_apart_whose_title_has_braces_and_whose_name_is_taken():
    read = bibtexparser.parse_string(bibtex([REPORT, UNDATED, MONTH]))
    assert not read.failed_blocks
    assert [entry.key for entry in read.entries] == ["groe-wert-1", "groe-wert-1-2", "document"]
    assert read.entries[0]["author"] == "{Ada Lovelace} and {Fernando José}"
    assert (read.entries[0]["date"], read.entries[0]["language"]) == ("2023-10-23", "de")
    assert read.entries[2]["title"] == r"{A month \textbraceleft sic\textbraceright }"


def test_ris_has_what_is_known_and_nothing_else():
    text = ris([REPORT, UNDATED, MONTH])
    assert text.startswith("TY  - GEN\n")
    first, second, third = rispy.loads(text)
    assert first == {
        "type_of_reference": "GEN",
        "title": "50% of A & B_1: Größe und Wert",
        "authors": ["Ada Lovelace", "Fernando José"],
        "year": "2023",
        "date": "2023/10/23/",
        "publisher": "NASA",
        "place_published": "Baku",
        "language": "de",
        "file_attachments1": "reports/größe & wert_1.pdf",
    }
    assert second == {
        "type_of_reference": "GEN",
        "title": "Москва",
        "file_attachments1": "b/größe & wert_1.txt",
    }
    assert third["date"] == "2023/10//"
