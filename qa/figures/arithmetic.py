"""Compute with quantities whose units fit, and show how: decimal numbers only. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from qa.figures.cells import Cell
from qa.nlp.tokens import SYMBOLS
from qa.quantities.quantities import Unit

_NAMES = {1: "", 100: "hundred", 10**3: "thousand", 10**6: "million", 10**9: "billion", 10**12: "trillion"}

_SIGNS = {sign: name if name == "yen" else f"{name}s" for sign, name in SYMBOLS.items() if name != "percent"}

_DIGITS = 50
"""Digits that are computed with: more than any table has."""

PERCENT = "%"
POINTS = "percentage points"


class MisfitError(Exception):
    """Numbers that cannot be computed with; the message says why, as a sentence for a person without its
    full stop.
    """


def check_units(cells: Sequence[Cell]) -> None:
    """Check that the numbers of ``cells`` can be added and compared.

    Raises:
        MisfitError: one is not exact, or two have different units, or one has none that may be assumed.
    """
    if vague := next((cell for cell in cells if not cell.quantity.exact), None):
        raise MisfitError(f"“{_shown(vague)}” is not given as one exact number")
    first = cells[0]
    for other in cells[1:]:
        a, b = first.quantity.unit, other.quantity.unit
        same_place = first.table == other.table and first.line.doc_id == other.line.doc_id
        if a.key != b.key and not (_may_be_left_out(a, b) and same_place):
            raise MisfitError(f"{_described(first)} and {_described(other)}, which do not fit together")
        if a.scale != b.scale and not (a.key and b.key):
            raise MisfitError(
                f"it is not stated whether {_shown(first)} and {_shown(other)} are of the same magnitude"
            )


def _may_be_left_out(a: Unit, b: Unit) -> bool:
    """Return whether one of two numbers in one table leaves out the unit of the other, as below "$ 8,278"."""
    return not a.key or not b.key


def _shown(cell: Cell) -> str:
    return f"{cell.quantity.number:,f}"


def _described(cell: Cell) -> str:
    unit = unit_text(cell.quantity.unit)
    return f"{_shown(cell)} is {f'in {unit}' if unit else 'without a unit'}"


def unit_text(unit: Unit) -> str:
    """Return a unit with its magnitude in words: "million dollars", "MW"."""
    name = _SIGNS.get(unit.text, unit.text)
    return " ".join(filter(None, (_NAMES.get(unit.scale, f"× {unit.scale:,}"), name)))


def common_unit(cells: Sequence[Cell]) -> Unit:
    """Return the unit of the result: that of the first number that has one. Numbers of different magnitudes
    are written out.
    """
    unit = next((cell.quantity.unit for cell in cells if cell.quantity.unit.key), cells[0].quantity.unit)
    same = len({cell.quantity.unit.scale for cell in cells}) == 1
    return unit if same else Unit(unit.key, unit.text, 1, unit.counted)


def numbers_of(cells: Sequence[Cell]) -> list[Decimal]:
    """Return the numbers of ``cells`` in their common unit."""
    scale = common_unit(cells).scale
    return [cell.quantity.value / scale for cell in cells]


def written(number: Decimal) -> str:
    """Return a number as a formula shows it: ``8,278``, ``−5``."""
    return f"{_plain(number):,f}".replace("-", "−")


def _bracketed(number: Decimal) -> str:
    return f"({written(number)})" if number < 0 else written(number)


def _plain(number: Decimal) -> Decimal:
    return number.quantize(1) if number == number.to_integral_value() else number.normalize()


def subtract(a: Decimal, b: Decimal) -> tuple[str, str]:
    """Return the formula of ``a`` − ``b``, and its result."""
    result = written(a - b)
    return f"{written(a)} − {_bracketed(b)} = {result}", result


def add(numbers: Sequence[Decimal]) -> tuple[str, str]:
    """Return the formula of the sum of ``numbers``, and its result."""
    result = written(sum(numbers, Decimal(0)))
    first, *rest = numbers
    return f"{' + '.join([written(first), *map(_bracketed, rest)])} = {result}", result


def divide(formula: str, dividend: Decimal, divisor: Decimal) -> tuple[str, str]:
    """Return ``formula``, which stands for ``dividend`` ÷ ``divisor``, with its result as a percentage."""
    with localcontext(prec=_DIGITS):
        percent = dividend / divisor * 100
        step = Decimal("0.1") if abs(percent) >= 1 else Decimal("0.01")
        rounded = percent.quantize(step, ROUND_HALF_UP)
        exact = rounded * divisor == dividend * 100
    result = written(rounded)
    return f"{formula} {'=' if exact else '≈'} {result}", result
