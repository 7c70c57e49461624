"""Records of names and values as text, whatever the format that they are written in."""

from collections.abc import Iterable

_SHORT = 200
"""A record whose values are all shorter than this becomes one line; other records become paragraphs. Set by
hand."""


def record_text(leaves: Iterable[tuple[str, str]]) -> str:
    """Return names and values as ``name: value``; a value without a name stands by itself."""
    lines = [f"{name}: {value}" if name else value for name, value in leaves]
    short = all(len(line) < _SHORT and "\n" not in line for line in lines)
    return ("; " if short else "\n\n").join(lines)
