"""Titles and dates compared with labels."""

import json
from pathlib import Path

import pytest

from eval.titles import main, measure, read_labels
from qa.errors import UserError


def labels(folder: Path, **known: dict[str, list[str]]) -> Path:
    path = folder / "labels.json"
    path.write_text(json.dumps({f"{name}.md": each for name, each in known.items()}))
    return path


def test_titles_and_dates_are_compared_with_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("right", "exact", "wrong", "missed"):
        date = "" if name == "missed" else "Published: May 2019\n\n"
        (tmp_path / f"{name}.md").write_text(f"# The {name} report\n\n{date}Text.")
    found = labels(
        tmp_path,
        right={"titles": ["other", "The Right Report!"], "dates": ["2019-05"]},
        exact={"titles": ["The exact report"], "dates": ["2019-05-03"]},
        wrong={"titles": ["Another report"], "dates": []},
        missed={"titles": ["The missed report"], "dates": ["2019"]},
    )
    main([str(found), str(tmp_path)])
    told = capsys.readouterr().out
    assert "0.750 right titles, 0.250 wrong dates, 1 dates missed, of 4 documents" in told
    assert "wrong.md: title 'The wrong report'" in told
    assert "wrong.md: date 2019-05 “Published: May 2019”" in told
    assert "right.md" not in told


def test_a_file_that_is_missing_has_no_title(tmp_path: Path):
    told = measure(read_labels(labels(tmp_path, gone={"titles": ["x"]})), tmp_path)
    assert "gone.md cannot be read" in told
    assert "0.000 right titles" in told


@pytest.mark.parametrize("text", ["[1]", '{"a.md": {}}', "no"])
def test_what_are_no_labels_is_said(tmp_path: Path, text: str):
    (tmp_path / "labels.json").write_text(text)
    with pytest.raises(UserError, match="no labels"):
        read_labels(tmp_path / "labels.json")
