"""Automatic numbers of headings and lists in a Word document, which stand nowhere in its text.

Word stores how a list counts (``Article %1``, ``%1.%2``, roman or letters) and counts when it shows the
document. Contracts are cited by these numbers.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from qa.ingest.readers.docx_styles import Style, Styles, is_on, value_of
from qa.ingest.readers.list_numbers import write_number
from qa.ingest.readers.ooxml import tag
from qa.ingest.readers.safe_xml import whole

_BULLET: Final = "-"

_PLACE: Final = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    restart: int | None
    """The level, from 1, after which it begins again; 0 for never, None for any level above it."""
    legal: bool
    """True if all its numbers are written in digits."""
    style: str


@dataclass(frozen=True, slots=True)
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)
    """The last number of each level."""


@dataclass(frozen=True, slots=True)
class _Instance:
    """A use of a list: it counts on with it, and may begin again where it is used first."""

    list: _List
    starts: dict[int, int]
    levels: dict[int, _Level]
    """Levels that look different in this use."""
    begun: set[int] = field(default_factory=set)

    def level(self, number: int) -> _Level | None:
        return self.levels.get(number) or self.list.levels.get(number)


class Numbering:
    """The lists of a document, which count while its paragraphs are taken in their order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        """Take them from the root of the part ``numbering``."""
        self._instances: dict[str, _Instance] = {}
        if root is None:
            return
        abstract = {each.get(tag("w:abstractNumId")): each for each in root.iter(tag("w:abstractNum"))}
        uses = {each.get(tag("w:numId"), ""): each for each in root.iterchildren(tag("w:num"))}
        lists: dict[str | None, _List] = {}
        for number, use in uses.items():
            id_ = value_of(use, "w:abstractNumId")
            if linked := value_of(abstract.get(id_), "w:numStyleLink"):
                owner = uses.get(styles.style(linked).number or "")
                id_ = value_of(owner, "w:abstractNumId") or id_
            if id_ in abstract:
                shared = lists.setdefault(id_, _List(_levels(abstract[id_])))
                self._instances[number] = _instance(shared, use)

    def mark(self, style: Style) -> str:
        """Count a paragraph of a style and return what Word shows before it: ``2.3.1``, ``(a)``, a bullet
        as ``-``, or nothing.
        """
        instance = self._instances.get(style.number or "")
        if instance is None:
            return _BULLET if style.bulleted and style.number is None else ""
        number = style.level or 0
        if style.owner:
            number = next(
                (index for index, each in instance.list.levels.items() if each.style == style.owner), number
            )
        level = instance.level(number)
        if level is None:
            return ""
        _count(instance, number, level)
        return _BULLET if level.form == "bullet" else _written(instance, level)


def _levels(element: etree._Element) -> dict[int, _Level]:
    return dict(_level(each) for each in element.iterchildren(tag("w:lvl")))


def _level(element: etree._Element) -> tuple[int, _Level]:
    restart = value_of(element, "w:lvlRestart")
    form = value_of(element, "w:numFmt")
    if form is None:  # a newer form, with an older one beside it
        form = value_of(element.find(f"{tag('mc:AlternateContent')}/{tag('mc:Fallback')}"), "w:numFmt")
    level = _Level(
        whole(value_of(element, "w:start"), 0),
        form or "decimal",
        value_of(element, "w:lvlText") or "",
        None if restart is None else whole(restart, 0),
        bool(is_on(element, "w:isLgl")),
        value_of(element, "w:pStyle") or "",
    )
    return whole(element.get(tag("w:ilvl")), 0), level


def _instance(shared: _List, use: etree._Element) -> _Instance:
    starts: dict[int, int] = {}
    levels: dict[int, _Level] = {}
    for override in use.iterchildren(tag("w:lvlOverride")):
        number = whole(override.get(tag("w:ilvl")), 0)
        changed = override.find(tag("w:lvl"))
        if changed is not None:
            levels[number] = _level(changed)[1]
        if (start := value_of(override, "w:startOverride")) is not None:
            starts[number] = whole(start, 1)
    return _Instance(shared, starts, levels)


def _count(instance: _Instance, number: int, level: _Level) -> None:
    counts = instance.list.counts
    begins = number in instance.starts and number not in instance.begun
    if begins or number not in counts:
        counts[number] = instance.starts.get(number, level.start)
    else:
        counts[number] += 1
    instance.begun.add(number)
    for above, skipped in {**instance.list.levels, **instance.levels}.items():
        if above < number:  # a level that was left out counts as begun: after 2.1.1 comes 2.2
            counts.setdefault(above, instance.starts.get(above, skipped.start))
    for deeper in [each for each in counts if each > number]:
        below = instance.level(deeper)
        if below is None or below.restart is None or number < below.restart:
            del counts[deeper]


def _written(instance: _Instance, level: _Level) -> str:
    """Return the text of a level with the numbers in it; nothing where one of them cannot be written."""
    shown = [_number(instance, int(place) - 1, level.legal) for place in _PLACE.findall(level.text)]
    numbers = iter([each for each in shown if each is not None])
    return "" if None in shown else _PLACE.sub(lambda _: next(numbers), level.text).strip()


def _number(instance: _Instance, number: int, legal: bool) -> str | None:
    level = instance.level(number)
    if level is None:
        return ""
    count = instance.list.counts.get(number, level.start)
    return write_number(count, "decimal" if legal and level.form != "none" else level.form)
