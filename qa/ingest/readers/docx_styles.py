"""Styles of a Word document: which are headings or hidden, and which number their paragraphs."""

import re
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from qa.ingest.readers.ooxml import tag

_HEADING: Final = re.compile(r"title|heading [1-9]", re.IGNORECASE)
_BULLETED: Final = re.compile(r"list bullet", re.IGNORECASE)
_OFF: Final = frozenset({"0", "false", "off"})
_OUTLINE_LEVELS: Final = 9
"""The levels of an outline; paragraphs of the level after them are body text."""


@dataclass(frozen=True, slots=True)
class Style:
    """The properties that a style gives its paragraphs, with those it inherits."""

    name: str = ""
    heading: bool = False
    bulleted: bool = False
    hidden: bool = False
    number: str | None = None
    """The id of the list that numbers them."""
    level: int | None = None
    owner: str = ""
    """The id of the style that ``number`` comes from."""


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: etree._Element | None) -> None:
        """Take them from the root of the part ``styles``."""
        elements = root.iterchildren(tag("w:style")) if root is not None else ()
        self._elements = {each.get(tag("w:styleId"), ""): each for each in elements}
        self._default = next(
            (
                id_
                for id_, each in self._elements.items()
                if each.get(tag("w:default")) in {"1", "true"} and each.get(tag("w:type")) == "paragraph"
            ),
            "",
        )
        self._known: dict[str, Style] = {}

    def of_paragraph(self, paragraph: etree._Element) -> Style:
        """Return the style of a paragraph, with what the paragraph itself says otherwise."""
        properties = paragraph.find(tag("w:pPr"))
        style = self.style(value_of(properties, "w:pStyle") or self._default)
        if properties is None:
            return style
        style = _numbered(style, properties, "")
        heading = _is_heading(style.heading, properties)
        return style if heading == style.heading else replace(style, heading=heading)

    def style(self, style: str) -> Style:
        """Return the style with this id; one that says nothing where there is none."""
        chain: list[str] = []
        while style in self._elements and style not in chain and style not in self._known:
            chain.append(style)
            style = value_of(self._elements[style], "w:basedOn") or ""
        found = self._known.get(style, Style())
        for each in reversed(chain):
            found = self._known[each] = _inherit(found, self._elements[each], each)
        return found


def value_of(element: etree._Element | None, child: str) -> str | None:
    """Return the value (``w:val``) of the first child of that name."""
    found = None if element is None else element.find(tag(child))
    return None if found is None else found.get(tag("w:val"))


def is_on(element: etree._Element | None, child: str) -> bool | None:
    """Return whether a switch is on among the properties ``element``; None where they do not name it."""
    found = None if element is None else element.find(tag(child))
    return None if found is None else found.get(tag("w:val"), "1") not in _OFF


def _inherit(base: Style, element: etree._Element, style: str) -> Style:
    name = value_of(element, "w:name") or ""
    hidden = is_on(element.find(tag("w:rPr")), "w:vanish")
    properties = element.find(tag("w:pPr"))
    found = replace(
        base,
        name=name,
        heading=base.heading or bool(_HEADING.fullmatch(name)),
        bulleted=base.bulleted or bool(_BULLETED.match(name)),
        hidden=base.hidden if hidden is None else hidden,
    )
    if properties is None:
        return found
    return replace(_numbered(found, properties, style), heading=_is_heading(found.heading, properties))


def _numbered(style: Style, properties: etree._Element, owner: str) -> Style:
    numbered = properties.find(tag("w:numPr"))
    if numbered is None:
        return style
    number, level = value_of(numbered, "w:numId"), value_of(numbered, "w:ilvl")
    return replace(
        style,
        number=style.number if number is None else number,
        owner=style.owner if number is None else owner,
        level=int(level) if level and level.isdecimal() else style.level,
    )


def _is_heading(inherited: bool, properties: etree._Element) -> bool:
    level = value_of(properties, "w:outlineLvl")
    return int(level) < _OUTLINE_LEVELS if level and level.isdecimal() else inherited
