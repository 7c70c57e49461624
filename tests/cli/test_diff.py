"""The command that shows what changed in the documents."""

from pathlib import Path

import pytest

from tests.support.cli import Run

HELD = "The contract lasts 24 months. Boyet signed it. The price is *fixed*."
LATER = "The contract lasts 36 months. Boyet signed it. The price is *fixed*."


@pytest.fixture
def changed(attest: Run, tmp_path: Path) -> Run:
    """Commands over a folder in which a contract has changed, and a letter gone."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "contract.txt").write_text(HELD)
    (folder / "letter.txt").write_text("Water is scarce.")
    assert attest("index", str(folder)).status == 0
    (folder / "contract.txt").write_text(LATER)
    (folder / "letter.txt").unlink()
    (folder / "turbines_2.txt").write_text("Wind turns the turbines.")
    assert attest("index", str(folder)).status == 0
    return attest


def test_the_changes_are_printed_for_a_person(changed: Run):
    told = changed("diff")
    assert told.status == 0
    title, _, summary, *rest = told.out.splitlines()
    assert title == "# What changed"
    assert summary.startswith("1 changed, 1 added and 1 removed on 20")
    assert rest == [
        "",
        "## Changed",
        "",
        "### contract.txt",
        "",
        "- **number**",
        "  - − The contract lasts ~~24~~ months.",
        "  - + The contract lasts **36** months.",
        "",
        "## Added",
        "",
        r"- turbines\_2.txt",
        "",
        "## Removed",
        "",
        "- letter.txt",
    ]


def test_the_changes_are_printed_for_a_program(changed: Run):
    told = changed("diff", "--json").json
    states = changed("diff", "--list", "--json").json["states"]
    assert (told["since"], told["until"]) == ("", states[0]["state"])
    assert [(each["change"], each["before"], each["after"]) for each in told["documents"]] == [
        ("changed", "contract.txt", "contract.txt"),
        ("added", None, "turbines_2.txt"),
        ("removed", "letter.txt", None),
    ]
    (sentence,) = told["documents"][0]["sentences"]
    assert sentence["kinds"] == ["number"]
    before, after = sentence["before"], sentence["after"]
    assert HELD[before["start"] : before["end"]] == before["text"]
    assert LATER[after["start"] : after["end"]] == after["text"]
    assert [after["text"][slice(*mark)] for mark in after["marks"]] == ["36"]


def test_states_are_listed_and_named(changed: Run):
    (line,) = changed("diff", "--list").out.splitlines()
    state = line.split()[0]
    assert "24" in changed("diff", "--until", state).out
    assert "The documents are the same." in changed("diff", "--since", state).out
    wrong = changed("diff", "--since", "yesterday")
    assert (wrong.status, "attest diff --list" in wrong.err) == (2, True)


def test_without_a_former_state_it_says_since_when_there_are_any(indexed: Run):
    told = indexed("diff")
    assert (told.status, "from the second attest index on" in told.err) == (2, True)
    assert "No earlier state" in indexed("diff", "--list").out


def test_what_is_kept_is_a_setting(changed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert list(tmp_path.glob("index/changes-*"))
    monkeypatch.setenv("ATTEST_KEEP_DAYS", "0")
    assert changed("index", str(tmp_path / "corpus")).status == 0
    assert not list(tmp_path.glob("index/changes-*"))
