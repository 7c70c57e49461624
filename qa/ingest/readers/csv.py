"""Tables as text (CSV), with commas, semicolons, tabs or bars between the cells."""

import csv
from io import StringIO

from qa.ingest.readers.base import MAX_CHARS, FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.tables import row_lines

_SEPARATORS = ",;\t|"
_SAMPLE_LINES = 20
"""Lines that the separator is guessed from."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each row; ``row 1`` is the first of the file, as in a spreadsheet.

    Raises:
        UserError: it is binary or too long.
    """
    text = decode(data)
    within_limits([Piece("", text)])
    csv.field_size_limit(MAX_CHARS)
    rows = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
    return FileContent(within_limits(Piece(f"row {number}", line) for number, line in row_lines(rows)))


def _separator(text: str) -> str:
    """Return the separator that is in most of the first lines, and most often there; else a comma."""
    lines = [line for line in text[:MAX_CHARS].split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines if sign in line] for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: (len(counts[sign]), sum(counts[sign])))
