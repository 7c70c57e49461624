"""Logs: each entry by itself, so that it can be found and quoted by itself."""

from collections.abc import Iterator

from qa.ingest.readers.base import FileContent, Piece, line_feeds, within_limits
from qa.ingest.readers.encoding import decode


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each line; a line that begins with white space belongs to the one before it.

    Raises:
        UserError: it is binary or too long.
    """
    text = decode(data)
    within_limits([Piece("", text)])
    return FileContent(within_limits(_entries(line_feeds(text))))


def _entries(text: str) -> Iterator[Piece]:
    first, entry = 1, ""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line[0].isspace():
            yield Piece(f"line {first}", entry)
            first, entry = number, line
        else:
            entry += f"\n{line}"
    yield Piece(f"line {first}", entry)
