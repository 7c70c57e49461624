"""Presentations: charts, diagrams, comments, formulas, numbers, and what is hidden."""

import pytest

from qa.ingest.readers import FileContent, read
from tests.support.office_files import (
    chart,
    diagram,
    fraction,
    framed,
    letters,
    run,
    shape,
    slides,
)


def content(*trees: str, **others: object) -> FileContent:
    return read(slides(*trees, **others), "a.pptx")


def texts(*trees: str, **others: object) -> list[str]:
    return [piece.text for piece in content(*trees, **others).pieces]


def test_the_title_comes_first_and_names_the_talk():
    found = content(shape("Below.") + shape("Power", kind="ctrTitle"), shape("Next", kind="title"))
    assert [piece.text for piece in found.pieces] == ["Power\n\nBelow.", "Next"]
    assert found.metadata["heading"] == "Power"


def test_grouped_shapes_are_read_where_they_stand():
    group = f"<p:grpSp>{shape('Two')}<p:grpSp>{shape('Three')}</p:grpSp></p:grpSp>"
    assert texts(shape("One") + group + shape("Four")) == ["One\n\nTwo\n\nThree\n\nFour"]


def test_hidden_slides_are_named_so_and_hidden_shapes_are_not_read():
    found = content(shape("Spare.") + shape("Gone.", hidden=True), attributes='show="0"')
    assert [(piece.label, piece.text) for piece in found.pieces] == [("slide 1, hidden", "Spare.")]


def test_a_chart_on_a_slide_is_a_table():
    (text,) = texts(framed('<c:chart r:id="chart"/>'), chart=("c:chartSpace", chart()))
    assert text == (
        "Ducks seen\n2019 — Freshwater: 120; Saltwater: 0.25\n2020 — Freshwater: 95; Saltwater: 110"
    )


def test_a_diagram_on_a_slide_is_read():
    data = ("dgm:dataModel", diagram())
    assert texts(framed('<dgm:relIds r:dm="diagramData"/>'), diagramData=data) == ["First\n\nNext\n\nLast"]


def test_automatic_numbers_are_shown():
    def item(text: str, kind: str = "arabicPeriod", level: int = 0) -> str:
        mark = f'<a:buAutoNum type="{kind}"/>' if kind else "<a:buNone/>"
        return f'<a:p><a:pPr lvl="{level}">{mark}</a:pPr>{run(text)}</a:p>'

    items = [item("one"), item("two"), item("a", "alphaLcParenR", 1), item("three"), item("break", "")]
    assert texts(shape(*items, item("again"))) == [
        "1. one\n\n2. two\n\na) a\n\n3. three\n\nbreak\n\n1. again",
    ]


def test_a_formula_on_a_slide_is_a_line():
    half = f"<m:oMath>{fraction(letters('1'), letters('2'))}</m:oMath>"
    box = shape(f"<a:p>{run('Take ')}<a14:m>{half}</a14:m></a:p>")
    alternatives = f"<mc:AlternateContent><mc:Choice Requires='a14'>{box}</mc:Choice><mc:Fallback>"
    alternatives += f"{shape('a picture')}</mc:Fallback></mc:AlternateContent>"
    (text,) = texts(alternatives)
    assert " ".join(text.split()) == "Take 1/2"


def test_raised_digits_on_a_slide_do_not_change_a_number():
    raised = run("6", 'baseline="30000"')
    assert texts(shape(f"<a:p>{run('10')}{raised}</a:p>")) == ["10⁶"]


def test_what_stands_at_the_foot_of_every_slide_is_read_once():
    foot = shape("ACME Ltd", kind="ftr") + shape("3", kind="sldNum")
    assert texts(shape("One") + foot, shape("Two") + foot) == ["One\n\nACME Ltd", "Two"]


def cell(text: str, properties: str = "") -> str:
    return f"<a:tc {properties}><a:txBody><a:p>{run(text)}</a:p></a:txBody></a:tc>"


def test_merged_cells_of_a_slide_do_not_shift_names():
    rows = [
        [cell("Year"), cell("Energy", 'gridSpan="2"'), cell("", 'hMerge="1"'), cell("Cost")],
        [cell("2024", 'rowSpan="2"'), cell("Coal"), cell("10"), cell("5 EUR")],
        [cell("", 'vMerge="1"'), cell("Gas"), cell("20"), cell("7 EUR")],
    ]
    written = "".join(f"<a:tr>{''.join(row)}</a:tr>" for row in rows)
    (text,) = texts(framed(f'<a:tbl><a:tblPr firstRow="1"/>{written}</a:tbl>'))
    first, second = text.split("\n")
    assert first.startswith("Year: 2024")
    assert first.endswith("Cost: 5 EUR")
    assert second.startswith("Year: 2024")
    assert second.endswith("Cost: 7 EUR")


def test_names_below_those_of_groups_are_joined_to_them_where_the_corner_is_empty():
    group = 'gridSpan="2"'
    rows = [
        [
            cell(""),
            cell("Plan", group),
            cell("", 'hMerge="1"'),
            cell("Actual", group),
            cell("", 'hMerge="1"'),
        ],
        [cell(text) for text in ("", "Tested", "Signed", "Tested", "Signed")],
        [cell(text) for text in ("Alpha", "yes", "no", "no", "")],
        [cell(text) for text in ("Beta", "no", "", "yes", "no")],
    ]
    written = "".join(f"<a:tr>{''.join(row)}</a:tr>" for row in rows)
    (text,) = texts(framed(f'<a:tbl><a:tblPr firstRow="1"/>{written}</a:tbl>'))
    assert text.split("\n") == [
        "Alpha — Plan Tested: yes; Plan Signed: no; Actual Tested: no",
        "Beta — Plan Tested: no; Actual Tested: yes; Actual Signed: no",
    ]


@pytest.mark.parametrize(
    ("style", "has_names"),
    [
        ("{5940675A-B579-460E-94D1-54222C63F5DA}", False),  # No Style, Table Grid
        ("{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}", True),  # Medium Style 2, Accent 1
    ],
)
def test_the_mark_of_a_first_row_counts_where_the_style_shows_it(style: str, has_names: bool):
    rows = [("Hypothesis", "potatoes have an enzyme"), ("Measured", "the height of the foam")]
    written = "".join(f"<a:tr>{cell(name)}{cell(value)}</a:tr>" for name, value in rows)
    properties = f'<a:tblPr firstRow="1" bandRow="1"><a:tableStyleId>{style}</a:tableStyleId></a:tblPr>'
    (text,) = texts(framed(f"<a:tbl>{properties}{written}</a:tbl>"))
    (name, value), (other, shown) = rows
    named = [f"{name}: {other}; {value}: {shown}"]
    assert text.split("\n") == (named if has_names else [f"{name} | {value}", f"{other} | {shown}"])


OLD = {
    "commentAuthors": ("p:cmAuthorLst", '<p:cmAuthor id="0" name="Ada Writer"/>'),
    "comments": (
        "p:cmLst",
        '<p:cm authorId="0" dt="2025-01-22T10:00:00"><p:text>Are you sure?</p:text></p:cm>',
    ),
}
NEW = {
    "authors": ("p188:authorLst", '<p188:author id="{A}" name="Ada Writer"/>'),
    "comments": (
        "p188:cmLst",
        '<p188:cm authorId="{A}" created="2025-01-22T10:00:00"><p188:replyLst><p188:reply authorId="{A}">'
        f"<p188:txBody><a:p>{run('I am.')}</a:p></p188:txBody></p188:reply></p188:replyLst>"
        f"<p188:txBody><a:p>{run('Are you sure?')}</a:p></p188:txBody></p188:cm>",
    ),
}


@pytest.mark.parametrize(("parts", "replies"), [(OLD, []), (NEW, ["Reply by Ada Writer: I am."])])
def test_comments_of_both_kinds_say_who_wrote_them(parts: dict[str, tuple[str, str]], replies: list[str]):
    found = content(shape("Power"), **parts)
    assert [piece.text for piece in found.pieces] == [
        *("Power", "Comment by Ada Writer, 2025-01-22: Are you sure?", *replies),
    ]
    assert found.pieces[1].label == "slide 1, comment by Ada Writer"


def test_a_strict_presentation_is_read_like_any_other():
    assert texts(shape("Power", kind="title"), strict=True) == ["Power"]


def test_nothing_is_made_up_where_a_presentation_has_no_properties():
    assert not {"title", "author", "date"} & set(content(shape("Power")).metadata)
