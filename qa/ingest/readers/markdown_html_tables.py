"""The tables of Markdown that are written in HTML, as for cells over several columns."""

import re
from bisect import bisect_left

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
    shown = dict(outside_code(lines))
    closed = [number for number, line in shown.items() if _CLOSE.search(line)]
    found: list[str] = []
    number = 0
    while number < len(lines):
        end = number
        if number in shown and _OPEN.match(lines[number]):
            place = bisect_left(closed, number)
            end = closed[place] + 1 if place < len(closed) else number
        if end > number:
            before = [""] if any(found[-1:]) else []
            after = [""] if any(lines[end : end + 1]) else []
            found += [*before, *_table_lines("\n".join(lines[number:end])), *after]
            number = end
        else:
            found.append(lines[number])
            number += 1
    return "\n".join(found)


def _table_lines(source: str) -> list[str]:
    """Return the lines of a table, with the text behind it."""
    pieces = html_pieces(_BARE.sub(r"\1<tr>", source))
    return [line for piece in pieces for line in piece.text.strip("\n").split("\n")]
