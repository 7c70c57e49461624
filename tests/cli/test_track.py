"""``attest track``: a question is kept, and what is new is told once, with both quotes."""

from pathlib import Path

import pytest

from tests.support.cli import Run

QUESTION = "Who installs gas turbines?"


@pytest.fixture
def tracked(indexed: Run) -> str:
    """The id of a question that is tracked."""
    added = indexed("track", "add", QUESTION, "--json").json
    assert added["question"] == QUESTION
    assert added["answer"]["answered"]
    return added["id"]


def put(corpus: Path, who: str) -> None:
    (corpus / "turbines.md").write_text(f"---\ntitle: Turbines\n---\n{who} installs four gas turbines.")


@pytest.mark.usefixtures("tracked")
def test_what_is_new_is_told_once_with_both_quotes(indexed: Run, corpus: Path):
    assert indexed("track").out == "Nothing new in 1 tracked question\n"
    put(corpus, "Ansaldo")
    indexed("index", str(corpus))
    told = indexed("track").out
    assert QUESTION in told
    assert "before: “Siemens installs four gas turbines.” turbines.md:0-35" in told
    assert "now: “Ansaldo installs four gas turbines.” turbines.md:0-35" in told
    assert indexed("track").out == "Nothing new in 1 tracked question\n"


def test_the_history_shows_each_answer_even_when_its_file_is_gone(indexed: Run, tracked: str, corpus: Path):
    put(corpus, "Ansaldo")
    indexed("index", str(corpus))
    indexed("track")
    (corpus / "turbines.md").unlink()
    indexed("index", str(corpus))
    shown = indexed("track", "history", tracked).out
    assert "Siemens installs" in shown
    indexed("track")
    history = indexed("track", "history", tracked, "--json").json["answers"]
    assert [each["answer"]["answered"] for each in history][:2] == [True, True]
    assert "Ansaldo" in history[1]["answer"]["answer"]


def test_an_old_sheet_says_which_quotes_hold_moved_and_are_gone(indexed: Run, tracked: str, corpus: Path):
    other = indexed("track", "add", "Who builds electric locomotives?", "--json").json["id"]
    assert indexed("track", "export", other, "-o", "rail.html").status == 0
    assert indexed("track", "export", tracked, "-o", "old.html").status == 0
    valid = indexed("verify", "old.html")
    assert valid.status == 0
    (corpus / "rail.txt").write_text(
        "Boyet leads it.\n\nNow it is known: Alstom builds electric locomotives."
    )
    put(corpus, "Ansaldo")
    indexed("index", str(corpus))
    checked = indexed("verify", "old.html", "rail.html")
    assert checked.status == 1
    assert "old.html: 1 quote is gone\n" in checked.err
    assert "old.html: Question 1, quote [1] is gone\n" in checked.err
    assert "rail.html: 1 quote moved\n" in checked.err
    text = (corpus / "rail.txt").read_text()
    start = text.index("Alstom")
    moved = f"rail.html: Question 1, quote [1] moved to rail.txt:{start}-{start + 35}\n"
    assert moved in checked.err
    assert checked.err.index(moved) < checked.err.index("rail.html: 1 quote moved")


def test_a_question_goes_on_searching_what_it_was_asked_of(indexed: Run, corpus: Path):
    added = indexed("track", "add", QUESTION, "--in", "rail.txt", "--until", "2030", "--json").json
    assert added["scope"] == {"documents": ["rail.txt"], "since": "", "until": "2030"}
    assert not added["answer"]["answered"]
    assert "in rail.txt, until 2030" in indexed("track", "list").out
    put(corpus, "Ansaldo")
    indexed("index", str(corpus))
    assert indexed("track").out == "Nothing new in 1 tracked question\n"
    assert indexed("track", "add", QUESTION, "--in", "nowhere").status == 2
    assert "attest track add" in indexed("track", "list", "--in", "rail.txt").err


def test_what_cannot_be_tracked_is_said(indexed: Run):
    for words in ([], ["thanks"], [" ? "], ["x" * 3_000]):
        ran = indexed("track", "add", *words)
        assert ran.status == 2
        assert ran.err.count("\n") == 1
    assert indexed("track", "history", "abcd").err == "attest: No question with the id abcd is tracked\n"
    assert indexed("track", "list").out == ""


def test_removing_a_question_removes_its_history(indexed: Run, tracked: str):
    assert indexed("track", "remove", tracked).status == 0
    assert indexed("track", "history", tracked).status == 2
    assert indexed("track", "list", "--json").json == {"tracked": [], "changes": []}
