"""Jupyter notebooks: the text of their cells, code and results."""

import json
from collections.abc import Iterator, Mapping

from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.markdown_inline import without_marks
from qa.ingest.readers.markdown_tables import with_table_lines


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each cell, and one for its results in text. Pictures are not read.

    Raises:
        UserError: it is binary, too long or nested too deeply.
        ValueError: it is not a notebook.
    """
    text = decode(data)
    notebook = json.loads(text)
    sheets = notebook.get("worksheets") or [notebook]  # those of the third format had sheets
    cells = [cell for sheet in sheets for cell in sheet["cells"]]
    pieces = within_limits(piece for number, cell in enumerate(cells, 1) for piece in _pieces(number, cell))
    known = notebook.get("metadata", {})
    metadata = {"title": known.get("title"), "heading": next(_headings(cells), "")}
    return FileContent(pieces, metadata)


def _pieces(number: int, cell: Mapping[str, object]) -> Iterator[Piece]:
    source = _joined(cell.get("source", cell.get("input")))
    if cell.get("cell_type") == "markdown":
        source = without_marks(with_table_lines(source))
    yield Piece(f"cell {number}", source)
    outputs = cell.get("outputs")
    shown = (
        [_output(output) for output in outputs if isinstance(output, dict)]
        if isinstance(outputs, list)
        else []
    )
    yield Piece(f"cell {number}, result", "\n".join(filter(None, shown)))


def _output(output: Mapping[str, object]) -> str:
    """Return what was printed, the result in plain text, or the name and the words of an error."""
    if output.get("ename"):
        return f"{output['ename']}: {output.get('evalue', '')}"
    data = output.get("data", output)
    plain = data.get("text/plain") if isinstance(data, dict) else None
    return _joined(plain or output.get("text")).strip("\n")


def _joined(lines: object) -> str:
    """Return text that is written as one string or as a list of lines."""
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines or "")


def _headings(cells: list[Mapping[str, object]]) -> Iterator[str]:
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            for line in _joined(cell.get("source")).split("\n"):
                if line.startswith("# "):
                    yield line.removeprefix("# ").strip()
