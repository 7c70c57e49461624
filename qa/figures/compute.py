"""Find the numbers that a question asks to compute with, and compute. Pure.

Each number has to be named by the question without doubt: where several fit, or none, nothing is computed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from qa.figures.arithmetic import (
    PERCENT,
    POINTS,
    MisfitError,
    add,
    check_units,
    common_unit,
    divide,
    numbers_of,
    subtract,
    unit_text,
    written,
)
from qa.figures.cells import Cell, Table, cells_in_sentences, cells_of, class_words, tables_around
from qa.figures.question_forms import FORMS
from qa.figures.questions import Operation, Task, read_task
from qa.nlp.terms import content_terms, terms
from qa.nlp.tokens import Token, is_content, tokens
from qa.quantities.units import UNITS
from qa.query.answer_type import CURRENCIES
from qa.retrieval.evidence import number_quotes
from qa.retrieval.scope import is_outside_scope, rows_meant
from qa.schema import Document, Figure, Quote, QuotedWords, Span

MAX_OPERANDS = 24
"""The most numbers of a total: a reader is to be able to check each of them, and they fit on a screen."""

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")

_EMPTY = frozenset(
    terms(
        """total sum combined overall altogether amount value number figure figures all every each whole
        entire different various share percentage difference change growth table column row list given year
        years"""
    )
)
"""Stems of words in a question that name no number by themselves."""

_TOTALS = frozenset(
    terms(
        """total totals subtotal sum overall average mean median gesamt summe insgesamt durchschnitt somme
        moyenne suma promedio totale media totaal gemiddelde итого всего сумма среднее razem average maximum
        minimum which thereof davon"""
    )
)
"""Stems of the words that name a row which sums up others, or a part of one."""

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


@dataclass(frozen=True, slots=True)
class Computed:
    """The result of a computation for a question."""

    figures: tuple[Figure, ...] = ()
    quotes: tuple[Quote, ...] = ()
    """The quotes that hold the operands."""
    refusal: str = ""
    """Why nothing was computed though the question asks for it, as a sentence without its full stop."""


NOTHING = Computed()


def compute_figures(
    question: str, quotes: Sequence[Quote], documents: Mapping[str, Document], asked_in: str = "en"
) -> Computed:
    """Return what ``question`` asks to be computed from ``quotes``, and from the other rows of the tables
    that they are rows of; nothing where it asks for no such thing, or the numbers are not found.
    """
    asked_in = asked_in or "en"
    task = read_task(question, asked_in)
    if task is None or not quotes:
        return NOTHING
    said = cells_in_sentences(quotes, documents, asked_in)
    compute = _WAYS[task.operation]
    search = _Search(question, documents, tables_around(quotes, documents), said, asked_in)
    try:
        parts = compute(task, search)
        if not parts:
            more = _rows_of_the_same(question, quotes, documents)
            tables = tables_around([*quotes, *more], documents)
            parts = compute(task, _Search(question, documents, tables, said, asked_in))
    except MisfitError as error:
        return Computed(refusal=f"Nothing was computed: {error}")
    if not parts:
        return NOTHING
    used = list(dict.fromkeys(cell.line for part in parts for cell in part.cells))
    numbered = _numbered(used, quotes, documents)
    figures = tuple(
        Figure(
            kind=task.operation.value,
            formula=part.formula,
            result=part.result,
            unit=part.unit,
            operands=tuple(
                QuotedWords(cell.span.cut(documents), numbered[cell.line].number, cell.span)
                for cell in part.cells
            ),
        )
        for part in parts
    )
    return Computed(figures, tuple(sorted(numbered.values(), key=lambda quote: quote.number)))


def _rows_of_the_same(
    question: str, quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> tuple[Quote, ...]:
    """Return the rows with the names of those among ``quotes`` that ``question`` means: a figure of two years
    may stand in another table of the report than the one that was found.
    """
    spans = chain.from_iterable(
        rows_meant(question, quote.span.start, documents[quote.span.doc_id]) for quote in quotes
    )
    return number_quotes(list(dict.fromkeys(spans)), documents)


def _numbered(
    lines: Iterable[Span], quotes: Sequence[Quote], documents: Mapping[str, Document]
) -> dict[Span, Quote]:
    """Return a quote for each of ``lines``: one of ``quotes`` that holds it, or a new one."""
    found: dict[Span, Quote] = {}
    new: list[Span] = []
    for line in lines:
        held = next((quote for quote in quotes if _holds(quote.span, line)), None)
        if held:
            found[line] = held
        else:
            new.append(line)
    last = max(quote.number for quote in quotes)
    for quote in number_quotes(new, documents, last + 1):
        found[quote.span] = quote
    return found


def _holds(outer: Span, inner: Span) -> bool:
    return outer.doc_id == inner.doc_id and outer.start <= inner.start and inner.end <= outer.end


@dataclass(frozen=True, slots=True)
class _Part:
    """One formula and the cells of its operands."""

    formula: str
    result: str
    unit: str
    cells: tuple[Cell, ...]


class _Search:
    """Finds cells by the words that name them, in the language of the question."""

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
        """Whether a sentence says the number of just what is wanted, without another word beside its name."""
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
        """Whether a word joins the parts of a name: the "of" of "cost of revenue"."""
        lower = token.surface.lower()
        return bool(self._forms.of.fullmatch(f" {lower} ")) if self._forms else lower in {"of", "per", "in"}

    def _stands_alone(self, i: int, found: Sequence[Token], wanted: frozenset[str]) -> bool:
        """Whether the word at ``i`` is no part of a longer name: "revenue", but not "cost of revenue"."""
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


def _stems(words: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(terms(word, language) for word in words))


def _same_years(own: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether the years that are wanted are the number's own, where it has any."""
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


def _years(words: frozenset[str]) -> frozenset[str]:
    return frozenset(filter(re.compile(rf"{_YEAR.pattern}|q[1-4]|h[12]").fullmatch, words))


def _pair(task: Task, search: _Search) -> tuple[Cell, Cell] | None:
    """Return the two numbers that a question compares."""
    shared = search.words(task.what) | search.words(task.rest)
    first, second = map(search.words, task.items)
    # "the revenue in 2022 and 2023" says once what holds for both
    for a, b in (
        (first, second),
        (first, second | (first - _years(first))) if not second - _years(second) else (first, second),
        (first | (second - _years(second)), second) if not first - _years(first) else (first, second),
        (first, second | search.head(task.items[0])),
        (first | search.tail(task.items[1]), second),
    ):
        one, other = search.one(a | shared), search.one(b | shared)
        if one and other:
            return None if one.span == other.span else (one, other)
    return None


def _difference(task: Task, search: _Search) -> list[_Part]:
    pair = _pair(task, search)
    if pair is None:
        return []
    check_units(pair)
    a, b = numbers_of(pair)
    if not task.signed and a < b:
        pair, a, b = (pair[1], pair[0]), b, a
    formula, result = subtract(a, b)
    return [_Part(formula, result, _difference_unit(pair), pair)]


def _difference_unit(cells: Sequence[Cell]) -> str:
    unit = common_unit(cells)
    return POINTS if unit.key == "percent" else unit_text(unit)


def _growth(task: Task, search: _Search) -> list[_Part]:
    pair = _pair(task, search) if task.items else _two_times(search.words(task.what), search)
    if pair is None:
        return []
    before, after = pair
    check_units(pair)
    a, b = numbers_of((after, before))
    cells = (after, before)
    parts: list[_Part] = []
    is_percent = common_unit(cells).key == "percent"
    if not task.percent_only or is_percent:
        formula, result = subtract(a, b)
        parts.append(_Part(formula, result, _difference_unit(cells), cells))
    if b > 0 and not is_percent:
        formula, result = divide(f"({written(a)} − {written(b)}) ÷ {written(b)}", a - b, b)
        parts.append(_Part(formula, result, PERCENT, (after, before, before)))
    if not parts:
        raise MisfitError(f"there is no percentage of growth from {written(b)}")
    return parts


def _two_times(wanted: frozenset[str], search: _Search) -> tuple[Cell, Cell] | None:
    """Return the numbers of one name at the two times of its table, the earlier one first.

    Raises:
        MisfitError: it has more than two times.
    """
    if not wanted:
        return None
    every = [*chain.from_iterable(search.cells.values()), *search._said]
    years = sorted({year for cell in every for year in _own_years(cell)})
    found = {year: cell for year in years if (cell := search.one(wanted | {year}))}
    if not found:
        return None
    if len(found) > 2:
        raise MisfitError(f"there are numbers for {', '.join(found)}; name two of these times")
    first, *others = found.values()
    return (first, others[0]) if others else None


def _own_years(cell: Cell) -> frozenset[str]:
    return _years(cell.column.words.union(*(key.words for key in cell.keys[cell.table < 0 :])))


def _total(task: Task, search: _Search) -> list[_Part]:
    if task.items:
        shared = search.words(task.what)
        found = [search.one(search.words(item) | shared) for item in task.items]
        cells = [cell for cell in found if cell]
        if len(cells) < len(task.items):
            return []
        if len({cell.span for cell in cells}) < len(cells):
            return []
    else:
        cells = _column(task.what, search)
    if len(cells) < 2:
        return []
    return [_sum(cells)]


def _sum(cells: Sequence[Cell]) -> _Part:
    if len(cells) > MAX_OPERANDS:
        raise MisfitError(f"{len(cells):,} numbers would have to be added, more than {MAX_OPERANDS} to check")
    check_units(cells)
    if common_unit(cells).key == "percent":
        raise MisfitError("percentages of different things cannot be added")
    formula, result = add(numbers_of(cells))
    return _Part(formula, result, unit_text(common_unit(cells)), tuple(cells))


def _column(what: str, search: _Search) -> list[Cell]:
    """Return the numbers of the one column that ``what`` names, in all rows or in those that it names too;
    none where no column is named so, or a row sums up the others already. Where columns are called by times,
    the title or caption has to say what all rows are of.

    Raises:
        MisfitError: several columns fit, or rows are missing or may be sums of others.
    """
    wanted = search.words(what)
    common = search.words(" ".join(word for word in what.split() if word[0].islower()))
    columns: list[list[Cell]] = []
    for place, cells in search.cells.items():
        table, classes = search.tables[place], search.classes[place]
        for name in dict.fromkeys(cell.column.text for cell in cells):
            column = [cell for cell in cells if cell.column.text == name]
            words, above = column[0].column.words, column[0].above
            if not words or not words <= wanted:
                continue
            if words <= _years(words) and not common & above:
                continue
            left = wanted - words - classes
            rows = [cell for cell in column if left - above <= _key_words(cell, wanted)]
            picked = bool(left - above)
            if len(rows) > 1 and not (picked and len(rows) == len(column)):
                _check_rows(rows, column, table, picked=picked)
                columns.append([] if any(map(_sums_up, rows)) else rows)
    if len(columns) > 1:
        raise MisfitError("several columns fit what the question names; name the table")
    return columns[0] if columns else []


def _key_words(cell: Cell, wanted: frozenset[str]) -> frozenset[str]:
    """Return the words of those names of a row that are wanted as a whole: "revenue" does not want "cost of
    revenue".
    """
    return frozenset().union(*(key.words for key in cell.keys if key.words <= wanted))


def _check_rows(rows: Sequence[Cell], column: Sequence[Cell], table: Table, *, picked: bool) -> None:
    if not table.whole:
        raise MisfitError("the table is too long to be added up")
    if len(column) < len(table.lines):
        raise MisfitError(f"not every row of the table has a number under “{rows[0].column.text}”")
    values = [cell.quantity.value for cell in rows]
    for i, value in enumerate(values):
        for others in (values[i + 1 :], values[:i][::-1]):
            total = value * 0
            for count, other in enumerate(others, start=1):
                total += other
                if count > 1 and total == value and value and (picked or not _sums_up(rows[i])):
                    raise MisfitError("one row of the table seems to be the sum of others")


def _sums_up(cell: Cell) -> bool:
    return any(key.words & _TOTALS for key in cell.keys) or any(
        set(terms(key.text)) & _TOTALS for key in cell.keys[:1]
    )


def _share(task: Task, search: _Search) -> list[_Part]:
    part_words, whole_words = map(search.words, task.items)
    part = search.one(part_words | whole_words) or search.one(part_words)
    if part is None or part.quantity.unit.key == "percent":
        return []  # a percentage in the documents is the answer already
    same = [
        cell
        for cell in search.cells.get((part.line.doc_id, part.table), ())
        if cell.column.text == part.column.text
    ]
    years = _years(part_words | whole_words)
    named = search.one(whole_words | years) if whole_words - years else None
    sums = [cell for cell in same if _sums_up(cell)]
    if named and named.span != part.span:
        wholes = [named]
    elif len(sums) == 1:
        wholes = sums
    elif same and not sums and whole_words <= part.column.words | part.above:
        table = search.tables[part.line.doc_id, part.table]
        _check_rows(same, same, table, picked=True)
        wholes = same
    else:
        return []
    check_units([part, *wholes])
    if len(wholes) > MAX_OPERANDS:
        raise MisfitError(
            f"{len(wholes):,} numbers would have to be added, more than {MAX_OPERANDS} to check"
        )
    dividend, *others = numbers_of([part, *wholes])
    divisor = sum(others, Decimal(0))
    if divisor <= 0 or dividend < 0 or dividend > divisor:
        raise MisfitError(f"{written(dividend)} is no part of {written(divisor)}")
    below = " + ".join(map(written, others))
    formula, result = divide(
        f"{written(dividend)} ÷ {f'({below})' if others[1:] else below}", dividend, divisor
    )
    return [_Part(formula, result, PERCENT, (part, *wholes))]


_WAYS = {
    Operation.DIFFERENCE: _difference,
    Operation.GROWTH: _growth,
    Operation.TOTAL: _total,
    Operation.SHARE: _share,
}
