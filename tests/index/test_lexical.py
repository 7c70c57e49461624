from math import isclose, log
from pathlib import Path

import numpy as np
import pytest

from qa.index.lexical import K1, B, LexicalIndex, write_lexical
from qa.index.postings import BLOCK

PASSAGES = [["gas", "turbin", "gas"], ["gas", "plant"], ["rail"], [""]]


@pytest.fixture(params=[1, 4, BLOCK], ids=["each passage alone", "some at a time", "all at once"])
def lexical(request: pytest.FixtureRequest, tmp_path: Path) -> LexicalIndex:
    write_lexical(tmp_path, PASSAGES, request.param)
    return LexicalIndex.load(tmp_path)


def bm25(term: str, passage: list[str]) -> float:
    """The formula of Robertson and Zaragoza (2009) in Lucene's form, written out."""
    n = sum(term in each for each in PASSAGES)
    idf = log(1 + (len(PASSAGES) - n + 0.5) / (n + 0.5))
    mean = sum(map(len, PASSAGES)) / len(PASSAGES)
    frequency = passage.count(term)
    return idf * frequency / (frequency + K1 * (1 - B + B * len(passage) / mean))


@pytest.mark.parametrize("query", [["gas"], ["turbin", "gas"], ["gas", "rail", "unheard"]])
def test_scores_follow_the_published_formula(lexical: LexicalIndex, query: list[str]):
    expected = [sum(bm25(term, passage) for term in query) for passage in PASSAGES]
    assert np.allclose(lexical.scores(query), expected, atol=1e-5)


@pytest.mark.parametrize("query", [[], ["unheard"]])
def test_a_query_without_a_known_term_scores_nothing(lexical: LexicalIndex, query: list[str]):
    assert lexical.scores(query).tolist() == [0.0] * lexical.size == [0.0] * 4


def test_rarer_terms_weigh_more_and_an_unheard_one_most(lexical: LexicalIndex):
    assert 0 < lexical.rarity("gas") < lexical.rarity("rail") < lexical.rarity("unheard")
    assert isclose(lexical.rarity("gas"), log(1 + 2.5 / 2.5))


@pytest.mark.parametrize("query", [["gas"], ["turbin", "gas", "gas"], ["gas", "rail", "unheard"]])
def test_another_rarity_takes_the_place_of_its_own(lexical: LexicalIndex, query: list[str]):
    assert np.allclose(lexical.scores(query, lexical.rarity), lexical.scores(query), atol=1e-5)
    assert np.allclose(
        lexical.scores(query, lambda term: 2 * lexical.rarity(term)), 2 * lexical.scores(query)
    )
