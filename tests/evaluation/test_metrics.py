from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import metrics

NUMBERS = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Gas-Turbines!", "gasturbines"),
        ("“An answer”, a test.", "answer test"),
        ("", ""),
        ("1,000 MW", "1000 mw"),
        ("«Да», — сказал он.", "да сказал он"),
        ("نعم، بالطبع؟", "نعم بالطبع"),
        ("共1185年。", "共 1185 年"),
    ],
)
def test_answers_are_compared_in_squads_normal_form(text: str, normal: str):
    assert metrics.normalise_answer(text) == normal


@pytest.mark.parametrize(
    ("text", "accepted", "right"),
    [
        ("It is worth 72 million euros.", ["72 million"], True),
        ("It is worth 72 million euros.", ["€5", "72 Million Euros"], True),
        ("It is worth 172 million euros.", ["72 million"], False),
        ("The Germans.", ["German"], False),
        ("Anything", ["the", "!"], False),
        ("大约在1185年，他去世了。", ["1185年"], True),
        ("大约在1185年，他去世了。", ["85年"], False),
        ("Он умер в 1185 году.", ["1185 год"], False),
        ("Anything", [], False),
    ],
)
def test_an_accepted_answer_must_stand_word_for_word(text: str, accepted: list[str], right: bool):
    assert metrics.contains_answer(text, accepted) is right


def test_a_list_needs_an_answer_of_every_group():
    groups = [["Kazakhstan"], ["Uzbekistan", "Uzbek"]]
    assert metrics.meets("Kazakhstan and Uzbekistan", groups)
    assert not metrics.meets("Kazakhstan", groups)


@pytest.mark.parametrize(
    ("text", "accepted", "f1"),
    [
        ("72 million euros", ["72 million euros"], 1.0),
        ("72 million", ["72 million euros"], 0.8),
        ("gas gas", ["gas"], 2 / 3),
        ("water", ["gas", "water"], 1.0),
        ("water", ["gas"], 0.0),
        ("", ["gas"], 0.0),
    ],
)
def test_f1_is_the_best_overlap_of_tokens(text: str, accepted: list[str], f1: float):
    assert metrics.f1(text, accepted) == pytest.approx(f1)


def test_ranks_count_from_one():
    assert metrics.recall_at([1, 3, None], 1) == [1.0, 0.0, 0.0]
    assert metrics.recall_at([1, 3, None], 3) == [1.0, 1.0, 0.0]
    assert metrics.reciprocal_ranks([1, 4, None]) == [1.0, 0.25, 0.0]


@given(NUMBERS)
def test_an_interval_lies_in_the_range_of_the_values_and_is_the_same_each_time(values: list[float]):
    found = metrics.estimate(values)
    assert found is not None
    assert found.mean == pytest.approx(mean(values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found.n == len(values)
    assert metrics.estimate(values) == found


def test_an_interval_narrows_with_more_questions():
    few, many = metrics.estimate([0.0, 1.0] * 10), metrics.estimate([0.0, 1.0] * 1_000)
    assert few is not None
    assert many is not None
    assert many.high - many.low < (few.high - few.low) / 5


@given(NUMBERS, NUMBERS)
def test_auc_is_the_chance_that_a_positive_scores_higher(positive: list[float], negative: list[float]):
    wins = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert metrics.auc(positive, negative) == pytest.approx(mean(wins))


@pytest.mark.parametrize(("allowed", "share"), [(0.0, 0.5), (0.25, 0.75), (0.5, 1.0)])
def test_abstention_is_compared_at_the_same_false_abstention(allowed: float, share: float):
    assert metrics.abstention_at([0.3, 0.5, 0.7, 0.9], [0.1, 0.2, 0.4, 0.6], allowed) == share


def test_the_risk_of_the_surest_comes_first():
    curve = metrics.risk_coverage([0.2, 0.9, 0.6, 0.4], [False, True, True, False])
    assert curve is not None
    assert curve.coverage == (0.25, 0.5, 0.75, 1.0)
    assert curve.risk == pytest.approx((0, 0, 1 / 3, 1 / 2))
    assert curve.area == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_no_order_has_less_area_than_the_right_answers_first(right: list[bool]):
    perfect = metrics.risk_coverage([float(r) for r in right], right)
    as_given = metrics.risk_coverage(list(range(len(right))), right)
    assert perfect is not None
    assert as_given is not None
    assert perfect.area <= as_given.area + 1e-9
    assert perfect.risk[-1] == pytest.approx(as_given.risk[-1])


def test_nothing_has_no_figures():
    assert metrics.estimate([]) is None
    assert metrics.auc([], [0.5]) is None
    assert metrics.abstention_at([0.5], [], 0.1) is None
    assert metrics.risk_coverage([], []) is None
    assert metrics.percentile([], 50) is None
    assert metrics.percentile([1.0, 2.0, 3.0], 50) == 2.0


def test_a_possessive_has_its_noun():
    assert metrics.contains_answer("Robert Koch's 1891 proofs", ["Robert Koch"])
    assert not metrics.contains_answer("Robert Kochs", ["Robert Koch"])


@pytest.mark.parametrize(
    "text", ["She founded Arthurdale—a settlement", "She founded Arthurdale -- a settlement"]
)
def test_a_dash_ends_a_word(text: str):
    assert metrics.contains_answer(text, ["Arthurdale"])
    assert metrics.contains_answer(text, ["Arthurdale—a settlement"])
    assert not metrics.contains_answer("Arthurdale-like", ["Arthurdale"])


def test_the_interval_of_two_samples_holds_the_statistic_and_is_the_same_each_time():
    positive, negative = [i / 40 for i in range(10, 40)], [i / 40 for i in range(30)]
    interval = metrics.interval_of_both(metrics.auc, positive, negative)
    assert interval is not None
    value = metrics.auc(positive, negative)
    assert value is not None
    assert 0 <= interval[0] < value < interval[1] <= 1
    assert metrics.interval_of_both(metrics.auc, positive, negative) == interval
    assert metrics.interval_of_both(metrics.auc, [], negative) is None


def test_token_recall_is_the_best_share_of_an_accepted_answer():
    assert metrics.token_recall("the old red mill", ["a red mill by the sea", "an old mill house"]) == 2 / 3
    assert metrics.token_recall("nothing", ["a red mill"]) == 0.0
    assert metrics.token_recall("a mill", []) == 0.0
