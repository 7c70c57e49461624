"""Pictures of pages, recognised by Tesseract where the owner wants it."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont

from qa.errors import UserError
from qa.index.stores.local import LocalStore
from qa.index.update.update import update_index
from qa.ingest.discovery import survey
from qa.ingest.documents import SUFFIXES, parse
from qa.ingest.readers import ocr, picture_ocr
from qa.ingest.readers.base import NEEDS_TESSERACT, OCR_OFF
from tests.support.fakes import IDENTITY, FakeEncoder

ENGLISH = ("The plant at Syrdarya has four", "turbines, and each of them works on gas.")
GERMAN = ("Das Kraftwerk hat vier Turbinen, und", "jede von ihnen läuft seit Jahren mit Gas.")
RUSSIAN = ("Электростанция имеет четыре турбины,", "и каждая из них работает на газе.")


def page(*lines: str) -> Image.Image:
    """A picture of lines of text."""
    picture = Image.new("RGB", (1_400, 400), "white")
    font = ImageFont.truetype(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf", 48)
    for i, line in enumerate(lines):
        ImageDraw.Draw(picture).text((40, 40 + 80 * i), line, "black", font)
    return picture


def saved(kind: str, *pages: Image.Image, **options: object) -> bytes:
    """The file of pictures."""
    file = BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if pages[1:] else {}
    pages[0].save(file, kind, **more, **options)
    return file.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.JPG"), ("WEBP", "a.webp"), ("TIFF", "a.tif")]
)
def test_a_picture_is_recognised(kind: str, name: str):
    assert parse(saved(kind, page(*ENGLISH)), name, "eng").text == " ".join(ENGLISH)


def test_each_page_of_a_tiff_is_a_place():
    document = parse(saved("TIFF", page(*ENGLISH), page("Fuel costs 5 EUR a tonne.")), "scan.tiff", "eng")
    assert [place.label for place in document.places] == ["page 1", "page 2"]
    assert document.text.endswith("Fuel costs 5 EUR a tonne.")


def test_a_picture_that_a_camera_turned_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    turned = page(*ENGLISH).transpose(Image.Transpose.ROTATE_90)
    assert parse(saved("JPEG", turned, exif=exif), "a.jpg", "eng").text == " ".join(ENGLISH)


@pytest.mark.parametrize(("lines", "language"), [(ENGLISH, "eng"), (GERMAN, "deu"), (RUSSIAN, "rus")])
def test_the_language_of_a_picture_is_found_out(lines: tuple[str, ...], language: str):
    if language not in ocr._installed():
        pytest.skip(f"Tesseract's language {language} is not installed")
    assert parse(saved("PNG", page(*lines)), "a.png", "auto").text == " ".join(lines)


def test_a_blank_page_does_not_decide_the_language():
    document = parse(saved("TIFF", page(), page(*ENGLISH)), "a.tif", "auto")
    assert document.text == " ".join(ENGLISH)
    assert [place.label for place in document.places] == ["page 2"]


def test_where_it_is_off_a_picture_is_not_even_decoded():
    assert {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"} <= SUFFIXES
    with pytest.raises(UserError) as refused:
        parse(b"no picture", "a.png")
    assert str(refused.value) == OCR_OFF


def test_a_picture_of_a_billion_pixels_is_refused():
    with pytest.raises(UserError, match="more than 200,000,000 pixels"):
        parse(claiming(40_000, 25_000), "a.png", "eng")


@pytest.mark.parametrize(
    "data", [b"no picture", claiming(10, 10), saved("PNG", page(*ENGLISH))[:900], b"GIF89a"]
)
def test_a_damaged_picture_is_named(data: bytes):
    with pytest.raises(UserError, match="not in PNG format"):
        parse(data, "a.png", "eng")


def test_a_picture_without_text_is_named():
    with pytest.raises(UserError, match="no text was recognised"):
        parse(saved("PNG", page()), "a.png", "eng")


def test_more_pages_than_can_be_recognised_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(picture_ocr, "MAX_PAGES", 1)
    with pytest.raises(UserError, match="more than 1 scanned pages"):
        picture_ocr.read(saved("TIFF", page(), page()), "eng")


def test_what_waited_for_a_program_is_read_once_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    corpus, store = tmp_path / "corpus", LocalStore(tmp_path / "index", IDENTITY)
    corpus.mkdir()
    (corpus / "a.txt").write_text("Text.")
    (corpus / "scan.png").write_bytes(saved("PNG", page(*ENGLISH)))
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        brought = update_index(store, survey([corpus]), FakeEncoder(), ocr="eng")
    assert [failure.reason for failure in brought.failures] == [NEEDS_TESSERACT]
    brought = update_index(store, survey([corpus]), FakeEncoder(), ocr="eng")
    assert (brought.added, brought.failures) == (1, ())
