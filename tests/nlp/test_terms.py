import pytest

from qa.nlp.terms import content_terms, is_stop, terms


@pytest.mark.parametrize(("one", "other"), [("turbines", "Turbine"), ("installed", "installing"), ("5", "5")])
def test_inflections_share_a_term(one: str, other: str):
    assert terms(one) == terms(other)


@pytest.mark.parametrize(("one", "other"), [("Uzbekistan", "Kazakhstan"), ("5", "50"), ("gas", "glass")])
def test_different_words_do_not(one: str, other: str):
    assert terms(one) != terms(other)


def test_order_and_stop_words_are_kept_in_terms_and_dropped_from_content():
    assert len(terms("What did Boyet say about the trains?")) == 7
    assert content_terms("What did Boyet say about the trains?") == set(terms("Boyet trains"))
    assert all(is_stop(term) for term in terms("what did they say about the"))


def test_words_of_other_scripts_are_terms():
    assert terms("Поезд 火车 قطار") == ("поезд", "火车", "قطار")
