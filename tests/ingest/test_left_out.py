"""What is left out is said once: how many files, for which reason, and which."""

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from qa.ingest.base import Failure
from qa.ingest.discovery import load
from qa.ingest.left_out import by_reason, summary_lines
from qa.ingest.readers.base import OCR_OFF
from tests.ingest.test_documents import write
from tests.support import sample_files


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("photo.GIF", "pictures are not read"),
        ("sub/song.mp3", "sound recordings are not read"),
        ("film.mp4", "videos are not read"),
        ("data.sqlite", "files of this kind are not read"),
        ("Makefile", "files of this kind are not read"),
        ("README.md", "READMEs say what a folder holds"),
        ("sub/readme.txt", "READMEs say what a folder holds"),
    ],
)
def test_a_file_of_a_kind_that_is_not_read_is_named(tmp_path: Path, name: str, reason: str):
    loaded = load([write(tmp_path, {"a.txt": "Text.", name: "x"})])
    assert [document.id for document in loaded.documents] == ["a.txt"]
    (failure,) = loaded.failures
    assert (failure.path, reason in failure.reason) == (name, True)


def test_such_a_file_in_an_archive_is_named(tmp_path: Path):
    inner = sample_files.zipped({"a.txt": "Text.", "photo.png": "x", ".DS_Store": "x"})
    loaded = load([write(tmp_path, {"docs.zip": inner})])
    assert [failure.path for failure in loaded.failures] == ["docs.zip/photo.png"]


def test_a_link_is_named(tmp_path: Path):
    folder = write(tmp_path / "corpus", {"a.txt": "Text."})
    (folder / "link.txt").symlink_to(write(tmp_path, {"secret.txt": "Secret."}) / "secret.txt")
    (failure,) = load([folder]).failures
    assert (failure.path, "links are not followed" in failure.reason) == ("link.txt", True)


def test_files_are_grouped_by_reason_the_largest_group_first():
    failures = [Failure("a.pdf", OCR_OFF), *(Failure(f"{i}.png", "pictures are not read") for i in range(5))]
    pictures, scans = summary_lines(failures)
    assert pictures == "5 files: pictures are not read (0.png, 1.png, 2.png and 2 more)"
    assert scans.startswith(f"1 file: {OCR_OFF}; turn it on with ATTEST_OCR=eng")
    assert [line.strip() for line in summary_lines(failures, None)][1:6] == [f"{i}.png" for i in range(5)]


def test_the_pages_that_could_be_recognised_are_counted(tmp_path: Path):
    pages = pypdfium2.PdfDocument.new()
    for _ in range(3):
        pages.import_pages(pypdfium2.PdfDocument(sample_files.scanned()))
    three = BytesIO()
    pages.save(three)
    files = {"one.pdf": sample_files.scanned(), "three.pdf": three.getvalue(), "photo.png": b"x"}
    failures = load([write(tmp_path, files)]).failures
    (line,) = summary_lines(failures)
    assert line.startswith(
        "3 files: its pages are images (5 pages); text recognition (OCR) is off; turn it on"
    )
    assert any("(3 pages)" in failure.reason for failure in failures if failure.path == "three.pdf")
    (alone,) = summary_lines(failure for failure in failures if failure.path == "one.pdf")
    assert alone.startswith("1 file: its pages are images (1 page); text")


def test_what_differs_between_reasons_of_one_kind_does_not_part_them():
    reasons = (
        "line 3 is not valid JSON (Expecting value: char 5)",
        "line 12 is not valid JSON (Extra data (x))",
    )
    (group,) = by_reason([Failure("a.jsonl", reasons[0]), Failure("b.jsonl", reasons[1])])
    assert (group.reason, group.paths) == ("line … is not valid JSON", ("a.jsonl", "b.jsonl"))
    (group,) = by_reason([Failure("a.jsonl", reasons[0])])
    assert group.reason == reasons[0]
