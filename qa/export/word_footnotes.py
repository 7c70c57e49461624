"""Footnotes of Word documents, which python-docx 1.2 cannot write: their part, their styles, and their marks.

ECMA-376, part 1, 17.11 has the elements. A note that is cited again gets a ``NOTEREF`` field, which is Word's
own cross-reference to a footnote (17.16.5.42).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, cast

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

_TEXT, _MARK = "footnote text", "footnote reference"
"""The names under which Word knows the styles of footnotes."""

_TEXT_SIZE = Pt(10)
"""The size that Word gives its footnotes."""

_EMPTY = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)
"""The part before the first note: the two lines that Word draws over the notes of a page."""

_SETTINGS = f'<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'

_AFTER_FOOTNOTE_SETTINGS: Final = ("w:endnotePr", "w:compat", "w:rsids", "m:mathPr", "w:themeFontLang")
"""The elements after ``w:footnotePr`` in the settings, whose order the schema prescribes; one of them is in
python-docx's own template."""


class Footnotes:
    """The footnotes of one document, numbered through from 1."""

    def __init__(self, document: Document) -> None:
        """Add the part of the footnotes and their styles to ``document``."""
        text = document.styles.add_style(_TEXT, WD_STYLE_TYPE.PARAGRAPH)
        text.font.size = _TEXT_SIZE
        text.paragraph_format.space_after = Pt(0)
        mark = document.styles.add_style(_MARK, WD_STYLE_TYPE.CHARACTER)
        mark.font.superscript = True
        self._text_style, self._mark_style = text.style_id, mark.style_id
        self._notes = parse_xml(_EMPTY)
        part = XmlPart(
            PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, self._notes, document.part.package
        )
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = document.settings.element
        settings.insert_element_before(parse_xml(_SETTINGS), *_AFTER_FOOTNOTE_SETTINGS)
        self._count = 0

    def add(self, paragraph: Paragraph, lines: Sequence[str]) -> int:
        """Add a footnote of ``lines`` at the end of ``paragraph``, and return its number."""
        self._count += 1
        bookmark = {"w:id": str(self._count), "w:name": _bookmark(self._count)}
        paragraph._p.append(_element("w:bookmarkStart", bookmark))
        reference = _element("w:footnoteReference", {"w:id": str(self._count)})
        paragraph._p.append(self._marked(reference))
        paragraph._p.append(_element("w:bookmarkEnd", {"w:id": str(self._count)}))
        note = _element("w:footnote", {"w:id": str(self._count)})
        for i, line in enumerate(lines):
            note.append(self._note_paragraph(line, marked=i == 0))
        self._notes.append(note)
        return self._count

    def refer(self, paragraph: Paragraph, number: int) -> None:
        """Refer at the end of ``paragraph`` to a footnote that it or an earlier paragraph has."""
        field = _element("w:fldSimple", {"w:instr": f" NOTEREF {_bookmark(number)} \\f \\h "})
        field.append(self._marked(_text(str(number))))
        paragraph._p.append(field)

    def _note_paragraph(self, line: str, *, marked: bool) -> BaseOxmlElement:
        paragraph = _element("w:p")
        properties = _element("w:pPr")
        properties.append(_element("w:pStyle", {"w:val": self._text_style}))
        paragraph.append(properties)
        if marked:
            paragraph.append(self._marked(_element("w:footnoteRef")))
        run = _element("w:r")
        run.append(_text(f" {line}" if marked else line))
        paragraph.append(run)
        return paragraph

    def _marked(self, content: BaseOxmlElement) -> BaseOxmlElement:
        """Return a run with ``content`` in the style of a footnote's mark."""
        run = _element("w:r")
        properties = _element("w:rPr")
        properties.append(_element("w:rStyle", {"w:val": self._mark_style}))
        run.append(properties)
        run.append(content)
        return run


def _bookmark(number: int) -> str:
    """Return the name of the bookmark around a note's mark; Word hides names that begin with ``_``."""
    return f"_Footnote{number}"


def _element(name: str, attributes: Mapping[str, str] = MappingProxyType({})) -> BaseOxmlElement:
    element = cast("BaseOxmlElement", OxmlElement(name))
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _text(text: str) -> BaseOxmlElement:
    element = _element("w:t", {"xml:space": "preserve"})
    element.text = text
    return element
