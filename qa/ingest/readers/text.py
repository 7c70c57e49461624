"""Plain text and Markdown."""

import re
from collections.abc import Iterator

import yaml

from qa.errors import UserError
from qa.ingest.readers.base import (
    MARKDOWN,
    MAX_PIECES,
    FileContent,
    Piece,
    line_feeds,
    line_starts,
    within_limits,
)
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.markdown_html_tables import with_html_tables
from qa.ingest.readers.markdown_inline import without_marks
from qa.ingest.readers.markdown_tables import outside_code, with_table_lines
from qa.schema import Place

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_CHARS = 100_000
"""The size limit of front matter: far more than anyone writes, and as much as YAML reads within seconds."""

_TITLE = re.compile(r"^#[ \t]+(\S.*)$", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t]+(\S.*)")


def read(data: bytes, name: str) -> FileContent:
    """Return plain text, or Markdown if ``name`` ends in one of ``MARKDOWN``, as one piece, unchanged but for
    the tables of Markdown, also in HTML, which have a line for each row, and its tags, which are left out.

    Markdown may begin with YAML front matter: ``title``, ``date`` (ISO 8601), ``author``, ``publisher``,
    ``place``. Without a title, its first top-level heading is used.

    Raises:
        UserError: it is binary or too long, or its front matter is not YAML.
    """
    text = decode(data)
    within_limits([Piece("", text)])
    if not name.lower().endswith(MARKDOWN):
        return FileContent((Piece("", text),))
    metadata, text = _take_front_matter(line_feeds(text))
    text = without_marks(with_table_lines(with_html_tables(text)))
    heading = _TITLE.search(text)
    if heading:
        metadata["heading"] = heading[1].rstrip("#").rstrip()
    return FileContent(within_limits([Piece("", text)]), metadata)


def line_places(text: str) -> tuple[Place, ...]:
    """Return a place for each line of ``text`` that is not blank; none for a single line, or for too many."""
    starts = line_starts(text)
    if not 1 < len(starts) <= MAX_PIECES:
        return ()
    return tuple(
        Place(start, f"line {number}")
        for number, (start, line) in enumerate(zip(starts, text.split("\n"), strict=True), start=1)
        if line.strip()
    )


def section_places(text: str) -> tuple[Place, ...]:
    """Return a place for each heading of Markdown ``text``, which includes the text below it."""
    return tuple(Place(start, f"section {heading}") for start, heading in _headings(text))


def _headings(text: str) -> Iterator[tuple[int, str]]:
    starts = line_starts(text)
    for number, line in outside_code(text.split("\n")):
        if heading := _HEADING.match(line):
            yield starts[number], heading[1].rstrip("#").rstrip()


def _take_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Return metadata and the rest. What is not a YAML mapping between two horizontal rules stays text."""
    block = _FRONT_MATTER.match(text)
    if block is None:
        return {}, text
    if len(block[1]) > _FRONT_MATTER_CHARS:
        raise UserError(f"its front matter has more than {_FRONT_MATTER_CHARS:,} characters")
    try:
        # Only strings, lists and mappings: no merge keys, which could expand a billion times.
        metadata = yaml.load(block[1], Loader=yaml.BaseLoader)  # noqa: S506  it makes no objects
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"its front matter is not valid YAML ({reason})") from error
    return (metadata, text[block.end() :]) if isinstance(metadata, dict) else ({}, text)
