"""Pages that are pictures, recognised by Tesseract where the owner wants it."""

from pathlib import Path

import pytest

from qa.errors import UserError
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.ingest.documents import parse
from qa.ingest.readers import pdf_ocr
from tests.support import sample_files
from tests.support.fakes import IDENTITY, FakeEncoder

PAGE = sample_files.scanned("The plant at Syrdarya has four", "turbines of 54 MW each.")
TEXT = "The plant at Syrdarya has four turbines of 54 MW each."


def test_a_page_that_is_a_picture_is_recognised():
    document = parse(PAGE, "scan.pdf", "eng")
    assert document.text == TEXT
    assert [place.label for place in document.places] == ["page 1"]


def test_without_a_language_the_reason_makes_sense_to_whoever_reads_it():
    with pytest.raises(
        UserError, match=r"its pages are images \(\d page.*\); text recognition \(OCR\) is off$"
    ):
        parse(PAGE, "scan.pdf")


def test_a_picture_without_text_is_named():
    with pytest.raises(UserError, match="no text was recognised"):
        parse(sample_files.scanned(), "scan.pdf", "eng")


def test_a_language_that_is_not_installed_is_named():
    with pytest.raises(UserError, match="ATTEST_OCR=tlh"):
        parse(PAGE, "scan.pdf", "tlh")


def test_without_tesseract_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="install tesseract-ocr"):
        pdf_ocr.read(PAGE, "eng")


def test_more_pages_than_can_be_recognised_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_ocr, "MAX_PAGES", 0)
    with pytest.raises(UserError, match="more than 0 scanned pages"):
        pdf_ocr.read(PAGE, "eng")


def test_what_was_left_out_is_read_once_a_language_is_given(tmp_path: Path):
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "scan.pdf").write_bytes(PAGE)
    (corpus / "a.txt").write_text("Text.")
    for ocr, found in (("", {"a.txt"}), ("eng", {"a.txt", "scan.pdf"}), ("eng", {"a.txt", "scan.pdf"})):
        brought = update_index(LocalStore(folder, IDENTITY), survey([corpus]), FakeEncoder(), ocr=ocr)
        assert set(Index.open(LocalStore(folder, IDENTITY)).documents) == found
    assert brought.added == 0
