"""The tables of Markdown that are written in HTML, as for cells over several columns."""

import re
from collections.abc import Iterator, Sequence

from qa.ingest.readers.html import html_pieces
from qa.ingest.readers.markdown_tables import outside_code

_OPEN = re.compile(r"\s*<table\b", re.IGNORECASE)
_CLOSE = re.compile(r"</table\s*>", re.IGNORECASE)

_BARE = re.compile(r"(<(?:table|thead|tbody)\b[^<>]*>(?:\s|<!--[^<>]*-->)*)(?=<t[dh]\b)", re.IGNORECASE)
"""The beginning of a table whose first row has no tag; browsers add it."""


def with_html_tables(text: str) -> str:
    """Return Markdown ``text`` with a line for each row of its tables in HTML, empty lines around them; code
    in fences and a table that is not closed stay as they are.

    Raises:
        UserError: a table is nested too deeply to be read, or has too many characters.
    """
    lines = text.split("\n")
    for start, end in reversed(list(_tables(lines))):
        before = [""] if any(lines[max(start - 1, 0) : start]) else []
        after = [""] if any(lines[end : end + 1]) else []
        lines[start:end] = [*before, *_table_lines("\n".join(lines[start:end])), *after]
    return "\n".join(lines)


def _tables(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where tables begin and end."""
    start = -1
    for number, line in outside_code(lines):
        if start < 0 and _OPEN.match(line):
            start = number
        if start >= 0 and _CLOSE.search(line):
            yield start, number + 1
            start = -1


def _table_lines(source: str) -> list[str]:
    """Return the lines of a table, with the text behind it."""
    pieces = html_pieces(_BARE.sub(r"\1<tr>", source))
    return [line for piece in pieces for line in piece.text.strip("\n").split("\n")]
