"""Tables as text (CSV), with commas, semicolons, tabs or bars between the cells."""

import csv
import re
from collections import Counter
from io import StringIO

from qa.ingest.readers.base import MAX_CHARS, FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.tables import table_lines

_SEPARATORS = ";\t|,"
"""A comma comes last: it also stands inside of numbers."""

_SAMPLE_LINES = 20
"""Lines that the separator is guessed from."""

_SAMPLE = 100_000
"""Characters that they are looked for in."""

_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each row; ``row 1`` is the first of the file, as in a spreadsheet.

    Raises:
        UserError: it is binary or too long.
    """
    text = decode(data)
    within_limits([Piece("", text)])
    csv.field_size_limit(MAX_CHARS)
    rows = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
    lines = table_lines(rows, guess=True)
    return FileContent(within_limits(Piece(f"row {number}", line) for number, line in lines))


def _separator(text: str) -> str:
    """Return the separator that parts most of the first lines alike, outside of quotes; else a comma."""
    bare = _QUOTED.sub("", text[:_SAMPLE])
    lines = [line for line in bare.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES] if line.strip()]
    best, most = ",", 0
    for sign in _SEPARATORS:
        counts = Counter(count for line in lines if (count := line.count(sign)))
        alike = max(counts.values(), default=0)
        if alike > most:
            best, most = sign, alike
    return best
