"""Tell whether a text gives a figure of a table under the name of another column of its row. Pure.

A row has a figure for each column, and all of its words stand in it, so that comparing words finds nothing
wrong with "The HX-60 weighs 168 kg" beside ``Weight (kg) — HX-40: 168; HX-60: –``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.nlp.periods import YEAR
from qa.nlp.tables import Cell, is_numbered, read_row
from qa.nlp.tokens import Token, content_keys, tokens
from qa.nlp.written_dates import dates_in
from qa.schema import Quote, ShortAnswer


@dataclass(frozen=True, slots=True)
class _Figures:
    """The cells of a row behind its first, with what their columns' names do not have in common."""

    text: str
    """The row."""
    start: int
    """Its place in the quote."""
    names: Mapping[Cell, frozenset[str]]
    """For each cell the words of its column's name that not all of them have."""
    language: str

    def at(self, offset: int) -> Cell | None:
        """Return the cell that shows the character at ``offset`` in the quote."""
        place = offset - self.start
        return next((cell for cell in self.names if cell.shown <= place < cell.end), None)

    def shown(self, cell: Cell) -> str:
        """Return what ``cell`` shows."""
        return self.text[cell.shown : cell.end]

    def numbers(self, cell: Cell) -> set[str]:
        """Return the keys of the numbers that ``cell`` shows."""
        return {token.key for token in tokens(self.shown(cell), self.language) if token.number}

    def other_column(self, own: Cell, said: frozenset[str]) -> str:
        """Return the name of another column that ``said`` names, where it does not name that of the cell
        ``own``; empty for none.
        """
        if not self.names[own] or self.names[own] & said:
            return ""
        others = (
            cell
            for cell, name in self.names.items()
            if _is_named(name, said) and self._compare(cell, own) and not self._is_said(cell, said)
        )
        return next((cell.column for cell in others), "")

    def _compare(self, one: Cell, other: Cell) -> bool:
        """Return whether two cells have values of one kind, a date or none, or one has no value."""
        return not self.numbers(one) or self._kind(one) == self._kind(other)

    def _kind(self, cell: Cell) -> tuple[bool, bool]:
        shown = self.shown(cell)
        return any(dates_in(shown)), bool(YEAR.fullmatch(shown.strip()))

    def _is_said(self, cell: Cell, said: frozenset[str]) -> bool:
        """Return whether what a cell shows is in the text as well: its column is named for its own sake."""
        shown = content_keys(self.shown(cell), self.language)
        return bool(shown) and shown <= said


def column_mismatch(sentence: str, quoted: str, language: str) -> str:
    """Return the first figure of ``sentence`` that rows among the lines of ``quoted`` have under another name
    than the one that it says, as a reason for a person; the empty string without one.
    """
    said = content_keys(sentence, language)
    rows = list(_rows(quoted, language))
    for token in tokens(sentence, language):
        if token.number and (reason := _misplaced(token, rows, said)):
            return reason
    return ""


def is_of_unasked_column(question: str, short: ShortAnswer, quote: Quote) -> bool:
    """Return whether ``short`` is a figure of a row under another name than ``question`` says."""
    asked = content_keys(question, quote.language)
    return any(
        bool(row.numbers(own) and row.other_column(own, asked))
        for row in _rows(quote.text, quote.language)
        if (own := row.at(short.span.start - quote.span.start))
    )


def _misplaced(token: Token, rows: Sequence[_Figures], said: frozenset[str]) -> str:
    """Return why no row has the number ``token`` under a name that ``said`` has; empty if one may."""
    reason = ""
    for row in rows:
        for cell in row.names:
            if token.key not in row.numbers(cell) or any(token.key in name for name in row.names.values()):
                continue
            other = row.other_column(cell, said)
            if not other:
                return ""
            reason = f"the quote has {token.surface} under “{cell.column}”, not “{other}”"
    return reason


def _is_named(name: frozenset[str], said: frozenset[str]) -> bool:
    """Return whether ``said`` has every word of a column's name, or its number: a year, a code."""
    return bool(name) and (name <= said or any(any(map(str.isdigit, key)) for key in name & said))


def _rows(text: str, language: str) -> Iterator[_Figures]:
    """Yield the rows of a table among the lines of ``text`` whose columns have names."""
    start = 0
    for line in text.splitlines(keepends=True):
        named = [cell for cell in read_row(line)[1:] if cell.column and not is_numbered(cell.column)]
        if len(named) > 1:
            names = {cell: content_keys(cell.column, language) for cell in named}
            common = frozenset.intersection(*names.values())
            yield _Figures(line, start, {cell: name - common for cell, name in names.items()}, language)
        start += len(line)
