"""Texts of LibreOffice and related programs (ODT), straight from their XML."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from qa.ingest.readers.base import MAX_CHARS, FileContent, within_limits
from qa.ingest.readers.safe_zip import open_zip, read_xml
from qa.ingest.readers.sections import Block, by_section
from qa.ingest.readers.tables import row_lines

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLED = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLES = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"

_NOT_SHOWN = frozenset(
    {
        f"{_STYLED}tracked-changes",
        f"{_STYLED}note",
        f"{_OFFICE}annotation",
        f"{_OFFICE}forms",
        f"{_STYLED}sequence-decls",
    }
)


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it. Tracked deletions, notes and comments are not
    read.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    archive = open_zip(data)
    body = read_xml(archive, "content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ValueError("it contains no text document")
    pieces = within_limits(by_section(_blocks(body)))
    known = read_xml(archive, "meta.xml").find(f"{_OFFICE}meta") if "meta.xml" in archive.namelist() else None
    if known is None:
        return FileContent(pieces)
    author = known.findtext(f"{_META}initial-creator") or known.findtext(f"{_DUBLIN_CORE}creator")
    date = known.findtext(f"{_DUBLIN_CORE}date") or known.findtext(f"{_META}creation-date")
    return FileContent(
        pieces, {"title": known.findtext(f"{_DUBLIN_CORE}title"), "author": author, "date": date}
    )


def _blocks(body: Element) -> Iterator[Block]:
    waiting = [(body, "")]
    while waiting:
        element, before = waiting.pop()
        if element.tag in _NOT_SHOWN:
            continue
        if element.tag in {f"{_STYLED}p", f"{_STYLED}h"}:
            text = _text(element)
            yield Block(before + text if text.strip() else "", element.tag == f"{_STYLED}h")
        elif element.tag == f"{_TABLES}table":
            yield Block("\n".join(line for _, line in row_lines(_rows(element))))
        else:
            before = "- " if element.tag == f"{_STYLED}list-item" else before
            waiting += [(inner, before) for inner in reversed(element)]


def _rows(table: Element) -> Iterator[list[str]]:
    for row in table.iter(f"{_TABLES}table-row"):
        yield [_text(cell) for cell in row.findall(f"{_TABLES}table-cell")]


def _text(element: Element) -> str:
    """Return the visible text of ``element``; a paragraph inside it begins on a new line."""
    words: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            words.append(each)
            continue
        if each is not element:
            waiting.append(each.tail or "")
            words.append(_sign(each))
        if each.tag in _NOT_SHOWN:
            continue
        for inner in reversed(each):
            waiting.append(inner)
        words.append(each.text or "")
    return "".join(words)


def _sign(element: Element) -> str:
    """Return the white space that an element stands for."""
    if element.tag == f"{_STYLED}s":
        count = element.get(f"{_STYLED}c", "1")
        return " " * min(int(count) if count.isdecimal() else 1, MAX_CHARS)
    return {f"{_STYLED}tab": "\t", f"{_STYLED}line-break": "\n", f"{_STYLED}p": "\n"}.get(element.tag, "")
