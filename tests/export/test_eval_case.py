"""A question that was saved as a case is a test that ``attest eval`` runs."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given

from eval.__main__ import main
from eval.known_answers import CONVERSATIONS, QUESTIONS
from qa import assemble
from qa.errors import UserError
from qa.evaluation.datasets.own import read_own
from qa.export.eval_case import eval_case
from qa.schema import Span, Turn
from tests.support.fakes import TEXTS, FakeEncoder, by_id, document

PLANT = document("Siemens built a plant near Baku. The plant has four turbines.", "plants/a.md")
DOCUMENTS = by_id(PLANT)
FOUR = Span("plants/a.md", 33, 61)
HISTORY = (Turn("Where is the plant?", "Near Baku."),)
CASE = eval_case("How many turbines?", HISTORY, True, [FOUR], DOCUMENTS)


def save(path: Path, *cases: Mapping[str, object]) -> Path:
    """Write cases as the page does, one on each line."""
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    return path


def test_a_saved_question_is_read_back_as_a_case(tmp_path: Path):
    file = save(tmp_path / "cases.jsonl", CASE, eval_case(" Who owns it? ", (), False, [], DOCUMENTS))
    yes, no = read_own([PLANT], file).cases
    assert (yes.question, yes.answerable, yes.gold) == ("How many turbines?", True, (FOUR,))
    assert yes.answers == (("The plant has four turbines.",),)
    assert yes.history == HISTORY
    assert (no.question, no.answerable, no.gold, no.answers) == ("Who owns it?", False, (), ())
    assert {yes.kind, no.kind} == {"kept"}


def test_what_is_accepted_can_be_said():
    case = eval_case("How many turbines?", (), True, [FOUR], DOCUMENTS, accepted=["four", "4", "four"])
    assert case["answers"] == [["four", "4"]]


@pytest.mark.parametrize("own", [QUESTIONS, CONVERSATIONS], ids=["questions", "conversations"])
def test_a_saved_question_has_the_fields_of_the_projects_own(own: Path):
    written = json.loads(own.read_text(encoding="utf-8").split("\n")[0])
    assert set(CASE) - {"history", "kind"} <= set(written)
    assert set(CASE["spans"][0]) == set(written["spans"][0])


@given(TEXTS)
def test_any_question_is_one_line_and_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str):
    case = eval_case(f"Why {text}?", [Turn(text, text)], False, [], DOCUMENTS)
    file = save(tmp_path_factory.mktemp("saved") / "cases.jsonl", case)
    assert file.read_bytes().count(b"\n") == 1
    (case,) = read_own([PLANT], file).cases
    assert case.question == f"Why {text}?"
    assert case.history == (Turn(text, text),)


@pytest.mark.parametrize(
    ("question", "answerable", "spans", "said"),
    [
        (" ", False, [], "empty"),
        ("What?", True, [], "Choose the quote"),
        ("What?", False, [FOUR], "cannot have a quote"),
        ("What?", True, [Span("other.md", 0, 4)], r"other\.md"),
        ("What?", True, [Span("plants/a.md", 33, 62)], "33–62"),
        ("What?", True, [Span("plants/a.md", 5, 5)], "5–5"),
        ("What?", True, [Span("plants/a.md", -5, 5)], "-5–5"),
    ],
)
def test_what_makes_no_test_is_refused_in_words(
    question: str, answerable: bool, spans: list[Span], said: str
):
    with pytest.raises(UserError, match=said):
        eval_case(question, (), answerable, spans, DOCUMENTS)


def test_the_same_question_has_the_same_id_however_it_is_answered():
    assert eval_case("How many turbines?", HISTORY, False, [], DOCUMENTS)["id"] == CASE["id"]
    assert eval_case("How many turbines?", (), False, [], DOCUMENTS)["id"] != CASE["id"]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document, a file of saved questions about it, and settings that name them."""
    (tmp_path / "corpus" / "plants").mkdir(parents=True)
    (tmp_path / "corpus" / "plants" / "a.md").write_text(PLANT.text, encoding="utf-8")
    # One document more, so that ids are relative to the folder and not to the one file.
    (tmp_path / "corpus" / "b.md").write_text("Alstom builds locomotives.", encoding="utf-8")
    save(tmp_path / "kept.jsonl", eval_case("How many turbines has the plant?", (), True, [FOUR], DOCUMENTS))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", "data")  # where there is no index
    monkeypatch.setenv("ATTEST_CORPUS", "corpus")
    monkeypatch.setenv("ATTEST_MODEL", "none")
    monkeypatch.setenv("ATTEST_THRESHOLD", "0")
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: FakeEncoder())
    return tmp_path


def test_the_evaluation_runs_what_was_saved(mine: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--dataset", "kept.jsonl", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["title"] == "kept"
    assert [each["outcome"] for each in said["questions"]] == ["right"]
    assert (mine / "reports" / "kept.html").is_file()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "There is no file"), ("", "is empty"), ("{}", "line 1 has no field")]
)
def test_a_file_that_cannot_be_run_is_named(
    mine: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
):
    if content is not None:
        (mine / "odd.jsonl").write_text(content)
    assert main(["--dataset", "odd.jsonl"]) == 2
    assert "odd.jsonl" in (error := capsys.readouterr().err)
    assert said in error


def test_an_unknown_dataset_is_refused_with_the_names_that_are_known(capsys: pytest.CaptureFixture[str]):
    assert main(["--dataset", "sqaud"]) == 2
    assert (
        "'squad', 'nomiracl', 'claims', 'clapnq', 'mtrag', 'questions', 'conversations', 'office'"
        in capsys.readouterr().err
    )
