"""Automatic numbers of headings and lists in OpenDocument files, which programs count when they show them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from qa.ingest.readers.list_numbers import write_number
from qa.ingest.readers.odf import tag
from qa.ingest.readers.safe_xml import whole

_FORMS: Final = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_PLACE: Final = re.compile(r"%(\d{1,2})%")
BULLET: Final = "-"
_OUTLINE: Final = "outline"
"""The name under which the numbers of headings are kept."""


@dataclass(frozen=True, slots=True)
class _Level:
    bullet: bool
    form: str
    """As in Office Open XML; empty for no number."""
    pattern: str
    """With ``%1%`` for the number of the first level; empty where it is made of the parts below."""
    prefix: str
    suffix: str
    shown: int
    """The number of levels that are shown, up to this one."""
    start: int


@dataclass(slots=True)
class ListState:
    """A list while it is read: its style, and how far each level has counted."""

    style: str
    counts: dict[int, int] = field(default_factory=dict)


class Lists:
    """The lists of a document, which count while it is read in order."""

    def __init__(self, roots: Iterator[etree._Element]) -> None:
        """Take their styles from the parts that define styles."""
        self._levels: dict[str, dict[int, _Level]] = {}
        for root in roots:
            for style in root.iter(tag("text:list-style")):
                self._levels[style.get(tag("style:name"), "")] = dict(map(_level, style))
            for style in root.iter(tag("text:outline-style")):
                self._levels[_OUTLINE] = dict(map(_level, style))
        self._by_id: dict[str | None, ListState] = {}
        self._last: dict[str, ListState] = {}
        self._outline = ListState(_OUTLINE)

    def begin(self, element: etree._Element, style: str) -> ListState:
        """Begin a list (``text:list``) at the top level, or go on with the one that it continues."""
        style = element.get(tag("text:style-name"), style)
        earlier = self._by_id.get(element.get(tag("text:continue-list")))
        if earlier is None and element.get(tag("text:continue-numbering")) == "true":
            earlier = self._last.get(style)
        state = ListState(style, earlier.counts) if earlier else ListState(style)
        if id_ := element.get(tag("xml:id")):
            self._by_id[id_] = state
        self._last[style] = state
        return state

    def begin_box(self) -> None:
        """Let the next list begin anew: lists do not go on from one box to another."""
        self._last.clear()

    def heading(self, level: int) -> str:
        """Count a heading and return its number; empty for none."""
        return self.item(self._outline, level, None)

    def item(self, state: ListState, level: int, start: int | None) -> str:
        """Count an item of a list and return what is shown before it; a bullet as ``-``."""
        levels = self._levels.get(state.style)
        if levels is None:
            return "" if state is self._outline else BULLET
        known = levels.get(level)
        if known is None:
            return ""
        counts = state.counts
        counts[level] = start if start is not None else counts.get(level, known.start - 1) + 1
        for above in levels:
            if above < level:
                counts.setdefault(above, levels[above].start)
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return BULLET if known.bullet else _written(levels, counts, level, known)


def _level(element: etree._Element) -> tuple[int, _Level]:
    form = element.get(tag("style:num-format"), "")
    level = _Level(
        etree.QName(element).localname in {"list-level-style-bullet", "list-level-style-image"},
        _FORMS.get(form, ""),
        element.get(tag("style:num-list-format")) or element.get(tag("loext:num-list-format")) or "",
        element.get(tag("style:num-prefix"), ""),
        element.get(tag("style:num-suffix"), ""),
        whole(element.get(tag("text:display-levels")), 1),
        whole(element.get(tag("text:start-value")), 1),
    )
    return whole(element.get(tag("text:level")), 1), level


def _written(levels: dict[int, _Level], counts: dict[int, int], level: int, known: _Level) -> str:
    if not known.form:
        return ""
    if known.pattern:
        return _PLACE.sub(lambda place: _number(levels, counts, int(place[1])), known.pattern).strip()
    shown = sorted(each for each in levels if level - known.shown < each <= level)
    numbers = ".".join(filter(None, (_number(levels, counts, each) for each in shown)))
    return f"{known.prefix}{numbers}{known.suffix}".strip()


def _number(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    known = levels.get(level)
    return write_number(counts.get(level, known.start), known.form) or "" if known and known.form else ""
