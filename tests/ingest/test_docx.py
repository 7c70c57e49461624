"""Word documents: what Word shows and their text does not hold, and what it hides."""

import time
from io import BytesIO

import docx
import pytest

from qa.errors import UserError
from qa.ingest.documents import parse
from qa.schema import Document, place_at
from tests.support import sample_files
from tests.support.office_files import (
    chart,
    diagram,
    fraction,
    letters,
    numbered,
    numbering,
    paragraph,
    raised,
    word,
)


def parts(document: Document) -> list[str]:
    return document.text.split("\n\n")


def read(body: str, **others: str) -> Document:
    return parse(word(body, **others), "a.docx")


CONTRACT = numbering(
    ("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)")
)


def test_clauses_have_the_numbers_that_word_shows():
    clauses = [("Term", 0), ("Law", 0), ("English law", 1), ("Courts", 1), ("of London", 2), ("or Paris", 2)]
    clauses += [("by day", 3), ("Notices", 1), ("in writing", 2), ("Costs", 0), ("Fees", 1)]
    document = read("".join(numbered(*clause) for clause in clauses), numbering=CONTRACT)
    assert parts(document) == [
        *(
            "1. Term",
            "2. Law",
            "2.1 English law",
            "2.2 Courts",
            "(a) of London",
            "(b) or Paris",
            "(i) by day",
        ),
        *("2.3 Notices", "(a) in writing", "3. Costs", "3.1 Fees"),
    ]


@pytest.mark.parametrize(
    ("form", "text", "shown"),
    [
        ("upperRoman", "Article %1", ["Article I", "Article II"]),
        ("upperLetter", "%1)", ["A)", "B)"]),
        ("decimalZero", "%1", ["01", "02"]),
        ("ordinal", "%1", ["1st", "2nd"]),
        ("japaneseCounting", "第%1条", ["第一条", "第二条"]),
        ("bullet", "\uf0b7", ["-", "-"]),
        ("none", "", ["", ""]),
        ("unheardOf", "%1.", ["", ""]),
    ],
)
def test_a_number_is_written_as_its_list_says(form: str, text: str, shown: list[str]):
    document = read(numbered("One") + numbered("Two"), numbering=numbering((form, text)))
    assert parts(document) == [f"{shown[0]} One".strip(), f"{shown[1]} Two".strip()]


def test_letters_are_doubled_after_the_last_one():
    body = "".join(numbered(f"item {i}") for i in range(28))
    assert parts(read(body, numbering=numbering(("lowerLetter", "%1."))))[25:] == [
        *("z. item 25", "aa. item 26", "bb. item 27"),
    ]


def test_a_list_begins_again_where_word_lets_it():
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = (
        numbered("a") + numbered("b") + numbered("c", list_=2) + numbered("d", list_=2) + numbered("e", 0, 3)
    )
    document = read(body, numbering=numbering(("decimal", "%1."), uses=again))
    assert parts(document) == ["1. a", "2. b", "5. c", "6. d", "7. e"]


def test_a_level_may_go_on_and_may_be_left_out():
    lists = numbering(
        ("decimal", "%1."), ("decimal", "%1.%2"), ("decimal", "%3)"), more='<w:lvlRestart w:val="0"/>'
    )
    body = numbered("a") + numbered("b", 2) + numbered("c", 1) + numbered("d") + numbered("e", 2)
    assert parts(read(body, numbering=lists)) == ["1. a", "1) b", "1.2 c", "2. d", "2) e"]


STYLES = """<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr>
<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:type="paragraph"
w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr>
</w:pPr></w:style><w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Clause"/><w:basedOn w:val="H2"/>
</w:style><w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr>
</w:style><w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>"""


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def test_a_heading_has_its_number_in_text_and_place():
    body = styled("Lease", "T") + styled("Term", "H1") + styled("Law", "H1") + styled("Courts", "Own")
    document = read(body + paragraph("In London."), styles=STYLES, numbering=CONTRACT)
    assert parts(document) == ["Lease", "1. Term", "2. Law", "2.1 Courts", "In London."]
    assert place_at(document, document.text.index("In London")) == "section 2.1 Courts"
    assert document.title == "Lease"


def test_hidden_text_is_not_read():
    run = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
    runs = (("", "Shown "), ("<w:vanish/>", "hidden"), ('<w:rStyle w:val="Secret"/>', "as well"))
    body = "".join(run.format(*each) for each in (*runs, ('<w:vanish w:val="0"/>', "again.")))
    assert read(f"<w:p>{body}</w:p>", styles=STYLES).text == "Shown again."


def test_a_field_shows_its_result():
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText> IF </w:instrText></w:r>"
    inner = mark("begin") + code + mark("separate") + "<w:r><w:t>not shown</w:t></w:r>" + mark("end")
    body = mark("begin") + code + inner + mark("separate") + "<w:r><w:t>Shown.</w:t></w:r>" + mark("end")
    assert read(f"<w:p>{body}</w:p>").text == "Shown."


def test_raised_digits_do_not_change_a_number():
    run = '<w:r><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r>'
    assert read(f"<w:p>{run}</w:p>").text == "10⁶"


def test_signs_of_old_fonts_are_read():
    sign = '<w:r><w:t>5 </w:t><w:sym w:font="{}" w:char="{}"/><w:t> x</w:t></w:r>'
    body = "".join(f"<w:p>{sign.format(*each)}</w:p>" for each in (("Symbol", "F0A3"), ("Wingdings", "F0FE")))
    assert parts(read(body)) == ["5 ≤ x", "5 ☑ x"]


def test_a_note_follows_the_paragraph_with_its_mark():
    body = (
        '<w:p><w:r><w:t>Four turbines.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        '<w:p><w:r><w:t>Two more.</w:t></w:r><w:r><w:endnoteReference w:id="7"/></w:r></w:p>'
    )
    note = '<w:{0} w:id="{1}"><w:p><w:r><w:{0}Ref/></w:r><w:r><w:t>{2}</w:t></w:r></w:p></w:{0}>'
    document = read(
        body,
        footnotes=note.format("footnote", 0, "rule") + note.format("footnote", 2, "Of 54 MW."),
        endnotes=note.format("endnote", 7, "From 2026."),
    )
    assert parts(document) == ["Four turbines.[1]", "[1] Of 54 MW.", "Two more.[i]", "[i] From 2026."]


def test_a_comment_says_who_wrote_it_about_what_and_has_a_place():
    body = (
        styled("Power", "H1")
        + '<w:p><w:r><w:t>The plant has </w:t></w:r><w:commentRangeStart w:id="3"/><w:r>'
        '<w:t>four turbines</w:t></w:r><w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
        "<w:r><w:t>.</w:t></w:r></w:p>" + paragraph("The end.")
    )
    comment = (
        '<w:comment w:id="3" w:author="Ada Writer" w:date="2025-01-22T10:00:00Z">'
        f"{paragraph('Are you sure?')}</w:comment>"
    )
    document = read(body, styles=STYLES, comments=comment)
    assert parts(document) == [
        *("Power", "The plant has four turbines.", "The end."),
        "Comment by Ada Writer, 2025-01-22, on “four turbines”: Are you sure?",
    ]
    assert place_at(document, document.text.index("sure")) == "section Power, comment by Ada Writer"


def test_what_stands_on_every_page_is_read_once():
    page = '<w:r><w:t>Page </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>'
    document = read(paragraph("Text."), header=paragraph("ACME Ltd") * 2, footer=f"<w:p>{page}</w:p>")
    assert parts(document) == ["Text.", "ACME Ltd", "Page"]
    assert place_at(document, document.text.index("ACME")) == "header"


def test_a_text_box_follows_its_paragraph():
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('In a box.')}</w:txbxContent></w:pict></w:r>"
    document = read(f"<w:p>{box}<w:r><w:t>Around it.</w:t></w:r></w:p>")
    assert parts(document) == ["Around it.", "In a box."]


def test_a_chart_is_a_table():
    drawing = '<w:p><w:r><w:drawing><c:chart r:id="chart"/></w:drawing></w:r></w:p>'
    document = read(drawing, chart=chart())
    assert document.text == (
        "Ducks seen\n2019 — Freshwater: 120; Saltwater: 0.25\n2020 — Freshwater: 95; Saltwater: 110"
    )
    assert "Saltwater: 25 %" in read(drawing, chart=chart(form="0%")).text
    assert "Freshwater: 1900-04-29" in read(drawing, chart=chart(form="d/m/yyyy")).text


def test_a_diagram_is_read_in_the_order_of_its_outline():
    drawing = '<w:p><w:r><w:drawing><dgm:relIds r:dm="diagramData"/></w:drawing></w:r></w:p>'
    assert parts(read(drawing, diagramData=diagram())) == ["First", "Next", "Last"]


QUADRATIC = letters("x=") + fraction(
    letters("−b±") + f"<m:rad><m:deg/><m:e>{raised('b', '2')}{letters('−4ac')}</m:e></m:rad>", letters("2a")
)


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        (QUADRATIC, "x = (−b ± √(b² − 4ac))/(2a)"),
        (raised("e", "n+x"), "e^(n + x)"),
        (raised("x", "n+1"), "xⁿ⁺¹"),
        (f"<m:sSub><m:e>{letters('a')}</m:e><m:sub>{letters('10')}</m:sub></m:sSub>", "a₁₀"),
        (letters("𝑥=𝟐"), "x = 2"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{letters("i=1")}</m:sub>'
            f"<m:sup>{letters('n')}</m:sup><m:e>{letters('i')}</m:e></m:nary>",
            "∑_(i = 1)^n i",
        ),
        (
            "<m:m>"
            + "".join(f"<m:mr><m:e>{letters(a)}</m:e><m:e>{letters(b)}</m:e></m:mr>" for a, b in ("12", "34"))
            + "</m:m>",
            "[1, 2; 3, 4]",
        ),
    ],
)
def test_a_formula_is_a_line(formula: str, line: str):
    before = "<w:r><w:t xml:space='preserve'>Since </w:t></w:r>"
    assert read(f"<w:p>{before}<m:oMath>{formula}</m:oMath></w:p>").text == f"Since {line}"


def nested(depth: int) -> str:
    formula = letters("x")
    for _ in range(depth):
        formula = fraction(letters("1+") + formula, letters("2"))
    return f"<w:p><m:oMath>{formula}</m:oMath></w:p>"


def test_a_formula_may_be_deep_but_not_too_deep():
    assert read(nested(20)).text.count("/2") == 20
    with pytest.raises(UserError, match=r"nested too deeply|damaged"):
        read(nested(5_000))


def test_a_strict_document_is_read_like_any_other():
    body = styled("Power", "H1") + paragraph(sample_files.TURBINES)
    document = parse(word(body, strict=True, styles=STYLES, numbering=CONTRACT), "a.docx")
    assert parts(document) == ["1. Power", sample_files.TURBINES]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def rows(*cells: list[str], header: int = 0) -> str:
    mark = "<w:trPr><w:tblHeader/></w:trPr>"
    return "".join(f"<w:tr>{mark if i < header else ''}{''.join(row)}</w:tr>" for i, row in enumerate(cells))


def test_merged_cells_do_not_shift_names():
    table = rows(
        [cell("Year"), cell("Energy", '<w:gridSpan w:val="2"/>'), cell("Cost")],
        [cell("2024", '<w:vMerge w:val="restart"/>'), cell("Coal"), cell("10"), cell("5 EUR")],
        [cell("", "<w:vMerge/>"), cell("Gas"), cell("20"), cell("7 EUR")],
        header=1,
    )
    lines = read(f"<w:tbl>{table}</w:tbl>").text.split("\n")
    assert lines[0].startswith("Year: 2024")
    assert lines[0].endswith("Cost: 5 EUR")
    assert lines[1].startswith("Year: 2024")
    assert lines[1].endswith("Cost: 7 EUR")
    assert "Cost: 10" not in "".join(lines)
    assert "Cost: 20" not in "".join(lines)


def test_a_frame_of_one_cell_is_no_table():
    inner = f"<w:tbl>{rows([cell('Item'), cell('Price')], [cell('Fuel'), cell('5')])}</w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{styled('Boxed', 'H1')}{paragraph('Text.')}{inner}</w:tc></w:tr></w:tbl>"
    assert parts(read(body, styles=STYLES)) == ["Boxed", "Text.", "Item: Fuel; Price: 5"]


def test_a_table_inside_a_cell_follows_the_table():
    inner = f"<w:tbl>{rows([cell('Item'), cell('Price')], [cell('Fuel'), cell('5')])}</w:tbl>"
    outer = f"<w:tc>{paragraph('See below')}{inner}</w:tc>"
    body = f"<w:tbl>{rows([cell('Part'), cell('What')], [cell('One'), outer])}</w:tbl>"
    assert parts(read(body)) == ["Part | What\nOne | See below", "Item: Fuel; Price: 5"]


def test_the_first_line_of_a_form_names_no_columns():
    form = [("Court", "Court of Hasselt"), ("Clerk", "Marleen Vrolix"), ("Language", "N")]
    body = f"<w:tbl>{rows(*([cell(name), cell(value)] for name, value in form))}</w:tbl>"
    assert parts(read(body)) == ["Court | Court of Hasselt\nClerk | Marleen Vrolix\nLanguage | N"]


def test_a_row_whose_deletion_is_tracked_is_not_read():
    gone = f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{cell('Oil')}{cell('7')}</w:tr>"
    table = rows([cell("Item"), cell("Price")], [cell("Fuel"), cell("5")])
    assert "Oil" not in read(f"<w:tbl>{table}{gone}</w:tbl>").text


def test_characters_beyond_the_first_plane_stay_whole():
    assert read(paragraph("𐌲𐌿𐍄 😀")).text == "𐌲𐌿𐍄 😀"


def test_nothing_is_made_up_where_properties_are_missing():
    document = read(paragraph("Text."))
    assert (document.title, document.author, document.date) == ("a", None, None)


def test_the_properties_of_a_template_are_not_those_of_the_document():
    fresh = docx.Document()
    fresh.add_paragraph("Text.")
    file = BytesIO()
    fresh.save(file)
    document = parse(file.getvalue(), "a.docx")
    assert (document.author, document.date) == (None, None)


@pytest.mark.parametrize(
    "styles",
    [
        '<w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/>',
        '<w:pPr><w:numPr><w:numId w:val="1"/><w:ilvl w:val="99999999999"/></w:numPr></w:pPr>',
    ],
)
def test_styles_that_make_no_sense_do_no_harm(styles: str):
    whole = f'<w:style w:styleId="A">{styles}</w:style>'
    assert read(styled("Text.", "A"), styles=whole, numbering=CONTRACT).text == "Text."


def test_a_note_that_refers_to_itself_is_read_once():
    reference = '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    note = f'<w:footnote w:id="2">{paragraph("Round.")}{reference}</w:footnote>'
    assert read(reference, footnotes=note).text.count("Round.") == 1


def test_a_claim_of_a_billion_costs_nothing():
    point = '<c:pt idx="999999999"><c:v>1</c:v></c:pt>'
    point = f"<c:ser><c:val><c:numRef><c:numCache>{point}</c:numCache></c:numRef></c:val></c:ser>"
    drawing = '<w:p><w:r><w:drawing><c:chart r:id="chart"/></w:drawing></w:r></w:p>'
    huge = cell("a", '<w:gridSpan w:val="999999999"/>')
    wide = f"<w:tbl>{rows([huge, cell('b')])}</w:tbl>"
    far = numbering(("lowerLetter", "%1.")).replace('w:start w:val="1"', 'w:start w:val="999999999"')
    began = time.monotonic()
    document = read(drawing + wide + numbered("item"), chart=chart(point), numbering=far)
    assert time.monotonic() - began < 20
    assert "Freshwater: 120" in document.text
    assert len(document.text) < 1_000
