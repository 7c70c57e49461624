"""The signs before the items of a page's lists, which a browser draws: bullets, numbers, letters."""

import re

from lxml import etree

from qa.ingest.readers.list_numbers import write_number

_DIGITS = re.compile(r"\s*(-?\d{1,9})", re.ASCII)
_UNMARKED = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)


class Numbering:
    """The numbers of the items of the lists of one page."""

    def __init__(self) -> None:
        self._last: dict[etree._Element, int] = {}

    def mark(self, item: etree._Element) -> str:
        """Return what stands before an item of a list, such as ``- `` or ``b. ``."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return "- "
        step = -1 if "reversed" in parent.attrib else 1
        number = _number(item.get("value"))
        if number is None:
            number = self._last[parent] + step if parent in self._last else _first(parent, step)
        self._last[parent] = number
        if _UNMARKED.search(parent.get("style") or ""):
            return ""
        return f"{_written(number, item.get('type') or parent.get('type') or '1')}. "


def _first(parent: etree._Element, step: int) -> int:
    start = _number(parent.get("start"))
    if start is None:
        return 1 if step > 0 else sum(child.tag == "li" for child in parent)
    return start


def _number(text: str | None) -> int | None:
    said = _DIGITS.match(text or "")
    return int(said[1]) if said else None


def _written(number: int, kind: str) -> str:
    if kind.lower() == "a" and number > 0:
        letters = ""
        while number > 0:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return letters if kind == "a" else letters.upper()
    if kind.lower() == "i" and number > 0:
        return write_number(number, "lowerRoman" if kind == "i" else "upperRoman") or str(number)
    return str(number)
