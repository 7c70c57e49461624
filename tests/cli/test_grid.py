"""The grid on the command line: what is asked, what is kept, and what a spreadsheet shows."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from qa import assemble, pipeline, storage
from qa.config import load
from qa.grid.base import Key, text_digest
from qa.grid.file import GridFolder
from qa.web import server
from tests.support.cli import Run
from tests.support.fakes import FakeChat

QUESTIONS = "Who installs gas turbines?\n\n  \nWho leads Alstom?\nwho installs gas turbines?\nThanks!\n"


@pytest.fixture
def questions(attest: Run, corpus: Path) -> str:
    Path("questions.txt").write_text(QUESTIONS)
    assert attest("index", str(corpus)).status == 0
    return "questions.txt"


def test_every_document_is_asked_every_question(attest: Run, questions: str):
    ran = attest("grid", questions, "--json")
    assert ran.status == 0
    assert "Line 5 is left out: the question is the same as in line 1" in ran.err
    assert "Line 6 is left out: this asks nothing" in ran.err
    assert [row["document"] for row in ran.json["rows"]] == ["rail.txt", "turbines.md"]
    rail, turbines = ran.json["rows"]
    assert turbines["cells"][0]["found"]
    (quote,) = turbines["cells"][0]["quotes"]
    assert quote["text"].startswith("Siemens installs four gas turbines.")
    assert attest("show", "turbines.md").out[quote["start"] : quote["end"]] == quote["text"]
    assert ran.json["progress"] == {"cells": 4, "filled": 4, "by_model": 0, "corrected": 0}
    for cell in rail["cells"]:
        assert bool(cell["quotes"]) == cell["found"]


def test_only_the_documents_named_are_asked(attest: Run, questions: str):
    ran = attest("grid", questions, "--in", "rail.txt", "--json")
    assert [row["document"] for row in ran.json["rows"]] == ["rail.txt"]
    assert "nowhere" in attest("grid", questions, "--in", "nowhere").err


def test_a_grid_goes_on_without_a_document_that_was_removed(attest: Run, questions: str, corpus: Path):
    named = ("grid", questions, "--in", "rail.txt", "--in", "turbines.md", "--json")
    assert attest(*named).status == 0
    (corpus / "rail.txt").unlink()
    attest("index", str(corpus))
    ran = attest(*named)
    assert ran.status == 0
    assert "rail.txt is no longer there, so it is not asked" in ran.err
    assert [row["document"] for row in ran.json["rows"]] == ["turbines.md"]
    assert ran.json["missing"] == ["rail.txt"]
    (corpus / "turbines.md").rename(corpus / "wind.md")
    attest("index", str(corpus))
    ran = attest(*named)
    assert ran.status == 2
    assert "rail.txt, turbines.md: no longer there" in ran.err


def test_what_was_filled_is_not_asked_again(
    attest: Run, questions: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
):
    attest("grid", questions)
    asked: list[str] = []
    stream = pipeline.Pipeline.stream

    def counted(self: pipeline.Pipeline, asking: pipeline.Ask, *more: object) -> object:
        asked.extend(asking.document_filter.only or ())
        return stream(self, asking, *more)

    monkeypatch.setattr(pipeline.Pipeline, "stream", counted)
    attest("grid", questions)
    assert asked == []
    (corpus / "rail.txt").write_text("Alstom builds locomotives in Belfort. Boyet leads Alstom.")
    (corpus / "rail-copy.txt").write_text("Alstom builds locomotives in Belfort. Boyet leads Alstom.\n")
    attest("index", str(corpus))
    ran = attest("grid", questions, "--json")
    assert asked == ["rail-copy.txt"] * 2
    copy, rail, _ = ran.json["rows"]
    assert (copy["copy_of"], rail["copy_of"]) == ("", "rail-copy.txt")
    assert copy["cells"] == rail["cells"]


def test_a_line_that_a_crash_left_unfinished_is_asked_again(attest: Run, questions: str):
    attest("grid", questions)
    (file,) = Path("index/grids").rglob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    ran = attest("grid", questions, "--json")
    assert ran.json["progress"]["filled"] == 4
    assert file.read_bytes().count(b'"cell"') == whole.count(b'"cell"') + 1


def test_the_model_fills_what_words_filled_before(
    attest: Run, questions: str, monkeypatch: pytest.MonkeyPatch
):
    attest("grid", questions)
    model = FakeChat(short="Siemens", says="Siemens installs four gas turbines.")
    monkeypatch.setattr(assemble, "create_model", lambda *_: model)
    ran = attest("grid", questions, "--json")
    assert ran.json["progress"]["by_model"] == 4
    assert ran.json["rows"][1]["cells"][0]["answer"] == "Siemens"


def test_what_a_reader_corrected_is_marked_everywhere(
    attest: Run, questions: str, monkeypatch: pytest.MonkeyPatch
):
    attest("grid", questions)
    folder = GridFolder(storage.grid_folder(load()))
    (file,) = folder.files()
    documents = storage.open_store(load()).documents()
    file.correct(Key(text_digest(documents["turbines.md"]), "Who installs gas turbines?"), "=SUM(1)", "ada")
    monkeypatch.setattr(assemble, "create_model", lambda *_: FakeChat(says="Nobody."))
    ran = attest("grid", questions, "--json", "--xlsx", "out.xlsx", "--csv", "out.csv")
    cell = ran.json["rows"][1]["cells"][0]
    assert (cell["answer"], cell["filled_by"], cell["correction"]["reader"]) == ("=SUM(1)", "reader", "ada")
    assert cell["machine_answer"] == "Siemens installs four gas turbines."
    shown = load_workbook("out.xlsx")["Grid"]["C3"]
    assert (shown.value, shown.data_type) == ("=SUM(1)", "s")
    assert shown.parent["A3"].value == "Turbines\nturbines.md"
    assert shown.parent.row_dimensions[3].height == 30  # both lines are seen
    assert "Corrected by ada on 20" in shown.comment.text
    assert "“Siemens installs four gas turbines." in shown.comment.text
    with Path("out.csv").open(encoding="utf-8", newline="") as file_:
        row = next(each for each in csv.DictReader(file_) if each["corrected_by"])
    assert (row["answer"], row["corrected_by"]) == ("'=SUM(1)", "ada")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook_with_its_comments(attest: Run, questions: str, tmp_path: Path):
    attest("grid", questions, "--xlsx", "out.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["soffice", home, "--headless", "--convert-to", "fods", "out.xlsx"]
    subprocess.run(convert, check=True, capture_output=True, timeout=240)
    opened = Path("out.fods").read_text(encoding="utf-8")
    assert "office:annotation" in opened
    assert "“Siemens installs four gas turbines." in opened


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n \n", "There is no question"),
        ("Thanks!\n", "There is no question"),
        ("".join(f"Who is number {n}?\n" for n in range(1_001)), "There are 1,001 questions"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
)
def test_a_file_that_makes_no_grid_is_refused(attest: Run, questions: str, text: str | bytes, said: str):
    Path(questions).write_bytes(text.encode() if isinstance(text, str) else text)
    ran = attest("grid", questions)
    assert ran.status == 2
    assert said in ran.err


def test_a_thousand_questions_are_asked(attest: Run, questions: str):
    Path(questions).write_text("".join(f"Who installs turbine number {n}?\n" for n in range(1_000)))
    ran = attest("grid", questions, "--in", "rail.txt", "--json")
    assert json.loads(ran.out)["progress"]["filled"] == 1_000


def test_what_a_document_says_is_no_formula_and_a_byte_order_mark_no_question(
    attest: Run, questions: str, corpus: Path
):
    (corpus / "link.txt").write_text('=HYPERLINK("http://x.example","Alstom") is what Boyet leads.')
    attest("index", str(corpus))
    Path(questions).write_text("\ufeffWho leads Alstom?\n", encoding="utf-8")
    ran = attest("grid", questions, "--in", "link.txt", "--xlsx", "out.xlsx", "--csv", "out.csv", "--json")
    assert ran.json["questions"] == ["Who leads Alstom?"]
    (cell,) = ran.json["rows"][0]["cells"]
    (quote,) = cell["quotes"] + cell["nearest"]
    assert quote["text"].startswith("=HYPERLINK")
    shown = load_workbook("out.xlsx")["Grid"]["C2"]
    assert shown.data_type == "s"
    assert quote["text"] in shown.comment.text
    assert f"characters {quote['start']}–{quote['end']}" in shown.comment.text
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["quote"] == f"'{quote['text']}"


def test_a_document_that_was_removed_is_named_and_the_others_stay(attest: Run, questions: str, corpus: Path):
    grid = attest("grid", questions, "--in", "rail.txt", "--in", "turbines.md", "--json").json
    (corpus / "rail.txt").unlink()
    attest("index", str(corpus))
    config = load()
    app = server.create(assemble.open_runtime(config), config)
    client = TestClient(app, "http://127.0.0.1:7860", client=("127.0.0.1", 50_000))
    assert client.get(f"/grids/{grid['id']}").json()["missing"] == ["rail.txt"]
    shown = client.get(f"/grid?id={grid['id']}").text
    assert "<bdi>rail.txt</bdi> is no longer there, so it is not asked" in shown
    assert "Siemens installs four gas turbines." in shown
