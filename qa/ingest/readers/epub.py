"""Electronic books (EPUB): zip archives of XHTML files, read in the order of the spine."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html import html_pieces
from qa.ingest.readers.safe_zip import open_zip, read_xml

_PACKAGE = "{http://www.idpf.org/2007/opf}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_ROOT = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it; ``part 3`` for a file without headings.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    archive = open_zip(data)
    root = read_xml(archive, "META-INF/container.xml").find(f".//{_ROOT}")
    path = root.get("full-path", "") if root is not None else ""
    package = read_xml(archive, path)
    pieces = within_limits(_pieces(archive, package, posixpath.dirname(path)))
    known = {
        ours: package.findtext(f".//{_DUBLIN_CORE}{theirs}")
        for ours, theirs in (
            ("title", "title"),
            ("author", "creator"),
            ("publisher", "publisher"),
            ("date", "date"),
        )
    }
    return FileContent(pieces, known)


def _pieces(archive: ZipFile, package: Element, folder: str) -> Iterator[Piece]:
    files = {item.get("id"): item.get("href", "") for item in package.iter(f"{_PACKAGE}item")}
    members = set(archive.namelist())
    for number, item in enumerate(package.iter(f"{_PACKAGE}itemref"), start=1):
        member = posixpath.normpath(posixpath.join(folder, unquote(files.get(item.get("idref"), ""))))
        if member not in members:
            continue
        for piece in html_pieces(decode(archive.read(member))):
            yield Piece(piece.label or f"part {number}", piece.text)
