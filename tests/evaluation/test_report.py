import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qa.evaluation.datasets.base import Case
from qa.evaluation.plots import plots
from qa.evaluation.report import Run, missed, record, table, write
from qa.evaluation.runner import Outcome, RetrievalOutcome
from qa.evaluation.summary import Baseline, Floors, Line, summarise
from qa.schema import Answer, Evidence, Span, Timings
from qa.verification.policy import Verdict
from qa.verification.verify import abstain, verify
from tests.support.fakes import by_id, document, whole

TEXTS = by_id(document("Gas is cheap.", "gas.md"))
GOLD = (Span("gas.md", 0, 13),)
FLOORS = Floors(accuracy=0.9, correct_abstention=0.9, false_abstention=0.1, verbatim=1.0)


def answer(p: float, answered: bool = True) -> Answer:
    evidence, verdict = Evidence("What is cheap?", whole(TEXTS)), Verdict(p, 0.5)
    if answered:
        made = verify("Gas is cheap.", evidence, TEXTS, verdict)
    else:
        made = abstain(evidence, TEXTS, verdict, "the documents do not say")
    return replace(made, timings=Timings(retrieve=10.0, judge=20.0, generate=30.0, total=60.0))


def outcome(case_id: str, *, answerable: bool, p: float, right: bool = True, rank: int | None = 1) -> Outcome:
    """A question as it went; abstained below 0.5."""
    kind, gold = ("fact", GOLD) if answerable else ("near-miss", ())
    case = Case(case_id, kind, "What is cheap?", answerable, (("gas",),), gold)
    retrieved = RetrievalOutcome(case, rank, quoted=True, quotes=1, quote_precision=1.0, characters=13)
    said = answer(p)
    return Outcome(retrieved, said, p < 0.5, answerable and right, 1.0, (True,), (True,))


OUTCOMES = (
    outcome("sure", answerable=True, p=0.9),
    outcome("wrong", answerable=True, p=0.8, right=False, rank=4),
    outcome("shy", answerable=True, p=0.4, rank=None),
    outcome("refused", answerable=False, p=0.1),
    outcome("fooled", answerable=False, p=0.7),
)


def run(*outcomes: Outcome, floors: Floors = FLOORS) -> Run:
    every = outcomes or OUTCOMES
    summary = summarise(every, [each.retrieved for each in every], floors)
    return Run("own", "python -m eval", "a machine", "default", 0.5, summary, every)


def values(of: Run) -> dict[str, float | None]:
    return {line.name: line.value for line in of.summary.lines}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recall@1", 1 / 3),
        ("recall@5", 2 / 3),
        ("MRR@10", 1.25 / 3),
        ("answer accuracy", 1 / 3),
        ("answer accuracy before abstaining", 2 / 3),
        ("false abstention", 1 / 3),
        ("correct abstention, unanswerable", 1 / 2),
        ("AUC of P(answerable), unanswerable", 5 / 6),
        ("refusal precision", 1 / 2),
        ("refusal recall", 1 / 2),
        ("coverage", 3 / 5),
        ("verbatim quotes", 1.0),
        ("sentences supported by words alone", 1.0),
        ("whole answer p50, s", 0.06),
        ("evidence p50, s", 0.01),
    ],
)
def test_a_figure_is_what_it_says(name: str, value: float):
    assert values(run())[name] == pytest.approx(value)


def asked_of(name: str, *, quote_rank: int | None, right: bool) -> Outcome:
    """A question that the file ``name`` answers."""
    asked = outcome(name, answerable=True, p=0.9, right=right)
    case = replace(asked.retrieved.case, gold=(Span(name, 0, 13),))
    return replace(asked, retrieved=replace(asked.retrieved, case=case, quote_rank=quote_rank))


def test_kinds_of_files_are_counted_apart(tmp_path: Path):
    done = run(
        asked_of("a.pdf", quote_rank=1, right=True),
        asked_of("b.pdf", quote_rank=3, right=False),
        asked_of("c.xlsx", quote_rank=None, right=False),
    )
    (found,) = done.summary.tables
    assert found.rows == ((".pdf", "2", "1", "2", "1"), (".xlsx", "1", "0", "0", "0"))
    assert found.title in table(done)
    assert values(done)["right place in the first quote"] == pytest.approx(1 / 3)
    assert values(done)["right place in a quote"] == pytest.approx(2 / 3)


def test_a_right_answer_from_another_place_is_told_apart():
    elsewhere, right = OUTCOMES[0], replace(OUTCOMES[0], on_gold=True)
    assert values(run(right, elsewhere))["answer accuracy"] == 1.0
    assert values(run(right, elsewhere))["answer accuracy, quoting the right place"] == 0.5


def test_one_kind_of_file_needs_no_table():
    assert run().summary.tables == ()


def test_what_verification_refuses_counts_as_unsure():
    refused = replace(outcome("cut", answerable=False, p=0.9), answer=answer(0.9, answered=False))
    assert refused.confidence == 0
    assert values(run(*OUTCOMES, refused))["AUC of P(answerable), unanswerable"] > 5 / 6


def test_absent_answers_that_no_quote_has_are_reported_apart():
    asked = [outcome(name, answerable=False, p=p) for name, p in (("gone", 0.1), ("elsewhere", 0.9))]
    cases = [replace(each.retrieved.case, kind="absent") for each in asked]
    gone, elsewhere = (
        replace(each, retrieved=replace(each.retrieved, case=case, quoted=quoted), abstained=not quoted)
        for each, case, quoted in zip(asked, cases, (False, True), strict=True)
    )
    found = values(run(OUTCOMES[0], gone, elsewhere))
    assert found["correct abstention, absent"] == 0.5
    assert found["correct abstention, absent from every quote"] == 1.0


def test_a_missed_floor_is_named_in_the_table_and_in_words():
    done = run()
    names = {line.name for line in done.summary.missed}
    assert names == {"answer accuracy", "false abstention", "correct abstention, unanswerable"}
    assert table(done).count("MISSED") == 3
    assert "answer accuracy is 0.333" in missed(done.summary.missed)


def test_one_quote_that_is_not_verbatim_is_missed():
    forged = replace(OUTCOMES[0], verbatim=(True, False))
    assert "verbatim quotes" in {line.name for line in run(forged).summary.missed}


def test_without_floors_nothing_is_missed():
    assert run(floors=Floors(verbatim=None)).summary.missed == ()


@pytest.mark.parametrize(
    ("value", "at_most", "is_missed"),
    [(0.5, False, False), (0.4, False, True), (0.5, True, False), (0.6, True, True)],
)
def test_a_floor_is_reached_exactly(value: float, at_most: bool, is_missed: bool):
    assert Line("x", value, floor=0.5, at_most=at_most).missed is is_missed


@pytest.mark.parametrize(
    ("case_id", "verdict"),
    [
        ("sure", "right"),
        ("wrong", "wrong answer"),
        ("shy", "false abstention"),
        ("refused", "correct abstention"),
        ("fooled", "answered the unanswerable"),
    ],
)
def test_every_question_is_recorded_with_what_became_of_it(case_id: str, verdict: str):
    (found,) = (each for each in record(run())["questions"] if each["id"] == case_id)
    assert found["outcome"] == verdict


def test_the_json_file_holds_the_record_and_the_page_every_question(tmp_path: Path):
    done = run()
    as_json, as_html = write(done, tmp_path / "reports")
    assert json.loads(as_json.read_text()) == json.loads(json.dumps(record(done)))
    page = as_html.read_text()
    for each in OUTCOMES:
        assert each.case.id in page
    assert page.count("<svg") == 2


def test_the_page_escapes_what_documents_and_questions_say(tmp_path: Path):
    attack = "<script>alert(1)</script>"
    case = replace(OUTCOMES[0].case, id=attack, question=attack)
    hostile = replace(
        OUTCOMES[0],
        retrieved=replace(OUTCOMES[0].retrieved, case=case),
        answer=replace(OUTCOMES[0].answer, resolved=attack),
    )
    assert attack not in write(run(hostile), tmp_path)[1].read_text()


def test_the_same_figures_draw_the_same_plots():
    assert plots(run().summary) == plots(run().summary)


def test_a_run_of_one_kind_is_reported_too(tmp_path: Path):
    only = run(OUTCOMES[3])
    assert "–" in table(only)
    assert write(only, tmp_path)[1].exists()


def test_without_matplotlib_the_page_names_the_extra_that_draws_plots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delitem(sys.modules, "qa.evaluation.plots")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    page = write(run(), tmp_path)[1].read_text()
    assert "<svg" not in page
    assert "pip install 'attest-qa[bench]'" in page


def test_another_systems_figures_stand_in_a_column_of_their_own(tmp_path: Path):
    done = replace(run(), baseline=Baseline("LangChain", (Line("answer accuracy", 0.25),)))
    assert "LangChain" in table(done).splitlines()[0]
    assert "0.250" in table(done)
    assert record(done)["baseline"]["answer accuracy"]["value"] == 0.25
    assert "<th>LangChain" in write(done, tmp_path)[1].read_text()
