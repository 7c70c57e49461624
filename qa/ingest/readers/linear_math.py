"""Formulas on one line: ``x = (−b ± √(b² − 4ac))/(2a)``."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from qa.errors import UserError

_DEEPEST: Final = 100
"""The depth of formulas inside formulas. Set by hand; people write five, and Python stops at a thousand."""

RAISED: Final = dict(zip("0123456789+−-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
"""The signs that Unicode has in small and raised."""

_LOWERED: Final = dict(zip("0123456789+−-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_ATOM: Final = re.compile(
    r"(?:[0-9]+(?:[.,][0-9]+)?|[^\W\d_][\u0300-\u036f]?|[^\W\d_]{3,})[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ₀-₉]*|.?"
)
"""A term that needs no brackets: a number, a letter, a word, a sign. Two letters are a product."""

_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|\|[^|]*\|")
_ENDS_OPEN: Final = re.compile(r"[_^/][^\W_]+$")
"""An index, exponent or denominator without brackets, at an end."""

_BETWEEN_TERMS: Final = re.compile(r"(?<=[\w)\]}|!…∞′])\s*([-=<>≤≥≪≫≈≠≡≅∼±∓+−×÷∈→⇒⇔])\s*(?=\S)")

_STYLED: Final = re.compile("[\U0001d400-\U0001d7ff]")
"""Letters and digits that Unicode has once more in italics, bold and so on, for formulas."""


def check_depth(depth: int) -> None:
    """Let a formula be read that is inside ``depth`` others.

    Raises:
        UserError: it is nested too deeply.
    """
    if depth > _DEEPEST:
        raise UserError("it is nested too deeply to be read")


def plain(text: str) -> str:
    """Return the text of a formula in ordinary letters, as people type them in a search."""
    return _STYLED.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text).replace("\u2061", "")


def row(parts: Iterable[str]) -> str:
    """Join parts; two that would run together into one word or index are kept apart."""
    joined: list[str] = []
    for part in filter(None, parts):
        if joined and _ENDS_OPEN.search(joined[-1]) and part[0].isalnum():
            joined.append(" ")
        joined.append(part)
    return "".join(joined)


def space_terms(line: str) -> str:
    """Return a finished formula with spaces around the signs between its terms."""
    return " ".join(_BETWEEN_TERMS.sub(r" \1 ", line).split())


def bracket(begin: str, inside: str, end: str) -> str:
    """Return an expression in the brackets it was given, once."""
    has_them = inside[:1] == begin and inside[-1:] == end and _BRACKETED.fullmatch(inside)
    return inside if has_them else f"{begin}{inside}{end}"


def fraction(above: str, below: str) -> str:
    """Return one expression over another."""
    return f"{_group(above)}/{_group(below)}"


def root(inside: str, degree: str = "") -> str:
    """Return the square root, or that of a ``degree``."""
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree)
    return f"{sign}{_group(inside)}" if sign else f"root({degree}, {inside})"


def power(base: str, exponent: str) -> str:
    """Return an expression with another one raised behind it."""
    return _group(base) + _exponent(exponent) if exponent else base


def subscript(base: str, index: str) -> str:
    """Return an expression with another one lowered behind it."""
    return _group(base) + _index(index) if index else base


def _exponent(text: str) -> str:
    """Return ``text`` as an exponent: in small digits, or behind ``^``."""
    small = superscript(text)
    return small if small is not None else f"^{_group(text)}"


def superscript(text: str) -> str | None:
    """Return ``text`` in small raised signs; None where Unicode lacks one of them."""
    return "".join(RAISED[sign] for sign in text) if text and all(map(RAISED.__contains__, text)) else None


def over_range(sign: str, low: str, high: str, inside: str) -> str:
    """Return a sum, product or integral: ``∑_(i=1)^n i``."""
    bounds = (f"_{_group(low)}" if low else "") + (f"^{_group(high)}" if high else "")
    return f"{sign}{bounds} {inside}".strip()


def matrix(rows: Iterable[Sequence[str]]) -> str:
    """Return the cells of a matrix, rows separated by semicolons: ``[1, 0; 0, 1]``."""
    return f"[{'; '.join(', '.join(row) for row in rows)}]"


def _index(text: str) -> str:
    if text and all(map(_LOWERED.__contains__, text)):
        return "".join(_LOWERED[sign] for sign in text)
    return f"_{_group(text)}"


def _group(text: str) -> str:
    """Put brackets around what would otherwise fall apart."""
    text = text.strip()
    return text if _ATOM.fullmatch(text) or _BRACKETED.fullmatch(text) else f"({text})"
