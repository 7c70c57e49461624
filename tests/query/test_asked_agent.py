"""Tests of who is asked to have done something."""

import pytest

from qa.query.asked_agent import says_of_another

PAID = "How much did York pay for Ann Dale?"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (PAID, "Her goals for York persuaded Leeds to sign Dale for £1.3m in 1996."),
        ("how much did york pay for ann dale", "Her goals for York persuaded Leeds to sign Dale for £1.3m."),
        (PAID, "York asked for more, but Leeds paid £300,000."),
        ("How many phones did Samsung sell?", "Samsung said that LG sold 3 million phones."),
    ],
)
def test_what_others_did_is_told_from_what_is_asked(question: str, text: str):
    assert says_of_another(question, text, "en")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How much did Leeds pay for Dale?", "Her goals for York persuaded Leeds to sign Dale for £1.3m."),
        (PAID, "She was signed by the second division club York City for £300,000."),
        (PAID, "York paid Leeds £300,000 for her."),
        (PAID, "York manager Tom Reed paid £300,000 for her."),
        (PAID, "York and Leeds paid £300,000 each."),
        (PAID, "Leeds paid £300,000."),
        (PAID, "In 1993 York signed her for £300,000, and Leeds bought her for £1.3m."),
        ("Who did York pay?", "York persuaded Leeds to pay £300."),
        ("How much was paid for Dale?", "York persuaded Leeds to pay £300."),
        ("How much did the club pay?", "York persuaded Leeds to pay £300."),
    ],
)
def test_what_may_be_of_the_one_asked_about_is_not(question: str, text: str):
    assert not says_of_another(question, text, "en")
