"""The search of cells: which number a question means, by the names of its row and column. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from qa.figures.arithmetic import MisfitError
from qa.figures.cells import Cell, cells_of, class_words
from qa.figures.question_forms import FORMS
from qa.figures.tables import Table
from qa.nlp.terms import content_terms, terms
from qa.nlp.tokens import Token, is_content, tokens
from qa.quantities.units import UNITS
from qa.query.answer_type import CURRENCIES
from qa.retrieval.scope import is_outside_scope
from qa.schema import Document

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_TIME = re.compile(rf"{_YEAR.pattern}|q[1-4]|h[12]")

_EMPTY = frozenset(
    terms(
        """total sum combined overall altogether amount value number figure figures all every each whole
        entire different various share percentage difference change growth table column row list given year
        years"""
    )
)
"""Stems of words in a question that name no number by themselves."""

_UNSURE = frozenset(
    terms(
        """expect expected forecast plan planned target estimate estimated project projected would could may
        might"""
    )
)
"""Stems of words by which a sentence says what may come, not what is."""

_SAYING = frozenset(
    terms(
        """is are was were be been has have had grew grow grown rose rise risen increased fell fallen fall
        declined decreased dropped climbed totalled totaled amounted reached stood came averaged equalled"""
    )
)
"""Stems of the verbs that follow the name of a number before the number."""


class CellSearch:
    """Finds the cell that a question means by the names of its row and column, in the question's language."""

    def __init__(
        self,
        question: str,
        documents: Mapping[str, Document],
        tables: Sequence[Table],
        said: Sequence[Cell],
        asked_in: str,
    ) -> None:
        self._question = question
        self._documents = documents
        self._language = asked_in
        self.tables = {(table.document.id, table.start): table for table in tables}
        self.cells = {place: cells_of(table, asked_in) for place, table in self.tables.items()}
        self._said = said
        self._generic = {place: _shared_words(cells) for place, cells in self.cells.items()}
        self.classes = {place: class_words(table, asked_in) for place, table in self.tables.items()}
        self._forms = FORMS.get(asked_in)
        self._empty, self._saying, self._unsure = _EMPTY, _SAYING, _UNSURE
        if forms := self._forms:
            self._empty |= _stems(forms.empty, asked_in)
            self._saying |= _stems(forms.saying, asked_in)
            self._unsure |= _stems(forms.unsure, asked_in)

    def all_cells(self) -> list[Cell]:
        """Return the cells of all tables, and those of sentences."""
        return [*chain.from_iterable(self.cells.values()), *self._said]

    def words(self, text: str) -> frozenset[str]:
        """Return the stems of the words of ``text`` that may name a number."""
        return content_terms(text.replace("'s ", " "), self._language) - self._empty

    def head(self, text: str) -> frozenset[str]:
        """Return the words before "of" or "in": "the power" of "the power of Aktau"."""
        if self._forms:
            cut = self._forms.of.search(text)
            return self.words(text[: cut.start()]) if cut else frozenset()
        head, found, _ = text.partition(" of ")
        before_in = self.words(text.partition(" in ")[0]) if " in " in text else frozenset()
        return self.words(head) if found else before_in

    def tail(self, text: str) -> frozenset[str]:
        """Return the words after "in", or after an owner: "power" of "Aktau's power"."""
        _, found, owned = text.partition("'s ")
        return self.words(owned) if found else self.words(text.partition(" in ")[2])

    def one(self, wanted: frozenset[str]) -> Cell | None:
        """Return the number that ``wanted`` names; None where none is named so.

        Raises:
            MisfitError: several different numbers are named so.
        """
        if not wanted:
            return None
        found = [
            cell for place, cells in self.cells.items() for cell in cells if self._fits(cell, wanted, place)
        ]
        found += [cell for cell in self._said if self._is_said(cell, wanted)]
        found = self._in_scope(found)
        if len({(cell.quantity.value, cell.quantity.unit.key) for cell in found}) > 1:
            raise MisfitError(
                f"several numbers fit what the question names, {_texts(found)}; name the row and the column"
            )
        return found[0] if found else None

    def _in_scope(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return the cells but those of a segment or a quarter, where the document has a row of the whole."""
        lines = {cell.line: self._documents[cell.line.doc_id] for cell in cells}
        outside = {
            line for line, document in lines.items() if is_outside_scope(self._question, document, line.start)
        }
        return [cell for cell in cells if cell.line not in outside]

    def _fits(self, cell: Cell, wanted: frozenset[str], place: tuple[str, int]) -> bool:
        cells = self.cells[place]
        own = cell.column.words.union(*(key.words for key in cell.keys))
        if not wanted <= cell.words or not own & wanted or not _same_years(own, wanted):
            return False
        generic = self._generic[place] | self.classes[place]
        several_rows = len({each.line for each in cells}) > 1
        key = cell.keys[0].words if cell.keys else frozenset()
        if several_rows and not (key & wanted or any(k.words <= wanted and k.words for k in cell.keys[1:])):
            return False
        if key & wanted and not key - generic <= wanted:
            return False
        several_columns = len({each.column.text for each in cells}) > 1
        column = cell.column.words
        return column <= wanted if column & wanted or several_columns else True

    def _is_said(self, cell: Cell, wanted: frozenset[str]) -> bool:
        """Return whether a sentence says the number of just what is wanted, without another word beside its
        name.
        """
        own = frozenset[str]().union(*(key.words for key in cell.keys))
        if not wanted <= cell.words or not own & wanted or not _same_years(own, wanted):
            return False
        found = [token for token in tokens(cell.keys[0].text, self._language) if not token.number]
        known = wanted | cell.above | UNITS | CURRENCIES  # units may be in capitals
        if any(
            token.negated or token.key in self._unsure or (token.name and token.key not in known)
            for token in found
        ):
            return False
        return all(
            self._stands_alone(i, found, wanted)
            for i, token in enumerate(found)
            if token.key in wanted and not token.name
        )

    def _joins(self, token: Token) -> bool:
        """Return whether a word joins the parts of a name: the "of" of "cost of revenue"."""
        lower = token.surface.lower()
        return bool(self._forms.of.fullmatch(f" {lower} ")) if self._forms else lower in {"of", "per", "in"}

    def _stands_alone(self, i: int, found: Sequence[Token], wanted: frozenset[str]) -> bool:
        """Return whether the word at ``i`` is not part of a longer name: "revenue", not "cost of revenue"."""
        before = found[i - 1] if i else None
        if before and self._joins(before) and i > 1:
            before = found[i - 2]
        after = found[i + 1] if i + 1 < len(found) else None
        return all(
            token is None
            or not is_content(token)
            or self._joins(token)
            or token.key in wanted | self._saying | CURRENCIES
            or token.name
            for token in (before, after)
        )


def times_in(words: frozenset[str]) -> frozenset[str]:
    """Return the years, quarters and half-years among ``words``."""
    return frozenset(filter(_TIME.fullmatch, words))


def _stems(words: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(terms(word, language) for word in words))


def _same_years(own: frozenset[str], wanted: frozenset[str]) -> bool:
    """Return whether the years that are wanted are the number's own, where it has any."""
    has, asks = (frozenset(filter(_YEAR.fullmatch, words)) for words in (own, wanted))
    return not (has and asks) or asks <= has


def _shared_words(cells: Sequence[Cell]) -> frozenset[str]:
    """Return the words that several rows have in their first names: "plant" in "Aktau plant"."""
    keys = {cell.line: cell.keys[0].words for cell in cells if cell.keys}
    counted = list(chain.from_iterable(keys.values()))
    return frozenset(word for word in counted if counted.count(word) > 1)


def _texts(cells: Sequence[Cell]) -> str:
    shown = list(dict.fromkeys(f"{cell.quantity.number:,f}" for cell in cells))
    return ", ".join(shown[:3]) + (" and others" if len(shown) > 3 else "")
