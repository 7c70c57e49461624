"""A question that was kept is a test that ``attest eval`` runs."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given

from eval.__main__ import main
from qa import assemble
from qa.errors import UserError
from qa.evaluation.datasets.own import CONVERSATIONS, QUESTIONS, read_own
from qa.export.eval_case import append, kept_case
from qa.schema import Span, Turn
from tests.support.fakes import TEXTS, FakeEncoder, by_id, disk_for, document

PLANT = document("Siemens built a plant near Baku. The plant has four turbines.", "plants/a.md")
DOCUMENTS = by_id(PLANT)
FOUR = Span("plants/a.md", 33, 61)
HISTORY = (Turn("Where is the plant?", "Near Baku."),)
CASE = kept_case("How many turbines?", HISTORY, True, [FOUR], DOCUMENTS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tests of mine" / "kept.jsonl"


def test_a_kept_question_is_read_back_as_a_case(file: Path):
    append(file, CASE)
    append(file, kept_case(" Who owns it? ", (), False, [], DOCUMENTS))
    yes, no = read_own([PLANT], file).cases
    assert (yes.question, yes.answerable, yes.gold) == ("How many turbines?", True, (FOUR,))
    assert yes.answers == (("The plant has four turbines.",),)
    assert yes.history == HISTORY
    assert (no.question, no.answerable, no.gold, no.answers) == ("Who owns it?", False, (), ())
    assert {yes.kind, no.kind} == {"kept"}


def test_what_is_accepted_can_be_said():
    case = kept_case("How many turbines?", (), True, [FOUR], DOCUMENTS, accepted=["four", "4", "four"])
    assert case["answers"] == [["four", "4"]]


@pytest.mark.parametrize("own", [QUESTIONS, CONVERSATIONS], ids=["questions", "conversations"])
def test_a_kept_question_has_the_fields_of_the_projects_own(own: Path):
    written = json.loads(own.read_text(encoding="utf-8").split("\n")[0])
    assert set(CASE) - {"history", "kind"} <= set(written)
    assert set(CASE["spans"][0]) == set(written["spans"][0])


@given(TEXTS)
def test_any_question_is_one_line_and_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str):
    file = tmp_path_factory.mktemp("kept") / "kept.jsonl"
    append(file, kept_case(f"Why {text}?", [Turn(text, text)], False, [], DOCUMENTS))
    assert file.read_bytes().count(b"\n") == 1
    (case,) = read_own([PLANT], file).cases
    assert case.question == f"Why {text}?"
    assert case.history == (Turn(text, text),)


@pytest.mark.parametrize(
    ("question", "answerable", "spans", "said"),
    [
        (" ", False, [], "empty"),
        ("What?", True, [], "choose a quote"),
        ("What?", False, [FOUR], "cannot have a place"),
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
        kept_case(question, (), answerable, spans, DOCUMENTS)


def test_the_same_question_is_kept_once_however_it_was_to_be_answered(file: Path):
    append(file, CASE)
    before = file.read_bytes()
    with pytest.raises(UserError, match=r"kept\.jsonl has this question already"):
        append(file, kept_case("How many turbines?", HISTORY, False, [], DOCUMENTS))
    assert file.read_bytes() == before
    append(file, kept_case("How many turbines?", (), False, [], DOCUMENTS))
    assert len(read_own([PLANT], file).cases) == 2


def test_a_file_without_a_last_line_feed_is_added_to_on_a_new_line(file: Path):
    append(file, CASE)
    file.write_bytes(file.read_bytes().rstrip())
    append(file, kept_case("Who owns it?", (), False, [], DOCUMENTS))
    assert len(read_own([PLANT], file).cases) == 2


@pytest.mark.parametrize("content", ["not JSON\n", "[]\n", "{}\n", "\xff"])
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, content: str):
    path = tmp_path / "notes.txt"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(UserError, match=r"notes\.txt: line 1"):
        append(path, CASE)
    assert path.read_text(encoding="latin-1") == content


def test_many_readers_keep_at_once_and_none_is_lost_or_doubled(file: Path):
    cases = [kept_case(f"What is {i // 2}?", (), False, [], DOCUMENTS) for i in range(60)]

    def keep(case: dict[str, object]) -> bool:
        try:
            append(file, case)
        except UserError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(keep, cases))
    assert sum(kept) == 30
    assert len(read_own([PLANT], file).cases) == 30


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=f"{tmp_path} cannot be written"):
        append(tmp_path, CASE)


def test_a_disk_that_fills_up_leaves_no_half_a_question(file: Path):
    for i in range(200):
        append(file, kept_case(f"What is {i}?", (), False, [], DOCUMENTS))
    before = file.read_bytes()
    with disk_for(len(before) + 20), pytest.raises(UserError, match=r"kept\.jsonl cannot be written"):
        append(file, CASE)
    assert file.read_bytes() == before


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document, a file of kept questions on it, and settings that name them."""
    (tmp_path / "corpus" / "plants").mkdir(parents=True)
    (tmp_path / "corpus" / "plants" / "a.md").write_text(PLANT.text, encoding="utf-8")
    # One document more, so that ids are relative to the folder and not to the one file.
    (tmp_path / "corpus" / "b.md").write_text("Alstom builds locomotives.", encoding="utf-8")
    append(
        tmp_path / "kept.jsonl", kept_case("How many turbines has the plant?", (), True, [FOUR], DOCUMENTS)
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTEST_CORPUS", "corpus")
    monkeypatch.setenv("ATTEST_MODEL", "none")
    monkeypatch.setenv("ATTEST_THRESHOLD", "0")
    monkeypatch.setattr(assemble, "load_encoder", lambda *_: FakeEncoder())
    return tmp_path


def test_the_evaluation_runs_what_was_kept(mine: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--dataset", "kept.jsonl", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["title"] == "kept"
    assert [each["outcome"] for each in said["questions"]] == ["right"]
    assert (mine / "reports" / "kept.html").is_file()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), ("", "no questions"), ("{}", "cannot be read")]
)
def test_a_file_that_cannot_be_run_is_named(
    mine: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
):
    if content is not None:
        (mine / "odd.jsonl").write_text(content)
    assert main(["--dataset", "odd.jsonl"]) == 2
    assert "odd.jsonl" in (error := capsys.readouterr().err)
    assert said in error


def test_a_dataset_of_no_such_name_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        main(["--dataset", "sqaud"])
    assert stopped.value.code == 2
    assert "own, conversations, squad" in capsys.readouterr().err
