"""Two workbooks: several tables on a sheet, heads of two rows, merged cells, dates, shares, comments."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from eval.office.packages import with_fixed_time

Cell = str | int | float | date | None

_DAY, _PERCENT, _THOUSANDS = "dd/mm/yyyy", "0.0%", "#,##0"


def plant_costs() -> bytes:
    """Return costs and staff of three works of Tessaline Foods."""
    book, energy = _workbook("Energy")
    _add(energy, 1, [["Energy costs by site, GBP thousand"]])
    _add(
        energy,
        3,
        [
            ["Site", "Electricity", None, "Gas", None],
            [None, 2022, 2023, 2022, 2023],
            ["Wexcombe", 1_842, 2_310, 967, 1_455],
            ["Ardle Bridge", 1_106, 1_390, 388, 601],
            ["Stanmoor", 655, 702, 1_214, 1_873],
            ["Total", 3_603, 4_402, 2_569, 3_929],
        ],
        _THOUSANDS,
    )
    for cells in ("A3:A4", "B3:C3", "D3:E3"):
        energy.merge_cells(cells)
    energy.cell(7, 5).comment = Comment("Includes the back-payment of 212 from 2021.", "R. Pask")
    _add(energy, 11, [["Energy used by site, MWh"]])
    _add(
        energy,
        13,
        [
            ["Site", 2022, 2023],
            ["Wexcombe", 19_870, 18_940],
            ["Ardle Bridge", 9_310, 9_125],
            ["Stanmoor", 14_460, 13_720],
        ],
        _THOUSANDS,
    )
    staff = book.create_sheet("Staff")
    _add(
        staff,
        1,
        [
            ["Site", "Headcount at 30/09/2023", "Sickness rate", "Site manager", "In post since"],
            ["Wexcombe", 412, 0.047, "Gillian Pask", date(2019, 4, 1)],
            ["Ardle Bridge", 236, 0.031, "Desmond Achterley", date(2022, 11, 14)],
            ["Stanmoor", 305, 0.058, "Nia Prothero", date(2016, 1, 4)],
        ],
    )
    for row in range(2, 5):
        staff.cell(row, 3).number_format, staff.cell(row, 5).number_format = _PERCENT, _DAY
    return _save_as(book, "2023-11-02", "Finance, Tessaline Foods")


def project_tracker() -> bytes:
    """Return milestones and budget of the building of a swimming bath's roof."""
    book, plan = _workbook("Milestones")
    _add(plan, 1, [["Roof of the swimming baths, Sankt Merin"]])
    _add(
        plan,
        3,
        [
            ["Milestone", "Planned", "Actual", "Responsible", "Remark"],
            ["Design approved", date(2023, 3, 14), date(2023, 3, 14), "N. Verhoeven", None],
            ["Tender closed", date(2023, 10, 31), date(2023, 12, 8), "L. Strasser", "only two bids"],
            ["Old roof removed", date(2024, 9, 20), date(2024, 10, 11), "Holzbau Anders", "asbestos found"],
            ["New roof tight", date(2025, 2, 28), None, "Holzbau Anders", None],
            ["Baths reopen", date(2025, 7, 1), None, "N. Verhoeven", None],
        ],
        _DAY,
    )
    budget = book.create_sheet("Budget")
    _add(budget, 1, [["All amounts in EUR thousand"]])
    _add(
        budget,
        2,
        [
            ["Item", "Approved", "Ordered", "Paid"],
            ["Larch beams", 640, 655, 410],
            ["Steel", 385, 362, 362],
            ["Asbestos removal", None, 148, 74],
            ["Scaffolding", 190, 190, 120],
        ],
        _THOUSANDS,
    )
    _add(budget, 9, [["Contractor", "Bid (EUR thousand)", "Rank"], ["Holzbau Anders", 1_990, 1]])
    _add(budget, 11, [["Meridian Dach", 2_204, 2]])
    return _save_as(book, "2024-10-21", "N. Verhoeven")


def _workbook(first: str) -> tuple[openpyxl.Workbook, Worksheet]:
    """Return a workbook, and its first sheet under a name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = first
    return book, sheet


def _add(
    sheet: Worksheet, first: int, rows: Sequence[Sequence[Cell]], number_format: str = "General"
) -> None:
    """Write ``rows`` from the row ``first`` on; years keep the form of a number without a separator."""
    for i, row in enumerate(rows, start=first):
        for j, value in enumerate(row, start=1):
            cell = sheet.cell(i, j, value)
            is_year = isinstance(value, int) and 2_000 <= value < 2_100 and i < first + 2
            if isinstance(value, int | date) and not is_year:
                cell.number_format = number_format
            if i == first:
                cell.font = Font(bold=True)


def _save_as(book: openpyxl.Workbook, day: str, author: str) -> bytes:
    book.properties.creator = author
    file = BytesIO()
    book.save(file)
    return with_fixed_time(file.getvalue(), day)
