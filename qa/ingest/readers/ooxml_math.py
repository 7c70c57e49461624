"""Formulas of Office documents (OMML) on one line."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from lxml import etree

from qa.ingest.readers import linear_math
from qa.ingest.readers.ooxml import tag

_VALUE: Final = tag("m:val")
_TEXTS: Final = frozenset({tag("m:t"), tag("w:t"), tag("a:t")})
_STRUCK_OUT: Final = frozenset({tag("w:del"), tag("w:moveFrom")})
_PROPERTIES: Final = "Pr"
"""The ending of the names of elements that say how their parent looks."""

_ACCENTS: Final = frozenset("\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u030a\u030c\u20d6\u20d7")


def formula(element: etree._Element) -> str:
    """Return a formula (``m:oMath``) as a line of text.

    Raises:
        UserError: it is nested too deeply.
    """
    return linear_math.space_terms(_written(element, 0))


def _written(element: etree._Element, depth: int) -> str:
    linear_math.check_depth(depth)
    if element.tag in _TEXTS:
        return linear_math.plain(element.text or "")
    if not isinstance(element.tag, str) or element.tag in _STRUCK_OUT:
        return ""
    name = etree.QName(element).localname
    write = _FORMS.get(name)
    if write:
        return write(_Part(element, depth))
    if name.endswith(_PROPERTIES):
        return ""
    return linear_math.row(_written(child, depth + 1) for child in element)


class _Part:
    """An element of a formula with its children as text."""

    def __init__(self, element: etree._Element, depth: int) -> None:
        self._element = element
        self._depth = depth

    def __call__(self, child: str) -> str:
        found = self._element.find(tag(f"m:{child}"))
        return "" if found is None else _written(found, self._depth + 1).strip()

    def each(self, child: str) -> list[str]:
        children = self._element.iterchildren(tag(f"m:{child}"))
        return [_written(each, self._depth + 1).strip() for each in children]

    def rows(self) -> Iterable[list[str]]:
        for row in self._element.iterchildren(tag("m:mr")):
            yield _Part(row, self._depth + 1).each("e")

    def setting(self, path: str, otherwise: str) -> str:
        """The value of a property, such as ``naryPr/chr``."""
        found = self._element.find("/".join(tag(f"m:{step}") for step in path.split("/")))
        return otherwise if found is None else found.get(_VALUE, "")


def _fraction(part: _Part) -> str:
    if part.setting("fPr/type", "bar") == "noBar":
        return f"({part('num')} ¦ {part('den')})"
    return linear_math.fraction(part("num"), part("den"))


def _root(part: _Part) -> str:
    return linear_math.root(part("e"), part("deg"))


def _delimited(part: _Part) -> str:
    begin, end = part.setting("dPr/begChr", "("), part.setting("dPr/endChr", ")")
    return linear_math.bracket(begin, part.setting("dPr/sepChr", "|").join(part.each("e")), end)


def _over_range(part: _Part) -> str:
    return linear_math.over_range(part.setting("naryPr/chr", "∫"), part("sub"), part("sup"), part("e"))


def _function(part: _Part) -> str:
    name, inside = part("fName"), part("e")
    return f"{name}{inside}" if inside.startswith("(") else f"{name} {inside}"


def _accented(part: _Part) -> str:
    accent, inside = part.setting("accPr/chr", "\u0302"), part("e")
    return f"{inside}{accent}" if len(inside) == 1 and accent in _ACCENTS else inside


def _before(part: _Part) -> str:
    lower, upper = linear_math.subscript("", part("sub")), linear_math.power("", part("sup"))
    return f"{lower}{upper}{part('e')}"


def _both(part: _Part) -> str:
    return linear_math.subscript(part("e"), part("sub")) + linear_math.power("", part("sup"))


def _phantom(part: _Part) -> str:
    return "" if part.setting("phantPr/show", "1") in {"0", "off", "false"} else part("e")


_FORMS: Final[Mapping[str, Callable[[_Part], str]]] = {
    "f": _fraction,
    "rad": _root,
    "sSup": lambda part: linear_math.power(part("e"), part("sup")),
    "sSub": lambda part: linear_math.subscript(part("e"), part("sub")),
    "sSubSup": _both,
    "sPre": _before,
    "nary": _over_range,
    "func": _function,
    "limLow": lambda part: linear_math.subscript(part("e"), part("lim")),
    "limUpp": lambda part: linear_math.power(part("e"), part("lim")),
    "d": _delimited,
    "m": lambda part: linear_math.matrix(part.rows()),
    "eqArr": lambda part: "; ".join(part.each("e")),
    "acc": _accented,
    "phant": _phantom,
}
