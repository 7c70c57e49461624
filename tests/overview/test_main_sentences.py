"""Tests of the main sentences of documents, for a question that asks what they are about."""

from collections.abc import Mapping

from qa.overview.main_sentences import (
    MOST_SENTENCES,
    SENTENCES,
    central_sentences,
    named_documents,
    select_main_sentences,
)
from qa.schema import Document, Span
from tests.support.fakes import by_id, document

RAIL = (
    "# Rail in Asia\n\nAlstom builds electric locomotives for the railways of Kazakhstan in a plant at "
    "Astana. Lunch was good. The railways of Kazakhstan will buy more electric locomotives that Alstom "
    "builds at Astana. "
    "The weather in the week of the visit to the plant was mild, people said at dinner on the roof. "
    "Electric locomotives need new lines, and Kazakhstan will build railways for them until the end of 2030."
)


def rarity(term: str) -> float:
    return 1.0


def main_sentences(documents: Mapping[str, Document]) -> list[Span]:
    return select_main_sentences([central_sentences(each, rarity) for each in documents.values()], rarity)


def test_main_sentences_are_quotes_of_what_the_document_says_most_of():
    documents = by_id(document(RAIL))
    spans = main_sentences(documents)
    said = [span.cut(documents) for span in spans]
    assert len(spans) == SENTENCES
    assert "Kazakhstan" in said[0]
    assert not any(each in ("# Rail in Asia", "Lunch was good.") for each in said)
    assert [span.start for span in spans] == sorted(span.start for span in spans)


def test_the_documents_that_a_question_names_are_summarised_alone():
    documents = by_id(
        document(RAIL, "rail.txt", title="Rail in Asia"), document(RAIL, "lease.txt", title="Lease")
    )
    ids = list(documents)
    assert named_documents("Summarize the lease", documents, ids) == ["lease.txt"]
    assert named_documents("Summarize these documents", documents, ids) == ids


def test_a_large_folder_gives_few_sentences_of_what_most_of_it_is_about():
    other = "The cafe of the museum serves tea and small cakes with cream to its many visitors."
    documents = by_id(document(other, "z.txt"), *(document(RAIL, f"{i}.txt") for i in range(30)))
    spans = main_sentences(documents)
    said = [span.cut(documents) for span in spans]
    assert 0 < len(said) <= MOST_SENTENCES
    assert "Kazakhstan" in " ".join(said)
    assert len(set(said)) == len(said), "what copies of a document say is said once"


def test_a_document_without_sentences_has_none():
    assert main_sentences(by_id(document("Title"))) == []


def test_a_document_is_named_by_its_file_too():
    documents = by_id(
        document(RAIL, "windmill-page.pdf", title="The east"), document(RAIL, "lease.txt", title="Lease")
    )
    assert named_documents("Summarize the windmill page", documents, list(documents)) == ["windmill-page.pdf"]
