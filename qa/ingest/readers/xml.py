"""XML: articles and books (JATS, DocBook, TEI, FictionBook) as text by sections, other files as records of
names and values.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from xml.etree.ElementTree import Element, ParseError

from qa.errors import UserError
from qa.ingest.readers import html as html_reader
from qa.ingest.readers.base import MAX_CHARS, FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.records import record_text
from qa.ingest.readers.safe_zip import parse_xml
from qa.ingest.readers.sections import Block, by_section
from qa.ingest.readers.tables import Cell, table_lines

_PARAGRAPHS = frozenset({"p", "para", "simpara"})
"""Elements that only files of text have."""

_TABLES = frozenset({"informaltable", "table"})
_LISTS = frozenset({"itemizedlist", "list", "orderedlist"})
_TITLES = frozenset({"article-title", "booktitle", "head", "title"})
_NOT_SHOWN = frozenset("binary journal-meta object-id permissions processing-meta related-article".split())
"""Elements of articles and books that no reader sees."""

_SPAN_DIGITS = 4
"""A number of rows or columns with as many digits is none that a table has."""

_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w{1,30};")
"""The name of a letter that a definition elsewhere gives: the names of HTML."""

_SPACED = frozenset("=+-−<>≤≥≈≠→∈×·±∼≡∝")
"""Signs of a formula that have a space on either side."""

_DEEP = 200
"""The most elements inside one another; text goes some twenty deep. Set by hand."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each section of a text, or for each record of another file: ``plant, item 3``.

    Raises:
        UserError: it is too long, nested too deeply, not well-formed, or defines entities.
    """
    root = _tree(data)
    if _name(root) == "html":
        return html_reader.read(data, name)
    elements = list(_elements(root))
    if any(_name(each) in _PARAGRAPHS for each in elements):
        pieces = within_limits(by_section(_blocks(root)))
        return FileContent(pieces, _metadata(elements))
    return FileContent(within_limits(_records(root)))


def _tree(data: bytes) -> Element:
    try:
        return parse_xml(data)
    except ParseError as error:
        text = decode(data) if len(data) <= MAX_CHARS else ""
        named = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        if named == text:
            raise UserError(f"it is not well-formed XML ({error})") from error
        try:
            return parse_xml(re.sub(r"^\s*<\?xml[^>]*\?>", "", named).encode())
        except ParseError as again:
            raise UserError(f"it is not well-formed XML ({again})") from again


def _elements(root: Element) -> Iterator[Element]:
    """Yield all elements in their order.

    Raises:
        UserError: they are nested too deeply.
    """
    waiting = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        if depth > _DEEP:
            raise UserError("it is nested too deeply to be read")
        yield element
        waiting += ((inner, depth + 1) for inner in reversed(element))


def _name(element: Element) -> str:
    """Return an element's name, without its namespace."""
    return element.tag.rpartition("}")[2]


def _blocks(element: Element) -> Iterator[Block]:
    name = _name(element)
    if name in _NOT_SHOWN:
        return
    if name in _TITLES:
        yield Block(_text(element), heading=name != "article-title")
    elif name in _TABLES and (table := _table(element)):
        yield from table
    elif (name in _PARAGRAPHS or _is_mixed(element)) and not _holds_blocks(element):
        yield Block(_text(element))
    elif _is_record(element):
        yield Block(_record(element, attributes=False))
    else:
        if element.text and element.text.strip():
            yield Block(element.text)
        for inner in element:
            yield from _blocks(inner)
            if inner.tail and inner.tail.strip():
                yield Block(inner.tail)


def _holds_blocks(element: Element) -> bool:
    return any(
        _name(inner) in _PARAGRAPHS | _TABLES | _LISTS for inner in element.iter() if inner is not element
    )


def _is_mixed(element: Element) -> bool:
    """Return whether words and elements stand side by side in it."""
    return bool(len(element)) and any(
        words and words.strip() for words in (element.text, *(inner.tail for inner in element))
    )


def _is_record(element: Element) -> bool:
    """Return whether it has nothing but values in it."""
    return not _is_mixed(element) and not any(
        len(inner) or _name(inner) in _TITLES | _PARAGRAPHS for inner in element
    )


def _record(element: Element, attributes: bool = True) -> str:
    """Return an element as ``name: value``; names of values inside it are joined by full stops."""
    return record_text(_leaves("", element, attributes))


def _leaves(path: str, element: Element, attributes: bool) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items() if attributes else ():
        if value.strip() and not key.startswith("{"):
            yield f"{path}.{key}" if path else key, " ".join(value.split())
    if not len(element) or _is_mixed(element):
        if text := _text(element):
            yield path or _name(element), text
        return
    for inner in element:
        yield from _leaves(f"{path}.{_name(inner)}" if path else _name(inner), inner, attributes)


def _records(root: Element) -> Iterator[Piece]:
    """Yield a piece for each child of the first element that has several."""
    while len(root) == 1 and len(root[0]) and not root.attrib:
        root = root[0]
    if _is_record(root) or not len(root):
        yield Piece("", _record(root))
        return
    own = {key: value for key, value in root.attrib.items() if not key.startswith("{")}
    yield Piece("", "; ".join(f"{key}: {value}" for key, value in own.items()))
    numbers: dict[str, int] = {}
    counts = Counter(map(_name, root))
    for inner in root:
        name = _name(inner)
        numbers[name] = numbers.get(name, 0) + 1
        label = f"{name}, item {numbers[name]}" if counts[name] > 1 else name
        yield Piece(label, _record(inner))


def _table(element: Element) -> list[Block]:
    """Return the title and the rows of a table; nothing if it has words elsewhere."""
    titles = [_text(inner) for inner in element.iter() if _name(inner) in {"title", "caption"}]
    rows = [row for row in element.iter() if _name(row) in {"tr", "row"}]
    cells = [[_cell(cell) for cell in row if _name(cell) in {"td", "th", "entry"}] for row in rows]
    letters = sum(
        len("".join(words.split()))
        for words in (*titles, *(cell.text for cell in chain.from_iterable(cells)))
    )
    if letters != len("".join(_text(element).split())):
        return []
    lines = "\n".join(line for _, line in table_lines(cells))
    return [Block(text) for text in (*titles, lines)]


def _cell(element: Element) -> Cell:
    rows, columns = (element.get(name, "") for name in ("rowspan", "colspan"))
    return Cell(
        _text(element),
        int(rows) if rows.isdecimal() and len(rows) < _SPAN_DIGITS else 1,
        int(columns) if columns.isdecimal() and len(columns) < _SPAN_DIGITS else 1,
        header=_name(element) == "th",
    )


def _text(element: Element) -> str:
    """Return all words in an element on one line; what is raised has a circumflex before it, as in 10^3."""
    return " ".join("".join(_words(element)).split())


def _words(element: Element) -> Iterator[str]:
    name = _name(element)
    if name in {"sup", "superscript"}:
        yield "^"
    if name == "math":
        yield _formula(element)
    elif name not in _NOT_SHOWN:
        yield element.text or ""
        for inner in element:
            yield from _words(inner)
            yield (" " if _name(inner) in _PARAGRAPHS else "") + (inner.tail or "")


def _formula(element: Element) -> str:
    """Return MathML on one line: ``(a + b)/c^2``."""
    inner = [_formula(each) for each in element]
    match _name(element), inner:
        case "annotation" | "annotation-xml", _:
            return ""
        case "msup" | "mover", [base, raised]:
            return f"{base}^{_grouped(raised)}"
        case "msub" | "munder", [base, lowered]:
            return f"{base}_{_grouped(lowered)}"
        case "msubsup" | "munderover", [base, lowered, raised]:
            return f"{base}_{_grouped(lowered)}^{_grouped(raised)}"
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case "msqrt", _:
            return f"√{_grouped(''.join(inner))}"
        case "mroot", [base, degree]:
            return f"{_grouped(base)}^(1/{degree})"
        case "mtr", _:
            return "".join(f"{each}; " for each in inner)
        case "mo", _ if _trimmed(element) in _SPACED:
            return f" {_trimmed(element)} "
    return "".join([_trimmed(element), *inner])


def _trimmed(element: Element) -> str:
    return (element.text or "").strip()


def _grouped(formula: str) -> str:
    formula = formula.strip()
    return formula if len(formula) == 1 or formula.isalnum() else f"({formula})"


def _metadata(elements: Iterable[Element]) -> dict[str, object]:
    """Return the title, the first author and the day of publication of an article or a book."""
    known: dict[str, object] = {}
    for element in elements:
        name = _name(element)
        values = {_name(inner): _text(inner) for inner in element}
        if name in (_TITLES | {"book-title"}) - {"head"} and (title := _text(element)):
            known.setdefault("title", title)
        elif name in {"name", "author", "personname"} and "surname" in values:
            first = values.get("given-names") or values.get("firstname") or ""
            known.setdefault("author", f"{first} {values['surname']}".strip())
        elif name == "pub-date" and "year" in values:
            parts = [values.get(each, "") for each in ("year", "month", "day")]
            filled = [part for part in parts if part.isdecimal()]
            known.setdefault("date", "-".join(part.zfill(2) for part in filled) if parts[0] else "")
    return known
