"""Tables in PDFs whose cells are drawn: the rules tell which columns a name stands over."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest import readers
from tests.support.sample_files import A4, BytesIO, Canvas

SIZE = 8
LEFT, TOP = 50, 760
WIDTH, HEIGHT = 80, 16


@dataclass(frozen=True)
class Drawn:
    """A cell with its text, the rows and columns that it covers, and how it is drawn."""

    text: str = ""
    rows: int = 1
    columns: int = 1
    bold: bool = False
    sideways: bool = False
    at: str = "centre"


Table = Sequence[Sequence[Drawn | str]]
YEARS: Table = [
    [Drawn("Region", 2), Drawn("2019", columns=2), Drawn("2020", columns=2)],
    ["Sales", "Staff", "Sales", "Staff"],
    ["North", "54", "11", "63", "12"],
    ["South", "72", "14", "81", "15"],
]


class Page:
    """Pages on which tables are drawn."""

    def __init__(self) -> None:
        self.file = BytesIO()
        self.canvas = Canvas(self.file, pagesize=A4)

    def draw(self, table: Table, left: float = LEFT, top: float = TOP, width: float = WIDTH) -> None:
        """Draw a table; a cell begins at the first place of its row that no cell above covers."""
        taken: set[tuple[int, int]] = set()
        for y, row in enumerate(table):
            x = 0
            for each in row:
                cell = each if isinstance(each, Drawn) else Drawn(each)
                while (y, x) in taken:
                    x += 1
                taken |= set(product(range(y, y + cell.rows), range(x, x + cell.columns)))
                self._cell(
                    cell,
                    left + x * width,
                    top - (y + cell.rows) * HEIGHT,
                    cell.columns * width,
                    cell.rows * HEIGHT,
                )
                x += cell.columns

    def _cell(self, cell: Drawn, left: float, bottom: float, width: float, height: float) -> None:
        self.canvas.rect(left, bottom, width, height)
        self.canvas.setFont("Helvetica-Bold" if cell.bold else "Helvetica", SIZE)
        lines = cell.text.split("\n")
        if cell.sideways:
            self.canvas.saveState()
            self.canvas.translate(left + width / 2 + SIZE / 3, bottom + 3)
            self.canvas.rotate(90)
            self.canvas.drawString(0, 0, cell.text)
            self.canvas.restoreState()
            return
        for i, line in enumerate(lines):
            middle = bottom + height / 2 + ((len(lines) - 1) / 2 - i) * (SIZE + 2) - SIZE / 3
            if cell.at == "centre":
                self.canvas.drawCentredString(left + width / 2, middle, line)
            else:
                self.canvas.drawString(left + 3, middle, line)

    def write(self, text: str, left: float, bottom: float) -> None:
        """Write a line of text."""
        self.canvas.setFont("Helvetica", SIZE)
        self.canvas.drawString(left, bottom, text)

    def lines(self) -> list[str]:
        """Return the lines of all pages as they are read."""
        self.canvas.showPage()
        self.canvas.save()
        pieces = readers.read(self.file.getvalue(), "a.pdf").pieces
        return [line for piece in pieces for line in piece.text.splitlines() if line]


def lines_of(table: Table) -> list[str]:
    page = Page()
    page.draw(table)
    return page.lines()


def test_names_over_several_columns_and_rows():
    assert lines_of(YEARS) == [
        "Region: North; 2019 Sales: 54; 2019 Staff: 11; 2020 Sales: 63; 2020 Staff: 12",
        "Region: South; 2019 Sales: 72; 2019 Staff: 14; 2020 Sales: 81; 2020 Staff: 15",
    ]


def test_a_name_is_of_the_cells_below_its_own_wherever_in_it_it_stands():
    table = [
        [Drawn("Region", at="left"), Drawn("Sales of the\nwhole year", 1, 1), Drawn("Staff", at="left")],
        ["North", Drawn("54", at="left"), "11"],
        ["South", "72", Drawn("14", at="left")],
    ]
    assert lines_of(table) == [
        "Region: North; Sales of the whole year: 54; Staff: 11",
        "Region: South; Sales of the whole year: 72; Staff: 14",
    ]


def test_a_first_row_of_dashes_names_nothing():
    table: Table = [
        [Drawn("Disease", 2), "Week", "Total", "Median"],
        ["2016", "2016", "2011-2015"],
        ["Cholera", "-", "-", "-"],
        ["Rubella", "16", "21", "5"],
        ["Measles", "4", "6", "-"],
    ]
    assert lines_of(table)[-3:] == [
        "Disease: Cholera; Week 2016: -; Total 2016: -; Median 2011-2015: -",
        "Disease: Rubella; Week 2016: 16; Total 2016: 21; Median 2011-2015: 5",
        "Disease: Measles; Week 2016: 4; Total 2016: 6; Median 2011-2015: -",
    ]


def test_names_that_run_up_the_page():
    table = [
        [Drawn("Region", 4), Drawn("Net sales", 4, sideways=True), Drawn("Staff", 4, sideways=True)],
        [],
        [],
        [],
        ["North", "54", "11"],
        ["South", "72", "14"],
    ]
    assert lines_of(table) == [
        "Region: North; Net sales: 54; Staff: 11",
        "Region: South; Net sales: 72; Staff: 14",
    ]


def test_rows_that_are_not_drawn():
    body = [Drawn(text, 3) for text in ("North\nSouth\nWest", "54\n72\n9", "11\n14\n2")]
    assert lines_of([["Region", "Sales", "Staff"], body, [], []]) == [
        "Region: North; Sales: 54; Staff: 11",
        "Region: South; Sales: 72; Staff: 14",
        "Region: West; Sales: 9; Staff: 2",
    ]


def test_a_cell_of_two_lines_is_no_two_rows():
    table = [
        ["Region", "From", "Sales", "Staff"],
        [Drawn("North", 2), Drawn("1.2.2019 to\n3.4.2020", 2), Drawn("54", 2), Drawn("11", 2)],
        [],
        ["South", "5.6.2020", "72", "14"],
    ]
    assert lines_of(table) == [
        "Region: North; From: 1.2.2019 to 3.4.2020; Sales: 54; Staff: 11",
        "Region: South; From: 5.6.2020; Sales: 72; Staff: 14",
    ]


def test_columns_that_are_not_drawn_below_their_names():
    page = Page()
    page.draw([["Region", "Sales", "Staff"]])
    for i, row in enumerate((("North", "54", "11"), ("South", "72", "14"), ("Total", "126", "25")), start=1):
        page.canvas.rect(LEFT, TOP - (i + 1) * HEIGHT, 3 * WIDTH, HEIGHT)
        for j, text in enumerate(row):
            page.write(text, LEFT + j * WIDTH + 20, TOP - (i + 1) * HEIGHT + 5)
    assert page.lines() == [
        "Region: North; Sales: 54; Staff: 11",
        "Region: South; Sales: 72; Staff: 14",
        "Region: Total; Sales: 126; Staff: 25",
    ]


def test_labels_in_one_cell_beside_rows_that_are_drawn():
    page = Page()
    page.draw([["Region", "Sales", "Staff"], [Drawn("", 3), "54", "11"], ["72", "14"], ["9", "2"]])
    for i, label in enumerate(("North", "South", "West"), start=1):
        page.write(label, LEFT + 5, TOP - (i + 0.5) * HEIGHT - SIZE / 3)
    assert page.lines() == [
        "Region: North; Sales: 54; Staff: 11",
        "Region: South; Sales: 72; Staff: 14",
        "Region: West; Sales: 9; Staff: 2",
    ]


def test_a_label_of_two_rows_is_said_in_both():
    table = [
        ["Country", "Sex", "Sales", "Staff"],
        [Drawn("Knowledge and\npractice", 2), "Men", "54", "11"],
        ["Women", "72", "14"],
    ]
    assert lines_of(table) == [
        "Country: Knowledge and practice; Sex: Men; Sales: 54; Staff: 11",
        "Country: Knowledge and practice; Sex: Women; Sales: 72; Staff: 14",
    ]


def test_years_above_the_table_that_are_not_drawn():
    page = Page()
    page.draw([["Region", "Sales", "Staff", "Sales", "Staff"], *YEARS[2:]])
    for year, column in (("2019", 2), ("2020", 4)):
        page.canvas.setFont("Helvetica", SIZE)
        page.canvas.drawCentredString(LEFT + column * WIDTH, TOP + 5, year)
    assert page.lines() == lines_of(YEARS)


def test_a_table_goes_on_with_its_names_on_the_next_page():
    page = Page()
    page.draw(YEARS)
    page.canvas.showPage()
    page.draw([["East", "1", "2", "3", "4"], ["West", "5", "6", "7", "8"]])
    assert page.lines()[2:] == [
        "Region: East; 2019 Sales: 1; 2019 Staff: 2; 2020 Sales: 3; 2020 Staff: 4",
        "Region: West; 2019 Sales: 5; 2019 Staff: 6; 2020 Sales: 7; 2020 Staff: 8",
    ]


def test_a_table_of_other_columns_on_the_next_page_has_none_of_its_names():
    page = Page()
    page.draw(YEARS)
    page.canvas.showPage()
    page.draw([["East", "1", "2", "3", "4"], ["West", "5", "6", "7", "8"]], width=WIDTH - 9)
    assert page.lines()[2:] == ["East | 1 | 2 | 3 | 4", "West | 5 | 6 | 7 | 8"]


@pytest.mark.parametrize("where", ["below", "above", "caption"])
def test_a_table_does_not_go_on_where_something_stands_between(where: str):
    page = Page()
    page.draw(YEARS)
    for i in range(5 * (where == "below")):
        page.write(f"Line {i} of a text that follows the table.", LEFT, TOP - 120 - 14 * i)
    page.canvas.showPage()
    for i in range(5 * (where == "above")):
        page.write(f"Line {i} of a text that comes before it.", LEFT, TOP + 70 - 11 * i)
    if where == "caption":
        page.write("Table 2. Complaints", LEFT, TOP + 10)
    page.draw([["East", "1", "2", "3", "4"], ["West", "5", "6", "7", "8"]])
    assert page.lines()[-2:] == ["East | 1 | 2 | 3 | 4", "West | 5 | 6 | 7 | 8"]


def test_a_table_goes_on_below_a_running_head_and_above_a_footer():
    page = Page()
    page.draw(YEARS)
    page.write("7", LEFT + 200, 30)
    page.canvas.showPage()
    page.write("Annual report", LEFT, TOP + 50)
    page.draw([["East", "1", "2", "3", "4"], ["West", "5", "6", "7", "8"]])
    assert page.lines()[-1] == ("Region: West; 2019 Sales: 5; 2019 Staff: 6; 2020 Sales: 7; 2020 Staff: 8")


def test_shaded_cells_without_lines():
    page = Page()
    for y, shade in ((2, 0.9), (3, 0.8)):
        page.canvas.setFillGray(shade)
        page.canvas.rect(LEFT, TOP - (y + 1) * HEIGHT, 5 * WIDTH, HEIGHT, stroke=0, fill=1)
    page.canvas.setFillGray(0)
    page.draw(YEARS[:2])
    for y, row in enumerate(YEARS[2:], start=2):
        for x, text in enumerate(row):
            page.write(str(text), LEFT + x * WIDTH + 20, TOP - (y + 1) * HEIGHT + 5)
    assert page.lines() == lines_of(YEARS)


def test_a_form_names_nothing():
    assert lines_of([["Name", "Ada Holm"], ["Age", "45"], ["Floor", "3"]]) == [
        "Name | Ada Holm",
        "Age | 45",
        "Floor | 3",
    ]


def test_bold_names_over_words():
    names = [Drawn(text, bold=True) for text in ("Country", "Capital", "Language")]
    assert lines_of([names, ["Chile", "Santiago", "Spanish"], ["Norway", "Oslo", "Norwegian"]]) == [
        "Country: Chile; Capital: Santiago; Language: Spanish",
        "Country: Norway; Capital: Oslo; Language: Norwegian",
    ]


def test_tables_beside_each_other():
    page = Page()
    page.draw([["Region", "Sales", "Staff"], ["North", "54", "11"], ["South", "72", "14"]])
    page.draw([["Plant", "Power", "Units"], ["Muruntau", "8", "2"], ["Aktau", "9", "3"]], left=LEFT + 280)
    assert page.lines() == [
        "Region: North; Sales: 54; Staff: 11",
        "Region: South; Sales: 72; Staff: 14",
        "Plant: Muruntau; Power: 8; Units: 2",
        "Plant: Aktau; Power: 9; Units: 3",
    ]


def test_a_table_inside_a_cell_is_said_once():
    page = Page()
    page.draw(
        [
            ["Region", "Sales", "Staff", Drawn("Parts", columns=3)],
            [Drawn("North", 5), Drawn("54", 5), Drawn("11", 5), Drawn("", 5, 3)],
            *[[]] * 4,
            [Drawn("South"), "72", "14", Drawn("none", columns=3)],
        ]
    )
    names = [Drawn(text, bold=True) for text in ("Part", "Maker")]
    page.draw(
        [names, ["Mill", "Abel"], ["Pump", "Sulz"]],
        left=LEFT + 3 * WIDTH + 15,
        top=TOP - HEIGHT - 10,
        width=60,
    )
    assert page.lines() == [
        "Region: North; Sales: 54; Staff: 11; Parts: Part Maker Mill Abel Pump Sulz",
        "Region: South; Sales: 72; Staff: 14; Parts: none",
    ]


def test_labels_that_stand_outside_are_kept():
    page = Page()
    page.draw([["Sales", "Staff"], ["54", "11"], ["72", "14"]], left=LEFT + WIDTH)
    page.write("North", LEFT, TOP - 2 * HEIGHT + 5)
    page.write("South", LEFT, TOP - 3 * HEIGHT + 5)
    lines = page.lines()
    assert [line for line in lines if "54" in line and "North" in line]
    assert [line for line in lines if "72" in line and "South" in line]


def test_rows_below_that_are_not_drawn_are_of_the_table():
    page = Page()
    page.draw([["Region", "Sales", "Staff"], ["North", "54", "11"], ["South", "72", "14"]])
    for i, row in enumerate((("East", "5", "3"), ("West", "6", "4"), ("Total", "137", "32")), start=3):
        for j, text in enumerate(row):
            page.write(text, LEFT + j * WIDTH + 30, TOP - (i + 1) * HEIGHT + 5)
    assert not [line for line in page.lines() if "East" in line and "West" in line]


def test_figures_beside_each_other_in_one_cell_are_no_cell():
    page = Page()
    page.draw([["Region", Drawn("White Black", 1, 1), "Staff"], ["North", "", "11"], ["South", "", "14"]])
    for i, (one, other) in enumerate((("54", "7"), ("72", "8")), start=1):
        page.write(one, LEFT + WIDTH + 5, TOP - (i + 1) * HEIGHT + 5)
        page.write(other, LEFT + WIDTH + 50, TOP - (i + 1) * HEIGHT + 5)
    assert not [line for line in page.lines() if "White Black: 54" in line]


def test_a_page_that_is_turned():
    page = Page()
    page.canvas.translate(A4[0], 0)
    page.canvas.rotate(90)
    page.draw(YEARS, top=500)
    assert page.lines() == lines_of(YEARS)


def test_text_around_a_table_keeps_its_order():
    page = Page()
    page.write("Sales rose in both regions.", LEFT, TOP + 20)
    page.draw(YEARS)
    page.write("Staff is counted at the end of the year.", LEFT, TOP - 5 * HEIGHT - 10)
    assert page.lines() == [
        "Sales rose in both regions.",
        *lines_of(YEARS),
        "Staff is counted at the end of the year.",
    ]


@st.composite
def lattices(draw: st.DrawFn) -> tuple[list[list[Drawn]], dict[str, dict[str, str]]]:
    """A table with drawn names over groups of columns, and the figure of each row under each name."""
    groups = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3).filter(lambda some: sum(some) > 1))
    heads = [Drawn("Label", 2, at=draw(st.sampled_from(("left", "centre"))))]
    names: list[str] = []
    below: list[Drawn] = []
    for i, size in enumerate(groups):
        if size == 1:
            heads.append(Drawn(f"Alone {i}", 2))
            names.append(f"Alone {i}")
            continue
        heads.append(Drawn(f"Group {i}", columns=size))
        for j in range(size):
            # Parts of groups may have the same names: they are told apart by their groups.
            below.append(Drawn(f"part {'abc'[j]}", at=draw(st.sampled_from(("left", "centre")))))
            names.append(f"Group {i} part {'abc'[j]}")
    figures = iter(draw(st.permutations(range(100, 100 + 4 * len(names)))))
    rows, own = [], {}
    for label in ("North", "South", "East", "West")[: draw(st.integers(2, 4))]:
        shown = [str(next(figures)) if draw(st.integers(0, 5)) else "" for _ in names]
        rows.append([Drawn(label, at="left"), *map(Drawn, shown)])
        own[label] = dict(zip(names, shown, strict=True))
    return [heads, below, *rows], own


@settings(max_examples=100, deadline=None)
@given(lattices(), st.sampled_from((48, 60, 71)))
def test_no_figure_gets_the_name_of_another(
    drawn: tuple[list[list[Drawn]], dict[str, dict[str, str]]], width: float
):
    table, own = drawn
    page = Page()
    page.draw(table, width=width)
    for line in page.lines():
        cells = dict(pair.split(": ", 1) for pair in line.split("; ") if ": " in pair)
        if (label := cells.pop("Label", "")) in own:
            assert all(own[label][name] == figure for name, figure in cells.items() if name in own[label]), (
                line
            )


@pytest.mark.parametrize("text", ["x" * 60, "54 and a word that runs over the rule"])
def test_text_that_crosses_a_rule_is_not_lost(text: str):
    page = Page()
    page.draw(YEARS)
    page.write(text, LEFT + 10, TOP - 3.5 * HEIGHT)
    assert any(text in line for line in page.lines())
