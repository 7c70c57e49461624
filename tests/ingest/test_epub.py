"""Electronic books: their chapters' places, pictures among them, and those that cannot be read."""

import random
from io import BytesIO
from zipfile import ZipFile

import pytest

from qa.errors import UserError
from qa.ingest.readers import FileContent, read
from tests.support.sample_files import COSTS, TURBINES, zipped

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book.opf"/></rootfiles></container>"""


def page(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'


def book(
    files: dict[str, tuple[str, str | bytes]], metadata: str = "", more: dict[str, str] | None = None
) -> bytes:
    """A book of ``files``, each with its kind, more attributes behind it, and its content."""
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="{kind}"/>' for name, (kind, _) in files.items()
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in files if not name.startswith("toc"))
    package = f"""<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"
xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{metadata}</metadata><manifest>{items}</manifest>
<spine>{spine}</spine></package>"""
    contents = {name: content for name, (_, content) in files.items()}
    return zipped({"META-INF/container.xml": CONTAINER, "book.opf": package, **contents, **(more or {})})


def content(files: dict[str, tuple[str, str | bytes]], metadata: str = "") -> FileContent:
    return read(book(files, metadata), "a.epub")


XHTML = "application/xhtml+xml"
ONE, TWO = (XHTML, page(f"<p>{TURBINES}</p>")), (XHTML, page(f"<p>{COSTS}</p>"))


@pytest.mark.parametrize("kind", ["image/jpeg", XHTML])
def test_a_picture_among_the_chapters_is_passed_over(kind: str):
    found = content({"a.xhtml": ONE, "b.jpg": (kind, b"\xff\xd8\x00\x01"), "c.xhtml": TWO})
    assert [piece.text for piece in found.pieces] == [TURBINES, COSTS]


def test_what_stands_in_for_a_picture_is_read():
    files = {"a.svg": ('image/svg+xml" fallback="toc.xhtml', "<svg/>"), "toc.xhtml": TWO}
    assert [piece.text for piece in content(files).pieces] == [COSTS]


NCX = """<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Power</text></navLabel>
<content src="a.xhtml#top"/></navPoint></navMap></ncx>"""
NAV = page('<nav><ol><li><a href="a.xhtml"><b>Po</b>wer</a></li></ol></nav>')


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("toc.ncx", ("application/x-dtbncx+xml", NCX)),
        ("toc.xhtml", (f'{XHTML}" properties="nav', NAV)),
    ],
)
def test_a_chapter_without_a_heading_has_the_title_of_the_contents(name: str, contents: tuple[str, str]):
    found = content({"a.xhtml": ONE, "b.xhtml": TWO, name: contents})
    assert [piece.label for piece in found.pieces] == ["section Power", "part 2"]


def test_damaged_contents_do_no_harm():
    found = content({"a.xhtml": ONE, "toc.ncx": ("application/x-dtbncx+xml", "<ncx")})
    assert [piece.label for piece in found.pieces] == ["part 1"]


def test_the_date_of_a_book_is_not_that_of_its_file():
    dates = '<dc:date opf:event="conversion">2023-02-26</dc:date>'
    assert content({"a.xhtml": ONE}, dates).metadata["date"] is None
    dates += '<dc:date opf:event="publication">1894-01-22</dc:date>'
    assert content({"a.xhtml": ONE}, dates).metadata["date"] == "1894-01-22"


def test_a_book_locked_against_copying_says_so():
    locks = """<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:CipherData>
<e:CipherReference URI="{}"/></e:CipherData></e:EncryptedData></encryption>"""
    with pytest.raises(UserError, match="locked against copying"):
        read(book({"a.xhtml": ONE}, more={"META-INF/encryption.xml": locks.format("a.xhtml")}), "a.epub")
    fonts = book({"a.xhtml": ONE}, more={"META-INF/encryption.xml": locks.format("font.otf")})
    assert read(fonts, "a.epub").pieces[0].text == TURBINES


def test_a_damaged_chapter_is_told_in_a_sentence():
    data = bytearray(book({"a.xhtml": ONE, "b.xhtml": TWO}))
    chapter = ZipFile(BytesIO(data)).getinfo("b.xhtml")
    begin = (
        chapter.header_offset + len(chapter.filename) + 30
    )  # the length of a local header without its name
    data[begin : begin + chapter.compress_size] = bytes(chapter.compress_size)
    with pytest.raises(UserError, match=r"damaged.*\(b.xhtml cannot be read\)"):
        read(bytes(data), "a.epub")


def test_a_book_of_too_many_characters_says_so():
    chance = random.Random(1)
    words = " ".join("".join(chance.choices("abcdefghij", k=9)) for _ in range(300_000))
    chapter = (XHTML, page(f"<p>{words}</p>"))
    with pytest.raises(UserError, match="more than 5,000,000 characters"):
        content({"a.xhtml": chapter, "b.xhtml": chapter})
