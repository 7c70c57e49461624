"""Passages with close scores, compared with a question token by token."""

from collections import defaultdict
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.embedding.encoder import TextEncoder
from qa.retrieval.late_interaction import late_interaction
from qa.retrieval.ranking import rank
from qa.schema import Candidate
from qa.weights import WEIGHTS
from tests.retrieval.test_hybrid import candidate, even, ids

QUESTION = "When was the bridge at Marlow opened?"


class Tokens:
    """One token for each word. Words are near only to themselves, but "inaugurated" means "opened"."""

    def __init__(self) -> None:
        self.read: list[str] = []
        # A number for each word: their hashes differ from run to run, and two words can share one.
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)

    def encode_tokens(self, text: str) -> NDArray[np.float32]:
        self.read.append(text)
        return self._encode(text)

    def encode_question_tokens(self, question: str) -> NDArray[np.float32]:
        return self._encode(question)

    def _encode(self, text: str) -> NDArray[np.float32]:
        words = [word.strip(".?").lower().replace("inaugurated", "opened") for word in text.split()]
        vectors = np.zeros((len(words), 100), dtype=np.float32)
        for row, word in enumerate(words):
            vectors[row, self._numbers[word]] = 1
        return vectors


def passages(gap: float = 0.0) -> list[Candidate]:
    """Two passages with the same words of the question, the second so much worse by its cosines."""
    cosine = WEIGHTS.cosine(0.5)
    return [
        candidate("The bridge at Marlow was painted in 1950", doc_id="painted", cosine=cosine),
        candidate("The bridge at Marlow was inaugurated in 1931", doc_id="inaugurated", cosine=cosine - gap),
    ]


def test_of_two_close_passages_the_one_whose_words_mean_what_is_asked_comes_first():
    before, after = rank(QUESTION, passages(), even, 2), rank(QUESTION, passages(), even, 2, tokens=Tokens())
    assert ids(before) == ["painted", "inaugurated"]
    assert ids(after) == ["inaugurated", "painted"]
    assert [hit.score for hit in after] == [hit.score for hit in before]


def test_passages_that_are_far_apart_are_not_read_again():
    tokens = Tokens()
    assert ids(rank(QUESTION, passages(gap=0.2), even, 2, tokens=tokens)) == ["painted", "inaugurated"]
    assert tokens.read == []


def test_a_passage_in_another_language_keeps_its_place():
    tokens = Tokens()
    found = [replace(passages()[0], language="en"), replace(passages()[1], language="de")]
    before = ids(rank(QUESTION, found, even, 2))
    assert ids(rank(QUESTION, found, even, 2, tokens=tokens)) == before
    assert tokens.read == []


def test_without_weights_for_it_the_order_stays():
    tokens = Tokens()
    unfitted = replace(WEIGHTS, reranker=None)
    assert ids(rank(QUESTION, passages(), even, 2, "en", unfitted, tokens)) == ["painted", "inaugurated"]
    assert tokens.read == []


def test_late_interaction_is_one_for_the_same_tokens_in_any_order():
    vectors = np.eye(4, dtype=np.float32)
    assert late_interaction(vectors, vectors[::-1]) == 1.0
    assert late_interaction(vectors[:2], vectors[2:]) == 0.0
    assert late_interaction(vectors[:0], vectors) == 0.0


@pytest.mark.parametrize("text", ["Who opened it?", "Кто открыл мост?"])
def test_the_tokens_of_a_text_have_its_vector_as_their_direction(encoder: TextEncoder, text: str):
    tokens = encoder.encode_tokens(text)
    assert np.allclose(np.linalg.norm(tokens, axis=1), 1, atol=1e-4)
    inner, last = np.hsplit(tokens, 2)
    assert np.allclose(np.linalg.norm(inner, axis=1), np.linalg.norm(last, axis=1), atol=1e-4)
    mean = last.mean(axis=0)
    assert mean @ encoder.encode([text])[0] / np.linalg.norm(mean) > 0.99
    # A question has as many tokens of its own as the same text without beginning, end and prompt.
    prompted = encoder.encode_tokens("passage: " + text)
    assert len(encoder.encode_question_tokens(text)) < len(tokens) < len(prompted)


def test_the_inner_layer_tells_tokens_of_a_text_apart_that_the_last_makes_alike(encoder: TextEncoder):
    tokens = encoder.encode_question_tokens("Vanilla bicycles quietly outvote seven senators")
    inner, last = (part @ part.T * 2 for part in np.hsplit(tokens, 2))
    others = ~np.eye(len(tokens), dtype=bool)
    assert inner[others].mean() < last[others].mean() - 0.2


def test_a_passage_far_down_can_come_first_by_its_tokens():
    cosine = WEIGHTS.cosine(0.5)
    painted = [
        candidate(f"The bridge at Marlow was painted in {year}", doc_id=str(year), cosine=cosine)
        for year in range(1950, 1958)
    ]
    opened = candidate("The bridge at Marlow was inaugurated in 1931", doc_id="inaugurated", cosine=cosine)
    assert ids(rank(QUESTION, [*painted, opened], even, 3, tokens=Tokens()))[0] == "inaugurated"


def test_the_model_finds_the_passage_that_means_what_is_asked(encoder: TextEncoder):
    question = encoder.encode_question_tokens(QUESTION)
    opened, painted = (
        encoder.encode_tokens(text)
        for text in ("Traffic first crossed the bridge in 1931.", "The bridge was painted in 1950.")
    )
    assert late_interaction(question, opened) > late_interaction(question, painted)
