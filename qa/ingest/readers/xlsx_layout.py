"""The layout of a sheet's cells, from its XML: which of them are merged, and which are hidden."""

import re
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_MAX_COLUMN = 16_384
"""The columns of a sheet, as Excel limits them."""

_TRUE = frozenset({"1", "true"})


@dataclass(slots=True)
class Layout:
    """The layout of a sheet."""

    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """The row and column of the last cell of each merged range, by those of its first; from 1."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def layout_of(data: bytes) -> Layout:
    """Return the layout of a sheet. Rows that a filter hides count as shown: whoever opens the sheet can look
    at them.
    """
    layout = Layout()
    filtered = False
    tags = tuple(f"{{*}}{name}" for name in ("row", "col", "mergeCell", "filterColumn"))
    for _, element in etree.iterparse(BytesIO(data), tag=tags, resolve_entities=False, no_network=True):
        name = etree.QName(element).localname
        if name == "row":
            if element.get("hidden") in _TRUE and element.get("r", "").isdecimal():
                layout.hidden_rows.add(int(element.get("r", "")))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        elif name == "col":
            if element.get("hidden") in _TRUE:
                layout.hidden_columns.update(_columns(element))
        elif name == "mergeCell":
            _merge(layout, element.get("ref", ""))
        else:
            filtered = True
    if filtered:
        layout.hidden_rows.clear()
    return layout


def _columns(element: etree._Element) -> range:
    first, last = element.get("min", ""), element.get("max", "")
    if not (first.isdecimal() and last.isdecimal()):
        return range(0)
    return range(int(first), min(int(last), _MAX_COLUMN) + 1)


def _merge(layout: Layout, reference: str) -> None:
    match = _RANGE.fullmatch(reference)
    if match:
        first, last = (int(match[2]), _column(match[1])), (int(match[4]), _column(match[3]))
        if first <= last and first[1] <= last[1]:
            layout.merged[first] = last


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
