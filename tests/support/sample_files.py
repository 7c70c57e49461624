"""Small real files of every format that Attest reads, made by the libraries that write them."""

import datetime
from email.message import EmailMessage
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
import pptx
import pypdfium2 as pdfium
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

DAY = datetime.datetime(2025, 1, 22)
TURBINES = "The plant has four turbines."
COSTS = "Fuel costs 5 EUR a tonne."


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A zip archive of ``members``."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def word() -> bytes:
    """A heading, a paragraph, a list and a table."""
    document = docx.Document()
    known = document.core_properties
    known.title, known.author, known.modified = "The report", "A. Writer", DAY
    document.add_paragraph("Before any heading.")
    document.add_heading("Results", 1)
    document.add_paragraph(TURBINES)
    document.add_paragraph("A point", style="List Bullet")
    document.add_heading("Costs", 2)
    table = document.add_table(2, 2)
    for row, cells in zip(table.rows, (("Item", "Price"), ("Fuel", "5 EUR")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph(COSTS)
    return _saved(document)


def slides() -> bytes:
    """Two slides: a title with a text, and a table with notes."""
    show = pptx.Presentation()
    known = show.core_properties
    known.title, known.author, known.modified = "The talk", "A. ModelSession", DAY
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "Turbines"
    first.placeholders[1].text = TURBINES
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "Costs"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for i, text in enumerate(("Item", "Price", "Fuel", "5 EUR")):
        table.cell(i // 2, i % 2).text = text
    second.notes_slide.notes_text_frame.text = "Mention the tax."
    return _saved(show)


def sheets() -> bytes:
    """Two sheets: numbers of several kinds, and a formula that was never computed."""
    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator, book.properties.modified = "The sums", "A. Clerk", DAY
    costs = book.active
    costs.title = "Costs"
    costs.append(["Item", "Price", "Share", "Since"])
    costs.append(["Fuel", 5.5, 0.125, DAY])
    costs.append([])
    costs.append(["Oil", 7, None, None])
    costs["C2"].number_format = "0.0%"
    book.create_sheet("Sums").append(["Total", "=SUM(Costs!B2:B4)"])
    return _saved(book)


def letter(html: bool = False) -> bytes:
    """An e-mail with something attached."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        "Grüße",
        "Ada Writer <ada@example.org>",
        "b@example.org",
    )
    message["Date"] = DAY
    if html:
        message.set_content(f"<p>Hello.<p>{TURBINES}", subtype="html")
    else:
        message.set_content(f"Hello.\n\n{TURBINES}\n")
    message.add_attachment(b"\x00", "application", "octet-stream", filename="plan.bin")
    return message.as_bytes()


def page() -> bytes:
    """A web page with headings, a list, a table and a script."""
    return f"""<!doctype html><html><head><title>The page</title><meta name="author" content="A. Writer">
<meta property="og:site_name" content="Trend">
<meta property="article:published_time" content="2025-01-22T10:00Z">
<script>var evil = "not shown";</script></head><body><nav>Home</nav><h1>Power &amp; rail</h1><p>{TURBINES}</p>
<ul><li>One<li>Two</ul><h2>Costs</h2><table><tr><th>Item<th>Price</tr><tr><td>Fuel<td>5 EUR</tr></table>
<p>Line<br>break</p><pre>a   b</pre><p hidden>not shown</p></body></html>""".encode()


def book() -> bytes:
    """An electronic book of two chapters, the second of which has no heading."""
    package = """<package xmlns="http://www.idpf.org/2007/opf">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The book</dc:title><dc:creator>A. Writer</dc:creator><dc:date>2025-01-22</dc:date>
<dc:publisher>Press</dc:publisher></metadata><manifest><item id="b" href="two%20.xhtml"/>
<item id="a" href="one.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>"""
    container = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"""
    chapter = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    return zipped(
        {
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package,
            "OEBPS/two .xhtml": chapter.format(f"<p>{COSTS}</p>"),
            "OEBPS/one.xhtml": chapter.format(f"<h1>Power</h1><p>{TURBINES}</p>"),
        }
    )


def odt() -> bytes:
    """A text document: headings, a list, a table, spaces, a comment and struck-out text."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text", "table", "meta")
    )
    content = f"""<?xml version="1.0"?><office:document-content {names}><office:body><office:text>
<text:tracked-changes><text:changed-region><text:deletion><text:p>Struck out.</text:p></text:deletion>
</text:changed-region></text:tracked-changes><text:h>Results</text:h>
<text:p>The plant<text:s text:c="2"/>has <text:span>four</text:span> turbines.<office:annotation>
<text:p>Really?</text:p></office:annotation></text:p>
<text:list><text:list-item><text:p>A point</text:p></text:list-item></text:list>
<text:h>Costs</text:h><table:table><table:table-row><table:table-cell><text:p>Item</text:p></table:table-cell>
<table:table-cell><text:p>Price</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell>
<text:p>Fuel</text:p></table:table-cell><table:table-cell><text:p>5 EUR</text:p></table:table-cell>
</table:table-row></table:table></office:text></office:body></office:document-content>"""
    meta = f"""<office:document-meta {names} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>
<dc:title>The text</dc:title><meta:initial-creator>A. Writer</meta:initial-creator>
<dc:date>2025-01-22T10:00:00</dc:date></office:meta></office:document-meta>"""
    return zipped({"content.xml": content, "meta.xml": meta})


def rtf() -> bytes:
    """Rich text with letters beyond ASCII, written in both of its ways."""
    return (
        rb"{\rtf1\ansi\ansicpg1252{\info{\title The note}{\author A. Writer}{\creatim\yr2025\mo1\dy22}}"
        rb"{\fonttbl{\f0 Times;}}\f0 The plant has \b four\b0  turbines.\par Gr\'fc\u223?e.\par}"
    )


COLUMN_WIDTH = 220
"""Points; two such columns stand side by side on a page."""


def columns(pages: int = 2) -> bytes:
    """A PDF: on each page a wide title, two columns of wrapped paragraphs, and a page number."""
    file = BytesIO()
    frames = [Frame(50, 50, COLUMN_WIDTH, 650), Frame(300, 50, COLUMN_WIDTH, 650)]
    paper = BaseDocTemplate(file, pagesize=A4, title="Two columns", author="A. Writer")
    paper.addPageTemplates(PageTemplate(frames=frames, onPage=_title))
    style = getSampleStyleSheet()["BodyText"]
    words = "The plant has four turbines and each of them works on gas from the field. " * 8
    paper.build([Paragraph(f"Begin {i}. {words} End {i}.", style) for i in range(8 * pages)])
    return file.getvalue()


def drawn(*pages: list[tuple[float, float, str]], **known: object) -> bytes:
    """A PDF of ``pages``, each of texts with the points, from left and bottom, where they begin."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, **known)
    pdfmetrics.registerFont(TTFont("DejaVu", f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"))
    for texts in pages:
        canvas.setFont("DejaVu", 10)
        for left, bottom, text in texts:
            canvas.drawString(left, bottom, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def turned(degrees: float, *lines: str, stamp: str = "") -> bytes:
    """A PDF of a page with ``lines`` that are turned anticlockwise, and a ``stamp`` along its margin."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.translate(300, 420)
    canvas.rotate(degrees)
    for i, line in enumerate(lines):
        canvas.drawString(-160, -14 * i, line)
    if stamp:
        canvas.rotate(90)
        canvas.drawString(-180, 190, stamp)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def form() -> bytes:
    """A PDF with a form that is filled in, a note on the page, a comment, and an attached file."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.drawString(72, 720, "Application for a permit")
    fields = canvas.acroForm
    fields.textfield(name="person", tooltip="Name of the applicant", value="Ada Lovelace", x=72, y=650)
    fields.textfield(name="form[0].remark[0]", value="none", x=72, y=600)
    fields.textfield(name="empty", tooltip="Telephone", x=72, y=570)
    fields.checkbox(name="agrees", tooltip="Agrees to the terms", checked=True, x=72, y=540)
    fields.checkbox(name="letter", tooltip="Wants a letter", checked=False, x=72, y=520)
    fields.radio(name="kind", tooltip="Kind", value="new", selected=True, x=72, y=500)
    fields.radio(name="kind", tooltip="Kind", value="renewal", selected=False, x=102, y=500)
    canvas.freeTextAnnotation("Checked on 3 May.", "0 g", Rect=[72, 300, 300, 340])
    canvas.textAnnotation("The second page is missing.", Rect=[72, 200, 300, 240])
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(file.getvalue())
    document.new_attachment("figures.xlsx").set_data(b"PK")
    return _saved(document)


def mapped(codes: str, meaning: dict[str, str]) -> bytes:
    """A PDF whose text is ``codes``, each of which stands for the characters that its font says it means."""
    pairs = "".join(f"<{ord(code):02x}><{to.encode('utf-16-be').hex()}>" for code, to in meaning.items())
    table = (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapType 2 def "
        "1 begincodespacerange<00><ff>endcodespacerange "
        f"{len(meaning)} beginbfchar{pairs}endbfchar endcmap end end"
    )
    text = f"BT /F 12 Tf 72 700 Td ({codes}) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(text)}>>\nstream\n{text}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        f"<</Length {len(table)}>>\nstream\n{table}\nendstream",
    ]
    body = "".join(f"{i} 0 obj\n{each}\nendobj\n" for i, each in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer\n<</Root 1 0 R/Size 7>>\n%%EOF".encode()


def scanned(*lines: str) -> bytes:
    """A PDF of a page that is a picture, of ``lines`` if there are any."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    picture = Image.new("RGB", (1_600, 400), "white")
    font = ImageFont.truetype(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf", 48)
    for i, line in enumerate(lines):
        ImageDraw.Draw(picture).text((40, 40 + 80 * i), line, "black", font)
    canvas.drawInlineImage(picture, 50, 500, width=500, height=125)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _title(canvas: Canvas, paper: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, 760, "A very wide title across both of the columns")
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(520, 20, f"{paper.page}")


def _saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()
