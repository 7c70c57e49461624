"""A question in another language than the documents: it is answered in its own, the quotes stay in theirs,
and the answer says so.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.export.json import answer_record
from qa.export.text import plain_text
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.ingest.documents import parse
from qa.pipeline import Ask, Pipeline
from qa.retrieval.evidence import select_quotes
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer
from qa.weights import WEIGHTS
from tests.support.fakes import IDENTITY, FakeChat, FakeEncoder

LIT = "Маяк в гавани зажгли в 1887 году."
RUSSIAN = f"{LIT} Его смотрители жили в маленьком доме. Корабли многих стран видели его свет."
ENGLISH = "When was the lighthouse of the harbour lit?"
TRANSLATED = "The lighthouse of the harbour was lit in 1887."


@pytest.fixture
def index(tmp_path: Path) -> Index:
    build_index(LocalStore(tmp_path, IDENTITY), [parse(RUSSIAN.encode(), "маяк.txt")], FakeEncoder())
    return Index.open(LocalStore(tmp_path, IDENTITY))


@pytest.fixture
def retriever(index: Index) -> HybridRetriever:
    return HybridRetriever(source=index, encoder=FakeEncoder())


@pytest.fixture
def ask(retriever: HybridRetriever, index: Index) -> Callable[..., Answer]:
    def ask(model: FakeChat | None, question: str = ENGLISH, *, word_for_word: bool = False) -> Answer:
        pipeline = Pipeline(retriever, index.documents, model, 0.0, word_for_word=word_for_word)
        return pipeline.invoke(Ask(question))

    return ask


def test_the_answer_is_in_the_questions_language_and_its_quotes_in_the_documents(ask: Callable[..., Answer]):
    answer = ask(FakeChat(says=TRANSLATED))
    assert answer.text == f"{TRANSLATED} [1]"
    assert all(quote.text in RUSSIAN for quote in answer.quotes)
    assert answer.note.startswith("The quotes are in Russian; the answer is in English.")
    (sentence,) = answer.sentences
    assert sentence.support
    assert [TRANSLATED[start:end] for start, end in sentence.unquoted] == [
        "The lighthouse of the harbour was lit in"
    ]


def test_the_model_is_asked_to_write_in_the_questions_language(ask: Callable[..., Answer]):
    model = FakeChat(says=TRANSLATED)
    ask(model)
    assert "in English" in model.prompts[-2]
    assert TRANSLATED in model.prompts[-1], "the last prompt asks whether the quotes support the sentence"


def test_a_short_answer_stays_in_the_documents_words_beside_the_translation(ask: Callable[..., Answer]):
    answer = ask(FakeChat(says=TRANSLATED, short="в 1887 году"))
    assert answer.short
    assert answer.short.text == "в 1887 году"
    assert [sentence.text for sentence in answer.sentences] == [TRANSLATED]


def test_exports_say_that_a_sentence_is_a_translation(ask: Callable[..., Answer]):
    answer = ask(FakeChat(says=TRANSLATED))
    assert answer_record(answer)["sentences"][0]["translated"] is True
    assert f"Translated from its quote: “{TRANSLATED}”" in plain_text(answer)


@pytest.mark.parametrize(
    "model",
    [
        FakeChat(says="The lighthouse was lit in 1899."),
        FakeChat(says="Oslo lit the lighthouse in 1887."),
        FakeChat(says=TRANSLATED, p_yes=0.3),
        FakeChat(says=TRANSLATED, p_yes=None),
        FakeChat(says="Der Leuchtturm des Hafens wurde 1887 zum ersten Mal angezündet."),
        FakeChat(says=LIT),
        None,
    ],
    ids=["number", "name", "improbable", "no probability", "third language", "copy", "no model"],
)
def test_what_cannot_be_checked_gives_way_to_the_documents_own_words(
    ask: Callable[..., Answer], model: FakeChat | None
):
    answer = ask(model)
    assert answer.answered
    assert all(sentence.text in RUSSIAN for sentence in answer.sentences)
    assert "The quotes are in Russian, and so is the answer" in answer.note
    assert not answer.model_failed


def test_word_for_word_shows_no_translation(ask: Callable[..., Answer]):
    answer = ask(FakeChat(says=TRANSLATED), word_for_word=True)
    assert all(sentence.text in RUSSIAN for sentence in answer.sentences)


def test_a_refusal_says_in_which_language_the_nearest_passages_are(retriever: HybridRetriever, index: Index):
    answer = Pipeline(retriever, index.documents, FakeChat(), 1.1).invoke(Ask(ENGLISH))
    assert not answer.answered
    assert answer.note == "The nearest passages are in Russian; the question is in English"


def test_a_question_in_the_documents_language_has_no_remark(ask: Callable[..., Answer]):
    answer = ask(FakeChat(says=LIT), "Когда зажгли маяк?")
    assert answer.answered
    assert answer.note == ""


def test_in_a_mixed_folder_a_sentence_rests_on_quotes_of_either_language(tmp_path: Path):
    keepers = "The keepers of the lighthouse left in 1950."
    files = [parse(RUSSIAN.encode(), "маяк.txt"), parse(keepers.encode(), "keepers.txt")]
    build_index(LocalStore(tmp_path, IDENTITY), files, FakeEncoder())
    index = Index.open(LocalStore(tmp_path, IDENTITY))
    retriever = HybridRetriever(source=index, encoder=FakeEncoder())
    model = FakeChat(says=f"{TRANSLATED} {keepers}")
    answer = Pipeline(retriever, index.documents, model, 0.0).invoke(
        Ask("When was the lighthouse lit and abandoned?")
    )
    cited = {sentence.text: sentence.cites for sentence in answer.sentences}
    language = {quote.number: quote.language for quote in answer.quotes}
    assert [language[number] for number in cited[TRANSLATED]] == ["ru"]
    assert [language[number] for number in cited[keepers]] == ["en"]


def test_words_that_do_not_compare_count_neither_for_an_answer_nor_against_it(
    retriever: HybridRetriever, index: Index
):
    found = retriever.retrieve(ENGLISH)
    evidence = select_quotes(found.question, found.hits, index.documents, found.language)
    assert evidence.foreign_language == "ru"
    assert set(evidence.signals) == {"cosine"}
    calibration = WEIGHTS.quotes_only.calibration
    nearer = calibration.probability({"cosine": evidence.signals["cosine"] + 0.1})
    assert nearer > calibration.probability(evidence.signals)
