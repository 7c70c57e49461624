"""Older formats, read through LibreOffice where it is installed."""

import shutil
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from qa.errors import UserError
from qa.ingest import readers
from qa.ingest.documents import SUFFIXES, parse
from qa.ingest.readers import converted
from qa.ingest.readers.base import NEEDS_OFFICE
from tests.support import sample_files

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def saved_as(data: bytes, ending: str, newer: str, folder: Path) -> bytes:
    """A file that LibreOffice saved in another format."""
    source = folder / f"file.{ending}"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", newer, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / f"file.{newer}").read_bytes()


@needs_office
@pytest.mark.parametrize(
    ("make", "newer", "older", "place"),
    [
        (sample_files.word, "docx", "doc", "section Results"),
        (sample_files.sheets, "xlsx", "xls", "sheet Costs, row 2"),
        (sample_files.slides, "pptx", "ppt", "slide 2"),
    ],
)
def test_an_older_format_is_read_like_the_newer_one(
    make: Callable[[], bytes], newer: str, older: str, place: str, tmp_path: Path
):
    document = parse(saved_as(make(), newer, older, tmp_path), f"a.{older}")
    assert "Fuel" in document.text
    assert place in [each.label for each in document.places]
    assert document.title.startswith("The ")


@needs_office
def test_a_file_that_cannot_be_converted_is_named():
    with pytest.raises(UserError, match="LibreOffice cannot convert it"):
        parse(OLE + b"\x00" * 600, "a.doc")


@needs_office
def test_a_conversion_ends_in_time_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(converted, "SECONDS", 0.05)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(UserError, match=r"longer than 0\.05 seconds"):
        readers.read(OLE + b"\x00" * 600, "a.doc")
    assert not list(tmp_path.iterdir())


@needs_office
def test_nothing_is_fetched(tmp_path: Path):
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815  the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    page = f"<html><body><p>Text.</p><img src='{address}/a.png' width=9 height=9></body></html>"
    try:
        data = saved_as(page.encode(), "html", "odt", tmp_path)
        made = [*asked]
        document = readers.read(saved_as(data, "odt", "doc", tmp_path), "a.doc")
        before = [*asked]
        document = readers.read((tmp_path / "file.doc").read_bytes(), "a.doc")
    finally:
        server.shutdown()
    assert "Text." in "".join(piece.text for piece in document.pieces)
    assert made  # LibreOffice asks where nobody tells it not to
    assert asked == before


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.ppt", "a.pages", "a.numbers", "a.key", "a.wpd"])
def test_without_libreoffice_it_is_said_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert f".{name[2:]}" in SUFFIXES
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(converted, "_ELSEWHERE", ())
    start = {"wpd": b"\xffWPC"}.get(
        name[2:], b"PK\x03\x04" if name[2:] in {"pages", "numbers", "key"} else OLE
    )
    with pytest.raises(UserError) as refused:
        readers.read(start + b"\x00" * 600, name)
    assert str(refused.value) == NEEDS_OFFICE
    assert "install LibreOffice" in NEEDS_OFFICE


def test_a_file_in_disguise_is_read_as_what_it_is():
    assert "four turbines" in parse(sample_files.rtf().replace(rb"\b four\b0 ", b"four"), "a.doc").text
    assert "Item: Fuel" in parse(sample_files.page(), "a.xls").text
    assert "Item: Fuel" in parse(sample_files.word(), "a.doc").text


def test_what_is_not_in_its_format_is_never_given_to_libreoffice():
    with pytest.raises(UserError, match="not in KEY format"):
        readers.read(b"-----BEGIN PRIVATE KEY-----\nabc\n", "server.key")


def test_the_endings_are_those_of_the_reader():
    assert frozenset(converted.ENDINGS) == readers.CONVERTED
