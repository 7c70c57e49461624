"""HTML of web pages, e-mails and books: headings, paragraphs, lists and tables as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.html_lists import Numbering
from qa.ingest.readers.html_metadata import metadata_of
from qa.ingest.readers.html_tables import is_of_data, lines_of
from qa.ingest.readers.html_text import BLOCKS, HEADINGS, line_of, styles_of, superscript

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""")
_DECLARATION_BYTES = 1_024
"""The bytes in which a page declares its encoding."""


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each heading with the text below it, and the metadata of the page's head.

    Raises:
        UserError: it is binary, too long or nested too deeply.
    """
    declared = _DECLARED.search(data[:_DECLARATION_BYTES])
    root = _tree(decode(data, declared[1].decode("ascii") if declared else None))
    if root is None:
        return FileContent(())
    return FileContent(within_limits(_pieces(root)), metadata_of(root))


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
    mark: str = ""
    """The text before the next block, as the first of an item of a list."""
    term: bool = False
    """True if these are a term whose definition follows."""

    def close_block(self, plain: bool = False) -> None:
        text = "".join(self.words)
        lines = text.split("\n") if plain else (" ".join(line.split()) for line in text.split("\n"))
        block = "\n".join(lines).strip("\n" if plain else None)
        if block.strip():
            self.blocks.append(self.mark + block)
            self.mark = ""
        self.words.clear()

    def piece(self) -> Piece:
        self.close_block()
        return Piece(self.label, "\n\n".join(self.blocks))


def _pieces(root: etree._Element) -> Iterator[Piece]:
    styles, numbering = styles_of(root), Numbering()
    section = _Section()
    walk = etree.iterwalk(root, events=("start", "end"))
    preformatted = 0
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "end":
            preformatted -= tag == "pre"
            _leave(section, element, tag, preformatted > 0)
        elif tag == "script" or styles.hide(element):
            walk.skip_subtree()
        elif tag in HEADINGS and (line := line_of(element, styles)):
            walk.skip_subtree()
            yield section.piece()
            section = _Section(f"section {line}", [line])
        elif tag == "table" and is_of_data(element):
            walk.skip_subtree()
            section.close_block()
            section.blocks.append("\n".join(lines_of(element, styles)))
        elif tag == "sup" and not preformatted:
            walk.skip_subtree()
            section.words.append(_spaced(superscript(element, styles), False))
        else:
            _enter(section, element, tag, preformatted > 0 or tag == "pre")
            if tag == "li":
                section.mark += numbering.mark(element)
            preformatted += tag == "pre"
    yield section.piece()


def _enter(section: _Section, element: etree._Element, tag: str, plain: bool) -> None:
    if tag == "dd" and section.term:
        section.words.append("" if "".join(section.words).rstrip().endswith((":", "：")) else ": ")
    elif tag in BLOCKS:
        section.close_block()
    section.term = section.term and tag not in BLOCKS
    if tag == "br":
        section.words.append("\n")
    section.words.append(_spaced(element.text, plain))


def _leave(section: _Section, element: etree._Element, tag: str, plain: bool) -> None:
    section.term = tag == "dt"
    if tag == "li":
        section.close_block()
        section.mark = ""
    if tag in BLOCKS and tag != "dt":
        section.close_block(plain=tag == "pre")
    section.words.append(_spaced(element.tail, plain))


def _spaced(text: str | None, plain: bool) -> str:
    return (text or "") if plain else re.sub(r"\s+", " ", text or "")
