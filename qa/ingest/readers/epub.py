"""Electronic books (EPUB): zip archives of XHTML, read in the order of their spine."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from qa.ingest.readers.base import Piece, Read, bounded
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html import html_pieces
from qa.ingest.readers.safe_zip import opened, xml

_PACKAGE = "{http://www.idpf.org/2007/opf}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_ROOT = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"


def read(data: bytes, name: str) -> Read:
    """A piece for each heading and what stands under it; ``part 3`` where a file of the book has none.

    Raises:
        UserError: damaged, locked, or beyond the bounds.
    """
    archive = opened(data)
    root = xml(archive, "META-INF/container.xml").find(f".//{_ROOT}")
    path = root.get("full-path", "") if root is not None else ""
    package = xml(archive, path)
    pieces = bounded(_pieces(archive, package, posixpath.dirname(path)))
    known = {
        ours: package.findtext(f".//{_DUBLIN_CORE}{theirs}")
        for ours, theirs in (
            ("title", "title"),
            ("author", "creator"),
            ("publisher", "publisher"),
            ("date", "date"),
        )
    }
    return Read(pieces, known)


def _pieces(archive: ZipFile, package: Element, folder: str) -> Iterator[Piece]:
    files = {item.get("id"): item.get("href", "") for item in package.iter(f"{_PACKAGE}item")}
    held = set(archive.namelist())
    for number, item in enumerate(package.iter(f"{_PACKAGE}itemref"), start=1):
        member = posixpath.normpath(posixpath.join(folder, unquote(files.get(item.get("idref"), ""))))
        if member not in held:
            continue
        for piece in html_pieces(decode(archive.read(member))):
            yield Piece(piece.label or f"part {number}", piece.text)
