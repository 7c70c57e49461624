"""Tests of the main sentences of documents, for a question that asks what they are about."""

from qa.retrieval.summary import MAX_DOCUMENTS, SENTENCES, named_documents, select_main_sentences
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


def test_main_sentences_are_quotes_of_what_the_document_says_most_of():
    documents = by_id(document(RAIL))
    quotes = select_main_sentences(["a.txt"], documents, rarity)
    assert len(quotes) == SENTENCES
    assert all(quote.span.cut(documents) == quote.text for quote in quotes)
    assert "Kazakhstan" in quotes[0].text
    assert not any(quote.text in ("# Rail in Asia", "Lunch was good.") for quote in quotes)
    assert [quote.span.start for quote in quotes] == sorted(quote.span.start for quote in quotes)


def test_the_documents_that_a_question_names_are_summarised_alone():
    documents = by_id(
        document(RAIL, "rail.txt", title="Rail in Asia"), document(RAIL, "lease.txt", title="Lease")
    )
    ids = list(documents)
    assert named_documents("Summarize the lease", documents, ids) == ["lease.txt"]
    assert named_documents("Summarize these documents", documents, ids) == ids


def test_a_large_folder_gives_the_sentences_of_a_few_documents():
    documents = by_id(*(document(RAIL, f"{i}.txt") for i in range(2 * MAX_DOCUMENTS)))
    quotes = select_main_sentences(list(documents), documents, rarity)
    assert len({quote.span.doc_id for quote in quotes}) <= MAX_DOCUMENTS


def test_a_document_without_sentences_has_none():
    assert select_main_sentences(["a.txt"], by_id(document("Title")), rarity) == ()
