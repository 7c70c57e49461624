"""Find the numbers that a question asks to compute with, and compute. Pure.

Each number has to be named by the question without doubt: where several fit, or none, nothing is computed.
"""

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
from qa.figures.cell_search import CellSearch, times_in
from qa.figures.cells import Cell, cells_in_sentences
from qa.figures.questions import Operation, Task, read_task
from qa.figures.tables import Table, tables_around
from qa.nlp.terms import terms
from qa.retrieval.evidence import number_quotes
from qa.retrieval.scope import rows_meant
from qa.schema import Document, Figure, Quote, QuotedWords, Span

MAX_OPERANDS = 24
"""The most numbers of a total: a reader is to be able to check each of them, and they fit on a screen."""

_TOTALS = frozenset(
    terms(
        """total totals subtotal sum overall average mean median gesamt summe insgesamt durchschnitt somme
        moyenne suma promedio totale media totaal gemiddelde итого всего сумма среднее razem average maximum
        minimum which thereof davon"""
    )
)
"""Stems of the words that name a row which sums up others, or a part of one."""


@dataclass(frozen=True, slots=True)
class Computation:
    """The result of a computation for a question."""

    figures: tuple[Figure, ...] = ()
    quotes: tuple[Quote, ...] = ()
    """The quotes that hold the operands."""
    refusal: str = ""
    """The reason why nothing was computed though the question asks for it, as a sentence without its full
    stop."""


NOTHING = Computation()


def compute_figures(
    question: str, quotes: Sequence[Quote], documents: Mapping[str, Document], asked_in: str = "en"
) -> Computation:
    """Return what ``question`` asks to be computed from ``quotes``, and from the other rows of the tables
    that they are rows of; nothing where it asks for no such thing, or the numbers are not found.
    """
    asked_in = asked_in or "en"
    task = read_task(question, asked_in)
    if task is None or not quotes:
        return NOTHING
    said = cells_in_sentences(quotes, documents, asked_in)
    compute = _WAYS[task.operation]
    search = CellSearch(question, documents, tables_around(quotes, documents), said, asked_in)
    try:
        parts = compute(task, search)
        if not parts:
            more = _rows_of_the_same(question, quotes, documents)
            tables = tables_around([*quotes, *more], documents)
            parts = compute(task, CellSearch(question, documents, tables, said, asked_in))
    except MisfitError as error:
        return Computation(refusal=f"Nothing was computed: {error}")
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
    return Computation(figures, tuple(sorted(numbered.values(), key=lambda quote: quote.number)))


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
        held = next((quote for quote in quotes if quote.span.contains(line)), None)
        if held:
            found[line] = held
        else:
            new.append(line)
    last = max(quote.number for quote in quotes)
    for quote in number_quotes(new, documents, last + 1):
        found[quote.span] = quote
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """One formula and the cells of its operands."""

    formula: str
    result: str
    unit: str
    cells: tuple[Cell, ...]


def _pair(task: Task, search: CellSearch) -> tuple[Cell, Cell] | None:
    """Return the two numbers that a question compares."""
    shared = search.words(task.what) | search.words(task.rest)
    first, second = map(search.words, task.items)
    # "the revenue in 2022 and 2023" says once what holds for both
    for a, b in (
        (first, second),
        (first, second | (first - times_in(first))) if not second - times_in(second) else (first, second),
        (first | (second - times_in(second)), second) if not first - times_in(first) else (first, second),
        (first, second | search.head(task.items[0])),
        (first | search.tail(task.items[1]), second),
    ):
        one, other = search.one(a | shared), search.one(b | shared)
        if one and other:
            return None if one.span == other.span else (one, other)
    return None


def _difference(task: Task, search: CellSearch) -> list[_Part]:
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


def _growth(task: Task, search: CellSearch) -> list[_Part]:
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


def _two_times(wanted: frozenset[str], search: CellSearch) -> tuple[Cell, Cell] | None:
    """Return the numbers of one name at the two times of its table, the earlier one first.

    Raises:
        MisfitError: it has more than two times.
    """
    if not wanted:
        return None
    years = sorted({year for cell in search.all_cells() for year in _own_years(cell)})
    found = {year: cell for year in years if (cell := search.one(wanted | {year}))}
    if not found:
        return None
    if len(found) > 2:
        raise MisfitError(f"there are numbers for {', '.join(found)}; name two of these times")
    first, *others = found.values()
    return (first, others[0]) if others else None


def _own_years(cell: Cell) -> frozenset[str]:
    return times_in(cell.column.words.union(*(key.words for key in cell.keys[cell.table < 0 :])))


def _total(task: Task, search: CellSearch) -> list[_Part]:
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


def _column(what: str, search: CellSearch) -> list[Cell]:
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
            if words <= times_in(words) and not common & above:
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


def _share(task: Task, search: CellSearch) -> list[_Part]:
    part_words, whole_words = map(search.words, task.items)
    part = search.one(part_words | whole_words) or search.one(part_words)
    if part is None or part.quantity.unit.key == "percent":
        return []  # a percentage in the documents is the answer already
    same = [
        cell
        for cell in search.cells.get((part.line.doc_id, part.table), ())
        if cell.column.text == part.column.text
    ]
    years = times_in(part_words | whole_words)
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
        raise MisfitError(f"{written(dividend)} is not part of {written(divisor)}")
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
