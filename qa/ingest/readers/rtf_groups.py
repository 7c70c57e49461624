"""Properties of the text between two braces of a Rich Text file, and the control words that change them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Group:
    """The properties of the text between two braces."""

    part: str = ""
    """The part of the file that it is; empty for the document itself."""
    shown: bool = True
    hidden: bool = False
    deleted: bool = False
    raised: bool = False
    font: int | None = None
    """The number of the font; None for the usual one."""
    skip: int = 1
    """The characters after a Unicode number that stand for it in older programs."""
    starred: bool = False
    """True if the next word names a part that readers may pass over."""


def _hidden(group: Group, number: int | None) -> Group:
    return replace(group, hidden=number != 0)


def _deleted(group: Group, number: int | None) -> Group:
    return replace(group, deleted=number != 0)


def _raised(group: Group, number: int | None) -> Group:
    return replace(group, raised=number != 0)


GROUP_WORDS: Final[Mapping[str, Callable[[Group, int | None], Group]]] = {
    "plain": lambda group, _: replace(group, hidden=False, deleted=False, raised=False, font=None),
    "v": _hidden,
    "deleted": _deleted,
    "super": _raised,
    "up": _raised,
    "sub": lambda group, _: replace(group, raised=False),
    "nosupersub": lambda group, _: replace(group, raised=False),
    "f": lambda group, number: replace(group, font=number),
    "uc": lambda group, number: replace(group, skip=max(number or 0, 0)),
}
"""Words that change how text is set, and the group that they make; a number of 0 turns a switch off."""
