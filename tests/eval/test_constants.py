"""What the constants do to a paragraph and a PDF that the test makes."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from eval.constants import main


def test_every_constant_is_shown_under_several_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    text = "Good News For Oslo. The National Hockey League, a league of men, moved its offices there."
    question = {"id": "1", "question": "Where is the NHL?", "answers": [{"text": "Oslo", "answer_start": 14}]}
    article = {"title": "Hockey", "paragraphs": [{"context": text, "qas": [question]}]}
    (tmp_path / "squad.json").write_text(json.dumps({"data": [article]}), encoding="utf-8")

    assert main([str(tmp_path / "squad.json")]) == 0

    shown = capsys.readouterr().out
    assert "_SAYS_ENOUGH 3: 1 of 1 questions are taken for follow-ups" in shown
    assert "nhl = national hockey league" in shown
    assert "_NAME_WORDS 4: 1, as Good News For Oslo." in shown
    assert "_ITEM_WORDS 8: 0.999 of names; 1 of 1 sentences with commas" in shown


def test_right_answers_in_another_dimension_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    text = "The pump is 200 mm wide. The tank is 3 m deep, and the filter is good for 50 gallons."
    asked = [("How wide is the pump?", "200"), ("How long is the filter good for?", "50 gallons")]
    questions = [
        {"id": each, "question": each, "answers": [{"text": answer, "answer_start": text.index(answer)}]}
        for each, answer in asked
    ]
    article = {"title": "Pump", "paragraphs": [{"context": text, "qas": questions}]}
    (tmp_path / "squad.json").write_text(json.dumps({"data": [article]}), encoding="utf-8")

    assert main([str(tmp_path / "squad.json")]) == 0

    shown = capsys.readouterr().out
    assert "MEASURED: 1 of 2 right answers, as How long is the filter good for? 50 gallons." in shown


def test_right_answers_with_another_office_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    text = "Jo Lind, director of Velmo in Oslo, spoke. Ada Brand, the chief scout of Velmo, did not."
    asked = [
        ("1", "Who is the chief scout of Velmo?", "Ada Brand"),
        ("2", "Who is the cook of it?", "Jo Lind"),
    ]
    questions = [
        {"id": number, "question": question, "answers": [{"text": name, "answer_start": text.index(name)}]}
        for number, question, name in asked
    ]
    article = {"title": "Velmo", "paragraphs": [{"context": text, "qas": questions}]}
    (tmp_path / "squad.json").write_text(json.dumps({"data": [article]}), encoding="utf-8")

    assert main([str(tmp_path / "squad.json")]) == 0

    assert (
        "has_other_office: 1 of 2 right answers, as Who is the cook of it? Jo Lind" in capsys.readouterr().out
    )


def test_pages_are_compared_with_those_of_other_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = BytesIO()
    canvas = Canvas(file)
    for number in range(1, 7):
        canvas.drawString(72, 780, f"Yearbook {number}")
        canvas.drawString(72, 600, f"The harbour was dredged in spring {number}.")
        canvas.showPage()
    canvas.save()
    (tmp_path / "yearbook.pdf").write_bytes(file.getvalue())

    assert main([str(tmp_path / "yearbook.pdf")]) == 0

    shown = capsys.readouterr().out
    assert "6 pages of 1 files" in shown
    assert "_MOST_PIECES 9999: 0 pages differ" in shown
