"""Cells of tables asked for: which of them are quoted, and under which names."""

import json
from pathlib import Path

import pytest

from eval.cells import Question, Verdict, judge_line, main

ASKED = Question(question="?", file="a.csv", cell="1373", row="Zone EUR", column=["2023", "Trading profit"])


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Zone EUR — 2023 Sales: 9,467; 2023 Trading profit: 1,373", Verdict.FIRST),
        ("Zone EUR [1] — 2023 Sales: 9,467; Trading profit (b): CHF 1 373 [2]", Verdict.FIRST),
        ("Zone EUR | 9,467 | 1,373", Verdict.UNNAMED),
        ("Zone EUR — 2023: 9,467 | 1,373", Verdict.UNNAMED),
        ("Zone EUR — 2023 Sales: 1,373; 2023 Trading profit: 9,467", Verdict.WRONG),
        ("Zone EUR — 2022 Trading profit: 1,373", Verdict.WRONG),
        ("Zone EUR — 2023 Trading profit: 13,731", Verdict.WRONG),
        ("Zone EUR — 2022 Trading profit: 1,494", None),
        ("Zone EUR and GC — 2023 Trading profit: 1,373", None),
    ],
)
def test_a_line_is_judged_by_the_names_over_the_cell(line: str, verdict: Verdict | None):
    assert judge_line(line, ASKED, first=True) is verdict


def test_a_row_whose_only_name_is_its_own_needs_no_other():
    asked = Question(question="?", file="a.csv", cell="134", row="Rated frequency", column=[])
    assert judge_line("1.2 | Rated frequency | Hz | : | 134", asked, first=True) is Verdict.FIRST
    assert judge_line("Rated frequency: 134 Hz", asked, first=True) is Verdict.FIRST
    assert judge_line("Rated frequency — Voltage: 134", asked, first=True) is Verdict.WRONG


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Claims filed — 2006: 2,260", Verdict.WRONG),
        ("Total — Claims filed — 2006: 2,260", None),
        ("Downwinders — Claims filed — 2006: 2,260", Verdict.WRONG),
        ("Total — Claims filed — 2006: 999", Verdict.WRONG),
        ("Downwinders — Claims filed — 2006: 999", Verdict.FIRST),
        ("Claims filed — 2006: 999", Verdict.FIRST),
    ],
)
def test_a_row_of_another_group_is_another_row(line: str, verdict: Verdict | None):
    asked = Question(
        question="?", file="a.csv", cell="999", row="Claims filed", column=["2006"], group="Downwinders"
    )
    assert judge_line(line, asked, first=True) is verdict


def test_a_row_may_be_named_by_two_cells_beside_each_other():
    asked = Question(
        question="?", file="a.csv", cell="1,478", row="Velden, 2016", column=["Thefts"], group=""
    )
    assert judge_line("Area: Velden; Year: 2016; Thefts: 1,478", asked, first=True) is Verdict.FIRST
    assert judge_line("Area: Velden; Year: 2016; Thefts: 99", asked, first=True) is Verdict.WRONG
    assert judge_line("Area: Velden; Year: 2015; Thefts: 1,478", asked, first=True) is None
    assert judge_line("Area: Velden; Thefts: 1,478; Year: 2016", asked, first=True) is None


def test_a_group_may_stand_over_the_columns_and_a_space_behind_a_currency():
    asked = Question(
        question="?", file="a.csv", cell="$191.90", row="Hosts", column=["Price"], group="Spring 2023"
    )
    assert judge_line("Hosts — Spring 2023 Price: $ 191.90", asked, first=True) is Verdict.FIRST
    assert judge_line("Hosts — Spring 2022 Price: $ 191.90", asked, first=True) is Verdict.WRONG


def test_a_raised_number_behind_a_name_is_the_mark_of_a_note():
    asked = Question(question="?", file="a.csv", cell="274", row="Ada Brand", column=["Total"])
    assert judge_line("Name: Ada Brand(²⁾; Total: 274", asked, first=True) is Verdict.FIRST
    assert judge_line("Name: Ada Brand 2; Total: 274", asked, first=True) is None


def test_the_questions_are_asked_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "plants.csv").write_text("Plant,Power,Built\nMuruntau,54 MW,1995\nNavoi,478 MW,2012\n")
    (folder / "wrong.csv").write_text("Harbour,Depth,Berths\nAktau,12 m,20\n")
    asked = [
        ("What power has the plant Navoi?", "plants.csv", "478 MW", "Navoi", "Power"),
        ("When was the plant Muruntau built?", "plants.csv", "1995", "Muruntau", "Built"),
        ("How deep is the harbour of Aktau?", "wrong.csv", "20", "Aktau", "Depth"),
        ("Who owns the plant Navoi?", "plants.csv", "Norden", "Navoi", "Owner"),
    ]
    questions = tmp_path / "cells.jsonl"
    fields = ("question", "file", "cell", "row")
    questions.write_text(
        "".join(
            json.dumps({**dict(zip(fields, each, strict=False)), "column": [each[4]]}) + "\n"
            for each in asked
        )
    )
    assert main([str(questions), str(folder)]) == 1
    told = capsys.readouterr().out
    assert "under a wrong name: How deep is the harbour of Aktau? (wrong.csv)" in told
    assert "Harbour: Aktau; Depth: 12 m; Berths: 20" in told
    assert "missed: Who owns the plant Navoi?" in told
    assert "4 questions over 2 files" in told
    assert "right in a quote: 0.500" in told
