"""What every part of an update shares: how progress is reported."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Hears how much has been done, and of how much."""


def silent(done: int, of: int) -> None:
    """Where nobody wants to hear."""
