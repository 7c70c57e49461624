"""Tests of questions that call a document, such as a contract, by its name."""

from pathlib import Path

import pytest

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Document
from tests.support.fakes import IDENTITY, FakeEncoder, document

SERVICES = document(
    "Each party agrees to this Agreement. The governing law is set out on the cover page.",
    "services.md",
    title="Cloud Services Agreement",
    language="en",
)
LEASE = document(
    "This lease is governed by the law of Ohio, which governs every dispute.",
    "lease.md",
    title="Lease of the mill",
    language="en",
)
ORDER = document(
    "Under the Cloud Services Agreement the law of Iowa governs this order.",
    "order.md",
    title="Order 12",
    language="en",
)
HOCKEY = document(
    "Field hockey is a game. The law of the game says eleven play.",
    "hockey.md",
    title="Field hockey",
    language="en",
)


def over(folder: Path, *documents: Document) -> HybridRetriever:
    """A retriever over an index of ``documents`` in ``folder``."""
    build_index(LocalStore(folder, IDENTITY), list(documents), FakeEncoder())
    return HybridRetriever(source=Index.open(LocalStore(folder, IDENTITY)), encoder=FakeEncoder())


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    return over(tmp_path_factory.mktemp("index"), SERVICES, LEASE, ORDER, HOCKEY)


def quotable(retriever: HybridRetriever, question: str) -> set[str]:
    return {hit.passage.span.doc_id for hit in retriever.search(question).hits if not hit.is_background}


def quoted(retriever: HybridRetriever, question: str) -> set[str]:
    result = retriever.search(question)
    quotes = select_quotes(question, result.hits, retriever.source.documents, result.language).quotes
    return {quote.span.doc_id for quote in quotes}


@pytest.mark.parametrize(
    "question",
    [
        "which law governs the cloud services agreement",
        "Which law governs the Cloud Services Agreement?",
        "which law governs the services agreement",
        "which law governs cloud service agreements",
    ],
)
def test_a_contract_that_is_named_is_not_answered_by_another(retriever: HybridRetriever, question: str):
    assert "lease.md" not in quotable(retriever, question)
    assert "services.md" in quotable(retriever, question)


def test_a_document_of_the_same_name_stays_though_it_does_not_call_itself_so(tmp_path: Path):
    annex = document("The law of Maine governs.", "annex.md", title="Cloud Services Agreement", language="en")
    opened = over(tmp_path, SERVICES, LEASE, annex)
    assert quotable(opened, "which law governs cloud service agreements") == {"services.md", "annex.md"}


def test_what_speaks_of_the_contract_stays(retriever: HybridRetriever):
    assert "order.md" in quotable(retriever, "which law governs the cloud services agreement")


@pytest.mark.parametrize(
    "question",
    [
        "which law governs the lease",
        "which law governs the services",
        "compare the law that governs the lease with that of the cloud services agreement",
        "which law has field hockey",
    ],
)
def test_other_questions_are_asked_of_every_document(retriever: HybridRetriever, question: str):
    assert {"lease.md", "services.md", "order.md", "hockey.md"} == quotable(retriever, question)


@pytest.mark.parametrize("character", [" ", "_", "a", "7", "-"])
def test_long_runs_of_a_character_take_no_time(character: str, tmp_path: Path):
    long = document(
        f"This {character * 20_000} agreement.", "long.md", title="Mill Sale Agreement", language="en"
    )
    opened = over(tmp_path, long, LEASE)
    assert quotable(opened, "which law governs the mill sale agreement")


REPORT = document("Ida Brand is the chief executive.", "report.md", title="Annual report", language="en")
NEWS = document(
    "In Oslo the trains of Alstom are liked, said its manager.", "news.md", title="Trains", language="en"
)
PART = document("The chief executive is Ada Lund.", "news-2.md", title="Trains", language="en")
LETTRE = document("Le directeur est Ada Lund, executive.", "lettre.md", title="Lettre", language="fr")


@pytest.mark.parametrize(
    "question", ["Who is the chief executive of Alstom?", "who is the chief executive of alstom"]
)
def test_a_document_without_the_name_does_not_say_who_leads_it(tmp_path: Path, question: str):
    opened = over(tmp_path, REPORT, NEWS, PART, LETTRE)
    assert quotable(opened, question) == {"news.md", "news-2.md", "lettre.md"}
    assert "news-2.md" in quoted(opened, question)
    assert "report.md" not in quoted(opened, question)
    assert "report.md" in quotable(opened, "Who is the chief executive?")
    assert "report.md" in quotable(opened, "Who is the chief executive of Siemens?")  # nobody names Siemens


UNIT = document(
    "Lease of Unit 7. The parties are named above. The rent is 900 pounds.", "lease-7.md", language="en"
)
RENTS = document("Rents of the unit fell in 2023, to 7 pounds.", "rents.md", title="Review", language="en")


@pytest.mark.parametrize("question", ["What is the rent of Unit 7?", "what is the rent of unit 7"])
def test_a_name_is_one_with_its_number(tmp_path: Path, question: str):
    opened = over(tmp_path, UNIT, RENTS)
    assert quotable(opened, question) == {"lease-7.md"}
    assert "rents.md" in quotable(opened, "What is the rent of Unit 8?")  # nobody names Unit 8
    assert "rents.md" in quotable(opened, "What was the rent of the unit in May 7?")  # the seventh of May


@pytest.mark.parametrize("question", ["What mass does the C-3PO have?", "What is the mass of the KX-7B?"])
def test_a_code_that_ends_in_letters_is_found_whole(tmp_path: Path, question: str):
    parts = document(
        "The C-3PO has a mass of 75. The KX-7B has one of 80.", "parts.md", title="Parts", language="en"
    )
    polish = document(
        "The mass of the population is polite. It is at C 3.", "polish.md", title="Polish", language="en"
    )
    opened = over(tmp_path, parts, polish)
    assert "parts.md" in quotable(opened, question)


def test_the_number_of_a_figure_in_a_text_makes_no_name_of_the_word(tmp_path: Path):
    servers = document("The servers in closets are 1,689.", "servers.md", title="Servers", language="en")
    study = document("The servers are as in Figure 1.5.", "study.md", title="Study", language="en")
    opened = over(tmp_path, servers, study)
    assert "servers.md" in quotable(opened, "what figure is given for servers in closets")


def test_a_place_is_looked_for_where_the_name_is(tmp_path: Path):
    review = document(
        "1. Scope\n\nRents are reviewed.\n\n2. Rent\n\nThe rent of the unit is 7 pounds.\n",
        "review.md",
        title="Review",
        language="en",
    )
    opened = over(tmp_path, NEWS, review)
    assert quotable(opened, "What does clause 2 say about the rent?") == {"review.md"}
    assert quotable(opened, "What does clause 2 say about the trains of Alstom?") == {"news.md"}


def test_an_ordinary_word_is_no_name_though_the_other_texts_have_it_in_names_alone(tmp_path: Path):
    servers = document(
        "Power of servers in closets: 1,296 kWh.", "servers.md", title="Servers", language="en"
    )
    claims = document(
        "We work with the Department of Energy on servers.", "claims.md", title="Claims", language="en"
    )
    opened = over(tmp_path, servers, claims)
    assert "servers.md" in quotable(opened, "what energy do servers in closets use")
