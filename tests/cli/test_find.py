"""The command that finds every mention, and the sheet of a refusal."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.support.cli import Run


def test_every_mention_is_printed_with_its_place_and_what_may_be_missing(indexed: Run):
    found = indexed("find", "gas turbine")
    assert found.status == 0
    assert "1 sentence mentions it, in 1 of 2 documents" in found.out
    assert "Siemens installs four gas turbines." in found.out
    assert "Looked for by words, in any inflection: gas turbine (gas, turbines)" in found.out
    assert "are expected to be missing" in found.out


def test_mentions_are_printed_as_json_page_by_page(attest: Run, tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(" ".join(f"Valve {n} leaks." for n in range(30)))
    (tmp_path / "docs" / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    attest("index", "docs")
    text = (tmp_path / "docs" / "a.txt").read_text()
    first = attest("find", "valves", "--json", "--per-page", "20").json
    second = attest("find", "valves", "--json", "--per-page", "20", "--page", "2").json
    assert (first["mentions"], first["documents"], first["next"], second["next"]) == (30, 1, 20, None)
    sentences = [each for page in (first, second) for each in page["results"][0]["sentences"]]
    assert [each["number"] for each in sentences] == list(range(1, 31))
    assert all(text[each["start"] : each["end"]] == each["text"] for each in sentences)
    assert [each["path"] for each in first["left_out"]] == ["broken.pdf"]


def test_mentions_are_written_as_tables_that_no_spreadsheet_runs(attest: Run, tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("=HYPERLINK(valve) is a valve. The second valve leaks.")
    attest("index", "docs")
    for name in ("m.csv", "m.xlsx", "m.json"):
        assert attest("find", "valve", "-o", name).status == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "m.csv").read_text(encoding="utf-8"))))
    record = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx")["Mentions"]
    table = list(sheet.iter_rows(values_only=True))
    assert len(rows) == len(table) - 1 == record["mentions"] == 2
    assert rows[0]["text"].startswith("'=HYPERLINK")
    assert table[1][-1].startswith("=HYPERLINK")
    assert sheet.cell(2, len(table[0])).data_type == "s"
    assert (rows[1]["start"], rows[1]["end"]) == (str(table[2][5]), str(table[2][6]))


def test_nothing_found_is_no_success(indexed: Run):
    found = indexed("find", "uranium")
    assert found.status == 3
    assert "No sentence of the 2 documents mentions it" in found.out


def test_a_page_past_the_end_says_how_many_there_are(indexed: Run):
    past = indexed("find", "gas turbine", "--page", "9").out
    assert "There is only 1 page; --page 1 shows the last mentions" in past
    assert "Page 9" not in past


def test_an_ending_that_stands_for_no_format_is_refused(indexed: Run):
    assert indexed("find", "gas", "-o", "m.doc").status == 2


@pytest.fixture
def sheet(indexed: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sheet of a refusal."""
    monkeypatch.setenv("ATTEST_THRESHOLD", "1")
    asked = indexed("ask", "Who mines uranium with gas turbines?", "--absence", "sheet.html")
    assert asked.status == 3
    return tmp_path / "sheet.html"


def test_a_refusal_is_taken_away_as_a_sheet_that_is_checked(indexed: Run, sheet: Path, corpus: Path):
    html = sheet.read_text(encoding="utf-8")
    assert "Who mines uranium with gas turbines?" in html
    assert "<dt>Similarity</dt>" in html
    assert "rail.txt" in html
    assert "It does not prove that the documents do not say it" in html
    assert ">uranium</q>: in 0 passages" in html
    held = indexed("verify", str(sheet))
    assert held.status == 0, held.err
    assert "is valid" in held.err


def test_a_sheet_says_what_has_changed_since(indexed: Run, sheet: Path, corpus: Path):
    (corpus / "rail.txt").write_text("Alstom mines uranium in Atlantis.")
    (corpus / "new.txt").write_text("A new one.")
    (corpus / "turbines.md").unlink()
    indexed("index", str(corpus))
    told = indexed("verify", str(sheet))
    assert told.status == 1
    assert "rail.txt has changed" in told.err
    assert "turbines.md was removed" in told.err
    assert "new.txt was added" in told.err


def test_a_sheet_that_was_changed_is_told(indexed: Run, sheet: Path):
    html = sheet.read_text(encoding="utf-8")
    for old, new in (
        ("four gas", "nine gas"),
        ('data-passages="0"', 'data-passages="3"'),
    ):
        assert old in html
        sheet.write_text(html.replace(old, new), encoding="utf-8")
        assert indexed("verify", str(sheet)).status == 1, (old, new)
