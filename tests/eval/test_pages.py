"""The pages with the evidence, found in a PDF that the test makes."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from eval.pages import main
from qa.errors import UserError

PAGES = (
    "The harbour of Oslo was dredged in spring, and ferries took another way.",
    "The company sold 812 gas turbines in the year 2021, more than ever before.",
    "Eleven people sit on the board, of whom five are women.",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = BytesIO()
    canvas = Canvas(file)
    for text in PAGES:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    (tmp_path / "REPORT.pdf").write_bytes(file.getvalue())
    return tmp_path


def questions(folder: Path, *asked: tuple[str, str, int]) -> str:
    records = [
        {"doc_name": name, "question": question, "evidence": [{"evidence_page_num": page}], "answer": "x"}
        for name, question, page in asked
    ]
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in records))
    return str(path)


def test_a_page_counts_from_the_first_passage_on_it(folder: Path, capsys: pytest.CaptureFixture[str]):
    asked = questions(
        folder,
        ("REPORT", "How many gas turbines were sold in 2021?", 1),
        ("REPORT", "How many people sit on the board?", 40),
        ("GONE", "Who?", 1),
    )
    assert main([asked, str(folder)]) == 0
    told = capsys.readouterr().out
    assert "1  REPORT: How many gas turbines" in told
    assert "-  REPORT: How many people" in told
    assert "2 questions over 1 documents" in told
    assert "page among the first 1: 0.500" in told


def test_indexes_are_kept_and_searched_again(folder: Path, capsys: pytest.CaptureFixture[str]):
    asked = questions(folder, ("REPORT", "How many gas turbines were sold in 2021?", 1))
    command = [asked, str(folder), "--indexes", str(folder / "kept")]
    assert main(command) == 0
    first = capsys.readouterr().out
    (folder / "REPORT.pdf").write_bytes(b"no PDF any more")
    assert main(command) == 0
    assert capsys.readouterr().out == first


def test_a_folder_without_the_documents_is_said(tmp_path: Path):
    with pytest.raises(UserError, match="has none of the PDFs"):
        main([questions(tmp_path, ("GONE", "Who?", 1)), str(tmp_path)])
