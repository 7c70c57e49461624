"""Folders of documents in two languages, made of translations."""

import json
from pathlib import Path

import numpy as np
import pytest

from eval.mixed import FEW_OWN, HALF, CachingEncoder, measure, mixed_folder, open_folder
from eval.training.foreign import fit_foreign
from qa.config import Config
from qa.errors import UserError
from qa.retrieval.features import FOREIGN_PASSAGE, FOREIGN_SENTENCE
from tests.support.fakes import FACTS, FakeEncoder

ENGLISH = ("Where is the plant for {}?", "The plant for {} stands in {}. Nobody works there now.")
RUSSIAN = ("Где стоит завод {}?", "Завод {} стоит в городе {}. Теперь там никто не работает.")


def translation(folder: Path, name: str, question: str, context: str) -> Path:
    """A question about each fact; names of things and places are written alike in every language."""
    articles = []
    for thing, place in map(str.split, FACTS):
        asked = {"id": thing, "question": question.format(thing), "answers": [{"text": place}]}
        articles.append(
            {"title": thing, "paragraphs": [{"context": context.format(thing, place), "qas": [asked]}]}
        )
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"data": articles}))
    return path


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return translation(tmp_path, "english", *ENGLISH)


@pytest.fixture
def russian(tmp_path: Path) -> Path:
    return translation(tmp_path, "russian", *RUSSIAN)


def test_every_article_is_in_one_language_and_every_question_in_the_first(english: Path, russian: Path):
    folder = mixed_folder(english, russian, HALF)
    assert len(folder.dataset.documents) == len(FACTS)
    assert {document.language for document in folder.dataset.documents} == {"en", "ru"}
    assert all(case.question.startswith("Where") for case in folder.dataset.cases)
    texts = {document.id: document for document in folder.dataset.documents}
    for case in folder.dataset.cases:
        (place,) = case.gold
        assert case.answers[0][0] in texts[place.doc_id].text
        assert (texts[place.doc_id].language == "ru") == (case.id in folder.foreign)


def test_what_is_measured_was_not_fitted_on(english: Path, russian: Path):
    folder = mixed_folder(english, russian, HALF)
    with open_folder(folder, FakeEncoder(), Config()) as retriever:
        measured = measure(folder, retriever)
    assert sum(each.questions for each in measured) == len(FACTS) - len(folder.fitted_on)
    assert {each.foreign for each in measured} == {False, True}
    assert all(each.in_candidates == 1.0 for each in measured)


def test_a_folder_may_be_in_the_other_language_alone(english: Path, russian: Path):
    folder = mixed_folder(english, russian, FEW_OWN)
    with open_folder(folder, FakeEncoder(), Config()) as retriever:
        (measured,) = measure(folder, retriever)
    assert measured.foreign


def test_files_of_other_questions_are_no_translations(english: Path, tmp_path: Path):
    content = json.loads(english.read_text())
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"data": content["data"][1:]}))
    with pytest.raises(UserError, match="the same questions"):
        mixed_folder(english, other, HALF)


def test_a_text_is_encoded_once():
    encoder = FakeEncoder()
    caching = CachingEncoder(encoder)
    texts = ["gas", "rail", "gas"]
    assert np.array_equal(caching.encode(texts), FakeEncoder().encode(texts))
    caching.encode(["rail"])
    assert encoder.encoded == ["gas", "rail"]
    assert np.array_equal(caching.encode_question("gas"), FakeEncoder().encode_question("gas"))


def test_the_weights_that_are_fitted_find_what_is_in_another_language(english: Path, russian: Path):
    record = fit_foreign([english, russian], FakeEncoder(), Config(), limit=len(FACTS), seed=1)
    assert tuple(record["foreign_passage"]["weights"]) == FOREIGN_PASSAGE
    assert tuple(record["foreign_sentence"]["weights"]) == FOREIGN_SENTENCE
    for name in ("same_language", "another_language"):
        assert record["foreign_passage"]["on_unseen_articles"][name]["recall@1"] == 1.0
    assert record["foreign_passage"]["on_unseen_languages"]["another_language"] == {}  # only two files
