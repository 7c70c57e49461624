import pytest

from qa.verification.policy import AnswerPolicy

POLICY = AnswerPolicy(threshold=0.6, threshold_without_model=0.3)


@pytest.mark.parametrize(("with_model", "threshold"), [(True, 0.6), (False, 0.3)])
def test_each_way_of_judging_has_its_own_threshold(with_model: bool, threshold: float):
    verdict = POLICY.verdict(0.5, with_model=with_model)
    assert (verdict.p_answerable, verdict.threshold) == (0.5, threshold)
    assert verdict.answerable is (threshold <= 0.5)


def test_a_probability_at_the_threshold_suffices():
    assert POLICY.verdict(0.6, with_model=True).answerable
    assert not POLICY.verdict(0.599, with_model=True).answerable
