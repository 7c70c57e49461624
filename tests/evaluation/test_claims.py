"""Claims judged by people: how they are read, checked and counted."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa import assemble
from qa.config import Config
from qa.errors import UserError
from qa.evaluation.claims import check, choose_quotes, reason_kind, summarise_claims
from qa.evaluation.datasets.claims import ClaimCase, is_claims, read_claims, sample_claims
from qa.evaluation.evaluate import evaluate
from qa.evaluation.report import record, table, write
from qa.retrieval.evidence import MAX_LIST_QUOTES
from qa.weights import SUPPORT
from tests.support.fakes import ROOT, FakeChat, document

DATA = ROOT.parent / "shared" / "data" / "verification"

FEVER = [
    {
        "claim": "The ferry sails to Oslo .",
        "evidence": "The ferry sails to Oslo daily .",
        "label": "SUPPORTS",
    },
    {"claim": "The ferry sails to Riga .", "evidence": "The ferry sails to Oslo daily .", "label": "REFUTES"},
    {"claim": "The ferry cost 40 coins .", "evidence": "The ferry cost 30 coins .", "label": "REFUTES"},
]
WICE = [
    {"claim": "The mill burnt down.", "evidence": ["A mill.", "The mill burnt down."], "label": "supported"},
    {"claim": "The mill makes fine paper.", "evidence": ["The mill burnt."], "label": "partially_supported"},
    {"claim": "The mill is in Spain.", "evidence": ["The mill burnt."], "label": "not_supported"},
]
FACTCG = [
    {"text_a": "Ada wrote a book. It sold well.", "text_b": ["Ada wrote a novel."], "orig_label": 1},
    {"text_a": "Ada wrote a book. It sold well.", "text_b": ["Ada sang."], "orig_label": 0},
    {"text_a": " ", "text_b": ["Ada sang."], "orig_label": 1},
]


def write_lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A file in each format."""
    rows = {"fever": FEVER, "wice": WICE, "factcg": FACTCG}
    return [write_lines(tmp_path / f"{name}.jsonl", each) for name, each in rows.items()]


def test_the_formats_are_told_apart_by_their_content(files: list[Path]):
    claims = read_claims(files)
    assert claims.name == "claims+fever+wice+factcg"
    assert [(each.id, each.supported, each.label) for each in claims.claims] == [
        ("fever:1", True, "SUPPORTS"),
        ("fever:2", False, "REFUTES"),
        ("fever:3", False, "REFUTES"),
        ("wice:1", True, "supported"),
        ("wice:2", False, "partially_supported"),
        ("wice:3", False, "not_supported"),
        ("factcg:1", True, "orig_label 1"),
        ("factcg:2", False, "orig_label 0"),
    ]
    assert claims.claims[3].document.text == "A mill.\n\nThe mill burnt down."
    assert claims.claims[6].claim == "Ada wrote a novel."
    assert claims.notes == ("factcg.jsonl: 1 of 3 rows have no evidence and were skipped",)


def test_the_signs_of_a_treebank_and_what_is_told_of_a_page_are_read_as_what_they_are(tmp_path: Path):
    fever = {"claim": "Ada was born .", "evidence": "Ada -LRB- born 1815 -RRB- wrote .", "label": "SUPPORTS"}
    told = ["(meta data) TITLE: A mill", "(meta data) PUBLISHED DATETIME: 2016-08-24 14:49", "It burnt."]
    wice = {"claim": "The mill burnt.", "evidence": told, "label": "supported"}
    one, two = read_claims([write_lines(tmp_path / "dev.jsonl", [fever, wice])]).claims
    assert one.document.text == "Ada ( born 1815 ) wrote ."
    assert (two.document.title, two.document.date, two.document.text) == ("A mill", "2016-08-24", "It burnt.")


def test_a_file_may_mix_the_formats_and_two_may_share_a_name(tmp_path: Path):
    (tmp_path / "other").mkdir()
    one = write_lines(tmp_path / "dev.jsonl", [FEVER[0], WICE[0]])
    two = write_lines(tmp_path / "other" / "dev.jsonl", [FACTCG[0]])
    assert [each.file for each in read_claims([one, two]).claims] == ["dev", "dev", "dev-1"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (FEVER[0] | {"label": "MAYBE"}, "line 1 has something else in the field 'label'"),
        ({"claim": "A ship.", "label": "SUPPORTS"}, "line 1 has no field 'evidence'"),
        (FACTCG[0] | {"text_b": []}, "in the field 'text_b'"),
        (FACTCG[2], "nothing to check; name other files"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, row: dict[str, object], said: str):
    with pytest.raises(UserError, match=said):
        read_claims([write_lines(tmp_path / "claims.jsonl", [row])])


def test_quotes_cover_the_words_of_a_claim_in_the_order_of_the_document():
    text = "It rains. Oslo has a harbour. Oslo is old. The harbour of Oslo has a crane. Nobody works there."
    chosen = choose_quotes("Oslo is old and has a harbour with a crane.", document(text), limit=2)
    assert [quote.text for quote in chosen] == ["Oslo is old.", "The harbour of Oslo has a crane."]
    assert [quote.number for quote in chosen] == [1, 2]
    assert all(text[quote.span.start : quote.span.end] == quote.text for quote in chosen)


def test_there_are_never_more_quotes_than_a_list_may_have():
    text = " ".join(f"Harbour {name} has a crane." for name in ("A", "B", "C", "D", "E", "F", "G", "H"))
    assert len(choose_quotes("The harbour has a crane.", document(text))) == MAX_LIST_QUOTES
    assert len(choose_quotes("Nothing of it is there.", document("It rains."))) == 1


def case(claim: str, text: str, supported: bool, label: str = "x", file: str = "dev") -> ClaimCase:
    case_id = f"{file}:{claim}"
    return ClaimCase(case_id, claim, supported, label, document(text, case_id, language="en"))


def test_a_claim_passes_if_all_of_it_would_be_shown():
    text = "The ferry sails to Oslo daily. It was built in 1990."
    claims = (
        "The ferry sails to Oslo.",
        "The ferry sails to Riga.",
        "The ferry sails to Oslo, and Ada built it.",
    )
    right, wrong, half = check([case(claim, text, True) for claim in claims])
    assert (right.passed, right.reasons) == (True, ())
    assert (wrong.passed, wrong.reasons) == (False, ("“Riga” is not in the quote",))
    assert not half.passed


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("“Riga” is not in the quote", "… is not in the quote"),
        ("the number 5.2 billion is not in the quote", "the number … is not in the quote"),
        ("the number seven is not in the quote", "the number … is not in the quote"),
        (
            "the sentence and the quote qualify 1,000 differently",
            "the sentence and the quote qualify … differently",
        ),
        ("the quote does not connect Ada and Oslo", "the quote does not connect …"),
        ("the quote does not give 7 for Oslo", "the quote does not give …"),
        ("the quote does not say “he “said” so” word for word", "the quote does not say … word for word"),
        ("quote 3 does not say “yes”", "quote … does not say …"),
        ("it makes no statement", "it makes no statement"),
    ],
)
def test_reasons_are_grouped_without_their_words(reason: str, kind: str):
    assert reason_kind(reason) == kind


def test_claims_that_pass_are_counted_by_judgement_label_and_file(files: list[Path]):
    summary = summarise_claims(list(check(read_claims(files).claims)))
    figures = {line.name: (line.value, line.n) for line in summary.lines}
    assert figures["supported claims that pass"] == (pytest.approx(2 / 3), 3)
    assert figures["unsupported claims that pass"] == (0.0, 5)
    assert figures["fever: supported claims that pass"] == (1.0, 1)
    assert figures["wice: unsupported claims that pass"] == (0.0, 2)
    assert figures["wice: unsupported claims that pass, partially_supported"] == (0.0, 1)
    assert "fever: unsupported claims that pass, REFUTES" not in figures  # its only label
    (reasons,) = summary.tables
    assert reasons.head == ("reason", "claims", "fever", "wice", "factcg")
    assert reasons.rows == (("… is not in the quote", "1", "0", "0", "1"),)


def test_rare_reasons_are_counted_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.evaluation.claims.MOST_REASONS", 1)
    text = "The ferry cost 30 coins."
    claims = ("The ferry cost 40 coins.", "The ferry cost 50 coins.", "The barge cost 30 coins.")
    (reasons,) = summarise_claims(list(check([case(claim, text, True) for claim in claims]))).tables
    assert reasons.rows == (("the number … is not in the quote", "2"), ("other reasons", "1"))


def test_if_every_supported_claim_passes_there_are_no_reasons():
    done = list(check([case("It rains daily.", "It rains daily.", True)]))
    assert summarise_claims(done).tables == ()


def test_a_sample_is_half_supported(files: list[Path]):
    claims = read_claims(files)
    assert sample_claims(claims, None, 1) is claims
    chosen = sample_claims(claims, 4, 1)
    assert sorted(each.supported for each in chosen.claims) == [False, False, True, True]
    assert chosen == sample_claims(claims, 4, 1)
    only = replace(claims, claims=tuple(each for each in claims.claims if not each.supported))
    assert len(sample_claims(only, 4, 1).claims) == 4


def test_a_run_without_a_model_reports_every_claim(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: pytest.fail("nothing is searched"))
    run = evaluate(["claims", *map(str, files)], Config(model="none"), limit=6, seed=3)
    assert run.command == (
        "attest eval --dataset claims fever.jsonl wice.jsonl factcg.jsonl --limit 6 --seed 3 --model none"
    )
    made = json.loads(json.dumps(record(run)))
    assert (made["model"], made["threshold"], made["questions"], len(made["claims"])) == ("none", None, [], 6)
    assert made["metrics"]["supported claims that pass"]["n"] == 3
    assert made["tables"][0]["rows"] == [["… is not in the quote", "1", "0", "0", "1"]]
    assert "Why supported claims are rejected" in table(run)
    page = write(run, tmp_path)[1].read_text()
    assert "Every claim" in page
    assert "Every question" not in page
    assert all(each.case.id in page for each in run.claims)


@pytest.mark.parametrize(("p_yes", "passed"), [(0.001, False), (0.999, True)])
def test_the_language_model_takes_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, p_yes: float, passed: bool
):
    evidence, claim = "The plant stands in Peru.", "The plant is located in Peru."
    line = {"claim": claim, "evidence": evidence, "label": "SUPPORTS"}
    (tmp_path / "claims.jsonl").write_text(json.dumps(line))
    monkeypatch.setattr(assemble, "load_model", lambda config: FakeChat(p_yes=p_yes))
    run = evaluate(["claims", str(tmp_path / "claims.jsonl")], Config())
    assert [each.passed for each in run.claims] == [passed]
    assert run.threshold == SUPPORT.threshold


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/verification beside the project")
def test_every_published_claim_can_be_read():
    for path in sorted(DATA.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text().split("\n") if line]
        assert all(map(is_claims, rows))
        claims = read_claims([path]).claims
        assert len(claims) == sum(bool(row.get("evidence") or row.get("text_a")) for row in rows)
        assert {each.document.language for each in claims} == {"en"}
