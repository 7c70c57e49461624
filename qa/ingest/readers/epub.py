"""Electronic books (EPUB): zip archives of XHTML files, read in the order of the spine."""

import posixpath
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html import html_pieces
from qa.ingest.readers.safe_zip import open_zip, read_member, read_xml

_PACKAGE: Final = "{http://www.idpf.org/2007/opf}"
_DUBLIN_CORE: Final = "{http://purl.org/dc/elements/1.1/}"
_CONTENTS: Final = "{http://www.daisy.org/z3986/2005/ncx/}"
_PAGE: Final = "{http://www.w3.org/1999/xhtml}"
_ROOT: Final = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_CIPHER: Final = "{http://www.w3.org/2001/04/xmlenc#}CipherReference"

_TEXTS: Final = frozenset(
    {"", "application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/plain"}
)
"""Kinds of files of a spine that are text; a picture may stand there as well."""

_PUBLISHED: Final = frozenset({None, "publication", "original-publication", "creation"})
"""Events whose dates are the book's; others are those of the file."""


@dataclass(frozen=True, slots=True)
class _Book:
    """An opened book."""

    archive: ZipFile
    package: Element
    folder: str
    """The folder of the package, from which it names its files."""

    def member(self, href: str, folder: str | None = None) -> str:
        """Return the name of the member that ``href`` means."""
        path = unquote(href.partition("#")[0])
        return posixpath.normpath(posixpath.join(self.folder if folder is None else folder, path))


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it. A file without headings has the place that the
    table of contents gives it, else ``part 3``. Pictures among the chapters are passed over.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    archive = open_zip(data)
    root = read_xml(archive, "META-INF/container.xml").find(f".//{_ROOT}")
    path = root.get("full-path", "") if root is not None else ""
    book = _Book(archive, read_xml(archive, path), posixpath.dirname(path))
    pieces = within_limits(_pieces(book))
    known: dict[str, object] = {
        ours: book.package.findtext(f".//{_DUBLIN_CORE}{theirs}")
        for ours, theirs in (("title", "title"), ("author", "creator"), ("publisher", "publisher"))
    }
    dates = book.package.iter(f"{_DUBLIN_CORE}date")
    known["date"] = next((each.text for each in dates if each.get(f"{_PACKAGE}event") in _PUBLISHED), None)
    return FileContent(pieces, known)


def _pieces(book: _Book) -> Iterator[Piece]:
    files = {item.get("id", ""): item for item in book.package.iter(f"{_PACKAGE}item")}
    members = set(book.archive.namelist())
    locked = _locked(book.archive)
    titles = _titles(book, files)
    for number, item in enumerate(book.package.iter(f"{_PACKAGE}itemref"), start=1):
        file = _text_file(files, item.get("idref", ""))
        member = book.member(file.get("href", "")) if file is not None else ""
        if member not in members:
            continue
        if member in locked:
            raise UserError("its chapters are locked against copying; Attest cannot read them")
        label = f"section {titles[member]}" if member in titles else f"part {number}"
        for piece in html_pieces(_text(book.archive, member)):
            yield Piece(piece.label or label, piece.text)


def _text_file(files: Mapping[str, Element], id_: str) -> Element | None:
    """Return the file with this id, or the one that stands in for it where it is no text."""
    seen: set[str] = set()
    while id_ in files and id_ not in seen:
        if files[id_].get("media-type", "") in _TEXTS:
            return files[id_]
        seen.add(id_)
        id_ = files[id_].get("fallback", "")
    return None


def _text(archive: ZipFile, member: str) -> str:
    """Return the text of a chapter; none where it is no text, whatever the book says.

    Raises:
        UserError: it is damaged.
    """
    data = read_member(archive, member)
    try:
        return decode(data)
    except UserError:
        return ""


def _locked(archive: ZipFile) -> frozenset[str]:
    """Return the members that are encrypted. Fonts often are, without any harm."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return frozenset()
    root = read_xml(archive, "META-INF/encryption.xml")
    return frozenset(unquote(each.get("URI", "")) for each in root.iter(_CIPHER))


def _titles(book: _Book, files: Mapping[str, Element]) -> dict[str, str]:
    """Return the titles of the chapters by member, from the table of contents in either of its two forms."""
    titles: dict[str, str] = {}
    for file in files.values():
        is_page = "nav" in file.get("properties", "").split()
        if not is_page and file.get("media-type") != "application/x-dtbncx+xml":
            continue
        member = book.member(file.get("href", ""))
        with suppress(UserError):
            root = read_xml(book.archive, member)
            for href, title in _linked(root) if is_page else _listed(root):
                if title:
                    titles.setdefault(book.member(href, posixpath.dirname(member)), title)
    return titles


def _linked(root: Element) -> Iterator[tuple[str, str]]:
    for link in root.iter(f"{_PAGE}a"):
        yield link.get("href", ""), " ".join("".join(link.itertext()).split())


def _listed(root: Element) -> Iterator[tuple[str, str]]:
    for point in root.iter(f"{_CONTENTS}navPoint"):
        content = point.find(f"{_CONTENTS}content")
        title = point.findtext(f"{_CONTENTS}navLabel/{_CONTENTS}text") or ""
        yield content.get("src", "") if content is not None else "", " ".join(title.split())
