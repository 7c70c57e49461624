"""Read back the fields of a sheet: what its elements with the attribute ``data-field`` say. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY_ELEMENTS = frozenset({"meta"})
"""The elements of a sheet that have no end tag."""


@dataclass(frozen=True, slots=True)
class Field:
    """An element with the attribute ``data-field``: its name, its other attributes, its own text."""

    name: str
    known: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the element, without that of fields inside it."""
        return "".join(self.pieces)


def read_fields(html: str) -> list[Field]:
    """Return the fields of a page in the order of their start tags.

    Raises:
        AssertionError: it has a broken declaration (``html.parser`` asserts that it has none).
    """
    reader = _Reader()
    reader.feed(undo_saving(html))
    reader.close()
    return reader.fields


def undo_saving(html: str) -> str:
    """Return ``html`` without what an editor may add on saving: a byte-order mark, and Windows line ends."""
    return html.removeprefix("\ufeff").replace("\r\n", "\n")


def split_at(fields: Sequence[Field], name: str) -> list[list[Field]]:
    """Split ``fields`` before each that has ``name``: those before the first, then one group for each."""
    parts: list[list[Field]] = [[]]
    for each in fields:
        if each.name == name:
            parts.append([])
        parts[-1].append(each)
    return parts


def fields_named(fields: Sequence[Field], name: str) -> list[Field]:
    """Return those of ``fields`` that have ``name``."""
    return [each for each in fields if each.name == name]


def texts_by_name(fields: Sequence[Field]) -> dict[str, str]:
    """Return the text of each field by its name; of several, that of the last."""
    return {each.name: each.text for each in fields}


class _Reader(HTMLParser):
    """Collects fields; text belongs to the innermost open one."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[Field] = []
        self._open: list[tuple[str, Field | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        inside = self._open[-1][1] if self._open else None
        if "data-field" in known:
            inside = Field(known["data-field"], known)
            self.fields.append(inside)
        if tag not in _EMPTY_ELEMENTS:
            self._open.append((tag, inside))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and (inside := self._open[-1][1]):
            inside.pieces.append(data)
