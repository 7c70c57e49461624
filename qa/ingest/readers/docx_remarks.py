"""Footnotes, endnotes and comments of a Word document, by their ids."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from qa.ingest.readers.ooxml import Package, tag

_QUOTED: Final = 80
"""The longest words that a comment is said to be on. Set by hand: they serve to find the place."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark of a reader."""

    author: str
    date: str
    """In ISO 8601; empty where it is not known."""
    body: etree._Element

    @property
    def label(self) -> str:
        """What it is, as a place."""
        return f"comment by {self.author}" if self.author else "comment"

    def written(self, text: str, about: str) -> str:
        """Return its ``text`` with who wrote it, when, and ``about`` which words."""
        words = f"on “{about}”" if 0 < len(about) <= _QUOTED else ""
        opening = ", ".join(filter(None, [self.label, self.date, words]))
        return f"{opening[0].upper()}{opening[1:]}: {text}"


class Remarks:
    """The notes and comments of a document."""

    def __init__(self, package: Package) -> None:
        """Take them from their parts."""
        self._notes: dict[tuple[str, str], etree._Element] = {}
        self._comments: dict[str, Comment] = {}
        for relation in package.relations(package.main).values():
            root = package.root(relation.part) if relation.kind in _KINDS else None
            if root is None:
                continue
            for element in root:
                id_ = element.get(tag("w:id"), "")
                if relation.kind == "comments":
                    author, date = element.get(tag("w:author"), ""), element.get(tag("w:date"), "")
                    self._comments[id_] = Comment(author.strip(), date[:10], element)
                else:
                    self._notes[_KINDS[relation.kind], id_] = element

    def take_note(self, kind: str, id_: str) -> etree._Element | None:
        """Return the body of a note the first time it is asked for."""
        return self._notes.pop((kind, id_), None)

    def take_comment(self, id_: str) -> Comment | None:
        """Return a comment the first time it is asked for."""
        return self._comments.pop(id_, None)


_KINDS: Final = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
