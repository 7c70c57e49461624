"""Tables as text: CSV, whichever sign parts the cells."""

import csv
from io import StringIO

from qa.ingest.readers.base import MAX_CHARS, Piece, Read, bounded
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.tables import row_lines

_SIGNS = ",;\t|"
_LOOKED_AT = 20
"""Lines that tell which sign parts the cells."""


def read(data: bytes, name: str) -> Read:
    """A piece a row; ``row 1`` is the first of the file, as a spreadsheet counts.

    Raises:
        UserError: binary, or too long.
    """
    text = decode(data)
    bounded([Piece("", text)])
    csv.field_size_limit(MAX_CHARS)
    rows = csv.reader(StringIO(text, newline=""), delimiter=_sign(text))
    return Read(bounded(Piece(f"row {number}", line) for number, line in row_lines(rows)))


def _sign(text: str) -> str:
    """The sign that most of the first lines have, and have most of; a comma where there is none."""
    lines = [line for line in text[:MAX_CHARS].split("\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines if sign in line] for sign in _SIGNS}
    return max(_SIGNS, key=lambda sign: (len(counts[sign]), sum(counts[sign])))
