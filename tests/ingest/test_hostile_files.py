"""Files that were damaged, or made to do harm: each ends as a document or as one line that says why not."""

import random
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from qa.errors import UserError
from qa.ingest.base import LoadResult
from qa.ingest.discovery import load
from qa.ingest.documents import parse
from qa.ingest.readers.archive import members
from qa.ingest.readers.base import MAX_CHARS, MAX_PIECES
from qa.ingest.readers.mbox import MAX_MAILS
from qa.ingest.readers.safe_zip import MAX_MEMBERS, MAX_UNPACKED
from qa.ingest.readers.sandbox import read_in_sandbox
from tests.support import office_files, sample_files
from tests.support.outlook import OutlookMail, outlook_mail

SEED = 20_250_122

OPEN_SLIDE = f"<draw:page><draw:g><text:p>{sample_files.TURBINES}</text:p></draw:g></draw:page>"
OPEN_ROW = (
    "<table:table-row {}><table:table-cell {}><text:p>Fuel</text:p></table:table-cell></table:table-row>"
)
OPEN_SHEET = f"<table:table>{OPEN_ROW.format('', '')}</table:table>"

GOOD: dict[str, Callable[[], bytes]] = {
    "good.pdf": sample_files.columns,
    "good.docx": sample_files.word,
    "good.pptx": sample_files.slides,
    "good.xlsx": sample_files.sheets,
    "good.eml": sample_files.letter,
    "good.html": sample_files.page,
    "good.epub": sample_files.book,
    "good.odt": sample_files.odt,
    "good.odp": lambda: office_files.open_document("presentation", OPEN_SLIDE),
    "good.ods": lambda: office_files.open_document("spreadsheet", OPEN_SHEET),
    "good.rtf": sample_files.rtf,
    "good.csv": lambda: b"Item,Price\nFuel,5\n",
    "good.json": lambda: b'{"plant": {"turbines": 4}}',
    "good.txt": lambda: sample_files.TURBINES.encode(),
    "good.srt": lambda: b"1\n00:00:01,000 --> 00:00:02,000\nThe plant has four turbines.\n",
    "good.xml": lambda: (
        b"<plants><plant><name>Syrdarya</name></plant><plant><name>Oq</name></plant></plants>"
    ),
    "good.tex": lambda: b"\\section{Power}\nThe plant has $4$ turbines.\n",
    "good.ipynb": lambda: b'{"cells": [{"cell_type": "code", "source": ["power = 54"]}]}',
    "good.mbox": lambda: b"From a Wed Jan 22 10:00:00 2025\n" + sample_files.letter(),
    "good.msg": lambda: outlook_mail(
        OutlookMail("Offer", sample_files.TURBINES, {"prices.csv": b"a,b\n1,2"})
    ),
    "good.rst": lambda: b"Power\n=====\n\nThe plant has four turbines.\n",
}

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
"""Ten million laughs and more, each entity ten of the one before it."""

REACHING = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">'

NESTED = 100_000


def damaged() -> dict[str, bytes]:
    """Good files cut off, with some bytes turned round, and with some turned round inside an archive."""
    chance = random.Random(SEED)
    made: dict[str, bytes] = {}
    for name, make in GOOD.items():
        data = make()
        for i in range(4):
            made[f"cut-{i}-{name}"] = data[: chance.randrange(1, len(data))]
        for i in range(6):
            made[f"flipped-{i}-{name}"] = flipped(data, 2**i, chance)
        for i in range(6 if data.startswith(b"PK") else 0):
            with ZipFile(BytesIO(data)) as archive:
                inside = max(archive.infolist(), key=lambda each: each.file_size).filename
                content = archive.read(inside)
            made[f"inside-{i}-{name}"] = changed(data, inside, flipped(content, 2**i, chance))
    return made


def flipped(data: bytes, bits: int, chance: random.Random) -> bytes:
    """``data`` with so many of its bits turned round."""
    turned = bytearray(data)
    for _ in range(bits):
        turned[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(turned)


def changed(archive: bytes, name: str, content: str | bytes) -> bytes:
    """``archive`` in which the member ``name`` holds ``content``."""
    with ZipFile(BytesIO(archive)) as old:
        kept = {each: old.read(each) for each in old.namelist()}
    return sample_files.zipped(kept | {name: content})


def claiming(size: int) -> bytes:
    """An archive whose one file says that it unpacks to ``size`` bytes."""
    data = bytearray(sample_files.zipped({"a.txt": "x" * 100}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", size)
    return bytes(data)


def pages(thousands: int) -> bytes:
    """A PDF that has one page so many thousand times."""
    kids = b"4 0 R " * 1_000
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (thousands * 1_000, b"3 0 R " * thousands),
        b"<</Type/Pages/Parent 2 0 R/Count 1000/Kids[%s]>>" % kids,
        b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>",
    ]
    body = b"".join(b"%d 0 obj%s endobj\n" % (i, each) for i, each in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


def made() -> dict[str, bytes]:
    """Files that were made to do harm, by name."""
    word = "word/document.xml"
    sheet = "xl/worksheets/sheet1.xml"
    bomb = b"\x00" * 50_000_000
    odt = "<office:document-content>&{};</office:document-content>"
    return {
        "bomb.zip": sample_files.zipped({"bomb.txt": bomb, "inner.txt": "Inside a bomb."}),
        "bomb.docx": changed(sample_files.word(), word, bomb),
        "bomb.xlsx": changed(sample_files.sheets(), "xl/media/picture.bin", bomb),
        "bomb.epub": changed(sample_files.book(), "OEBPS/one.xhtml", bomb),
        "claims.zip": claiming(0xFFFFFFF0),
        "claims.docx": claiming(0xFFFFFFF0),
        "many.zip": sample_files.zipped({f"{i}.txt": "" for i in range(MAX_MEMBERS + 1)}),
        "laughs.odt": sample_files.zipped({"content.xml": LAUGHS + "]>" + odt.format("i")}),
        "laughs.docx": changed(sample_files.word(), word, LAUGHS + "]><w>&i;</w>"),
        "laughs.xlsx": changed(sample_files.sheets(), sheet, LAUGHS + "]><w>&i;</w>"),
        "laughs.pptx": changed(sample_files.slides(), "ppt/presentation.xml", LAUGHS + "]><w>&i;</w>"),
        "laughs.epub": changed(sample_files.book(), "OEBPS/book.opf", LAUGHS + "]><w>&i;</w>"),
        "laughs.html": (LAUGHS + "]><p>&i; all.").encode(),
        "reaching.odt": sample_files.zipped({"content.xml": REACHING + "]>" + odt.format("i")}),
        "reaching.docx": changed(sample_files.word(), word, REACHING + "]><w>&i;</w>"),
        "reaching.html": (REACHING + "]><p>&i; <iframe src='file:///etc/passwd'></iframe>").encode(),
        "deep.json": b"[" * NESTED,
        "deeper.json": b'{"a":' * NESTED + b"1" + b"}" * NESTED,
        "deep.html": b"<div>" * NESTED + b"down",
        "deep.docx": changed(sample_files.word(), word, "<w:p>" * NESTED),
        "deep.odt": sample_files.zipped({"content.xml": "<a>" * NESTED + "</a>" * NESTED}),
        "formula.docx": office_files.word("<m:oMath>" + "<m:f><m:num>" * NESTED),
        "rows.ods": office_files.open_document(
            "spreadsheet",
            "<table:table>"
            + OPEN_ROW.format('table:number-rows-repeated="999999999"', "")
            + "</table:table>",
        ),
        "columns.ods": office_files.open_document(
            "spreadsheet",
            "<table:table>"
            + OPEN_ROW.format("", 'table:number-columns-repeated="999999999"') * 1_000
            + "</table:table>",
        ),
        "laughs.ods": changed(
            office_files.open_document("spreadsheet", OPEN_SHEET), "content.xml", LAUGHS + "]><w>&i;</w>"
        ),
        "fonts.rtf": b"{\\rtf1{\\fonttbl" + b"{\\f0 x" * NESTED,
        "notes.rtf": b"{\\rtf1" + b"{\\footnote " * NESTED + b"text",
        "deep.rtf": b"{\\rtf1" + b"{" * NESTED + b"text" + b"}" * NESTED,
        "deep.eml": b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * NESTED,
        "deep.xml": b"<a>" * NESTED + b"</a>" * NESTED,
        "deep.ipynb": b'{"cells": ' + b"[" * NESTED,
        "deep.tex": b"{" * NESTED,
        "deep.srt": b"00:00:01,000 --> " * NESTED,
        "laughs.xml": (LAUGHS + "]><p>&i;</p>").encode(),
        "reaching.xml": (REACHING + "]><p>&i;</p>").encode(),
        "times.srt": b"99999999:99:99,999 --> 00:00:00\n<v \n" * 10_000,
        "lines.log": b"x\n" * (MAX_PIECES + 1),
        "line.py": b"x" * (MAX_CHARS + 1),
        "lines.rst": b"=\n" * NESTED,
        "many.mbox": b"From a Wed Jan 22 10:00:00 2025\nSubject: x\n\n\n" * (MAX_MAILS + 1),
        "loop.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000,
        "office.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000,
        "text.pages": b"no archive",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "spaces.odt": sample_files.zipped(
            {
                "content.xml": '<o:d xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text><t:p>a'
                + '<t:s t:c="999999999"/>' * 5
                + "b</t:p></o:text></o:body></o:d>"
            }
        ),
        "line.txt": b"x" * (MAX_CHARS + 1),
        "line.csv": b"x" * (MAX_CHARS + 1),
        "line.json": b'"' + b"x" * (MAX_CHARS + 1) + b'"',
        "line.html": b"<p>" + b"x" * (MAX_CHARS + 1),
        "cells.csv": b"," * 1_000_000,
        "quotes.csv": b'a,b\n"' + b"x\n" * 100_000,
        "accents.txt": ("a" + "\u0301\u0316" * 500_000).encode(),
        "front.md": b"---\n" + b"a: [b]\n" * 100_000 + b"---\ntext",
        "number.json": b"1" + b"0" * 100_000,
        "binary.txt": bytes(range(256)) * 20,
        "binary.pdf": bytes(range(256)) * 20,
        "empty.pdf": b"",
        "empty.docx": b"",
        "empty.json": b"",
        "empty.eml": b"",
        "word.pdf": sample_files.word(),
        "pdf.docx": sample_files.columns(1),
        "slides.docx": sample_files.slides(),
        "sheets.pptx": sample_files.sheets(),
        "page.xlsx": sample_files.page(),
        "text.zip": b"no archive",
        "old.docx": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
        "locked.pdf": sample_files.drawn([(72, 700, "Secret.")], encrypt="word"),
        "scanned.pdf": sample_files.scanned(),
        "pages.pdf": pages(1_000),
        "loop.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9999999>>endobj\n"
        b"trailer<</Root 1 0 R>>",
        "header.eml": b"Subject: " + b"=?utf-8?b?" * 20_000 + b"\nFrom: " + b"<" * 20_000 + b"\n\ntext",
        "charset.eml": b"Subject: x\nContent-Type: text/plain; charset=no-such\n\nGr\xfc\xdfe",
        "charset.html": b"<meta charset='rot13'><p>text",
        "control.rtf": b"{\\rtf1 \\u-99999? \\'zz \\bin99999999 text}",
    }


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return damaged() | made()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, hostile: dict[str, bytes]) -> LoadResult:
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in hostile.items():
        (folder / name).write_bytes(data)
    for name, make in GOOD.items():
        (folder / name).write_bytes(make())
    return load([folder])


def test_there_are_enough_of_them(hostile: dict[str, bytes]):
    assert len(hostile) >= 200


def test_every_file_is_a_document_or_has_a_reason(loaded: LoadResult, hostile: dict[str, bytes]):
    read = {document.id for document in loaded.documents}
    failed = [failure.path for failure in loaded.failures]
    single = {name for name in hostile if not name.endswith((".zip", ".mbox"))}
    assert (read & single) | (set(failed) & single) == single
    assert len(failed) == len(set(failed))
    assert not read & set(failed)


def test_a_reason_is_one_line_for_a_person(loaded: LoadResult):
    for failure in loaded.failures:
        assert failure.reason
        assert "\n" not in failure.reason
        assert "Traceback" not in failure.reason
        assert len(failure.reason) < 300


def test_the_other_files_are_read(loaded: LoadResult):
    inside = {"good.mbox": "good.mbox/0001 Grüße.eml"}
    assert {inside.get(name, name) for name in GOOD} <= {document.id for document in loaded.documents}


def test_nothing_of_this_machine_gets_into_a_document(loaded: LoadResult):
    assert not [document.id for document in loaded.documents if "root:" in document.text]


def test_no_document_is_longer_than_it_may_be(loaded: LoadResult):
    assert all(len(document.text) <= 2 * MAX_CHARS for document in loaded.documents)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bomb.docx", "far more than its size"),
        ("claims.zip", "unpacks to more than"),
        ("many.zip", "more than 10,000 files"),
        ("laughs.odt", "entities"),
        ("laughs.ods", "entities"),
        ("rows.ods", "more than 100,000 rows"),
        ("line.txt", "more than 5,000,000 characters"),
        ("line.csv", "more than 5,000,000 characters"),
        ("deep.json", "nested too deep"),
        ("deep.html", "nested too deep"),
        ("old.docx", "locked with a password"),
        ("deep.xml", "nested too deep"),
        ("laughs.xml", "entities"),
        ("lines.log", "more than 100,000 rows"),
        ("many.mbox", "more than 20,000 mails"),
        ("loop.msg", "not in MSG format"),
        ("text.pages", "not in PAGES format"),
        ("picture.png", "text recognition (OCR) is off"),
        ("locked.pdf", "locked with a password"),
        ("scanned.pdf", "its pages are images"),
        ("pages.pdf", "more than 5,000 pages"),
        ("word.pdf", "not in PDF format"),
        ("empty.docx", "no text"),
        ("front.md", "front matter"),
    ],
)
def test_a_reason_says_what_is_wrong(loaded: LoadResult, name: str, reason: str):
    (said,) = (failure.reason for failure in loaded.failures if failure.path == name)
    assert reason in said


def test_a_gigabyte_in_one_line_is_not_read(tmp_path: Path):
    with (tmp_path / "line.txt").open("wb") as file:
        file.truncate(10**9)
    (tmp_path / "other.txt").write_text("Text.")
    found = load([tmp_path])
    assert [document.id for document in found.documents] == ["other.txt"]
    assert "larger than 200 MB" in found.failures[0].reason


def test_a_bomb_in_an_archive_leaves_the_other_members(loaded: LoadResult):
    assert "bomb.zip/inner.txt" in {document.id for document in loaded.documents}
    assert "bomb.zip/bomb.txt" in {failure.path for failure in loaded.failures}


def test_an_archive_is_read_like_a_folder(tmp_path: Path):
    inner = {"a.txt": "One.", "sub/b.csv": "x,y\n1,2\n", ".git/c.txt": "no", "~$d.docx": "no"}
    inner |= {"__MACOSX/a.txt": "no", "inner.zip": sample_files.zipped({"e.txt": "no"})}
    (tmp_path / "docs.zip").write_bytes(sample_files.zipped(inner))
    found = load([tmp_path])
    assert [document.id for document in found.documents] == ["docs.zip/a.txt", "docs.zip/sub/b.csv"]
    assert [(failure.path, "unpack it" in failure.reason) for failure in found.failures] == [
        ("docs.zip/inner.zip", True)
    ]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "etc/passwd.txt"),
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("C:\\boot.txt", "boot.txt"),
        ("a/./../b.txt", "a/b.txt"),
    ],
)
def test_a_name_in_an_archive_leads_nowhere(tmp_path: Path, name: str, safe: str):
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(ZipInfo(name), "Text.")
    assert [member.name for member in members(file.getvalue())] == [safe]
    (tmp_path / "a.zip").write_bytes(file.getvalue())
    assert [document.id for document in load([tmp_path]).documents] == [f"a.zip/{safe}"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_members_of_one_name_stay_apart():
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in ("a.txt", "./a.txt", "b/../a.txt"):
            archive.writestr(ZipInfo(name), name)
    assert len({member.name for member in members(file.getvalue())}) == 3


def test_a_link_in_an_archive_is_passed_over():
    info = ZipInfo("link.txt")
    info.external_attr = 0o120777 << 16
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert not list(members(file.getvalue()))


def test_an_archive_of_too_much_is_refused():
    assert MAX_UNPACKED < 0xFFFFFFF0
    with pytest.raises(UserError, match="unpacks to more"):
        list(members(claiming(0xFFFFFFF0)))


def test_reading_ends_in_time():
    with pytest.raises(UserError, match=r"takes longer than 0\.001 seconds"):
        read_in_sandbox(sample_files.page(), "a.html", seconds=0.001)


def test_a_formula_is_not_computed():
    assert "SUM" not in parse(sample_files.sheets(), "a.xlsx").text
