"""Office Open XML (ECMA-376): the parts of a DOCX, PPTX or XLSX file and how they refer to each other.

Files in the strict form of the format have other namespaces for the same elements; they are read as if they
had the usual ones.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import unquote

from lxml import etree

from qa.ingest.readers.safe_xml import parse_xml
from qa.ingest.readers.safe_zip import open_zip, read_member

_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL: Final = rb"http://schemas.openxmlformats.org/\1/2006/"

_NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "p15": "http://schemas.microsoft.com/office/powerpoint/2012/main",
    "p188": "http://schemas.microsoft.com/office/powerpoint/2018/8/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "cx": "http://schemas.microsoft.com/office/drawing/2014/chartex",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}

_TEMPLATE_DATES: Final = frozenset({"2013-12-23T23:15:00Z", "2013-01-27T09:15:58Z"})
"""The dates of change that python-docx and python-pptx leave in every file made with their templates."""

_TEMPLATE_AUTHORS: Final = frozenset({"python-docx", "Steve Canny", "openpyxl"})
"""The authors that libraries write into every file they make."""

_PROGRAM_TITLES: Final = frozenset(
    {
        *("PowerPoint Presentation", "PowerPoint-Präsentation", "Présentation PowerPoint", "Word Document"),
        *("Presentación de PowerPoint", "Presentazione di PowerPoint", "Презентация PowerPoint"),
    }
)
"""Titles that programs write where their user gave none."""


@cache
def tag(name: str) -> str:
    """Return a name such as ``w:p`` in the form that lxml gives to elements and attributes."""
    prefix, local = name.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from one part to another."""

    kind: str
    """The last word of its type, such as ``chart`` or ``comments``."""
    part: str


class Package:
    """The parts of one file. A part that is missing has no root and no relations."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            UserError: it is not an archive, is locked, or is beyond the limits of archives.
        """
        self._archive = open_zip(data)
        self._members = {name.replace("\\", "/").lower(): name for name in self._archive.namelist()}
        self._relations: dict[str, Mapping[str, Relation]] = {}
        self.main = next((each.part for each in self.relations_of("", "officeDocument")), "")
        """The name of the part that holds the document itself."""

    @property
    def strict(self) -> bool:
        """True if it is in the strict form of the format."""
        return bool(_STRICT.search(self._bytes(self.main)))

    def read(self, part: str) -> bytes:
        """Return the bytes of a part, in the usual form if it is XML; none where it is missing.

        Raises:
            UserError: it is damaged or locked.
        """
        data = self._bytes(part)
        return _STRICT.sub(_TRANSITIONAL, data) if part.endswith((".xml", ".rels")) else data

    def _bytes(self, part: str) -> bytes:
        member = self._members.get(part.lower())
        return b"" if member is None else read_member(self._archive, member)

    def root(self, part: str) -> etree._Element | None:
        """Parse a part. Entities are refused.

        Raises:
            UserError: it is damaged or locked, or defines entities.
        """
        data = self._bytes(part)
        return parse_xml(_STRICT.sub(_TRANSITIONAL, data), part) if data.strip() else None

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the relations of a part to others inside the file, by their ids."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            root = self.root(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._relations[part] = {
                each.get("Id", ""): Relation(
                    each.get("Type", "").rpartition("/")[2], _member(folder, each.get("Target", ""))
                )
                for each in (() if root is None else root.iter(tag("rel:Relationship")))
                if each.get("TargetMode") != "External"
            }
        return self._relations[part]

    def relations_of(self, part: str, kind: str) -> Iterator[Relation]:
        """Yield the relations of one kind."""
        return (each for each in self.relations(part).values() if each.kind == kind)

    def related_roots(self, part: str, *kinds: str) -> Iterator[etree._Element]:
        """Yield the roots of the parts of some ``kinds`` that ``part`` refers to, in its order."""
        for relation in self.relations(part).values():
            root = self.root(relation.part) if relation.kind in kinds else None
            if root is not None:
                yield root

    def referred_root(self, part: str, id_: str) -> etree._Element | None:
        """Return the root of the part that ``part`` refers to by a relation's id."""
        relation = self.relations(part).get(id_)
        return self.root(relation.part) if relation else None

    def properties(self) -> dict[str, object]:
        """Return title, author and date of last change, where the file says them. None is made up."""
        root = next(self.related_roots("", "core-properties"), None)
        if root is None:
            return {}
        title, author = root.findtext(tag("dc:title")), root.findtext(tag("dc:creator"))
        date = root.findtext(tag("dcterms:modified")) or root.findtext(tag("dcterms:created"))
        return {
            "title": None if title in _PROGRAM_TITLES else title,
            "author": None if author in _TEMPLATE_AUTHORS else author,
            "date": date[:10] if date and date not in _TEMPLATE_DATES else None,
        }


def _member(folder: str, target: str) -> str:
    """Return the name of the member that ``target`` means, seen from ``folder``."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target.replace("\\", "/")))).strip("/")
