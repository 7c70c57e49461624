"""Text in drawings of Office documents (DrawingML): paragraphs with their numbers, formulas and tables."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from qa.ingest.readers.linear_math import superscript
from qa.ingest.readers.list_numbers import write_number
from qa.ingest.readers.ooxml import tag
from qa.ingest.readers.ooxml_math import formula
from qa.ingest.readers.safe_xml import whole
from qa.ingest.readers.tables import Cell, rows_text

_TEXT, _BREAK, _FORMULA = tag("a:t"), tag("a:br"), tag("m:oMath")
_NOT_SHOWN: Final = frozenset({tag("a:pPr"), tag("a:rPr"), tag("a:endParaRPr"), tag("mc:Fallback")})
_UNSTEADY: Final = ("slidenum", "datetime")
"""Fields whose stored value is right on one slide, or was on the day when the file was open last."""

_PLAIN_STYLES: Final = frozenset(
    {"{2D5ABB26-0587-4C30-8999-92F81FD0307C}", "{5940675A-B579-460E-94D1-54222C63F5DA}"}
)
"""PowerPoint's "No Style, No Grid" and "No Style, Table Grid", in which a first row looks like the others."""

_FORMS: Final = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNum": "decimalEnclosedCircle",
}
_ENDINGS: Final = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}", "DbPlain": "{}"}


def paragraphs(body: etree._Element) -> Iterator[str]:
    """Yield the paragraphs of a text body (``a:p``) that have text, with their automatic numbers."""
    counts: dict[int, int] = {}
    for paragraph in body.iterchildren(tag("a:p")):
        text = _paragraph_text(paragraph)
        if not text.strip():
            continue
        mark = _mark(paragraph, counts)
        yield f"{mark} {text}" if mark else text


def table_text(table: etree._Element) -> str:
    """Return a line for each row of a table (``a:tbl``).

    Every new table has the mark of a first row with names. It counts where the table's style shows it.
    """
    properties = table.find(tag("a:tblPr"))
    marked = properties is not None and properties.get("firstRow") in {"1", "true"}
    named = marked and table.findtext(f"{tag('a:tblPr')}/{tag('a:tableStyleId')}") not in _PLAIN_STYLES
    rows = [
        [
            Cell(
                "\n".join(paragraphs(body)) if (body := cell.find(tag("a:txBody"))) is not None else "",
                whole(cell.get("rowSpan"), 1),
                whole(cell.get("gridSpan"), 1),
                header=named and number == 0,
            )
            for cell in row.iterchildren(tag("a:tc"))
            if cell.get("hMerge") not in {"1", "true"} and cell.get("vMerge") not in {"1", "true"}
        ]
        for number, row in enumerate(table.iterchildren(tag("a:tr")))
    ]
    return rows_text(rows)


def _paragraph_text(paragraph: etree._Element) -> str:
    """Return the text of one paragraph."""
    words: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in _NOT_SHOWN or element.get("type", "").startswith(_UNSTEADY):
            walk.skip_subtree()
        elif element.tag == _FORMULA:
            walk.skip_subtree()
            words.append(f" {formula(element)} ")
        elif element.tag == _TEXT:
            words.append(_raised(element))
        elif element.tag == _BREAK:
            words.append("\n")
    return "".join(words).replace("\v", "\n")


def _raised(text: etree._Element) -> str:
    """Return the text of a run; raised digits stay apart from those before them (10⁶)."""
    shown = text.text or ""
    parent = text.getparent()
    properties = None if parent is None else parent.find(tag("a:rPr"))
    offset = "" if properties is None else properties.get("baseline", "")
    return superscript(shown) or shown if offset.rstrip("%").isdecimal() and offset.strip("0%") else shown


def _mark(paragraph: etree._Element, counts: dict[int, int]) -> str:
    """Count a paragraph and return its automatic number, if it has one."""
    properties = paragraph.find(tag("a:pPr"))
    level = 0 if properties is None else whole(properties.get("lvl"), 0)
    for deeper in [each for each in counts if each > level]:
        del counts[deeper]
    number = None if properties is None else properties.find(tag("a:buAutoNum"))
    if number is None:
        counts.pop(level, None)
        return ""
    counts[level] = counts.get(level, whole(number.get("startAt"), 1) - 1) + 1
    kind = number.get("type", "arabicPeriod")
    for beginning, form in _FORMS.items():
        ending = _ENDINGS.get(kind.removeprefix(beginning))
        if kind.startswith(beginning) and ending:
            return ending.format(write_number(counts[level], form) or counts[level])
    return ""
