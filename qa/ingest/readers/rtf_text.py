"""A text of a Rich Text file while it is read: its lines, and the paragraph and table that go on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from qa.ingest.readers.rtf_tables import Edge, Row, table_text


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
    """True if the paragraph begins with an automatic number."""

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
            self.lines += filter(None, table_text(self.rows).split("\n"))
            self.rows.clear()

    def finish(self) -> str:
        """Return the whole text."""
        if self.cells:
            self.end_row()
        self.in_table = False
        self.end_paragraph()
        return "\n".join(self.lines).strip("\n")


def _define_row(text: RtfText, _: int | None) -> None:
    text.row, text.edge = Row(), Edge(0)


def _define_left(text: RtfText, number: int | None) -> None:
    text.row.left = number or 0


def _define_header(text: RtfText, _: int | None) -> None:
    text.row.header = True


def _define_merged(text: RtfText, _: int | None) -> None:
    text.edge.goes_on = True


def _define_below(text: RtfText, _: int | None) -> None:
    text.edge.below = True


def _define_edge(text: RtfText, number: int | None) -> None:
    text.edge.place = number or 0
    text.row.edges.append(text.edge)
    text.edge = Edge(0)


def _enter_table(text: RtfText, _: int | None) -> None:
    text.in_table = True


TABLE_WORDS: Final[Mapping[str, Callable[[RtfText, int | None], None]]] = {
    "trowd": _define_row,
    "trleft": _define_left,
    "trhdr": _define_header,
    "clmrg": _define_merged,
    "clvmrg": _define_below,
    "cellx": _define_edge,
    "intbl": _enter_table,
    "cell": lambda text, _: text.end_cell(),
    "nestcell": lambda text, _: text.words.append(" "),
    "nestrow": lambda text, _: text.words.append("\n"),
    "row": lambda text, _: text.end_row(),
}
"""Control words of tables, and what each does to the text that it stands in."""
