"""Passages in another language than the question, among those in its own."""

from dataclasses import replace

import pytest

from qa.retrieval.features import (
    FOREIGN_PASSAGE,
    FOREIGN_SENTENCE,
    QuestionTerms,
    foreign_passage_features,
    foreign_sentence_features,
    passage_features,
)
from qa.retrieval.ranking import rank, rescale
from qa.schema import Candidate
from qa.weights import DEFAULT, WEIGHTS, Linear, load_weights
from tests.retrieval.test_hybrid import candidate, even, ids

QUESTION = "What did Serova say about the port?"

RAW = WEIGHTS.background + (1 - WEIGHTS.background) * 0.5
"""The cosine of a passage that answers."""


def english(text: str, cosine: float, doc_id: str = "english") -> Candidate:
    return replace(candidate(text, doc_id=doc_id, cosine=cosine), language="en")


def russian(text: str, cosine: float, doc_id: str = "russian") -> Candidate:
    return replace(candidate(text, doc_id=doc_id, cosine=cosine, bm25=0.0), language="ru")


ANSWER = russian("Серова сказала, что порт замерзает", RAW)
ON_PORTS = english("The port of another town is old", WEIGHTS.background)


def test_one_that_answers_comes_before_one_that_only_shares_a_word():
    assert ids(rank(QUESTION, [ON_PORTS, ANSWER], even, 2)) == ["russian", "english"]


def test_one_on_another_subject_comes_after_one_that_answers_in_the_same_language():
    answer = english("Serova says that the port freezes", RAW)
    elsewhere = russian("Погода была хорошей", WEIGHTS.background)
    assert ids(rank(QUESTION, [elsewhere, answer], even, 2)) == ["english", "russian"]


def test_one_with_less_in_common_comes_after_one_in_other_words_in_the_questions_language():
    near, nearer = (WEIGHTS.background + (1 - WEIGHTS.background) * share for share in (0.4, 0.65))
    answer = english("Winter closes the quay, she adds", nearer)
    elsewhere = russian("Серова родилась в городе у моря", near)
    assert ids(rank(QUESTION, [elsewhere, answer], even, 2)) == ["english", "russian"]
    assert ids(rank(QUESTION, [elsewhere, ON_PORTS], even, 2)) == ["russian", "english"]


def test_its_sentences_compare_with_those_of_the_same_language():
    sentences = [s for hit in rank(QUESTION, [ON_PORTS, ANSWER], even, 2) for s in hit.sentences]
    assert max(sentences, key=lambda sentence: sentence.score).span.doc_id == "russian"


def test_what_is_in_the_questions_language_is_scored_as_if_it_were_alone():
    alone = rank(QUESTION, [ON_PORTS], even, 1)[0]
    among = next(h for h in rank(QUESTION, [ON_PORTS, ANSWER], even, 2) if h.passage == alone.passage)
    assert among.score == alone.score


@pytest.mark.parametrize("asked_in", ["en", ""])
def test_a_passage_of_unknown_language_counts_as_one_in_the_questions(asked_in: str):
    unknown = replace(ANSWER, language="")
    (hit,) = rank(QUESTION, [unknown], even, 1, asked_in)
    without = replace(WEIGHTS, foreign_passage=None, foreign_sentence=None)
    assert [hit] == rank(QUESTION, [unknown], even, 1, asked_in, without)


def test_without_weights_of_their_own_they_are_scored_like_the_others():
    without = replace(WEIGHTS, foreign_passage=None, foreign_sentence=None)
    (hit,) = rank(QUESTION, [ANSWER], even, 1, weights=without)
    features = passage_features(QuestionTerms(QUESTION, even, "en", "ru"), rescale(ANSWER, WEIGHTS))
    assert hit.score == WEIGHTS.passage.score(features)


def test_figures_and_names_that_both_languages_write_alike_count():
    plain = russian("Порт открыли давно", RAW, "plain")
    dated = russian("Порт открыли в 1887", RAW, "dated")
    assert ids(rank("Was the port opened in 1887?", [plain, dated], even, 2)) == ["dated", "plain"]


@pytest.mark.parametrize("text", ["Порт. Серова", "1887", ""])
def test_features_are_those_the_weights_were_fitted_for(text: str):
    asked = QuestionTerms(QUESTION, even, "en", "ru")
    one = russian(text, RAW)
    assert len(foreign_passage_features(asked, one)) == len(FOREIGN_PASSAGE)
    assert {len(row) for row in foreign_sentence_features(asked, one, 0.0)} == {len(FOREIGN_SENTENCE)}


def test_the_default_model_has_weights_for_them():
    weights = load_weights(DEFAULT)
    assert weights is not None
    assert isinstance(weights.foreign_passage, Linear)
    assert isinstance(weights.foreign_sentence, Linear)
    assert tuple(weights.foreign_passage.weights) == FOREIGN_PASSAGE
    assert tuple(weights.foreign_sentence.weights) == FOREIGN_SENTENCE
