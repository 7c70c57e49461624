"""A question in another language than the documents: their words are the answer, and the answer says so."""

from pathlib import Path

import pytest

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.ingest.documents import parse
from qa.pipeline import Ask, Pipeline
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.weights import FITTED
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder

LIT = "Маяк в гавани зажгли в 1887 году."
RUSSIAN = f"{LIT} Его смотрители жили в маленьком доме. Корабли многих стран видели его свет."
ENGLISH = "When was the lighthouse of the harbour lit?"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    build_index(LocalStore(tmp_path, IDENTITY), [parse(RUSSIAN.encode(), "маяк.txt")], FakeEncoder())
    return Index.open(LocalStore(tmp_path, IDENTITY))


@pytest.fixture
def retriever(index: Index) -> HybridRetriever:
    return HybridRetriever(source=index, encoder=FakeEncoder())


@pytest.mark.parametrize("draft", [LIT, "It was lit in 1887.", "The keepers lit it in 1899."])
def test_it_is_answered_with_the_documents_own_words(retriever: HybridRetriever, index: Index, draft: str):
    answer = Pipeline(retriever, index.documents, FakeChat(says=draft), 0.0).invoke(Ask(ENGLISH))
    assert answer.answered
    assert all(sentence.text in RUSSIAN for sentence in answer.sentences)
    assert answer.passages_only is (draft != LIT)
    assert "in Russian" in answer.note
    assert not answer.model_failed


def test_a_question_in_the_documents_language_has_no_remark(retriever: HybridRetriever, index: Index):
    answer = Pipeline(retriever, index.documents, FakeChat(says=LIT), 0.0).invoke(Ask("Когда зажгли маяк?"))
    assert answer.answered
    assert answer.note == ""


def test_words_that_do_not_compare_count_neither_for_an_answer_nor_against_it(
    retriever: HybridRetriever, index: Index
):
    found = retriever.retrieve(ENGLISH)
    evidence = select_quotes(found.question, found.hits, index.documents, found.language)
    assert evidence.foreign_language == "ru"
    assert set(evidence.signals) == {"cosine"}
    calibration = FITTED.quotes_only.calibration
    nearer = calibration.probability({"cosine": evidence.signals["cosine"] + 0.1})
    assert nearer > calibration.probability(evidence.signals)
