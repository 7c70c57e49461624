"""The text of one paragraph of a Word document as it is shown, and its notes, drawings and comments."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from qa.ingest.readers.docx_styles import Styles, is_on, value_of
from qa.ingest.readers.linear_math import superscript
from qa.ingest.readers.list_numbers import write_number
from qa.ingest.readers.ooxml import tag
from qa.ingest.readers.ooxml_graphics import GRAPHICS
from qa.ingest.readers.ooxml_math import formula
from qa.ingest.readers.symbols import symbol, without_private

PARAGRAPH, TABLE = tag("w:p"), tag("w:tbl")
TEXT_BOX, DRAWN_TEXT, WORD_ART = tag("w:txbxContent"), tag("a:txBody"), tag("v:textpath")
_BOXES: Final = frozenset({TEXT_BOX, DRAWN_TEXT, WORD_ART, *GRAPHICS})

_SIGNS: Final = {tag("w:tab"): "\t", tag("w:ptab"): "\t", tag("w:noBreakHyphen"): "-"} | {
    tag(name): "\n" for name in ("w:br", "w:cr")
}
_NOT_SHOWN: Final = frozenset(
    {
        *(tag("w:del"), tag("w:moveFrom"), tag("w:pPr"), tag("w:rPr"), tag("w:sdtPr")),
        tag("w:rt"),  # how a word of Japanese is pronounced, set above it
        tag("mc:Fallback"),  # the second of two forms of one drawing, for older programs
    }
)
_NOTES: Final = {tag("w:footnoteReference"): "footnote", tag("w:endnoteReference"): "endnote"}
_RANGE_START, _RANGE_END = tag("w:commentRangeStart"), tag("w:commentRangeEnd")
_PAGE_NUMBER: Final = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b")
"""Fields whose stored result is right on one page at most."""

_JOINT: Final = "\x00"
"""Marks the edges of formulas; XML cannot contain it."""

_BESIDE_WORDS: Final = re.compile(rf"{_JOINT}{{2}}|(?<=\w){_JOINT}(?=\w)")


@dataclass(slots=True)
class Inline:
    """The text of a paragraph and what hangs on it."""

    text: str = ""
    boxes: list[etree._Element] = field(default_factory=list)
    """Text boxes, charts and diagrams."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """The kind and the id of each note."""
    comments: dict[str, str] = field(default_factory=dict)
    """The ids of comments, with the words that each is about, if they are of this paragraph."""


class NoteMarks:
    """The marks of notes, which Word counts when it shows the document."""

    def __init__(self) -> None:
        """Begin to count."""
        self._shown: dict[str, dict[str, str]] = {"footnote": {}, "endnote": {}}

    def mark(self, kind: str, note: str) -> str:
        """Return the mark of a note: ``1``; at the end of the document ``i``."""
        shown = self._shown[kind]
        form = "decimal" if kind == "footnote" else "lowerRoman"
        return shown.setdefault(note, write_number(len(shown) + 1, form) or str(len(shown) + 1))


@dataclass(slots=True)
class _Reading:
    """The state of reading one paragraph."""

    styles: Styles
    marks: NoteMarks
    found: Inline = field(default_factory=Inline)
    words: list[str] = field(default_factory=list)
    fields: list[str | None] = field(default_factory=list)
    """The instruction of each open field, which is not shown; None once its result has begun."""
    ranges: dict[str, int] = field(default_factory=dict)
    """The offset at which the words of each comment begin."""

    def say(self, *words: str) -> None:
        """Add words, unless they are inside the code of a field."""
        if all(each is None for each in self.fields):
            self.words += words


def inline(paragraph: etree._Element, styles: Styles, marks: NoteMarks) -> Inline:
    """Return the text of a paragraph. Deleted and hidden text and the codes of fields are left out."""
    reading = _Reading(styles, marks)
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        take = _TAKERS.get(element.tag)
        if take and take(reading, element):
            walk.skip_subtree()
    reading.found.text = _BESIDE_WORDS.sub(" ", "".join(reading.words)).replace(_JOINT, "")
    return reading.found


# Each takes one element and returns whether what is inside it is to be passed over.


def _take_run(reading: _Reading, element: etree._Element) -> bool:
    properties = element.find(tag("w:rPr"))
    if properties is None:
        return False
    hidden = is_on(properties, "w:vanish")
    return reading.styles.style(value_of(properties, "w:rStyle") or "").hidden if hidden is None else hidden


def _take_text(reading: _Reading, element: etree._Element) -> bool:
    text = element.text or ""
    run = element.getparent()
    properties = None if run is None else run.find(tag("w:rPr"))
    if properties is not None:
        fonts = properties.find(tag("w:rFonts"))
        text = without_private(text, "" if fonts is None else fonts.get(tag("w:ascii"), ""))
        if value_of(properties, "w:vertAlign") == "superscript":
            text = superscript(text) or text  # 10⁶ is not 106
    reading.say(text)
    return False


def _take_symbol(reading: _Reading, element: etree._Element) -> bool:
    reading.say(symbol(element.get(tag("w:font"), ""), element.get(tag("w:char"), "")))
    return True


def _take_formula(reading: _Reading, element: etree._Element) -> bool:
    reading.say(_JOINT, formula(element), _JOINT)
    return True


def _take_box(reading: _Reading, element: etree._Element) -> bool:
    reading.found.boxes.append(element)
    return True


def _take_note(reading: _Reading, element: etree._Element) -> bool:
    note = (_NOTES[element.tag], element.get(tag("w:id"), ""))
    reading.found.notes.append(note)
    if element.get(tag("w:customMarkFollows"), "0") in {"0", "false"}:
        reading.say(f"[{reading.marks.mark(*note)}]")
    return True


def _take_comment(reading: _Reading, element: etree._Element) -> bool:
    comment = element.get(tag("w:id"), "")
    if element.tag == _RANGE_START:
        reading.ranges[comment] = len(reading.words)
    elif element.tag == _RANGE_END:
        begin = reading.ranges.pop(comment, len(reading.words))
        about = "".join(reading.words[begin:]).replace(_JOINT, "")
        reading.found.comments[comment] = " ".join(about.split())
    else:
        reading.found.comments.setdefault(comment, "")
    return True


def _take_field(reading: _Reading, element: etree._Element) -> bool:
    kind = element.get(tag("w:fldCharType"))
    if kind == "begin":
        reading.say(_form_value(element))
        reading.fields.append("")
    elif kind == "separate" and reading.fields:
        code = reading.fields[-1]
        reading.fields[-1] = code if code is not None and _PAGE_NUMBER.match(code) else None
    elif kind == "end" and reading.fields:
        reading.fields.pop()
    return True


def _take_code(reading: _Reading, element: etree._Element) -> bool:
    if reading.fields and reading.fields[-1] is not None:
        reading.fields[-1] += element.text or ""
    return True


def _form_value(element: etree._Element) -> str:
    """Return what a field of a form shows that has no text: a box, ticked or not, or the chosen line."""
    box = element.find(f".//{tag('w:checkBox')}")
    if box is not None:
        checked = is_on(box, "w:checked")
        return "☒" if (is_on(box, "w:default") if checked is None else checked) else "☐"
    choice = element.find(f".//{tag('w:ddList')}")
    if choice is None:
        return ""
    lines = [each.get(tag("w:val"), "") for each in choice.iter(tag("w:listEntry"))]
    chosen = value_of(choice, "w:result") or "0"
    return lines[int(chosen)] if chosen.isdecimal() and int(chosen) < len(lines) else ""


def _take_sign(reading: _Reading, element: etree._Element) -> bool:
    reading.say(_SIGNS[element.tag])
    return True


def _take_simple_field(reading: _Reading, element: etree._Element) -> bool:
    return bool(_PAGE_NUMBER.match(element.get(tag("w:instr"), "")))


def _skip(reading: _Reading, element: etree._Element) -> bool:
    return True


_TAKERS: Final[Mapping[str, Callable[[_Reading, etree._Element], bool]]] = {
    **dict.fromkeys(_NOT_SHOWN, _skip),
    **dict.fromkeys(_SIGNS, _take_sign),
    **dict.fromkeys(_BOXES, _take_box),
    **dict.fromkeys(_NOTES, _take_note),
    **dict.fromkeys((_RANGE_START, _RANGE_END, tag("w:commentReference")), _take_comment),
    tag("w:r"): _take_run,
    tag("w:t"): _take_text,
    tag("w:sym"): _take_symbol,
    tag("w:fldChar"): _take_field,
    tag("w:fldSimple"): _take_simple_field,
    tag("w:instrText"): _take_code,
    tag("m:oMath"): _take_formula,
}
