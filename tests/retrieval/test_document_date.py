"""Tests of questions for when a document was written."""

from pathlib import Path

import pytest

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from tests.support.fakes import IDENTITY, FakeEncoder, document

LEASE = document(
    "Lease of the mill\n\nDate: 3 February 2021\n\nThe lease was signed by Ada Brand. "
    "The mill was built in 1768. Rent is paid on 4 March 2022.",
    "mill-lease.docx",
    title="Lease of the mill",
    date="2021-02-03",
    language="en",
)
LETTER = document(
    "Letter\n\nDate: 5 May 2020\n\nThe lease of the mill was signed too late.",
    "letter.txt",
    title="Letter",
    date="2020-05-05",
    language="en",
)
UNDATED = document("The offer of the mill. It was sent on 7 July 2019.", "offer.txt", title="Mill offer")


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    folder: Path = tmp_path_factory.mktemp("index")
    build_index(LocalStore(folder, IDENTITY), [LEASE, LETTER, UNDATED], FakeEncoder())
    return HybridRetriever(source=Index.open(LocalStore(folder, IDENTITY)), encoder=FakeEncoder())


def first_quote(retriever: HybridRetriever, question: str) -> str:
    result = retriever.search(question)
    return select_quotes(question, result.hits, retriever.source.documents, result.language).quotes[0].text


@pytest.mark.parametrize(
    "question",
    [
        "When was the lease of the mill signed?",
        "when was the mill lease written",
        "What is the date of the lease of the mill?",
        "On what date was the lease published?",
    ],
)
def test_the_line_that_dates_a_document_comes_first(retriever: HybridRetriever, question: str):
    assert first_quote(retriever, question) == "Date: 3 February 2021"


@pytest.mark.parametrize(
    "question",
    [
        "When is the rent of the mill paid?",  # no date of the document
        "When was the lease of the barn signed?",  # another lease
        "When was the mill offer sent?",  # its date is not known
    ],
)
def test_other_questions_for_a_time_are_not_answered_by_it(retriever: HybridRetriever, question: str):
    assert not first_quote(retriever, question).startswith("Date: ")
