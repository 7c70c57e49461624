"""Comments on the slides of a presentation, in both of the ways in which PowerPoint has stored them."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.ooxml_drawing import paragraphs


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a slide."""

    label: str
    """Such as ``comment by Ada Writer``."""
    text: str
    """With who wrote it and when."""


class Comments:
    """The comments of a presentation, by slide."""

    def __init__(self, package: Package) -> None:
        """Take the names of their authors."""
        self._package = package
        self._authors: dict[str, str] = {}
        for relation in package.relations(package.main).values():
            root = package.root(relation.part) if relation.kind in {"commentAuthors", "authors"} else None
            for author in root if root is not None else ():
                self._authors[author.get("id", "")] = author.get("name", "").strip()

    def on(self, slide: str) -> Iterator[Comment]:
        """Yield the comments on a slide, each with the replies to it."""
        for relation in self._package.related(slide, "comments"):
            root = self._package.root(relation.part)
            if root is None:
                continue
            for element in root.iter(tag("p:cm"), tag("p188:cm"), tag("p188:reply")):
                yield self._comment(element)

    def _comment(self, element: etree._Element) -> Comment:
        author = self._authors.get(element.get("authorId", ""), "")
        kind = "reply" if element.tag == tag("p188:reply") else "comment"
        label = f"{kind} by {author}" if author else kind
        date = (element.get("dt") or element.get("created") or "")[:10]
        opening = ", ".join(filter(None, [label, date]))
        body = element.find(tag("p188:txBody"))
        text = "\n".join(paragraphs(body)) if body is not None else element.findtext(tag("p:text")) or ""
        return Comment(label, f"{opening[0].upper()}{opening[1:]}: {text}" if text.strip() else "")
