"""Remarks that people leave beside the text of a document: who wrote each, when, and about which words."""

from dataclasses import dataclass
from typing import Final

_QUOTED: Final = 80
"""The longest words that a remark is said to be on. Set by hand: they serve to find the place."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or a reply to one, without its text."""

    author: str
    date: str = ""
    """In ISO 8601, with or without a time; empty where it is not known."""
    kind: str = "comment"

    @property
    def label(self) -> str:
        """The label of its place: ``comment by Ada Writer``."""
        return f"{self.kind} by {self.author}" if self.author else self.kind

    def written(self, text: str, about: str = "") -> str:
        """Return its ``text`` with who wrote it, when, and ``about`` which words; empty if it has no text."""
        if not text.strip():
            return ""
        words = f"on “{about}”" if 0 < len(about) <= _QUOTED else ""
        opening = ", ".join(filter(None, [self.label, self.date[:10], words]))
        return f"{opening[0].upper()}{opening[1:]}: {text}"
