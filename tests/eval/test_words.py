"""The measure of words that are read, on files that the test makes."""

from pathlib import Path

import pytest

from eval.words import Score, main, score
from tests.support import sample_files


def test_words_are_counted_and_marks_are_not():
    stated = "# Power\n\n| **Item** | [Fuel](https://example.org) |\n<!-- image -->\n$$\\frac{x}{2}$$"
    assert score("Power Item Fuel x/2", stated) == Score(1.0, 1.0)
    assert score("Power Power x²", "Power x 2 y") == Score(0.75, 0.75)
    assert score("", "Power") == Score(0.0, 0.0)


def test_a_format_has_a_line_and_a_refused_file_scores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for folder in ("sources", "groundtruth"):
        (tmp_path / "docx" / folder).mkdir(parents=True)
    for name, data in (("good.docx", sample_files.word()), ("bad.docx", b"no archive")):
        (tmp_path / "docx" / "sources" / name).write_bytes(data)
        (tmp_path / "docx" / "groundtruth" / f"{name}.md").write_text("Results", encoding="utf-8")
    assert main([str(tmp_path), ".docx"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(".docx: 2 files, recall 0.500, precision ")
    assert "bad.docx: it is damaged" in said.err
