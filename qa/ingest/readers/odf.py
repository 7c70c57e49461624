"""OpenDocument files of LibreOffice and related programs: their parts, properties and styles of text."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from lxml import etree

from qa.errors import UserError
from qa.ingest.readers.safe_xml import parse_xml
from qa.ingest.readers.safe_zip import open_zip, read_member

_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES: Final = {
    **{name: f"{_OASIS}{name}:1.0" for name in ("office", "style", "text", "table", "meta", "presentation")},
    **{"draw": f"{_OASIS}drawing:1.0", "chart": f"{_OASIS}chart:1.0", "svg": f"{_OASIS}svg-compatible:1.0"},
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "dc": "http://purl.org/dc/elements/1.1/",
    "math": "http://www.w3.org/1998/Math/MathML",
}
_MOST_PARENTS: Final = 50
"""The styles that one style inherits from, one after the other: a bound for damaged files."""


@cache
def tag(name: str) -> str:
    """Return a name such as ``text:p`` in the form that lxml gives to elements and attributes."""
    prefix, local = name.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


class OdfFile:
    """The parts of one file."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            UserError: it is not an archive, is locked, or is beyond the limits of archives.
        """
        self._archive = open_zip(data)
        self._members = set(self._archive.namelist())
        self._roots: dict[str, etree._Element] = {}
        if b"manifest:encryption-data" in self._read("META-INF/manifest.xml"):
            raise UserError("it is locked with a password; save it again, without a password")

    def root(self, part: str) -> etree._Element | None:
        """Parse a part; None where it is missing.

        Raises:
            UserError: it is damaged, or defines entities.
        """
        if part not in self._roots and (data := self._read(part)).strip():
            self._roots[part] = parse_xml(data, part)
        return self._roots.get(part)

    def body(self, kind: str) -> etree._Element:
        """Return the body of the document, such as ``office:text``.

        Raises:
            UserError: it is damaged.
            ValueError: it is of another kind.
        """
        root = self.root("content.xml")
        found = None if root is None else root.find(f"{tag('office:body')}/{tag(kind)}")
        if found is None:
            raise ValueError(f"it has no {kind}")
        return found

    def embedded_root(self, href: str) -> etree._Element | None:
        """Return the root of a document inside this one."""
        return self.root(posixpath.normpath(posixpath.join(href, "content.xml")))

    def roots(self) -> Iterator[etree._Element]:
        """Yield the parts that define styles, the document's own ones last."""
        for part in ("styles.xml", "content.xml"):
            root = self.root(part)
            if root is not None:
                yield root

    def properties(self) -> dict[str, object]:
        """Return title, author and date of last change, where the file says them."""
        root = self.root("meta.xml")
        known = None if root is None else root.find(tag("office:meta"))
        if known is None:
            return {}
        return {
            "title": known.findtext(tag("dc:title")),
            "author": known.findtext(tag("meta:initial-creator")) or known.findtext(tag("dc:creator")),
            "date": known.findtext(tag("dc:date")) or known.findtext(tag("meta:creation-date")),
        }

    def _read(self, part: str) -> bytes:
        return read_member(self._archive, part) if part in self._members else b""


@dataclass(frozen=True, slots=True)
class Look:
    """The properties that a style gives text and pages, with those it inherits."""

    hidden: bool = False
    raised: bool = False
    list_style: str = ""
    names: frozenset[str] = frozenset()
    """The names of the style and of those that it inherits from."""


class Looks:
    """The styles of a document, by the family and the name of each."""

    def __init__(self, roots: Iterator[etree._Element]) -> None:
        """Take them from the parts that define styles."""
        self._elements = {
            (each.get(tag("style:family"), ""), each.get(tag("style:name"), "")): each
            for root in roots
            for each in root.iter(tag("style:style"))
        }

    def of(self, element: etree._Element, family: str, attribute: str = "text:style-name") -> Look:
        """Return how an element looks by its style."""
        name = element.get(tag(attribute), "")
        look = Look()
        names: list[str] = []
        while (family, name) in self._elements and name not in names and len(names) < _MOST_PARENTS:
            names.append(name)
            look = _with_parent(look, self._elements[family, name])
            name = self._elements[family, name].get(tag("style:parent-style-name"), "")
        return Look(look.hidden, look.raised, look.list_style, frozenset(names))


def _with_parent(look: Look, style: etree._Element) -> Look:
    text, page = style.find(tag("style:text-properties")), style.find(tag("style:drawing-page-properties"))
    sheet = style.find(tag("style:table-properties"))
    hidden = (
        (text is not None and text.get(tag("text:display")) == "none")
        or (page is not None and page.get(tag("presentation:visibility")) == "hidden")
        or (sheet is not None and sheet.get(tag("table:display")) == "false")
    )
    raised = text is not None and text.get(tag("style:text-position"), "").startswith("super")
    listed = style.get(tag("style:list-style-name"), "")
    return Look(look.hidden or hidden, look.raised or raised, look.list_style or listed)
