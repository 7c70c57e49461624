"""Tell the title, the author and the date of making of a PDF."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

import pypdfium2 as pdfium

from qa.ingest.readers.pdf_layout import Line

_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_TOOL = re.compile(r"^Microsoft (?:Office )?(?:Word|PowerPoint|Excel) ?- ?", re.IGNORECASE)
"""The text that printer drivers put before the title."""

_NOBODY = frozenset({"(anonymous)", "anonymous", "(unspecified)", "unknown", "author"})
"""The author that programs write when they know none."""

_UNTITLED = re.compile(
    r"\(?(?:anonymous|unspecified|untitled|unknown|no(?: slide)? title|title|template|about:blank"
    r"|(?:document|dokument|presentation|präsentation|book|mappe|slide|folie|sheet|layout|page|figure)\s*\d*"
    r"|powerpoint[- ]pr[eä]sentation|pr[eé]sentation powerpoint|(?:bitte )?print(?:ing)?)\)?",
    re.IGNORECASE,
)
"""The titles that programs write when they know none."""

_FILE = re.compile(
    r"\.(?:docx?|dotx?|rtf|odt|wpd|pdf|ps|eps|dvi|tex|indd|qxp?d?|pmd|p65|fm|pptx?|odp|xlsx?|ods|html?|txt|xml"
    r"|cdr|ai|dwg|jpe?g|png|tiff?|cgi)$|^[a-z]:\\|^(?:file|https?)://",
    re.IGNORECASE,
)
"""The name or the address of a file."""

_NAME = re.compile(r"(?=.*[\d_])[^\s]+")
"""One word with figures or underscores: the name of a file or of a part of a record."""

_LETTERS = 3
"""The fewest letters of a title."""

_LARGER = 1.15
"""In usual heights of the lines of a page: a line of this height or more is its title."""

_SAME = 0.95
"""The share of the height of its highest line that the other lines of a title have."""

_TITLE_PIECES = 2
_TITLE_LINES = 4
_TITLE_CHARS = 200
"""The most fragments of a line, lines, and characters of a title. Set by hand."""


def metadata(document: pdfium.PdfDocument, first_page: Sequence[Line]) -> dict[str, object]:
    """Return the title of a document, unless it is one that programs make up; its author; ``heading``, the
    largest line of its first page; and when the file was ``created``, which says little of its text.
    """
    known = document.get_metadata_dict(skip_empty=True)
    made = _DATE.match(known.get("CreationDate", ""))
    title, author = (" ".join(known.get(what, "").split()) for what in ("Title", "Author"))
    title = _TOOL.sub("", title)
    return {
        "title": title if _may_be_title(title) else "",
        "heading": _heading(first_page),
        "author": "" if author.lower() in _NOBODY else author,
        "created": "-".join(made.groups()) if made else None,
    }


def _may_be_title(text: str) -> bool:
    if sum(map(str.isalpha, text)) < _LETTERS or "\ufffd" in text:
        return False
    return not (_UNTITLED.fullmatch(text) or _FILE.search(text) or _NAME.fullmatch(text))


def _heading(page: Sequence[Line]) -> str:
    """Return the largest line of a page and those of its size that follow, or else a bold first line, or
    nothing.
    """
    written = [line for line in page if _may_be_heading(line)]
    if not written:
        return ""
    largest = max(line.height for line in written)
    others = [line for line in page if line.height < _SAME * largest]
    if others and largest >= _LARGER * _usual_height(others):
        start = next(i for i, line in enumerate(written) if line.height >= _SAME * largest)
        several = takewhile(lambda line: line.height >= _SAME * largest, written[start:])
    elif written[0] is page[0] and not all(line.is_bold for line in page):
        several = takewhile(lambda line: line.is_bold, written)
    else:
        return ""
    those = list(several)
    title = " ".join(line.text for line in those)
    return title if len(those) <= _TITLE_LINES and len(title) <= _TITLE_CHARS else ""


def _may_be_heading(line: Line) -> bool:
    """Return whether most of a line are letters, and it is no row of a table or of a figure."""
    text = line.text
    letters = sum(map(str.isalpha, text))
    return letters >= max(_LETTERS, len(text) / 2) and not line.is_row and len(line.bits) <= _TITLE_PIECES


def _usual_height(lines: Iterable[Line]) -> float:
    """Return the height that most characters have."""
    sizes: dict[float, int] = {}
    for line in lines:
        height = round(line.height, 1)
        sizes[height] = sizes.get(height, 0) + len(line.text)
    return max(sizes, key=lambda height: sizes[height])
