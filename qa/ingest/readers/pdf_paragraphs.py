"""Join the lines of pages to paragraphs: wrapped lines, hyphenated words, sentences over columns and pages.
Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from qa.ingest.readers.pdf_layout import ITEM, MARK, Line
from qa.ingest.readers.pdf_table_text import ColumnNames
from qa.ingest.readers.pdf_tables import find_tables

_PARAGRAPH = 1.5
"""In usual distances of lines: a larger distance separates paragraphs."""

_LARGER = 1.15
"""In heights of a line: a line that is so much larger than the one before or after it is a heading."""

_SHORT = 0.75
"""In usual widths of a line: a shorter line was not wrapped, because the next word would have fitted."""

_END = re.compile(r"""[.!?:;…。！？]["'”’»)\]]*$""")

_HYPHEN = re.compile(r"(\w+)[-‐]$")

_SENTENCE_END = re.compile(r"""(?<=[^\W\d_]{3}[.!?])["'”’»)\]]*\s+(?=["'“‘«(\[]*[^\W_a-zà-ÿ])|\n""")
"""The certain end of a sentence: after a word that is no initial or short abbreviation, before a capital or
a figure; or with its line."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a table, with its first and last line."""

    text: str
    first: Line
    last: Line
    is_table: bool = False
    names: ColumnNames | None = None
    """The names of a table's columns; None for none."""


@dataclass(frozen=True, slots=True)
class _Usual:
    """The usual distance and width of the lines of a page, in points."""

    distance: float
    """From one line to the next."""
    width: float

    @classmethod
    def of(cls, page: Sequence[Line]) -> "_Usual":
        """Return the medians of ``page``; 0 where there is nothing to measure."""
        down = [a.middle - b.middle for a, b in pairwise(page) if a.middle > b.middle]
        return cls(median(down) if down else 0.0, median(line.width for line in page) if page else 0.0)

    def is_short(self, before: Line, line: Line) -> bool:
        """Return whether the line ``before`` ended although there was room on it."""
        return before.width < _SHORT * max(line.width, self.width) and not _changes_column(before, line)


def words_of(pages: Iterable[Sequence[Line]]) -> frozenset[str]:
    """Return the words with a hyphen inside a line, in lower case. They keep it at the end of a line too."""
    found = (re.findall(r"\w+[-‐]\w+", line.text) for page in pages for line in page)
    return frozenset(word.replace("‐", "-").lower() for words in found for word in words)


def page_blocks(pages: Iterable[Sequence[Line]], hyphenated: frozenset[str]) -> list[list[Block]]:
    """Return the paragraphs and tables of each page; a table that goes on has the names of its columns on
    every page.
    """
    found: list[list[Block]] = []
    names: ColumnNames | None = None
    for page in pages:
        found.append(blocks(page, hyphenated, names))
        names = found[-1][-1].names if found[-1] else None
    return found


def blocks(
    page: Sequence[Line], hyphenated: frozenset[str] = frozenset(), before: ColumnNames | None = None
) -> list[Block]:
    """Return the paragraphs and tables of a page. Wrapped lines are joined; ``before`` are the names of a
    table at the end of the last page.

    A word that is hyphenated at the end of a line is joined, and keeps its hyphen if it is in ``hyphenated``.
    """
    found: list[Block] = []
    usual = _Usual.of(page)
    for is_known, group in groupby(page, key=lambda line: line.table):
        lines = list(group)
        if is_known:
            text = "\n".join(line.text for line in lines)
            found.append(Block(text, lines[0], lines[-1], is_table=True))
        else:
            found += _blocks(lines, usual, hyphenated, None if found else before)
    return found


def _blocks(
    page: Sequence[Line], usual: _Usual, hyphenated: frozenset[str], before: ColumnNames | None
) -> list[Block]:
    """Return the paragraphs, and the tables that are found, of lines of a page."""
    found: list[Block] = []
    at = 0
    for table in find_tables(page, before):
        found += _paragraphs(page[at : table.start], usual, hyphenated)
        if table.rows:
            text = "\n".join(table.rows)
            found.append(
                Block(text, page[table.start], page[table.stop - 1], is_table=True, names=table.names)
            )
        found += _paragraphs(table.prose, usual, hyphenated)
        at = table.stop
    return found + _paragraphs(page[at:], usual, hyphenated)


def join_pages(pages: Sequence[list[Block]], hyphenated: frozenset[str]) -> None:
    """Give the rest of a sentence that continues on the next page to the page on which it begins."""
    for page, following in pairwise(pages):
        if page and following:
            _resume(page, following[0].first, following[0].text)
        if not page or not following or not _continues(page[-1], following[0]):
            continue
        last, first = page[-1], following[0]
        end = _SENTENCE_END.search(first.text)
        rest = first.text[: end.start() + len(end[0].rstrip())] if end else first.text
        page[-1] = replace(last, text=continued(last.text, rest, hyphenated))
        if end:
            following[0] = replace(first, text=first.text[end.end() :])
        else:
            following.pop(0)


def _continues(last: Block, first: Block) -> bool:
    """Return whether the last sentence of a page continues in the first paragraph of the next."""
    if last.is_table or first.is_table or _END.search(last.text) or ITEM.match(first.text):
        return False
    if last.first.is_bold != first.first.is_bold or _differ_in_height(last.last, first.first):
        return False
    if first.text[0].islower() or _HYPHEN.search(last.text):
        return True
    # A heading or a caption ends as well without a full stop, before its line is full.
    full = last.last.width > _SHORT * (last.last.right - last.last.left)
    return full and last.first is not last.last and first.first is not first.last


def _paragraphs(page: Sequence[Line], usual: _Usual, hyphenated: frozenset[str]) -> list[Block]:
    found: list[Block] = []
    before: Line | None = None
    alone = False  # whether the last block is a single, separate line, such as a page number
    for line in page:
        text = line.text
        if not text:
            continue
        if before and _changes_column(before, line) and _resume(found, line, text):
            before = found[-1].last
        if (
            before is None
            or _ends_paragraph(before, line, usual)
            or (alone and _changes_column(before, line))
        ):
            alone = before is None or before.middle - line.middle > _PARAGRAPH * usual.distance
            found.append(Block(text, line, line))
            before = line
            continue
        alone = False
        last = found[-1]
        if MARK.fullmatch(before.text):
            joined = f"{last.text} {text}"
        elif before.is_row or line.is_row or ITEM.match(text) or usual.is_short(before, line):
            joined = f"{last.text}\n{text}"
        else:
            joined = continued(last.text, text, hyphenated)
        found[-1] = Block(joined, last.first, line)
        before = line
    return found


def _resume(found: list[Block], line: Line, text: str) -> bool:
    """Move the paragraph that ``line`` goes on with after the notes in smaller letters below it, if there are
    any, and return whether there are.
    """
    at = len(found) - 1
    while at >= 0 and found[at].last.height * _LARGER < line.height:
        at -= 1
    if not 0 <= at < len(found) - 1 or not text[:1].islower():
        return False
    cut = found[at]
    if cut.is_table or _END.search(cut.text) or _differ_in_height(cut.last, line):
        return False
    found.append(found.pop(at))
    return True


def _ends_paragraph(before: Line, line: Line, usual: _Usual) -> bool:
    """Return whether a paragraph ends between two consecutive lines."""
    ends = bool(_END.search(before.text))
    goes_on = not ends and line.text[:1].islower()
    if not goes_on and (_differ_in_height(before, line) or before.is_bold != line.is_bold):
        return True
    if _changes_column(before, line):
        return ends
    if before.middle - line.middle > _PARAGRAPH * usual.distance:
        return True
    return ends and usual.is_short(before, line) and not before.is_row and not line.is_row


def _differ_in_height(before: Line, line: Line) -> bool:
    """Return whether one of two lines is a heading or a note beside the other."""
    return max(before.height, line.height) > _LARGER * min(before.height, line.height)


def _changes_column(before: Line, line: Line) -> bool:
    """Return whether a line is in another column than the one before it."""
    return not before.left <= line.bits[0].left <= before.right


def continued(text: str, line: str, hyphenated: frozenset[str] = frozenset()) -> str:
    """Return ``text`` continued by ``line``; a word over both keeps its hyphen if it is in ``hyphenated``."""
    parted = _HYPHEN.search(text)
    if parted and line[:1].islower():
        rest = re.match(r"\w+", line)
        whole = f"{parted[1]}-{rest[0] if rest else ''}".lower()
        return text + line if whole in hyphenated else text[:-1] + line
    if parted:
        return text + line
    return text + line if _wide(text[-1:]) and _wide(line[:1]) else f"{text} {line}"


def _wide(char: str) -> bool:
    """Return whether a character's script is written without spaces, as Chinese and Japanese are."""
    return bool(char) and unicodedata.east_asian_width(char) in {"W", "F"} and not "가" <= char <= "힣"
