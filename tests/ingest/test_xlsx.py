"""Spreadsheets: what a person sees on their sheets."""

import datetime
from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from qa.errors import UserError
from qa.ingest.documents import parse
from qa.ingest.readers import Piece, read
from qa.schema import location, nearest_headings
from tests.support import sample_files


def book(rows: Sequence[Sequence[object]], change: Callable[[Worksheet], None] = lambda sheet: None) -> bytes:
    """A workbook of one sheet called Costs, with ``rows`` and another ``change``."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Costs"
    for row in rows:
        sheet.append(row)
    change(sheet)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def pieces(data: bytes) -> tuple[Piece, ...]:
    return read(data, "a.xlsx").pieces


def lines(
    rows: Sequence[Sequence[object]], change: Callable[[Worksheet], None] = lambda sheet: None
) -> list[str]:
    """The lines of a sheet, without its name."""
    return [piece.text for piece in pieces(book(rows, change))[1:]]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (0.125, "0.0%", "12.5%"),
        (-1234, "#,##0;(#,##0)", "(1,234)"),
        (-5, '"$"#,##0.00', "-$5.00"),
        (5.5, "#,##0.00 [$€-407]", "5.50 €"),
        (12_345_678, '0.0,,"M"', "12.3M"),
        (0, '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)', "-"),
        (1 / 3, "General", "0.333333333333333"),
        (7, "000", "007"),
        (0.5, "# ?/?", "0.5"),
        (True, "General", "true"),
        (datetime.datetime(2025, 1, 22), "mm-dd-yy", "2025-01-22"),
        (datetime.datetime(2025, 1, 22), "d mmm yyyy", "22 Jan 2025"),
        (datetime.datetime(2025, 1, 22, 15, 4), "dd/mm/yyyy hh:mm", "22/01/2025 15:04"),
        (datetime.time(15, 4), "h:mm AM/PM", "3:04 PM"),
        (datetime.timedelta(hours=30), "[h]:mm:ss", "30:00:00"),
    ],
)
def test_a_value_is_read_as_it_is_shown(value: object, form: str, shown: str):
    def change(sheet: Worksheet) -> None:
        sheet["B2"].number_format = form

    assert lines([["Item", "Price"], ["Fuel", value]], change) == [f"Item: Fuel; Price: {shown}"]


def test_merged_cells_name_all_that_they_cover():
    def change(sheet: Worksheet) -> None:
        for cells in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
            sheet.merge_cells(cells)

    rows = [
        ["Region", 2018, None, 2019],
        [None, "Q1", "Q2", "Q1", "Q2"],
        ["North", 1, 2, 3, 4],
        [None, 5, 6, 7, 8],
    ]
    assert lines(rows, change) == [
        "Region: North; 2018 Q1: 1; 2018 Q2: 2; 2019 Q1: 3; 2019 Q2: 4",
        "Region: North; 2018 Q1: 5; 2018 Q2: 6; 2019 Q1: 7; 2019 Q2: 8",
    ]


def test_all_lines_of_a_title_head_the_first_table():
    rows = [["Sales"], ["in EUR million"], ["Item", "Price", "Tax"], ["Fuel", 5, 1], ["Oil", 7, 2]]
    assert pieces(book(rows))[-1].label == "sheet Costs, row 5, table Sales in EUR million"


def test_a_line_above_other_names_is_the_title_of_their_rows():
    rows = [["Item", "2007", "2008"], ["Fuel", 5, 1], ["By class"], ["Class", "2009", "2010"], ["High", 3, 4]]
    assert pieces(book(rows))[-1].label == "sheet Costs, row 5, table By class"


def test_names_may_reach_down_beside_a_second_name_of_the_first_column():
    def change(sheet: Worksheet) -> None:
        for cells in ("B1:B2", "C1:C2"):
            sheet.merge_cells(cells)

    assert lines([["Time", "Unit", "March"], ["Source", None, None], ["Loans", "EUR", 5.5]], change)[-1] == (
        "Source: Loans; Unit: EUR; March: 5.5"
    )


def test_bold_names_of_groups_stand_over_plain_years():
    def change(sheet: Worksheet) -> None:
        for cells in ("A1:A2", "B1:C1", "D1:E1"):
            sheet.merge_cells(cells)
        for cell in sheet[1]:
            cell.font = Font(bold=True)

    rows = [
        ["Site", "Electricity", None, "Gas"],
        [None, 2022, 2023, 2022, 2023],
        ["Wexcombe", 1842, 2310, 967, 1455],
        ["Stanmoor", 655, 702, 1214, 1873],
    ]
    assert lines(rows, change)[-1] == (
        "Site: Stanmoor; Electricity 2022: 655; Electricity 2023: 702; Gas 2022: 1214; Gas 2023: 1873"
    )


def test_tables_below_each_other_have_their_own_names_and_titles():
    rows = [
        ["Costs (in millions)"],
        ["Item", 2023],
        ["Fuel", 5],
        [],
        ["Plants"],
        ["Plant", "Power"],
        ["A", 54],
    ]
    assert [(piece.label, piece.text) for piece in pieces(book(rows))] == [
        ("sheet Costs", "Costs"),
        ("sheet Costs, row 1", "Costs (in millions)"),
        ("sheet Costs, row 3, table Costs (in millions)", "Item: Fuel; 2023: 5"),
        ("sheet Costs, row 5", "Plants"),
        ("sheet Costs, row 7, table Plants", "Plant: A; Power: 54"),
    ]


def test_an_empty_row_may_part_a_title_from_its_table():
    rows = [
        ["Costs, GBP million"],
        [],
        ["Item", 2023],
        ["Fuel", 5],
        [],
        ["Energy, MWh"],
        [],
        ["Item", 2023],
        ["Gas", 71],
    ]
    document = parse(book(rows), "book.xlsx")
    assert [place.label for place in document.places] == [
        "sheet Costs",
        "sheet Costs, row 1",
        "sheet Costs, row 4, table Costs, GBP million",
        "sheet Costs, row 6",
        "sheet Costs, row 9, table Energy, MWh",
    ]
    fuel, gas = (document.text.index(item) for item in ("Item: Fuel", "Item: Gas"))
    assert nearest_headings(document, fuel) == ("Costs, GBP million",)
    assert nearest_headings(document, gas) == ("Energy, MWh",)
    assert location(document, gas) == "sheet Costs, row 9, table Energy, MWh"


def test_tables_beside_each_other_are_read_one_after_the_other():
    rows = [["Item", "Price", None, "Plant", "Power"], ["Fuel", 5, None, "A", 54], ["Oil", 7, None, "B", 60]]
    assert lines(rows) == [
        *("Item: Fuel; Price: 5", "Item: Oil; Price: 7"),
        *("Plant: A; Power: 54", "Plant: B; Power: 60"),
    ]


def test_dashes_beside_an_empty_column_name_no_rows():
    rows = [
        ["Zone", "Sales", "Debt", None, "Tax", "Cash"],
        [],
        ["North", 1, 2, None, "—", 4],
        ["South", 5, 6, None, "—", 8],
    ]
    assert lines(rows)[-1] == "Zone: South; Sales: 5; Debt: 6; Tax: —; Cash: 8"


def test_an_empty_column_inside_a_table_parts_nothing():
    rows = [["Item", None, "2018", None, "2019"], ["Fuel", None, 5, None, 7], ["Oil", None, 6, None, 8]]
    assert lines(rows)[-1] == "Oil — 2018: 6; 2019: 8"


def test_bold_cells_are_names():
    def change(sheet: Worksheet) -> None:
        for cell in sheet["A"]:
            cell.font = Font(bold=True)

    rows = [["Owner", "A. Writer", "Bank"], ["Seat", "Trend", "x"], ["Staff", 7, 8]]
    assert lines(rows, change) == ["Owner: A. Writer | Bank", "Seat: Trend | x", "Staff: 7 | 8"]


def test_bold_type_of_the_first_name_alone_makes_no_other_row_one_of_names():
    def change(sheet: Worksheet) -> None:
        sheet["A1"].font = Font(bold=True)

    rows = [["Share of", "All", "Series E"], ["Redeemed", 0.9, 0.7], ["Outstanding", 0.1, 0.3]]
    assert lines(rows, change)[-1] == "Share of: Outstanding; All: 0.1; Series E: 0.3"
    note = [["Oil by country", None, None, "barrels a day"], ["UK", 100, 96, 82], ["Angola", 115, 108, 80]]
    assert lines(note, change)[-1] == "Angola | 115 | 108 | 80"


def test_a_title_and_a_note_in_bold_type_name_no_columns():
    def change(sheet: Worksheet) -> None:
        for cell in (sheet["A1"], sheet["D1"]):
            cell.font = Font(bold=True)

    rows = [["Products", None, None, "Contents"], ["Profit", 1, 2, 3], ["Loss", 4, 5, 6], ["Total", 5, 7, 9]]
    assert lines(rows, change)[-1] == "Total | 5 | 7 | 9"


def test_a_cell_over_several_columns_and_an_empty_row_is_a_title():
    def change(sheet: Worksheet) -> None:
        sheet.merge_cells("B1:C1")

    rows = [
        [None, "Revenue by market"],
        [],
        ["Market", "Q1 FY25", "Q4 FY24", "Q3 FY24"],
        ["Gaming", 26, 28, 29],
    ]
    assert lines(rows, change)[-1] == "Market: Gaming; Q1 FY25: 26; Q4 FY24: 28; Q3 FY24: 29"


def test_what_is_hidden_is_not_read():
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.parent.create_sheet("Secret").append(["hidden"])
        sheet.parent["Secret"].sheet_state = "hidden"

    rows = [["Item", "Code", "Price"], ["Fuel", 1, 5], ["Oil", 2, 7], ["Gas", 3, 8]]
    assert lines(rows, change) == ["Item: Fuel; Price: 5", "Item: Gas; Price: 8"]


def test_rows_that_a_filter_hides_are_read():
    def change(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A1:B3"
        sheet.auto_filter.add_filter_column(0, ["Fuel"])
        sheet.row_dimensions[3].hidden = True

    assert lines([["Item", "Price"], ["Fuel", 5], ["Oil", 7]], change)[-1] == "Item: Oil; Price: 7"


def test_a_comment_is_read_with_its_cell():
    def change(sheet: Worksheet) -> None:
        sheet["B2"].comment = Comment("Too dear.", "A. Writer")

    last = pieces(book([["Item", "Price"], ["Fuel", 5]], change))[-1]
    assert last == Piece("sheet Costs, comment on B2", "A. Writer: Too dear.")


def test_a_chart_is_read_with_its_title_and_series():
    def change(sheet: Worksheet) -> None:
        chart = BarChart()
        chart.title = "Power by plant"
        chart.add_data(Reference(sheet, min_col=2, max_col=3, min_row=1, max_row=2), titles_from_data=True)
        sheet.parent.create_chartsheet("Figure").add_chart(chart)

    data = book([["Plant", "Power", "Staff"], ["A", 54, 7]], change)
    assert pieces(data)[-1].label == "sheet Figure, chart"
    assert pieces(data)[-1].text.startswith("Power by plant")


def test_a_strict_workbook_is_read_like_any_other():
    strict = {}
    with ZipFile(BytesIO(sample_files.sheets())) as usual:
        for name in usual.namelist():
            text = usual.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/",
                b"http://purl.oclc.org/ooxml/spreadsheetml/",
            )
            strict[name] = text.replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/",
                b"http://purl.oclc.org/ooxml/officeDocument/",
            )
    assert parse(sample_files.zipped(strict), "a.xlsx").text == parse(sample_files.sheets(), "a.xlsx").text


def test_an_empty_workbook_has_no_text():
    with pytest.raises(UserError, match="no text"):
        parse(book([]), "a.xlsx")


def test_a_workbook_that_claims_to_be_wide_takes_no_memory():
    with ZipFile(BytesIO(book([["Costs"], ["Fuel"]]))) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", merged)
    assert [piece.text for piece in pieces(sample_files.zipped(parts))] == ["Costs", "Costs"]
    rows = [["Item", "Price"], ["Fuel", 5]]
    assert lines(rows, lambda sheet: sheet.cell(1_048_576, 16_384, "end"))[-1] == "end"


def test_a_sheet_with_a_book_in_a_cell_is_read():
    text = "The plant has four turbines. " * 1_000
    assert len(lines([[text], [text], [text]])) == 3


def test_the_names_of_a_part_whose_first_is_in_bold_type_name_its_columns():
    rows = [
        ["1. Goods", "Pieces", "Price", "Total"],
        ["Wood", 1, 20, 20],
        [],
        ["2. Staff", "Hours", "Wage", "Total"],
        ["Tutor", 11, 40, 440],
        ["Clerk", None, 30, 0],
    ]

    def in_bold(sheet: Worksheet) -> None:
        for cell in ("A1", "A4"):
            sheet[cell].font = Font(bold=True)

    pieces = read(book(rows, in_bold), "a.xlsx").pieces
    assert [piece.text for piece in pieces][-2:] == [
        "2. Staff: Tutor; Hours: 11; Wage: 40; Total: 440",
        "2. Staff: Clerk; Wage: 30; Total: 0",
    ]
