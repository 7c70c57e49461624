"""Files of LibreOffice: numbers, notes, comments, charts, formulas, merged cells, endless sheets."""

import time

import pytest

from qa.errors import UserError
from qa.ingest.readers import FileContent, read
from tests.support.office_files import open_document
from tests.support.sample_files import zipped


def content(body: str, kind: str = "text", **others: str) -> FileContent:
    ending = {"text": "odt", "presentation": "odp", "spreadsheet": "ods"}[kind]
    return read(open_document(kind, body, **others), f"a.{ending}")


def text(body: str, kind: str = "text", **others: str) -> str:
    return "\n\n".join(piece.text for piece in content(body, kind, **others).pieces)


LIST = """<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"
style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="("
style:num-suffix=")"/></text:list-style><text:list-style style:name="L2"><text:list-level-style-bullet
text:level="1" text:bullet-char="•"/></text:list-style>"""


def items(*texts: str, style: str = "L1", more: str = "") -> str:
    written = "".join(
        f"<text:list-item>{each if each.startswith('<') else f'<text:p>{each}</text:p>'}</text:list-item>"
        for each in texts
    )
    return f'<text:list text:style-name="{style}" {more}>{written}</text:list>'


def test_lists_have_the_numbers_that_are_shown():
    inner = f"<text:p>two</text:p>{items('x', 'y')}"
    body = items("one", inner, "three") + items("four", more='text:continue-numbering="true"')
    body += items("new") + items("point", style="L2")
    assert text(body, styles=LIST).split("\n\n") == [
        *("1. one", "2. two", "(a) x", "(b) y", "3. three", "4. four", "1. new", "- point"),
    ]


OUTLINE = """<office:styles><text:outline-style>
<text:outline-level-style text:level="1" style:num-format="1"/>
<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>
</office:styles>"""


def test_headings_have_the_numbers_of_the_outline():
    heads = "".join(
        f'<text:h text:outline-level="{i}">{t}</text:h>' for i, t in ((1, "A"), (2, "B"), (2, "C"))
    )
    found = content(heads + "<text:p>Text.</text:p>", page=OUTLINE)
    assert [piece.text for piece in found.pieces] == ["1 A", "1.1 B", "1.2 C\n\nText."]
    assert found.pieces[-1].label == "section 1.2 C"
    assert found.metadata["heading"] == "1 A"


def test_notes_and_comments_are_read_where_they_belong():
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Of 54 MW.</text:p>"
        "</text:note-body></text:note>"
    )
    comment = (
        "<office:annotation><dc:creator>Ada Writer</dc:creator><dc:date>2025-01-22T10:00:00</dc:date>"
        "<text:p>Are you sure?</text:p></office:annotation>"
    )
    found = content(f"<text:p>Four{comment} turbines.{note}</text:p><text:p>The end.</text:p>")
    assert [piece.text for piece in found.pieces] == [
        "Four turbines.[1]\n\n[1] Of 54 MW.\n\nThe end.",
        "Comment by Ada Writer, 2025-01-22: Are you sure?",
    ]
    assert found.pieces[1].label == "comment by Ada Writer"


def test_hidden_text_of_a_document_is_not_read():
    hidden = '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/>'
    hidden += "</style:style>"
    body = '<text:p>Shown <text:span text:style-name="T1">hidden</text:span>again.</text:p>'
    body += '<text:section text:display="none"><text:p>gone</text:p></text:section>'
    assert text(body, styles=hidden) == "Shown again."


def test_what_a_drawing_says_is_read_and_its_description_is_not():
    frame = (
        "<draw:frame><svg:title>A picture</svg:title>"
        "<draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame>"
    )
    assert text(f"<text:p>Around{frame} it.</text:p>") == "Around it.\n\nIn a box."


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def cell(words: str, more: str = "") -> str:
    inside = f"<text:p>{words}</text:p>" if words else ""
    return f"<table:table-cell {more}>{inside}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def test_merged_cells_of_a_text_do_not_shift_names():
    names = row(cell("Year"), cell("Energy", 'table:number-columns-spanned="2"'), COVERED, cell("Cost"))
    two = 'table:number-rows-spanned="2"'
    rows = row(cell("2024", two), cell("Coal"), cell("10"), cell("5 EUR"))
    rows += row(COVERED, cell("Gas"), cell("20"), cell("7 EUR"))
    body = f"<table:table><table:table-header-rows>{names}</table:table-header-rows>{rows}</table:table>"
    first, second = text(body).split("\n")
    assert first.startswith("Year: 2024")
    assert first.endswith("Cost: 5 EUR")
    assert second.startswith("Year: 2024")
    assert second.endswith("Cost: 7 EUR")


def test_a_cell_of_a_slide_has_no_bullet_before_its_only_item():
    def listed(*words: str) -> str:
        return f"<table:table-cell>{items(*words, style='L2')}</table:table-cell>"

    names, first = (
        row(*map(listed, ("Plant", "Power", "Year"))),
        row(*map(listed, ("Navoi", "478 MW", "2012"))),
    )
    both = row(listed("Aktau"), listed("80 MW"), listed("1995", "1996"))
    table = (
        f"<table:table><table:table-header-rows>{names}</table:table-header-rows>{first}{both}</table:table>"
    )
    assert text(table, styles=LIST).split("\n") == [
        "Plant: Navoi; Power: 478 MW; Year: 2012",
        "Plant: Aktau; Power: 80 MW; Year: - 1995 - 1996",
    ]


FORMULA = """<math:math names><math:semantics><math:mrow><math:mi>x</math:mi><math:mo>=</math:mo><math:mfrac>
<math:mn>1</math:mn><math:msqrt><math:mi>y</math:mi></math:msqrt></math:mfrac></math:mrow><math:annotation>
x = 1 over y</math:annotation></math:semantics></math:math>"""
CHART = """<office:document-content names><office:body><office:chart><chart:chart><chart:title>
<text:p>Ducks seen</text:p></chart:title><table:table><table:table-header-rows><table:table-row>
<table:table-cell/><table:table-cell><text:p>Freshwater</text:p></table:table-cell></table:table-row>
</table:table-header-rows><table:table-row><table:table-cell><text:p>2019</text:p></table:table-cell>
<table:table-cell><text:p>120</text:p></table:table-cell></table:table-row></table:table></chart:chart>
</office:chart></office:body></office:document-content>"""


def embedded(name: str) -> str:
    return f'<draw:frame><draw:object xlink:href="./{name}"/></draw:frame>'


def test_formulas_and_charts_inside_a_text_are_read():
    body = f"<text:p>Since {embedded('Formula')}.</text:p><text:p>{embedded('Chart')}</text:p>"
    assert text(body, Formula=FORMULA, Chart=CHART).split("\n\n") == [
        *("Since x = 1/(√y).", "Ducks seen\n2019 — Freshwater: 120"),
    ]


def test_a_document_inside_itself_is_read_once():
    body = f"<text:p>Text.</text:p><text:p>{embedded('.')}</text:p>"
    assert text(body).count("Text.") < 100


def test_slides_of_libreoffice_are_read():
    hidden = (
        '<style:style style:name="dp1" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>'
    )

    def box(words: str, kind: str) -> str:
        inside = f"<draw:text-box><text:p>{words}</text:p></draw:text-box>"
        return f'<draw:frame presentation:class="{kind}">{inside}</draw:frame>'

    notes = box("Mention the tax.", "notes") + box("3", "page-number")
    notes = f"<presentation:notes>{notes}</presentation:notes>"
    group = "<draw:g><draw:custom-shape><text:p>Grouped</text:p></draw:custom-shape></draw:g>"
    body = f"<draw:page>{box('Below.', 'outline')}{box('Power', 'title')}{group}{notes}</draw:page>"
    body += f'<draw:page draw:style-name="dp1">{box("Spare.", "outline")}</draw:page>'
    found = content(body, "presentation", styles=hidden)
    assert [(piece.label, piece.text) for piece in found.pieces] == [
        ("slide 1", "Power\n\nBelow.\n\nGrouped"),
        ("slide 1, notes", "Mention the tax."),
        ("slide 2, hidden", "Spare."),
    ]
    assert found.metadata["heading"] == "Power"


def test_a_sheet_of_libreoffice_is_read_by_row_as_it_is_shown():
    rows = row(cell("", 'table:number-columns-repeated="1024"'))
    rows += row("", more='table:number-rows-repeated="7"') + row(cell("Item"), cell("Share"))
    rows += row(cell("Fuel"), cell("12.5 %", 'office:value-type="percentage" office:value="0.125"'))
    rows += row(cell("Oil"), cell("", 'office:value-type="float" office:value="7"'))
    rows += row(
        cell("", 'table:number-columns-repeated="16384"'), more='table:number-rows-repeated="1048000"'
    )
    began = time.monotonic()
    found = content(f'<table:table table:name="Costs">{rows}</table:table>', "spreadsheet")
    assert time.monotonic() - began < 10
    assert [(piece.label, piece.text) for piece in found.pieces] == [
        ("sheet Costs, row 10", "Item: Fuel; Share: 12.5 %"),
        ("sheet Costs, row 11", "Item: Oil; Share: 7"),
    ]


def test_a_row_whose_last_cells_are_empty_has_the_names_of_the_others():
    rows = row(cell("Item"), cell("Price"), cell("Remark")) + row(cell("Fuel"), cell("5"), cell("late"))
    rows += row(cell("Oil"), cell("7"), cell(""))
    found = content(f'<table:table table:name="Costs">{rows}</table:table>', "spreadsheet")
    assert found.pieces[-1].text == "Item: Oil; Price: 7"


def test_a_comment_on_a_cell_has_the_place_of_its_row():
    comment = "<office:annotation><dc:creator>Ada</dc:creator><text:p>Really?</text:p></office:annotation>"
    noted = f"<table:table-cell>{comment}<text:p>5</text:p></table:table-cell>"
    body = f'<table:table table:name="S">{row(cell("a"), cell("b"))}{row(noted, cell("6"))}</table:table>'
    last = content(body, "spreadsheet").pieces[-1]
    assert (last.label, last.text) == ("sheet S, row 2, comment by Ada", "Comment by Ada: Really?")


def test_a_row_repeated_a_million_times_is_refused():
    rows = row(cell("x"), more='table:number-rows-repeated="1000000"')
    with pytest.raises(UserError, match="more than 100,000 rows"):
        content(f"<table:table>{rows}</table:table>", "spreadsheet")


def test_a_locked_document_says_so():
    file = zipped({"META-INF/manifest.xml": "<manifest:encryption-data/>", "content.xml": b"\x00\x01"})
    with pytest.raises(UserError, match="locked with a password"):
        read(file, "a.odt")
