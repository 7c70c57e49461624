"""Comments on the slides of a presentation, in both of the ways in which PowerPoint has stored them."""

from collections.abc import Iterator

from lxml import etree

from qa.ingest.readers.base import Piece
from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.ooxml_drawing import paragraphs
from qa.ingest.readers.remarks import Remark


class Comments:
    """The comments of a presentation, by slide."""

    def __init__(self, package: Package) -> None:
        """Take the names of their authors."""
        self._package = package
        self._authors: dict[str, str] = {}
        for root in package.related_roots(package.main, "commentAuthors", "authors"):
            for author in root:
                self._authors[author.get("id", "")] = author.get("name", "").strip()

    def on(self, slide: str, label: str) -> Iterator[Piece]:
        """Yield the comments on a slide, each with the replies to it; ``label`` is the slide's place."""
        for root in self._package.related_roots(slide, "comments"):
            for element in root.iter(tag("p:cm"), tag("p188:cm"), tag("p188:reply")):
                remark = self._remark(element)
                yield Piece(f"{label}, {remark.label}", remark.written(_text(element)))

    def _remark(self, element: etree._Element) -> Remark:
        author = self._authors.get(element.get("authorId", ""), "")
        kind = "reply" if element.tag == tag("p188:reply") else "comment"
        return Remark(author, element.get("dt") or element.get("created") or "", kind)


def _text(comment: etree._Element) -> str:
    body = comment.find(tag("p188:txBody"))
    return "\n".join(paragraphs(body)) if body is not None else comment.findtext(tag("p:text")) or ""
