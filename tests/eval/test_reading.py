"""How well files are read, against what is written beside them."""

from pathlib import Path

import pytest

from eval.bench.reading import compare, main
from tests.support import sample_files


def test_words_that_are_missing_added_or_moved_are_counted():
    reading = compare("a.pdf", "one two three four", "four one two extra")
    assert (reading.recall, reading.precision) == (0.75, 0.75)
    assert reading.order == pytest.approx(2 / 3)


def test_marks_of_markdown_are_no_words():
    assert compare("a.pdf", "# A_b\\_c\n\n<!-- image -->\n\n| x |\n|---|", "A b c x").recall == 1.0


def test_a_file_is_compared_with_the_text_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "a.pdf").write_bytes(sample_files.drawn([(72, 700, "The plant has four turbines.")]))
    (tmp_path / "a.pdf.txt").write_text("The plant has four new turbines.")
    (tmp_path / "alone.pdf").write_bytes(sample_files.drawn([(72, 700, "Nothing is beside it.")]))
    assert main([str(tmp_path)]) == 0
    assert "| 1 .pdf | 0.833 | 1.000 | 1.000 |" in capsys.readouterr().out


def test_without_any_text_beside_a_file_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path)]) != 0
    assert "no file has its text beside it" in capsys.readouterr().err


def test_words_are_counted_and_marks_are_not():
    stated = "# Power\n\n| **Item** | [Fuel](https://example.org) |\n<!-- image -->\n$$\\frac{x}{2}$$"
    assert score("Power Item Fuel x/2", stated) == (1.0, 1.0)
    assert score("Power Power x²", "Power x 2 y") == (0.75, 0.75)
    assert score("", "Power") == (0.0, 0.0)


def score(read: str, stated: str) -> tuple[float, float]:
    """The recall and the precision."""
    reading = compare("a.docx", stated, read)
    return reading.recall, reading.precision


def test_a_format_has_a_line_and_a_refused_file_scores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for folder in ("sources", "groundtruth"):
        (tmp_path / "docx" / folder).mkdir(parents=True)
    for name, data in (("good.docx", sample_files.word()), ("bad.docx", b"no archive")):
        (tmp_path / "docx" / "sources" / name).write_bytes(data)
        (tmp_path / "docx" / "groundtruth" / f"{name}.md").write_text("Results", encoding="utf-8")
    assert main([str(tmp_path), "--endings", ".docx"]) == 0
    said = capsys.readouterr()
    assert "| 2 .docx | 0.500 | " in said.out
    assert "bad.docx: it is damaged" in said.err
