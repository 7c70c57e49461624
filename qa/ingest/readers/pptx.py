"""Presentations (PPTX), straight from their XML."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.ooxml_drawing import paragraphs, table_text
from qa.ingest.readers.ooxml_graphics import GRAPHICS, graphic_texts
from qa.ingest.readers.pptx_comments import Comments

_SHAPE, _TEXT, _TABLE = tag("p:sp"), tag("p:txBody"), tag("a:tbl")
_SHAPES: Final = frozenset({_SHAPE, _TABLE, *GRAPHICS})
_HOLDERS: Final = frozenset(
    map(tag, ("p:grpSp", "p:graphicFrame", "a:graphic", "a:graphicData", "mc:AlternateContent", "mc:Choice"))
)
"""Elements around shapes. Of two forms of one shape the first is read."""

_FURNITURE: Final = frozenset({"ftr", "hdr", "dt"})
"""Kinds of boxes that say the same on every slide."""

_TITLES: Final = frozenset({"title", "ctrTitle"})


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each slide, its title first, one for its notes, and one for each comment on it.

    Boxes are read in the order that PowerPoint keeps them in. Hidden slides are read; their place says that
    they are hidden.

    Raises:
        UserError: it is damaged, locked or beyond the limits.
    """
    reader = _Reader(Package(data))
    pieces = within_limits(reader.pieces())
    return FileContent(pieces, reader.metadata())


class _Reader:
    """Reads one presentation, once, in order."""

    def __init__(self, package: Package) -> None:
        root = package.root(package.main) if package.main else None
        if root is None or root.tag != tag("p:presentation"):
            raise ValueError("it contains no presentation")
        self._package = package
        relations = package.relations(package.main)
        ids = (each.get(tag("r:id"), "") for each in root.iter(tag("p:sldId")))
        self._slides = [relations[id_].part for id_ in ids if id_ in relations]
        self._comments = Comments(package)
        self._said: set[str] = set()
        """The parts at the edge of every slide, read where they stand first."""
        self._heading = ""

    def metadata(self) -> dict[str, object]:
        return {**self._package.properties(), "heading": self._heading}

    def pieces(self) -> Iterator[Piece]:
        for number, part in enumerate(self._slides, start=1):
            root = self._package.root(part)
            if root is None:
                continue
            hidden = root.get("show") in {"0", "false"}
            label = f"slide {number}, hidden" if hidden else f"slide {number}"
            yield Piece(label, "\n\n".join(self._slide(root, part)))
            for notes in self._package.related_roots(part, "notesSlide"):
                yield Piece(f"{label}, notes", "\n\n".join(_notes(notes)))
            yield from self._comments.on(part, label)

    def _slide(self, root: etree._Element, part: str) -> list[str]:
        """Return the paragraphs of a slide, its title first."""
        shapes = list(_shapes(root))
        first = [each for each in shapes if _kind(each) in _TITLES]
        titles = [text for shape in first for text in _paragraphs_of(shape)]
        if titles and not self._heading:
            self._heading = " ".join(" ".join(titles).split())
        others = [text for each in shapes if each not in first for text in self._texts(each, part)]
        return [text for text in titles + others if text.strip()]

    def _texts(self, shape: etree._Element, part: str) -> Iterator[str]:
        if shape.tag == _SHAPE:
            kind = _kind(shape)
            if kind == "sldNum":
                return
            for text in _paragraphs_of(shape):
                if kind not in _FURNITURE or text not in self._said:
                    yield text
                if kind in _FURNITURE:
                    self._said.add(text)
        elif shape.tag == _TABLE:
            yield table_text(shape)
        else:
            yield from graphic_texts(self._package, part, shape)


def _paragraphs_of(shape: etree._Element) -> list[str]:
    """Return the paragraphs of a shape, each line of one by itself: it is a separate point on a slide."""
    body = shape.find(_TEXT)
    texts = paragraphs(body) if body is not None else ()
    return [line for text in texts for line in text.split("\n") if line.strip()]


def _shapes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield shapes with text, tables, charts and diagrams in their order, those in groups as well."""
    tree = root.find(f"{tag('p:cSld')}/{tag('p:spTree')}")
    waiting = [] if tree is None else list(reversed(tree))
    while waiting:
        element = waiting.pop()
        if element.tag in _SHAPES:
            if not _is_hidden(element):
                yield element
        elif element.tag in _HOLDERS and not _is_hidden(element):
            waiting += reversed(element)


def _is_hidden(shape: etree._Element) -> bool:
    """Return whether the author has hidden a shape or a group."""
    known = next((found for each in shape if (found := each.find(tag("p:cNvPr"))) is not None), None)
    return known is not None and known.get("hidden") in {"1", "true"}


def _kind(shape: etree._Element) -> str:
    """Return what box of its layout a shape fills, such as ``title``; empty for none."""
    box = shape.find(f"{tag('p:nvSpPr')}/{tag('p:nvPr')}/{tag('p:ph')}")
    return "" if box is None else box.get("type", "body")


def _notes(root: etree._Element) -> list[str]:
    return [text for shape in _shapes(root) if _kind(shape) == "body" for text in _paragraphs_of(shape)]
