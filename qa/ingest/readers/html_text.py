"""The text of a page as a reader sees it: no hidden parts, no readings, and raised figures stay raised."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from qa.ingest.readers.linear_math import RAISED

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption
    figure footer form header hr li main ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()
)

_SKIPPED = frozenset(
    "head script style noscript template nav svg math object iframe select button textarea rt rp rtc".split()
)
"""Elements that contain no text of the page itself, and readings above Japanese words (ruby)."""

_HIDES = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_SHOWS = re.compile(r"(?:^|;)\s*(?:display|visibility)\s*:", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
"""Rules for some screens, for paper and for other purposes, which do not say what everybody sees."""
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_MAX_STYLES = 1_000_000
"""The characters of style sheets that are looked at. Set by hand: ten times those of a large page."""

_RAISED = str.maketrans(RAISED)
_MARK = re.compile(r"[0-9+\-−=()n,;\s]*[0-9][0-9+\-−=()n,;\s]*")
"""A power or the mark of a footnote, which would change the number before it if it stood on its line."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The elements that a page's own style sheets hide."""

    hidden: frozenset[tuple[str, frozenset[str]]] = frozenset()
    """Each as the tag, if any, and the classes (``.name``) and the id (``#name``) of the elements."""

    def hide(self, element: etree._Element) -> bool:
        """Return whether a reader of the page does not see ``element``."""
        if element.tag in _SKIPPED or "hidden" in element.attrib:
            return True
        if style := element.get("style"):
            if _HIDES.search(style):
                return True
            if _SHOWS.search(style):
                return False
        if not self.hidden or not (element.get("class") or element.get("id")):
            return False
        marks = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
        return any(tag in {"", element.tag} and names <= marks for tag, names in self.hidden)


def styles_of(root: etree._Element) -> Styles:
    """Return what the style sheets in a page hide by its class or id. Other selectors are not looked at."""
    sheets = "\n".join("".join(map(str, sheet.itertext())) for sheet in root.iter("style"))
    hidden: dict[tuple[str, frozenset[str]], bool] = {}
    for selectors, style in _RULE.findall(_AT_RULE.sub("", _COMMENT.sub("", sheets[:_MAX_STYLES]))):
        if not _SHOWS.search(style):
            continue
        for selector in selectors.split(","):
            simple = _SELECTOR.fullmatch(selector.strip())
            if simple and simple[2]:
                names = frozenset(re.findall(r"[.#][\w-]+", simple[2]))
                hidden[(simple[1] or "").lower(), names] = bool(_HIDES.search(style))
    return Styles(frozenset(selector for selector, hides in hidden.items() if hides))


def line_of(element: etree._Element, styles: Styles) -> str:
    """Return the text of ``element`` that a reader sees, on one line."""
    return " ".join("".join(_words(element, styles)).split())


def superscript(element: etree._Element, styles: Styles) -> str:
    """Return the text of a ``sup``: figures as superscripts, anything else as it is."""
    text = "".join(_words(element, styles))
    return text.translate(_RAISED) if _MARK.fullmatch(text) else text


def _words(element: etree._Element, styles: Styles) -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "end":
            if inner is not element:
                yield (" " if inner.tag in BLOCKS or inner.tag == "br" else "") + (inner.tail or "")
        elif inner is not element and styles.hide(inner):
            walk.skip_subtree()
        elif inner is not element and inner.tag == "sup":
            walk.skip_subtree()
            yield superscript(inner, styles)
        else:
            yield inner.text or ""
