"""A text of a Rich Text file while it is read: its lines, and the paragraph and table that go on."""

from dataclasses import dataclass, field, replace

from qa.ingest.readers.rtf_tables import Edge, Row, rows_lines


@dataclass(slots=True)
class RtfText:
    """A text that is being read: the document, a note, a comment, the top of the pages."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    row: Row = field(default_factory=Row)
    edge: Edge = field(default_factory=lambda: Edge(0))
    """The edge that is being described."""
    rows: list[Row] = field(default_factory=list)
    """The rows so far of the table that is being read."""
    in_table: bool = False
    after: list[str] = field(default_factory=list)
    """Notes, comments and text boxes, which follow their paragraph."""
    cells: list[str] = field(default_factory=list)
    marked: bool = False
    """Whether the paragraph begins with an automatic number."""

    def number(self, mark: str) -> None:
        """Put an automatic number before the paragraph; the last one, where it is given in two forms."""
        if self.marked:
            self.words.pop()
        self.words.append(f"{mark} ")
        self.marked = True

    def paragraph(self) -> str:
        """Return and forget the text of the current paragraph."""
        text = "".join(self.words)
        self.words.clear()
        self.marked = False
        return text

    def end_paragraph(self) -> None:
        """Put the paragraph on a line of its own; in a cell, go on with the next line of the cell."""
        if self.in_table:
            self.words.append("\n")
            self.marked = False
            return
        self.end_table()
        self.lines.append(self.paragraph())
        self.lines += self.after
        self.after.clear()

    def end_cell(self) -> None:
        """Keep the text of the cell."""
        self.cells.append(self.paragraph().strip())

    def end_row(self) -> None:
        """Keep the row."""
        self.rows.append(replace(self.row, edges=list(self.row.edges), texts=list(self.cells)))
        self.cells.clear()

    def end_table(self) -> None:
        """Put each row of the table on a line."""
        if self.rows:
            self.lines += rows_lines(self.rows)
            self.rows.clear()

    def finish(self) -> str:
        """Return the whole text."""
        if self.cells:
            self.end_row()
        self.in_table = False
        self.end_paragraph()
        return "\n".join(self.lines).strip("\n")
