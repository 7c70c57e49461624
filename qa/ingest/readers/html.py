"""HTML of web pages, e-mails and books: headings, paragraphs, lists and tables as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.tables import Cell, table_lines

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""")
_DECLARATION_BYTES = 1_024
"""The bytes in which a page declares its encoding."""

_SKIPPED = frozenset(
    "head script style noscript template nav svg math object iframe select button textarea".split()
)
"""Elements that contain no text of the page itself."""

_BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption
    figure footer form header hr li main ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()
)
_DIGITS = re.compile(r"\s*\d+", re.ASCII)
_SPAN_DIGITS = 9
_MAX_SPAN = {"rowspan": 65_534, "colspan": 1_000}
"""As the HTML standard limits them."""

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_TITLES = {"title": ("og:title", "dc.title"), "author": ("author", "dc.creator", "article:author")}
_KNOWN = {
    **_TITLES,
    "publisher": ("og:site_name", "dc.publisher"),
    "date": ("article:published_time", "date", "dc.date", "datepublished", "dcterms.date"),
}
"""The names under which pages give their metadata, the most reliable first."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it, and the metadata of the page's head.

    Raises:
        UserError: it is binary, too long or nested too deeply.
    """
    declared = _DECLARED.search(data[:_DECLARATION_BYTES])
    root = _tree(decode(data, declared[1].decode("ascii") if declared else None))
    if root is None:
        return FileContent(())
    pieces = within_limits(_pieces(root))
    known = _metadata(root)
    if heading := next((_line(each) for each in root.iter("h1")), ""):
        known["heading"] = heading
    return FileContent(pieces, known)


def html_pieces(html: str) -> Iterator[Piece]:
    """Yield the pieces of a page, one for each section."""
    root = _tree(html)
    if root is not None:
        yield from _pieces(root)


def _tree(html: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # it is empty
        return None
    # The library stops reading where elements are nested too deeply for it, and says so only here.
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise UserError("it is nested too deeply to be read")
    return root


@dataclass(slots=True)
class _Section:
    """The text since the last heading."""

    label: str = ""
    blocks: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """The words of the block that is being read."""

    def close_block(self, plain: bool = False) -> None:
        text = "".join(self.words)
        lines = text.split("\n") if plain else (" ".join(line.split()) for line in text.split("\n"))
        block = "\n".join(lines).strip("\n" if plain else None)
        if block.strip():
            self.blocks.append(block)
        self.words.clear()

    def piece(self) -> Piece:
        self.close_block()
        return Piece(self.label, "\n\n".join(self.blocks))


def _pieces(root: etree._Element) -> Iterator[Piece]:
    section = _Section()
    walk = etree.iterwalk(root, events=("start", "end"))
    preformatted = 0
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "end":
            preformatted -= tag == "pre"
            _leave(section, element, tag, preformatted > 0)
            continue
        if tag in _SKIPPED or "hidden" in element.attrib:
            walk.skip_subtree()
        elif tag in _HEADINGS and _line(element):
            walk.skip_subtree()
            yield section.piece()
            section = _Section(f"section {_line(element)}", [_line(element)])
        elif tag == "table" and _is_of_data(element):
            walk.skip_subtree()
            section.close_block()
            section.blocks.append("\n".join(line for _, line in table_lines(_rows(element))))
        else:
            _enter(section, element, tag, preformatted > 0 or tag == "pre")
            preformatted += tag == "pre"
    yield section.piece()


def _enter(section: _Section, element: etree._Element, tag: str, plain: bool) -> None:
    if tag in _BLOCKS:
        section.close_block()
    if tag == "li":
        section.words.append("- ")
    if tag == "br":
        section.words.append("\n")
    section.words.append(_spaced(element.text, plain))


def _leave(section: _Section, element: etree._Element, tag: str, plain: bool) -> None:
    if tag in _BLOCKS:
        section.close_block(plain=tag == "pre")
    section.words.append(_spaced(element.tail, plain))


def _spaced(text: str | None, plain: bool) -> str:
    return (text or "") if plain else re.sub(r"\s+", " ", text or "")


def _is_of_data(table: etree._Element) -> bool:
    """Whether a table contains data. One with a table or heading inside it is there for the page's layout."""
    return not any(True for _ in table.iterdescendants("table", *_HEADINGS))


def _rows(table: etree._Element) -> Iterator[list[Cell]]:
    for row in table.iter("tr"):
        yield [_cell(cell) for cell in row if cell.tag in {"td", "th"}]


def _cell(element: etree._Element) -> Cell:
    header = element.tag == "th" or any(True for _ in element.iterancestors("thead"))
    return Cell(_line(element), _span(element, "rowspan"), _span(element, "colspan"), header)


def _span(element: etree._Element, name: str) -> int:
    """Return how many rows or columns a cell covers, as browsers limit it."""
    said = _DIGITS.match(element.get(name) or "")
    return min(int(said[0][:_SPAN_DIGITS]), _MAX_SPAN[name]) or 1 if said else 1


def _line(element: etree._Element) -> str:
    """Return the visible text of ``element`` on one line."""
    words = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "start":
            if inner.tag in _SKIPPED:
                walk.skip_subtree()
                continue
            words.append(inner.text or "")
        if event == "end" and inner is not element:
            words.append((" " if inner.tag in _BLOCKS or inner.tag == "br" else "") + (inner.tail or ""))
    return " ".join("".join(words).split())


def _metadata(root: etree._Element) -> dict[str, object]:
    said = {
        (each.get("name") or each.get("property") or each.get("itemprop") or "").lower(): each.get("content")
        for each in root.iter("meta")
    }
    known: dict[str, object] = {}
    for what, names in _KNOWN.items():
        if value := next((said[name] for name in names if said.get(name)), None):
            known[what] = value
    title = next((_line(each) for each in root.iter("title")), "")
    return {**known, "title": title} if title else known
