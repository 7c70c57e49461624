"""Formulas in MathML, as LibreOffice and web pages have them, on one line."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from lxml import etree

from qa.ingest.readers import linear_math

_WORD: Final = re.compile(r"\b[^\W\d_]{2,}\b")
_WORDS: Final = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_SKIPPED: Final = frozenset({"annotation", "annotation-xml", "mphantom", "mspace"})
_SUMS: Final = frozenset("∑∏∐∫∬∭∮∯∰⋃⋂⋁⋀")


def mathml_formula(element: etree._Element) -> str:
    """Return a formula (``math``) as a line of text.

    Raises:
        UserError: it is nested too deeply.
    """
    return linear_math.space_terms(_written(element, 0))


def _written(element: etree._Element, depth: int) -> str:
    linear_math.check_depth(depth)
    name = etree.QName(element).localname if isinstance(element.tag, str) else "annotation"
    if name in _SKIPPED:
        return ""
    if name in _WORDS:
        return linear_math.plain(" ".join("".join(map(str, element.itertext())).split()))
    if name == "mtable":
        return linear_math.matrix([_children(row, depth + 1) for row in element])
    children = _children(element, depth)
    write = _FORMS.get(name)
    if write and len(children) >= _NEEDED[name]:
        return write(children)
    if name == "mfenced":
        between = element.get("separators", ",")[:1]
        return f"{element.get('open', '(')}{between.join(children)}{element.get('close', ')')}"
    return linear_math.row(_apart(children))


def _apart(parts: list[str]) -> Iterator[str]:
    """Yield ``parts`` with a space between two of them if one is a word."""
    last = ""
    for part in filter(None, parts):
        touching = last[-1:].isalnum() and part[0].isalnum()
        yield f" {part}" if touching and (_WORD.search(last) or _WORD.match(part)) else part
        last = part


def _children(element: etree._Element, depth: int) -> list[str]:
    return [_written(child, depth + 1) for child in element]


def _between(parts: list[str]) -> str:
    """Return a sign with what stands under and over it: bounds, or both indexes of a letter."""
    base, low, high = parts[:3]
    if base in _SUMS:
        return linear_math.over_range(base, low, high, "")
    return linear_math.subscript(base, low) + linear_math.power("", high)


_FORMS: Final[Mapping[str, Callable[[list[str]], str]]] = {
    "mfrac": lambda parts: linear_math.fraction(parts[0], parts[1]),
    "msqrt": lambda parts: linear_math.root(linear_math.row(parts)),
    "mroot": lambda parts: linear_math.root(parts[0], parts[1]),
    "msup": lambda parts: linear_math.power(parts[0], parts[1]),
    "msub": lambda parts: linear_math.subscript(parts[0], parts[1]),
    "msubsup": _between,
    "munderover": _between,
    "munder": lambda parts: linear_math.subscript(parts[0], parts[1]),
    "mover": lambda parts: parts[0] if parts[1] in {"¯", "^", "→", "˙", "~"} else "^".join(parts[:2]),
}
_NEEDED: Final = {
    name: 3 if write is _between else 1 if name == "msqrt" else 2 for name, write in _FORMS.items()
}
"""The children that an element must have."""
