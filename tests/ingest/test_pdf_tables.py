"""Tables in PDFs: a figure is never shown under a name that is not its own."""

from collections.abc import Sequence
from itertools import cycle, islice

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from qa.ingest import readers
from tests.support import sample_files
from tests.support.sample_files import A4, BytesIO, Canvas

Table = Sequence[Sequence[str]]
SIZE = 10


def drawn(
    rows: Table,
    aligned: Sequence[str],
    width: float = 90,
    bold: int = 0,
    gap: float = 14,
    heads: int = 0,
    over: Sequence[str] = (),
) -> bytes:
    """A PDF of a table whose columns are ``aligned`` left, right or centre, and so the first rows, the
    ``heads``, are ``over`` them; a cell is in its column.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for i, row in enumerate(rows):
        canvas.setFont("Helvetica-Bold" if i < bold else "Helvetica", SIZE)
        for j, (cell, side) in enumerate(zip(row, over if i < heads else aligned, strict=True)):
            left = 60 + width * j + (40 if j else 0)
            draw = {"left": canvas.drawString, "right": canvas.drawRightString}.get(
                side, canvas.drawCentredString
            )
            draw(left + {"left": 0, "right": width - 25}.get(side, (width - 25) / 2), 720 - gap * i, cell)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines_of(pdf: bytes) -> list[str]:
    return [line for piece in readers.read(pdf, "a.pdf").pieces for line in piece.text.splitlines() if line]


RIGHT = ("left", "right", "right", "right")


def test_years_and_a_remark_over_the_labels():
    rows = [
        ("(in millions)", "2018", "2017", "2016"),
        ("Net sales", "$ 32,765", "$ 31,657", "$ 30,109"),
        ("Operating expenses", "", "", ""),
        ("Cost of sales", "16,682", "16,055", "(15,118)"),
        ("Margin", "49 %", "—", "n/a"),
    ]
    assert lines_of(drawn(rows, RIGHT)) == [
        "(in millions)",
        "Net sales — 2018: $ 32,765; 2017: $ 31,657; 2016: $ 30,109",
        "Operating expenses",
        "Cost of sales — 2018: 16,682; 2017: 16,055; 2016: (15,118)",
        "Margin — 2018: 49 %; 2017: —; 2016: n/a",
    ]


@pytest.mark.parametrize(
    "remark",
    [
        "Years Ended December 31,",
        "(Millions) Years ended June 30,",
        "As of December 31,",
        "For the three months ended",
    ],
)
def test_the_end_of_the_periods_over_the_labels_is_said_once(remark: str):
    rows = [
        (remark, "", "2018", "2017", "2016"),
        ("Net sales", "", "765", "657", "109"),
        ("Cost of sales", "", "682", "655", "118"),
    ]
    assert lines_of(drawn(rows, ("left", "left", "right", "right", "right"))) == [
        remark,
        "Net sales — 2018: 765; 2017: 657; 2016: 109",
        "Cost of sales — 2018: 682; 2017: 655; 2016: 118",
    ]


def marked(rows: Table, rights: Sequence[float], marks: Sequence[tuple[str, str]]) -> bytes:
    """A PDF of a table whose labels and names have ``marks``, each after a text of ``rows``."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for i, row in enumerate(rows):
        y = 720 - 14 * i
        for j, cell in enumerate(row):
            canvas.setFont("Helvetica", SIZE)
            left = 60.0 if not j else rights[j - 1] - canvas.stringWidth(cell)
            canvas.drawString(left, y, cell)
            end = left + canvas.stringWidth(cell)
            for mark in (mark for text, mark in marks if text == cell):
                canvas.setFont("Helvetica", 8)
                canvas.drawString(end + 7, y, mark)
    canvas.save()
    return file.getvalue()


def test_marks_of_notes_are_no_column():
    rows = [
        ("(in millions)", "2018", "2017", "2016"),
        ("Notes A", "11", "12", "13"),
        ("Notes B", "21", "22", "23"),
        ("Notes 3", "31", "32", "33"),
    ]
    marks = [("Notes A", "(a)"), ("Notes B", "(b)"), ("2017", "(c)"), ("Notes 3", "rd")]
    assert lines_of(marked(rows, (250, 350, 450), marks)) == [
        "(in millions)",
        "Notes A (a) — 2018: 11; 2017 (c): 12; 2016: 13",
        "Notes B (b) — 2018: 21; 2017 (c): 22; 2016: 23",
        "Notes 3 rd — 2018: 31; 2017 (c): 32; 2016: 33",
    ]


def test_a_name_over_an_amount_and_its_per_cent_is_that_of_both():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for middle, name in ((230, "2018"), (300, "2017"), (395, "2018 vs. 2017")):
        canvas.drawCentredString(middle, 720, name)
    for y, cells in ((706, ("765", "657", "108", "16 %")), (692, ("682", "655", "27", "4"))):
        for x, cell in zip((240, 310, 375, 435), cells, strict=True):
            canvas.drawRightString(x, y, cell)
    canvas.drawString(60, 706, "Sales")
    canvas.drawString(60, 692, "Costs")
    canvas.save()
    assert lines_of(file.getvalue()) == [
        "Sales — 2018: 765; 2017: 657; 2018 vs. 2017: 108 16 %",
        "Costs — 2018: 682; 2017: 655; 2018 vs. 2017: 27 4",
    ]


def test_shares_may_have_one_name_behind_columns_with_names_of_their_own():
    rows = [
        ("", "Guests", "Change (%)", "Nights", "Change (%)"),
        ("May", "1,204", "102.6", "3,811", "104.0"),
        ("June", "1,377", "98.1", "4,020", "101.2"),
    ]
    sides = ("left", "right", "right", "right", "right")
    assert lines_of(drawn(rows, sides))[-1] == (
        "June — Guests: 1,377; Change (%): 98.1; Nights: 4,020; Change (%): 101.2"
    )
    rows[0] = ("", "Guests", "Change (%)", "Guests", "Change (%)")
    assert lines_of(drawn(rows, sides))[-1] == "June | 1,377 | 98.1 | 4,020 | 101.2"


def test_a_name_above_the_others_is_of_the_column_that_has_no_other():
    rows = [
        ("", "", "", "Corporate"),
        ("", "Retail", "Online", ""),
        ("Sales", "11", "12", "13"),
        ("Costs", "21", "22", "23"),
    ]
    assert lines_of(drawn(rows, RIGHT))[-1] == "Costs — Retail: 21; Online: 22; Corporate: 23"


def test_the_first_line_of_a_long_label_ends_no_table():
    rows = [
        ("(in millions)", "", "", "", "2018", "2017"),
        ("Net income", "", "", "", "765", "657"),
        (
            "Acquisitions, net of cash acquired, and purchases of intangible assets in all regions",
            "",
            "",
            "",
            "",
            "",
        ),
        ("and others", "", "", "", "(682)", "(655)"),
        ("Other divestitures", "", "", "", "49", "69"),
    ]
    lines = lines_of(drawn(rows, ("left",) * 4 + ("right", "right"), width=85))
    assert lines[-2:] == ["and others — 2018: (682); 2017: (655)", "Other divestitures — 2018: 49; 2017: 69"]


def test_a_row_with_two_figures_in_a_column_spoils_no_other():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    rows = [(f"Row {i}", f"{100 + i}", f"{200 + i}") for i in range(12)]
    rows = [("", "2018", "2017"), *rows]
    for i, row in enumerate(rows):
        canvas.drawString(60, 720 - 14 * i, row[0])
        for x, cell in zip((300, 400), row[1:], strict=True):
            canvas.drawRightString(x, 720 - 14 * i, cell)
    canvas.drawString(60, 720 - 14 * 13, "Shares")
    for x, cell in ((280, "1"), (300, "2"), (400, "9")):
        canvas.drawRightString(x, 720 - 14 * 13, cell)
    canvas.save()
    lines = lines_of(file.getvalue())
    assert "Row 3 — 2018: 103; 2017: 203" in lines
    assert lines[-1] == "Shares | 1 | 2 | 9"


def test_names_on_several_lines():
    rows = [
        ("", "Net", "Share of", "Operating"),
        ("Segment", "sales", "total", "income"),
        ("Industry", "2,952", "37.2", "627"),
        ("Health", "1,520", "19.1", "458"),
    ]
    assert lines_of(drawn(rows, RIGHT, bold=2)) == [
        "Segment: Industry; Net sales: 2,952; Share of total: 37.2; Operating income: 627",
        "Segment: Health; Net sales: 1,520; Share of total: 19.1; Operating income: 458",
    ]


def test_a_name_over_several_columns_is_that_of_each():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for middle, name in ((255, "First quarter"), (415, "Second quarter")):
        canvas.drawCentredString(middle, 720, name)
    for y, cells in (
        (706, ("Sales", "Profit") * 2),
        (692, ("10", "1", "20", "2")),
        (678, ("30", "3", "40", "4")),
    ):
        for x, cell in zip((215, 295, 375, 455), cells, strict=True):
            canvas.drawCentredString(x, y, cell)
    canvas.drawString(60, 692, "North")
    canvas.drawString(60, 678, "South")
    canvas.save()
    assert lines_of(file.getvalue()) == [
        f"{label} — First quarter Sales: {a}; First quarter Profit: {b}; Second quarter Sales: {c}; "
        f"Second quarter Profit: {d}"
        for label, a, b, c, d in (("North", 10, 1, 20, 2), ("South", 30, 3, 40, 4))
    ]


def test_names_of_groups_that_are_not_in_their_middle():
    rows = [
        ("", "2018", "", "2017", ""),
        ("", "Sales", "Profit", "Sales", "Profit"),
        ("North", "10", "1", "20", "2"),
        ("South", "30", "3", "40", "4"),
    ]
    assert lines_of(drawn(rows, ("left", "right", "right", "right", "right")))[-1] == (
        "South — 2018 Sales: 30; 2018 Profit: 3; 2017 Sales: 40; 2017 Profit: 4"
    )


def test_names_of_groups_are_parted_where_the_names_below_come_again():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for middle, name in ((220, "Revenue"), (376, "Operating profit"), (494, "Capital")):
        canvas.drawCentredString(middle, 720, name)
    for y, cells in (
        (706, ("2022", "2021", "2022", "2021", "2022")),
        (692, ("472.8", "455.1", "51.3", "49.0", "388")),
        (678, ("398.6", "341.9", "47.7", "35.2", "301")),
    ):
        for x, cell in zip((213, 292, 370, 448, 527), cells, strict=True):
            canvas.drawRightString(x, y, cell)
    canvas.drawString(60, 692, "Deck")
    canvas.drawString(60, 678, "Port")
    canvas.save()
    assert lines_of(file.getvalue())[-1] == (
        "Port — Revenue 2022: 398.6; Revenue 2021: 341.9; Operating profit 2022: 47.7; "
        "Operating profit 2021: 35.2; Capital 2022: 301"
    )


def test_names_of_groups_on_two_lines():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for y, names in ((734, ("Amortization of", "Depreciation and")), (720, ("Intangible", "Other"))):
        for middle, name in zip((260, 464), names, strict=True):
            canvas.drawCentredString(middle, y, name)
    for y, cells in (
        (706, ("2022", "2021", "2020") * 2),
        (692, ("11", "11", "10", "653", "594", "550")),
        (678, ("41", "42", "43", "47", "46", "45")),
    ):
        for x, cell in zip((238, 305, 372, 443, 510, 577), cells, strict=True):
            canvas.drawRightString(x, y, cell)
    canvas.drawString(60, 692, "Snacks")
    canvas.drawString(60, 678, "Drinks")
    canvas.save()
    one, other = "Amortization of Intangible", "Depreciation and Other"
    assert lines_of(file.getvalue())[-1] == (
        f"Drinks — {one} 2022: 41; {one} 2021: 42; {one} 2020: 43; "
        f"{other} 2022: 47; {other} 2021: 46; {other} 2020: 45"
    )


def test_a_name_over_the_first_column_of_each_group_is_not_that_of_the_others():
    rows = [
        ("", "Ordinary", "", "Treasury", ""),
        ("", "Number of", "", "Number of", ""),
        ("", "shares", "amount", "shares", "amount"),
        ("Balance", "1,538", "15", "3", "29"),
        ("Bought back", "25", "6", "11", "125"),
    ]
    for line in lines_of(drawn(rows, ("left", "centre", "centre", "centre", "centre"), width=80)):
        assert "Number of amount" not in line


def test_running_heads_and_headings_above_a_table_name_no_column():
    rows = [
        ("Brennholm plc", "", "", "Annual Report"),
        ("Key figures", "", "", ""),
        ("Five years, in millions", "", "", ""),
        ("", "2018", "2017", "2016"),
        ("Net sales", "765", "657", "109"),
        ("Cost of sales", "682", "655", "118"),
    ]
    lines = lines_of(drawn(rows, RIGHT))
    assert lines[-2:] == [
        "Net sales — 2018: 765; 2017: 657; 2016: 109",
        "Cost of sales — 2018: 682; 2017: 655; 2016: 118",
    ]
    assert "Five years, in millions" in lines


def test_codes_beside_their_meanings_are_a_table_below_a_running_head_with_the_name_of_the_chapter():
    faults = [
        ("Code", "Meaning", "What to do"),
        ("E02", "Outdoor sensor is broken", "Measure its resistance"),
        ("E05", "Mains phase is missing", "Check all of the fuses"),
        ("E27", "Low-pressure switch has opened", "Look for a leak, call service"),
        ("E31", "Defrosting took too long", "Clean all of the fins"),
    ]
    chapters = [("1 Safety", ()), ("2 Faults", faults), ("3 Service", ())]
    pages = [
        [
            (60, 805, "Korvex HX-40"),
            (480, 805, chapter),
            (60, 760, chapter),
            *((60, 720 - 16 * i, code) for i, (code, _, _) in enumerate(rows)),
            *((150, 720 - 16 * i, meaning) for i, (_, meaning, _) in enumerate(rows)),
            *((350, 720 - 16 * i, remedy) for i, (_, _, remedy) in enumerate(rows)),
        ]
        for chapter, rows in chapters
    ]
    lines = lines_of(sample_files.drawn(*pages))
    assert "E27 | Low-pressure switch has opened | Look for a leak, call service" in lines
    assert not any("2 Faults" in line and line != "2 Faults" for line in lines)


def test_a_remark_between_names_and_figures_is_about_all_of_them():
    rows = [
        ("", "2018", "2017", "2016"),
        ("", "", "(in thousands)", ""),
        ("Net sales", "765", "657", "109"),
        ("Cost of sales", "682", "655", "118"),
    ]
    assert lines_of(drawn(rows, ("left", "centre", "centre", "centre"), width=110)) == [
        "(in thousands)",
        "Net sales — 2018: 765; 2017: 657; 2016: 109",
        "Cost of sales — 2018: 682; 2017: 655; 2016: 118",
    ]


def test_a_space_between_thousands_parts_no_cells():
    rows = [
        ("", "2018", "2017", "2016"),
        ("Ships", "100 000", "1 250 000", "900"),
        ("Cars", "12", "10 000", "7"),
    ]
    assert lines_of(drawn(rows, RIGHT)) == [
        "Ships — 2018: 100 000; 2017: 1 250 000; 2016: 900",
        "Cars — 2018: 12; 2017: 10 000; 2016: 7",
    ]


def test_a_second_table_below_has_its_own_names():
    rows = [
        ("", "2018", "2017", "2016"),
        ("Sales", "11", "12", "13"),
        ("Costs", "21", "22", "23"),
        ("", "2015", "2014", "2013"),
        ("Sales", "31", "32", "33"),
        ("Costs", "41", "42", "43"),
    ]
    lines = lines_of(drawn(rows, RIGHT))
    assert "Costs — 2018: 21; 2017: 22; 2016: 23" in lines
    assert "Sales — 2015: 31; 2014: 32; 2013: 33" in lines


@pytest.mark.parametrize(
    "rows",
    [
        [("Founded", "1998", "2001", "2007"), ("Staff", "20", "31", "45"), ("Plants", "2", "3", "4")],
        [("", "Sales", "", "Profit"), ("North", "11", "12", "13"), ("South", "21", "22", "23")],
        [("", "Sales", "Sales", "Sales"), ("North", "11", "12", "13"), ("South", "21", "22", "23")],
        [("North", "11", "12", "13"), ("South", "21", "22", "23"), ("West", "31", "32", "33")],
    ],
    ids=["figures that look like years", "a column without a name", "equal names", "no names"],
)
def test_without_certain_names_there_are_bars(rows: Table):
    assert lines_of(drawn(rows, RIGHT)) == [" | ".join(filter(None, row)) for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        [("", "Leader", "Fleet"), ("North", "Ann", "closed"), ("South", "Bo", "12"), ("West", "Cy", "13")],
        [
            ("Depot", "Leader", "Fleet"),
            ("North", "Ann", "closed"),
            ("South", "Bo", "12"),
            ("West", "Cy", "13"),
        ],
        [("Permit class", "A"), ("Owner", "B"), ("Count", "12"), ("Staff", "13")],
        [("Owner", "B"), ("Count", "12"), ("Staff", "13")],
        [("14", "20-25", "Tax period"), ("14", "40", "Indicator"), ("14", "53", "Lien")],
    ],
    ids=[
        "a word for a figure",
        "a word for a figure below a corner",
        "a form",
        "a form with one line before its figures",
        "a range for a figure",
    ],
)
def test_a_row_of_words_above_figures_names_nothing_if_it_may_be_of_the_table(rows: Table):
    sides = ("left", "right", "right")[: len(rows[0])]
    assert lines_of(drawn(rows, sides)) == [" | ".join(filter(None, row)) for row in rows]


@pytest.mark.parametrize("by", ["bold", "distance", "rule"])
def test_names_of_two_lines_with_labels_are_told_from_the_rows_by_how_they_are_drawn(by: str):
    rows = [
        ("Name of", "Net", "Share of"),
        ("segment", "sales", "total"),
        ("Industry", "2,952", "37.2"),
        ("Health", "1,520", "19.1"),
    ]
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for i, row in enumerate(rows):
        y = 720 - 14 * i - (14 if by == "distance" and i > 1 else 0)
        canvas.setFont("Helvetica-Bold" if by == "bold" and i < 2 else "Helvetica", 10)
        canvas.drawString(60, y, row[0])
        for right, cell in zip((250, 350), row[1:], strict=True):
            canvas.drawRightString(right, y, cell)
    if by == "rule":
        canvas.line(58, 703, 352, 703)
    canvas.save()
    assert lines_of(file.getvalue())[-2:] == [
        "segment: Industry; Net sales: 2,952; Share of total: 37.2",
        "segment: Health; Net sales: 1,520; Share of total: 19.1",
    ]


def placed(cells: Sequence[tuple[float, float, str]]) -> bytes:
    """A PDF of cells, each in the middle of a place: how far from the left and from the bottom."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 9)
    for middle, y, text in cells:
        canvas.drawCentredString(middle, y, text)
    canvas.save()
    return file.getvalue()


def test_columns_keep_their_names_where_another_has_none_of_its_own():
    """The name "Train" is over two columns; "Note" over none, since nothing is in its column."""
    names = [(80, 720, "Set"), (205, 720, "Train"), (310, 720, "Dev"), (380, 720, "Test"), (450, 720, "Note")]
    rows = [("Questions", "791", "588", "87", "36"), ("Trivia", "785", "604", "88", "11")]
    cells = [
        (x, 706 - 14 * i, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((80, 180, 230, 310, 380), row, strict=True)
    ]
    assert lines_of(placed([*names, *cells])) == [
        "Set | Train | Dev | Test | Note",
        "Set: Questions; 791; 588; Dev: 87; Test: 36",
        "Set: Trivia; 785; 604; Dev: 88; Test: 11",
    ]


def test_a_figure_without_a_name_is_never_in_the_place_of_a_label():
    names = [(205, 720, "Train"), (310, 720, "Dev"), (380, 720, "Test"), (450, 720, "Best")]
    rows = [("Questions", "791", "588", "87", "36", "9"), ("Trivia", "", "604", "88", "11", "8")]
    cells = [
        (x, 706 - 14 * i, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((80, 180, 230, 310, 380, 450), row, strict=True)
    ]
    assert lines_of(placed([*names, *cells]))[1:] == [" | ".join(filter(None, row)) for row in rows]


def test_a_name_over_two_columns_tells_their_names_from_others_that_are_the_same():
    """The line "p.a." is over no column, and those of the loans are two rows above the figures."""
    names = [(230, 742, "Principal rates"), (365, 742, "Interest rates"), (230, 731, "p.a.")]
    names += [
        (x, 720, name) for x, name in ((195, "Annual"), (265, "Compared"), (330, "Annual"), (400, "Compared"))
    ]
    names += [(480, 720, "Offset"), (540, 720, "Unit"), (80, 720, "Loan")]
    rows = [
        ("Fixed", "3.94%", "5.13%", "4.49%", "5.27%", "1.50%"),
        ("Free", "5.37%", "5.51%", "5.92%", "5.73%", "2.00%"),
    ]
    cells = [
        (x, 698 - 14 * i, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((80, 195, 265, 330, 400, 480), row, strict=True)
    ]
    assert lines_of(placed([*names, *cells]))[-1] == (
        "Loan: Free; Principal rates Annual: 5.37%; Principal rates Compared: 5.51%; "
        "Interest rates Annual: 5.92%; Interest rates Compared: 5.73%; Offset: 2.00%"
    )


def test_a_cell_without_a_name_is_no_heading_of_the_rows_below_it():
    rows = [("1", "59", "Name", "7"), ("2", "76", "Status", "8")]
    group = [*rows[:1], ("", "", "Plan", ""), *rows[1:]]
    other = [*rows[:1], ("", "", "Form", ""), *rows[1:]]
    names = [(80, 720, "Line"), (160, 720, "Place"), (450, 720, "Length")]
    cells = [
        (x, 706 - 14 * i, cell)
        for i, row in enumerate([*group, *other, *group, *other])
        for x, cell in zip((80, 160, 260, 450), row, strict=True)
        if cell
    ]
    lines = lines_of(placed([*names, *cells]))
    assert not any(" — " in line for line in lines)
    assert lines.count("Plan") == lines.count("Form") == 2


def test_lines_of_names_that_stand_in_between_each_other():
    """One name is halfway up beside the two lines of the others, so that all of them seem to be one line."""
    upper = [(80, 724, "#"), (240, 724, "Score"), (310, 724, "Time")]
    lower = [(80, 714, "layers"), (160, 719, "Language"), (240, 714, "(all)"), (310, 714, "(secs)")]
    rows = [("6", "OTSL", "0.965", "2.73"), ("4", "HTML", "0.938", "1.97")]
    cells = [
        (x, 696 - 14 * i, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((80, 160, 240, 310), row, strict=True)
    ]
    for line in lines_of(placed([*upper, *lower, *cells]))[-2:]:
        assert all(f"; {name}: " in line for name in ("Language", "Score (all)", "Time (secs)"))


def test_names_of_groups_above_names_at_other_heights():
    """The row of the groups, those of the other columns and that of the parts have no gap in common."""
    groups = [(350, 736, "2023"), (460, 736, "2022")]
    beside = [(65, 729, "Country"), (150, 729, "Sample"), (215, 729, "Sample")]
    beside += [(151, 719, "unit"), (216, 719, "size")]
    parts = [(320, 712, "N"), (380, 712, "% Pos"), (430, 712, "N"), (490, 712, "% Pos")]
    rows = [
        ("Austria", "Single", "25g", "109", "0.9", "93", "1.1"),
        ("Spain", "Batch", "10g", "36", "0", "40", "2"),
    ]
    cells = [
        (x, 692 - 14 * i, cell)
        for i, row in enumerate(rows)
        for x, cell in zip((65, 150, 210, 320, 380, 430, 490), row, strict=True)
    ]
    lines = lines_of(placed([*groups, *beside, *parts, *cells]))
    assert lines[-1] == (
        "Spain — Sample unit: Batch; Sample size: 10g; 2023 N: 36; 2023 % Pos: 0; 2022 N: 40; 2022 % Pos: 2"
    )


def written(texts: Sequence[tuple[float, float, str]], bold: float = 1000) -> bytes:
    """A PDF of texts, each with how far it begins from the left and from the bottom; the first column and
    what is higher than ``bold`` are bold.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for left, bottom, text in texts:
        canvas.setFont(
            "Helvetica-Bold" if bottom > bold or (left < 120 and bold < 1000) else "Helvetica", SIZE
        )
        canvas.drawString(left, bottom, text)
    canvas.save()
    return file.getvalue()


def spaced(height: float, words: str, space: float) -> list[tuple[float, float, str]]:
    """The words of a line with the same ``space`` between them."""
    places = []
    left = 60.0
    for word in words.split():
        places.append((left, height, word))
        left += stringWidth(word, "Helvetica", SIZE) + space
    return places


FIGURES_BELOW = [
    (60, 672, "Sales"), (300, 672, "5"), (400, 672, "7"), (60, 658, "Debt"), (300, 658, "1"), (400, 658, "3")
]  # fmt: skip


@pytest.mark.parametrize("space", [5, 7, 12])
def test_a_line_of_prose_that_is_stretched_is_none_of_a_table(space: float):
    line = "the sum of all that was sold by the plant in both of the last years"
    names = [(300.0, 686.0, "2018"), (400.0, 686.0, "2017")]
    assert lines_of(written([*spaced(700, line, space), *names, *FIGURES_BELOW])) == [
        line,
        "Sales — 2018: 5; 2017: 7",
        "Debt — 2018: 1; 2017: 3",
    ]


def test_names_as_wide_as_their_columns_are_no_prose():
    names = "origin_id origin_name target_id target_name value"
    heads = spaced(700, names, 8)
    rows = [("ARG", "Argentina", "CHN", "China", "14"), ("CHN", "China", "ARG", "Argentina", "24")]
    cells = [
        (left, 686 - 14 * i, cell)
        for i, row in enumerate(rows)
        for (left, _, _), cell in zip(heads, row, strict=True)
    ]
    assert lines_of(written([*heads, *cells])) == [
        "; ".join(f"{name}: {cell}" for name, cell in zip(names.split(), row, strict=True)) for row in rows
    ]


def test_cells_of_several_lines_are_put_together():
    rows = [
        ("GP", "works with the specialist in"),
        ("", "giving care"),
        ("Breast surgeon", "performs surgery and other"),
        ("", "treatment"),
        ("Nurse", "gives care at all stages"),
    ]
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for (label, text), y in zip(rows, (720, 708, 686, 674, 652), strict=True):
        canvas.drawString(60, y, label)
        canvas.drawString(240, y, text)
    canvas.save()
    assert lines_of(file.getvalue()) == [
        "GP | works with the specialist in giving care",
        "Breast surgeon | performs surgery and other treatment",
        "Nurse | gives care at all stages",
    ]


GROUPS = ["", "2018", "2017", "Quarter", "Restated"]
WORDS = ["Sales", "Net profit", "Share of total", "Debt"]
NAMES = [*WORDS, "2016", "2015", "FY 2014", "Q1"]
FIGURES = st.one_of(
    st.integers(-999, 99_999).map(lambda n: f"({-n})" if n < 0 else f"{n:,}"),
    st.sampled_from(["—", "n/a", "$ 5", "12.5 %", "", "2019", "none"]),
)
SIDES = st.sampled_from(["left", "right", "centre"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], list[str], int]:
    """Rows with as many rows of names before them as the number says, and how their columns are aligned."""
    width = draw(st.integers(2, 5))
    heads = draw(st.integers(0, 2))
    names = draw(st.sampled_from([NAMES, ["", *WORDS]]))
    words = [st.sampled_from(GROUPS), st.sampled_from(names)][2 - heads :]
    rows = [["", *draw(st.lists(each, min_size=width - 1, max_size=width - 1))] for each in words]
    if heads:
        rows[-1][0] = draw(st.sampled_from(["", "Depot"])) if set(rows[-1]) <= {"", *WORDS} else ""
        if draw(st.booleans()):
            cells = st.lists(
                st.sampled_from(["closed", "none", "Ann"]), min_size=width - 1, max_size=width - 1
            )
            rows.append(["Row X", *draw(cells)])
    for i in range(draw(st.integers(2, 6))):
        rows.append([f"Row {'ABCDEF'[i]}", *draw(st.lists(FIGURES, min_size=width - 1, max_size=width - 1))])
    return rows, ["left", *draw(st.lists(SIDES, min_size=width - 1, max_size=width - 1))], heads


@settings(max_examples=150, deadline=None)
@given(tables(), st.floats(88, 100), st.booleans(), st.lists(SIDES, min_size=4, max_size=4))
def test_no_figure_gets_the_name_of_another(
    table: tuple[list[list[str]], list[str], int], width: float, bold: bool, over: list[str]
):
    rows, aligned, heads = table
    names = [" ".join(filter(None, (row[j] for row in rows[:heads]))) for j in range(len(aligned))]
    own = {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in rows[heads:]}
    pdf = drawn(rows, aligned, width, heads * bold, heads=heads, over=["left", *over][: len(aligned)])
    for line in lines_of(pdf):
        label, dash, cells = line.partition(" — ")
        if dash and ": " in cells and label in own:
            for cell in (cell for cell in cells.split("; ") if ": " in cell):
                name, _, figure = cell.partition(": ")
                # The upper of two names may be left out, as a line of its own.
                assert figure in {own[label][full] for full in names[1:] if full.endswith(name)}, line


def grouped(
    rows: Table, groups: Sequence[tuple[str, int, int]], ruled: str = "", widest: float = 60, step: float = 78
) -> bytes:
    """A PDF of a table with names of ``groups``, each in the middle of its columns, from the first to before
    the last. Rules under them are drawn ``whole``, in a piece for each ``cell``, ``touching`` each other,
    under the ``words`` alone, or not at all.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 9)
    lefts = [60.0, *(140 + step * i for i in range(len(rows[0]) - 1))]
    for name, first, stop in groups:
        left, right = lefts[first], lefts[stop - 1] + widest
        canvas.drawCentredString((left + right) / 2, 720, name)
        if ruled == "cell":
            for column in range(first, stop):
                end = lefts[column + 1] if column + 1 < stop else right
                canvas.rect(lefts[column], 716.4, end - lefts[column], 0.6, stroke=0, fill=1)
        elif ruled == "words":
            half = canvas.stringWidth(name) / 2
            canvas.line((left + right) / 2 - half, 718, (left + right) / 2 + half, 718)
        elif ruled == "touching":
            canvas.line(left, 717, right + step - widest, 717)
        elif ruled:
            canvas.line(left, 717, right, 717)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            y = 706 - 13 * i
            canvas.drawRightString(lefts[j] + widest, y, cell) if j else canvas.drawString(lefts[j], y, cell)
    canvas.save()
    return file.getvalue()


CORE = [
    ("", "Reported", "Market", "Impairment", "Charges", "Core"),
    ("North", "6,135", "11", "46", "88", "6,269"),
    ("South", "604", "12", "7", "9", "611"),
]


@pytest.mark.parametrize("ruled", ["whole", "cell"])
def test_a_name_is_over_the_columns_that_its_rule_is_over(ruled: str):
    pdf = grouped(CORE, [("Special items", 2, 5)], ruled)
    assert lines_of(pdf)[-1] == (
        "South — Reported: 604; Special items Market: 12; Special items Impairment: 7; "
        "Special items Charges: 9; Core: 611"
    )


def test_a_rule_in_a_piece_for_each_name_tells_their_columns():
    rows = [
        ("", "Q", "R", "P", "C", "M", "All"),
        ("1a", "2%", "98%", "-", "100%", "-", "920"),
        ("1b", "60%", "35%", "4%", "1%", "71%", "2022"),
    ]
    pdf = grouped(rows, [("Acid 70", 1, 4), ("Acid 91", 4, 6)], "touching", 30, 60)
    assert lines_of(pdf)[-1] == (
        "1b — Acid 70 Q: 60%; Acid 70 R: 35%; Acid 70 P: 4%; Acid 91 C: 1%; Acid 91 M: 71%; All: 2022"
    )


@pytest.mark.parametrize("ruled", ["", "words"])
def test_without_its_rule_a_name_in_the_middle_is_a_line_of_its_own(ruled: str):
    """It may be over all columns or over fewer; a line under the words alone does not tell."""
    lines = lines_of(grouped(CORE, [("Special items", 2, 5)], ruled))
    assert lines[0] == "Special items"
    assert lines[-1] == "South — Reported: 604; Market: 12; Impairment: 7; Charges: 9; Core: 611"


def test_a_year_alone_above_the_names_of_a_second_table_is_no_figure_of_the_first():
    rows = [
        ("", "Reported", "Market", "Core"),
        ("North", "6,135", "11", "6,269"),
        ("South", "604", "12", "611"),
    ]
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for year, top, step in (("2022", 720, 78), ("2021", 650, 90)):
        lefts = [60.0, *(140 + step * i for i in range(3))]
        canvas.drawCentredString((lefts[1] + lefts[3] + 60) / 2, top, year)
        canvas.line(lefts[1], top - 3, lefts[3] + 60, top - 3)
        for i, row in enumerate(rows, 1):
            canvas.drawString(60, top - 14 * i, row[0])
            for left, cell in zip(lefts[1:], row[1:], strict=True):
                canvas.drawRightString(left + 60, top - 14 * i, cell)
    canvas.save()
    assert lines_of(file.getvalue()) == [
        f"{label} — {year} Reported: {a}; {year} Market: {b}; {year} Core: {c}"
        for year in (2022, 2021)
        for label, a, b, c in rows[1:]
    ]


LOWER = ["Sales", "Net profit", "Share", "Debt", "Charges", "Core", "Capital"]


@st.composite
def spanned(draw: st.DrawFn) -> tuple[list[list[str]], list[tuple[str, int, int]], list[str]]:
    """Rows under their names, groups over some of the columns, and the name of each column with its group."""
    width = draw(st.integers(3, 7))
    words = draw(st.permutations(LOWER))
    lower = list(islice(cycle(words[: draw(st.sampled_from([2, 3, len(words)]))]), width - 1))
    if draw(st.booleans()):
        lower[draw(st.integers(0, width - 2))] = ""
    groups: list[tuple[str, int, int]] = []
    at = draw(st.integers(1, 2))
    while at < width and len(groups) < 3:
        stop = min(at + draw(st.integers(1, 5)), width)
        groups.append((["Special items", "Wide", "Restated"][len(groups)], at, stop))
        at = stop + draw(st.integers(0, 2))
    over = [next((name for name, first, stop in groups if first <= i < stop), "") for i in range(1, width)]
    if len(set(zip(over, lower, strict=True))) < width - 1:
        # Nobody writes names that tell nothing apart.
        lower = words[: width - 1]
    rows = [["", *lower]]
    for i in range(draw(st.integers(2, 5))):
        rows.append([f"Row {'ABCDE'[i]}", *(f"{100 * (i + 1) + 7 * j}" for j in range(1, width))])
    return rows, groups, [f"{group} {name}".strip() for group, name in zip(over, lower, strict=True)]


def figures(count: int) -> list[list[str]]:
    return [[f"Row {label}", *(f"{i}{10 + j}" for j in range(count))] for i, label in enumerate("AB", 1)]


@settings(max_examples=150, deadline=None)
@example(
    # The name of one column where others are of two groups.
    (
        [["", "Sales", "Profit", "Share", "Sales", "Profit"], *figures(5)],
        [("Special items", 1, 2), ("Wide", 4, 6)],
        ["Special items Sales", "Profit", "Share", "Wide Sales", "Wide Profit"],
    ),
    "",
    66.0,
)
@example(
    # A name of two columns, over the gap before the one that has a name of its own.
    (
        [["", "", "Net profit", "Sales"], *figures(3)],
        [("Special items", 1, 3)],
        ["Special items", "Special items Net profit", "Sales"],
    ),
    "",
    70.0,
)
@example(
    # Two columns in which no name comes again.
    (
        [["", "", "Net profit", "Sales"], *figures(3)],
        [("Special items", 1, 2), ("Wide", 3, 4)],
        ["Special items", "Net profit", "Wide Sales"],
    ),
    "",
    66.0,
)
@given(spanned(), st.sampled_from(["", "whole", "cell", "touching", "words"]), st.floats(66, 75))
def test_no_figure_gets_the_name_of_a_group_that_is_not_over_it(
    table: tuple[list[list[str]], list[tuple[str, int, int]], list[str]], ruled: str, step: float
):
    rows, groups, names = table
    own = {row[0]: dict(zip(row[1:], names, strict=True)) for row in rows[1:]}
    for line in lines_of(grouped(rows, groups, ruled, step=step, widest=58)):
        label, dash, cells = line.partition(" — ")
        for cell in (cell for cell in cells.split("; ") if dash and ": " in cell):
            name, _, figure = cell.partition(": ")
            full = own[label][figure]
            assert name == full or full.endswith(f" {name}"), line


def test_totals_in_bold_name_no_column_of_words():
    rows = [
        ("n=12 m=14", "n=13 m=15", "n=25 m=29"),
        ("It was", "Low in", "Ohio"),
        ("and", "it", "Utah"),
    ]
    assert lines_of(drawn(rows, ("left",) * 3, width=150, bold=1)) == [" | ".join(row) for row in rows]


def test_the_first_line_of_a_label_is_no_name_of_the_labels():
    texts = [(320, 686, "air"), (380, 686, "water")]
    texts += [(102, 672, "A substance whose label is cut in two"), (102, 658, "(HCH)"), (320, 658, "10")]
    texts += [(380, 658, "1"), (102, 644, "Aldrin"), (320, 644, "4"), (380, 644, "2")]
    texts += [(320, 616, "air"), (380, 616, "water")]
    for height, label, sign in ((602, "Benzene", "(BT)"), (588, "Toluene", "(TL)")):
        texts += [(102, height, label), (240, height, sign), (320, height, "7"), (380, height, "3")]
    lines = lines_of(written(texts, bold=665))
    assert "A substance whose label is cut in two" in lines
    assert not any("in two: " in line for line in lines)


def over_pages(pages: Sequence[Table], lefts: Sequence[Sequence[float]], bold: Sequence[int] = ()) -> bytes:
    """A PDF of pages with one table each, at the top, whose columns begin at ``lefts``; the first rows of a
    page are ``bold``.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for rows, places, heads in zip(pages, lefts, bold or [0] * len(pages), strict=True):
        for i, row in enumerate(rows):
            canvas.setFont("Helvetica-Bold" if i < heads else "Helvetica", SIZE)
            for left, cell in zip(places, row, strict=True):
                canvas.drawString(left, 740 - 14 * i, cell)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


BEGUN = [("Company", "City", "Jobs"), ("Maxim", "San Jose", "150"), ("McGraw", "Monterey", "137")]
GONE_ON = [("Leidos", "El Segundo", "72"), ("Bosch", "Palo Alto", "55")]
PLACES = (60, 200, 320)


def test_a_table_that_goes_on_has_its_names_on_every_page():
    pages = [BEGUN, GONE_ON, [("Kmart", "Atwater", "74"), ("Sears", "Cupertino", "81")]]
    assert lines_of(over_pages(pages, [PLACES] * 3))[2:] == [
        "Company: Leidos; City: El Segundo; Jobs: 72",
        "Company: Bosch; City: Palo Alto; Jobs: 55",
        "Company: Kmart; City: Atwater; Jobs: 74",
        "Company: Sears; City: Cupertino; Jobs: 81",
    ]


@pytest.mark.parametrize(
    ("begun", "rows", "places", "bold"),
    [
        (BEGUN, GONE_ON, (60, 205, 320), 0),
        (BEGUN, [(*row, "1.5") for row in GONE_ON], (*PLACES, 400), 0),
        (BEGUN, [("72", "55", "El Segundo"), ("13", "27", "Palo Alto")], PLACES, 0),
        (BEGUN, [("Bonds", "2019", "2016"), ("Leidos", "72", "12"), ("Bosch", "55", "14")], PLACES, 0),
        (BEGUN, [("", "Fees", "12"), *GONE_ON], PLACES, 0),
        (BEGUN, [("Total", "both", "127"), *GONE_ON], PLACES, 1),
        ([*BEGUN, ("as the agencies have them, without part time", "", "")], GONE_ON, PLACES, 0),
    ],
    ids=["elsewhere", "a column more", "other kinds", "years", "no label", "bold", "text between"],
)
def test_a_table_that_may_be_another_has_no_names(
    begun: Table, rows: Table, places: Sequence[float], bold: int
):
    lines = lines_of(over_pages([begun, rows], [PLACES, places], [0, bold]))
    assert lines[0] == "Company: Maxim; City: San Jose; Jobs: 150"
    assert not any("City:" in line or "Jobs:" in line for line in lines[2:])


OTHERS = {
    "2018": "2013",
    "2017": "2012",
    "2016": "2009",
    "2015": "2007",
    "FY 2014": "FY 2011",
    "Q1": "Q3",
    "Quarter": "Half",
    "Restated": "As filed",
} | {word: word[::-1].capitalize() for word in WORDS}
"""For each name, one of another table."""


@settings(max_examples=150, deadline=None)
@given(tables(), tables(), st.booleans())
def test_no_figure_gets_a_name_from_the_page_before(
    before: tuple[list[list[str]], list[str], int], table: tuple[list[list[str]], list[str], int], bold: bool
):
    rows, aligned, heads = before
    others = [[OTHERS.get(cell, cell) for cell in row] for row in table[0][: table[2]]] + table[0][table[2] :]
    width = min(len(aligned), len(table[1]))
    pages = [[row[:width] for row in rows], [row[:width] for row in others]]
    lefts = [[60 + 90 * j for j in range(width)]] * 2
    file = readers.read(over_pages(pages, lefts, [bold * heads, bold * table[2]]), "a.pdf")
    names = {name for row in rows[:heads] for name in row[1:] if name}
    text = file.pieces[-1].text
    if table[2]:
        assert not any(f"{name}: " in text for name in names), text


LAYOUTS = [
    ("Dataset", "Base model", "Large", "Notes"),
    ("PubLayNet", "F / M", "M", "Layouts of modern documents"),
    ("PRImA", "M", "-", "Layouts of scanned magazines"),
    ("Newspaper", "F", "-", "Layouts of newspapers"),
    ("TableBank", "F", "F", "Tables on modern documents"),
]


def lined(rows: Table, under: Sequence[int], size: float = SIZE) -> bytes:
    """A PDF of a table of words, each in the middle of its column but the last, with rules ``under`` rows."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", size)
    for i, row in enumerate(rows):
        y = 700 - 14 * i
        for middle, cell in zip((90, 160, 220), row, strict=False):
            canvas.drawCentredString(middle, y, cell)
        for cell in row[3:]:
            canvas.drawString(260, y, cell)
        if i in under:
            canvas.line(55, y - 3, 430, y - 3)
    canvas.save()
    return file.getvalue()


def test_a_rule_under_the_first_row_alone_tells_names_over_words():
    assert lines_of(lined(LAYOUTS, under=[0, 4]))[-1] == (
        "Dataset: TableBank; Base model: F; Large: F; Notes: Tables on modern documents"
    )


@pytest.mark.parametrize("under", [range(5), [], [1], [4]])
def test_words_over_words_name_nothing_where_no_rule_tells_them(under: Sequence[int]):
    assert lines_of(lined(LAYOUTS, under)) == [" | ".join(row) for row in LAYOUTS]


def test_a_rule_under_the_first_line_of_a_form_makes_no_names():
    rows = [("Name", "Anna Holm"), ("Place", "Oslo"), ("Trade", "Mason"), ("State", "Single")]
    assert lines_of(lined(rows, under=[0])) == [" | ".join(row) for row in rows]


def test_the_last_line_of_a_form_does_not_name_the_figures_below_it():
    rows = [
        ("Colour", "not painted", ""),
        ("Cooling", "its own", ""),
        ("Country of origin:", "DE (Germany)", ""),
        ("_" * 60, "", ""),
        ("Value of goods", "", "534,87"),
        ("Freight", "", "19,95"),
        ("Sum", "", "554,82"),
        ("Tax due", "21,00 %", "116,51"),
    ]
    shown = [" | ".join(filter(None, row)) for row in rows]
    assert lines_of(drawn(rows, ("left", "right", "right"))) == [*shown[:3], "…", *shown[4:]]


def scarcely_filled(groups: bool) -> bytes:
    """A PDF of a wide table, in which hardly a row has figures under "Rentals", and those stand at the right
    end of their cells, beside the names.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 8)
    names = ("Permit", "Gun", "Other", "Gun", "Other", "Gun", "Other", "Gun", "Other", "Totals")
    rights = [170 + 40 * i for i in range(len(names))]
    canvas.drawString(40, 720, "State")
    for right, name in zip(rights, names, strict=True):
        canvas.drawCentredString(right - 18, 720, name)
    for i, group in enumerate(("Pawn", "Redemption", "Rentals") if groups else ()):
        canvas.drawCentredString(rights[2 * i + 3] + 2, 731, group)
    canvas.line(38, 717.5, rights[-1] + 2, 717.5)
    for at, state in enumerate([*"ABCDEFGHIJKLM"]):
        canvas.drawString(40, 706 - 10 * at, f"State {state}")
        for i, right in enumerate(rights):
            if i in {7, 8} and at < 12:
                continue
            canvas.drawRightString(right, 706 - 10 * at, f"{1000 * (i == 0) + 7 * i + at}")
    canvas.save()
    return file.getvalue()


def test_groups_that_not_all_columns_have_and_columns_that_hardly_a_row_fills_keep_their_names():
    lines = lines_of(scarcely_filled(groups=True))
    assert lines[1] == (
        "State: State A; Permit: 1000; Gun: 7; Other: 14; Pawn Gun: 21; Pawn Other: 28; "
        "Redemption Gun: 35; Redemption Other: 42; Totals: 63"
    )
    assert lines[-1].endswith("Rentals Gun: 61; Rentals Other: 68; Totals: 75")


def test_without_their_groups_names_that_come_again_name_nothing():
    assert not any("Gun: " in line for line in lines_of(scarcely_filled(groups=False)))


def test_dots_that_lead_to_figures_end_the_label():
    """In an entry of a table of contents they lead to the only one, and the line stays as it is."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 9)
    rows = [("Offense", "Total", "Male"), ("Fraud", "173.7", "98.4"), ("Arson", "9.8", "8.1")]
    for i, (label, *figures) in enumerate([*rows, ("Runaways", "75.8", "34.0")]):
        y = 720 - 13 * i
        canvas.drawString(60, y, label)
        if i:
            canvas.drawRightString(
                250, y, (" ." * 60)[: round((245 - 60 - canvas.stringWidth(label)) / 2.6) // 2 * 2]
            )
        for right, figure in zip((300, 350), figures, strict=True):
            canvas.drawRightString(right, y, figure)
    canvas.save()
    assert lines_of(file.getvalue())[-1] == "Offense: Runaways; Total: 75.8; Male: 34.0"


def test_dots_with_gaps_between_them_are_no_cells():
    """One label leaves room for two dots only."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 9)
    rows = [
        ("Kind", "Sales", "Share"),
        ("Dolls", "2,169", "9.8"),
        ("Games and toys of all other kinds", "15", "2"),
    ]
    for i, (label, *figures) in enumerate([*rows, ("Plush", "1,958", "8.9")]):
        y = 720 - 13 * i
        canvas.drawString(60, y, label)
        for x in range(66, 220, 8) if i else ():
            if x > 62 + canvas.stringWidth(label):
                canvas.drawString(x, y, ".")
        for right, figure in zip((300, 350), figures, strict=True):
            canvas.drawRightString(right, y, figure)
    canvas.save()
    assert lines_of(file.getvalue()) == [
        "Kind: Dolls; Sales: 2,169; Share: 9.8",
        "Kind: Games and toys of all other kinds; Sales: 15; Share: 2",
        "Kind: Plush; Sales: 1,958; Share: 8.9",
    ]


GOODS = (("Kite", "2", "20.00", "40.00"), ("Flyer", "5", "40.00", "200.00"))


def invoice(names: Sequence[str], rows: Sequence[Sequence[str]] = GOODS, gap: float = 43) -> list[str]:
    """The lines of a bill whose date stands by a ``gap`` above the names of its columns."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(60, 720 + gap, "INVOICE 2020-10")
    canvas.drawRightString(450, 720 + gap, "January 8, 2020")
    for i, row in enumerate([names, *rows]):
        canvas.drawString(80, 720 - 18 * i, row[0])
        for right, cell in zip((300, 380, 450), row[1:], strict=True):
            canvas.drawRightString(right, 720 - 18 * i, cell)
    canvas.save()
    return lines_of(file.getvalue())


def test_words_over_all_columns_name_them_though_other_lines_stand_above():
    names = ("ITEM", "QUANTITY", "PRICE", "AMOUNT")
    assert invoice(names)[-1] == "ITEM: Flyer; QUANTITY: 5; PRICE: 40.00; AMOUNT: 200.00"
    assert invoice(names, gap=18)[-1] == "Flyer | 5 | 40.00 | 200.00"  # the date may be over the amounts


@pytest.mark.parametrize(
    "names", [("Shop", "closed", "closed", "closed"), ("ITEM", "QUANTITY", "PRICE", "2020")]
)
def test_words_in_place_of_figures_name_nothing(names: Sequence[str]):
    assert invoice(names)[-1] == "Flyer | 5 | 40.00 | 200.00"


def test_the_first_line_of_records_of_two_lines_does_not_name_the_second():
    records = [
        ("SERIAL", "TAG", "CASE", "PLACE"),
        ("PISTOL", "COLT", "38", "FOUND"),
        ("1721", "SJ-1", "20", "B"),
    ]
    assert invoice(("TYPE", "MAKE", "CALIBRE", "STATUS"), records)[-1] == "1721 | SJ-1 | 20 | B"


def test_a_name_that_ends_in_a_number_goes_on_with_a_year_in_brackets():
    names = [(220, 731, "Survey-4 (2013)"), (340, 731, "Survey-3 (2008)")]
    names += [(x, 720, name) for x, name in zip((190, 250, 310, 370), ("Total", "Rural") * 2, strict=True)]
    cells = [
        (x, 706 - 14 * i, cell)
        for i, row in enumerate(
            [("Fever", "6.5", "7.1", "3.2", "3.0"), ("Cough", "4.5", "5.6", "2.2", "2.9")]
        )
        for x, cell in zip((80, 190, 250, 310, 370), row, strict=True)
    ]
    assert lines_of(placed([*names, *cells]))[-1] == (
        "Cough — Survey-4 (2013) Total: 4.5; Survey-4 (2013) Rural: 5.6; "
        "Survey-3 (2008) Total: 2.2; Survey-3 (2008) Rural: 2.9"
    )


def test_the_end_of_a_caption_names_no_column():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(
        60, 740, "Growth of what is produced in Finland, in the old members and in all members in 2000,"
    )
    canvas.drawString(126, 728, "2005 and 2006 (change in per cent)")
    canvas.line(120, 725, 470, 725)
    for i, row in enumerate(
        [("", "Finland", "Old", "All"), ("1996", "3.7", "1.6", "1.7"), ("2000", "5.0", "3.9", "3.8")]
    ):
        for middle, cell in zip((80, 190, 310, 430), row, strict=True):
            canvas.drawCentredString(middle, 712 - 14 * i, cell)
    canvas.save()
    assert lines_of(file.getvalue())[-1] == "2000 — Finland: 5.0; Old: 3.9; All: 3.8"
