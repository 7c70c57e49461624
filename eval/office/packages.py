"""Files that are zip archives: a plain one, an electronic book, a text in OpenDocument format."""

import re
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from pptx.presentation import Presentation

from eval.office.source import Block, Kind, blocks, source_text

_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*")
_OPENDOCUMENT = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "text", "table", "meta")
)


def zip_texts(members: dict[str, str]) -> bytes:
    """Return an archive of ``members`` without the time at which it is made."""
    return _zip({name: text.encode() for name, text in members.items()})


def with_fixed_time(data: bytes, day: str) -> bytes:
    """Return the Office file ``data`` as if it had been written on ``day``, in ISO 8601."""
    with ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    known = members["docProps/core.xml"]
    members["docProps/core.xml"] = _MODIFIED.sub(rf"\g<1>{day}T09:00:00Z".encode(), known)
    return _zip(members)


def save_as(document: Document | Presentation, day: str, author: str, title: str) -> bytes:
    """Return a document as ``author`` saved it on ``day``, in ISO 8601, with ``title`` in its properties."""
    known = document.core_properties
    known.author, known.last_modified_by, known.title = author, author, title
    known.created = known.modified = datetime.fromisoformat(day).replace(tzinfo=UTC)
    file = BytesIO()
    document.save(file)
    return with_fixed_time(file.getvalue(), day)


def field_notes() -> bytes:
    """Return an archive of two texts."""
    return zip_texts(
        {
            "heath/moth-count-2022-07.txt": source_text("zip-moth-count"),
            "heath/well-readings-2022.txt": source_text("zip-well-readings"),
        }
    )


def salt_road() -> bytes:
    """Return an electronic book of three chapters."""
    (title, *rest) = blocks("book-salt-road")
    starts = [i for i, block in enumerate(rest) if block.kind is Kind.HEADING]
    chapters = [rest[start:end] for start, end in pairwise([*starts, len(rest)])]
    names = [f"chapter-{number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    order = "".join(f'<itemref idref="{name}"/>' for name in names)
    package = f"""<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title.text}</dc:title>
<dc:creator>Leonie Kestrel</dc:creator><dc:date>2019-09-30</dc:date><dc:language>en</dc:language>
<dc:publisher>Heron Lane Books</dc:publisher></metadata><manifest>{items}</manifest>
<spine>{order}</spine></package>"""
    container = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf"/></rootfiles></container>"""
    return zip_texts(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "book/package.opf": package,
            **{f"book/{name}": _chapter(chapter) for name, chapter in zip(names, chapters, strict=True)},
        }
    )


def council_minutes() -> bytes:
    """Return minutes as a text in OpenDocument format."""
    body = "".join(map(_opendocument, blocks("council-minutes")))
    content = f"""<?xml version="1.0"?><office:document-content {_OPENDOCUMENT}><office:body>
<office:text>{body}
</office:text></office:body></office:document-content>"""
    meta = f"""<?xml version="1.0"?><office:document-meta {_OPENDOCUMENT}
xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>Minutes of the town council</dc:title>
<dc:creator>Town clerk's office</dc:creator><dc:date>2023-03-20T08:30:00</dc:date></office:meta>
</office:document-meta>"""
    return zip_texts(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "meta.xml": meta}
    )


def _zip(members: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return file.getvalue()


def _chapter(chapter: list[Block]) -> str:
    body = "".join(
        f"<h1>{escape(block.text)}</h1>" if block.kind is Kind.HEADING else f"<p>{escape(block.text)}</p>"
        for block in chapter
    )
    return f"""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>
<title>{escape(chapter[0].text)}</title></head><body>{body}</body></html>"""


def _opendocument(block: Block) -> str:
    match block.kind:
        case Kind.TITLE | Kind.HEADING:
            level = 1 if block.kind is Kind.TITLE else 2
            return f'<text:h text:outline-level="{level}">{escape(block.text)}</text:h>'
        case Kind.TABLE:
            cells = (map(_cell, row) for row in block.rows)
            rows = (f"<table:table-row>{''.join(row)}</table:table-row>" for row in cells)
            return f"<table:table>{''.join(rows)}</table:table>"
        case _:
            return f"<text:p>{escape(block.text)}</text:p>"


def _cell(text: str) -> str:
    return f"<table:table-cell><text:p>{escape(text)}</text:p></table:table-cell>"
