"""Read what a PDF has besides the text of its pages: filled form fields, comments, names of attachments."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import suppress

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_COMMENTS = frozenset(
    {
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_LINE,
        raw.FPDF_ANNOT_SQUARE,
        raw.FPDF_ANNOT_CIRCLE,
        raw.FPDF_ANNOT_POLYGON,
        raw.FPDF_ANNOT_POLYLINE,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_SQUIGGLY,
        raw.FPDF_ANNOT_STRIKEOUT,
        raw.FPDF_ANNOT_STAMP,
        raw.FPDF_ANNOT_CARET,
        raw.FPDF_ANNOT_INK,
    }
)
"""The kinds of annotations whose contents are a comment. The contents of others are shown on the page or say
nothing: links, and windows that repeat a comment."""

_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW

_PASSWORD = 1 << 13
"""The flag of a text field that hides what is typed (ISO 32000-1, table 228)."""

_MAX_UNITS = 100_000
"""The longest text of a field or a comment, in units of UTF-16; what is longer is left out."""

_CHECKED = "☒"


def fields(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> list[str]:
    """Return ``name: value`` for each field on a page that is filled in, once for each name. A document has
    fields only after its ``init_forms``.
    """
    if not document.formenv:
        return []
    found: dict[str, None] = {}
    for annotation in _annotations(page):
        if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
            field = _field(document.formenv.raw, annotation)
            if field:
                found[field] = None
    return list(found)


def comments(page: pdfium.PdfPage) -> list[str]:
    """Return the text of each note and comment on a page."""
    found: dict[str, None] = {}
    for annotation in _annotations(page):
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            continue
        if kind == raw.FPDF_ANNOT_FREETEXT:
            found[_value(annotation, "Contents")] = None
        elif kind in _COMMENTS and (said := _value(annotation, "Contents")):
            author = _value(annotation, "T")
            found[f"Comment by {author}: {said}" if author else f"Comment: {said}"] = None
    return [text for text in found if text]


def attachments(document: pdfium.PdfDocument) -> list[str]:
    """Return the names of the files that are attached to a document."""
    names: list[str] = []
    for i in range(document.count_attachments()):
        with suppress(pdfium.PdfiumError):
            names.append(document.get_attachment(i).get_name())
    return [name for name in names if name.strip()]


def _annotations(page: pdfium.PdfPage) -> Iterator[raw.FPDF_ANNOTATION]:
    for i in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, i)
        if annotation:
            try:
                yield annotation
            finally:
                raw.FPDFPage_CloseAnnot(annotation)


def _field(form: raw.FPDF_FORMHANDLE, annotation: raw.FPDF_ANNOTATION) -> str:
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in {raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON}:
        if not raw.FPDFAnnot_IsChecked(form, annotation):
            return ""
        chosen = _text(lambda *to: raw.FPDFAnnot_GetFormFieldExportValue(form, annotation, *to))
        value = chosen if kind == raw.FPDF_FORMFIELD_RADIOBUTTON and not chosen.isdecimal() else _CHECKED
    elif kind in {raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX}:
        if raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
            return ""
        value = _text(lambda *to: raw.FPDFAnnot_GetFormFieldValue(form, annotation, *to))
    else:
        return ""
    if not value:
        return ""
    shown = _text(lambda *to: raw.FPDFAnnot_GetFormFieldAlternateName(form, annotation, *to))
    full = _text(lambda *to: raw.FPDFAnnot_GetFormFieldName(form, annotation, *to))
    name = shown.rstrip(" :") or full.rpartition(".")[2].partition("[")[0]
    return f"{name}: {value}" if name else value


def _value(annotation: raw.FPDF_ANNOTATION, key: str) -> str:
    return _text(lambda *to: raw.FPDFAnnot_GetStringValue(annotation, key.encode(), *to))


def _text(read: Callable[[object, int], int]) -> str:
    """Return the text that a function of PDFium writes into a buffer, on one line; empty if it is too
    long.
    """
    size = read(None, 0)
    if not 2 < size <= 2 * _MAX_UNITS:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    read(buffer, size)
    return " ".join(bytes(buffer).decode("utf-16-le", "replace").rstrip("\0").split())
