"""Footnotes, endnotes and comments of a Word document, by their ids."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from qa.ingest.readers.ooxml import Package, tag
from qa.ingest.readers.remarks import Remark

_NOTES: Final = {"footnotes": "footnote", "endnotes": "endnote"}
"""The kinds of parts that hold notes, and the kind of the notes in each."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its body."""

    remark: Remark
    body: etree._Element


class Remarks:
    """The notes and comments of a document."""

    def __init__(self, package: Package) -> None:
        """Take them from their parts."""
        self._notes: dict[tuple[str, str], etree._Element] = {}
        self._comments: dict[str, Comment] = {}
        for part, kind in _NOTES.items():
            for root in package.related_roots(package.main, part):
                self._notes |= {(kind, each.get(tag("w:id"), "")): each for each in root}
        for root in package.related_roots(package.main, "comments"):
            for each in root:
                remark = Remark(each.get(tag("w:author"), "").strip(), each.get(tag("w:date"), ""))
                self._comments[each.get(tag("w:id"), "")] = Comment(remark, each)

    def take_note(self, kind: str, id_: str) -> etree._Element | None:
        """Return the body of a note the first time it is asked for."""
        return self._notes.pop((kind, id_), None)

    def take_comment(self, id_: str) -> Comment | None:
        """Return a comment the first time it is asked for."""
        return self._comments.pop(id_, None)
