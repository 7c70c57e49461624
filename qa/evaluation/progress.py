"""Progress through items that take time, for the caller to show."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Passes items on one by one and shows how many of them are done."""

    def __call__(self, items: Iterable[T], label: str, total: int, /) -> Iterable[T]:
        """Return ``items``, of which there are ``total``, under ``label``."""


def untracked(items: Iterable[T], label: str, total: int) -> Iterable[T]:
    """Return ``items`` and show nothing."""
    return items
