"""Tables of every kind: what names a cell, and what never does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import UserError
from qa.ingest.documents import parse
from qa.ingest.readers import read


def lines(html: str) -> list[str]:
    """The lines of a table, or of tables, in HTML."""
    (piece,) = read(html.encode(), "a.html").pieces
    return piece.text.split("\n")


def table(*rows: str, tags: str = "") -> list[str]:
    """The lines of a table with bars between its cells; ``!`` is before a header, ``@2x3`` after its text."""
    return lines(f"<table>{tags}{''.join(f'<tr>{_cells(row)}</tr>' for row in rows)}</table>")


def _cells(row: str) -> str:
    return "".join(_cell(cell.strip()) for cell in row.split("|"))


def _cell(cell: str) -> str:
    tag = "th" if cell.startswith("!") else "td"
    text, _, spans = cell.removeprefix("!").partition(" @")
    rows, _, columns = spans.partition("x")
    return f"<{tag} rowspan='{rows or 1}' colspan='{columns or 1}'>{text}</{tag}>"


def test_a_row_repeats_the_names_of_its_columns():
    assert table("!Item | !Price", "Fuel | 5 EUR", "Oil | 7 EUR") == [
        "Item: Fuel; Price: 5 EUR",
        "Item: Oil; Price: 7 EUR",
    ]


def test_a_cell_over_rows_is_in_each_of_them_and_moves_no_name():
    rows = ["!Year | !Month | !Revenue", "!2025 @3x1", "January | $134", "February | $150"]
    assert table(*rows) == [
        "Year: 2025; Month: January; Revenue: $134",
        "Year: 2025; Month: February; Revenue: $150",
    ]


def test_names_on_two_lines_are_joined_from_top_to_bottom():
    rows = ["!Region @2x1 | !2018 @1x2 | !2019 @1x2", "!Q1 | !Q2 | !Q1 | !Q2", "North | 1 | 2 | 3 | 4"]
    assert table(*rows) == ["Region: North; 2018 Q1: 1; 2018 Q2: 2; 2019 Q1: 3; 2019 Q2: 4"]


def test_a_cell_over_columns_is_said_once_after_all_their_names():
    assert table("!Item | !Q1 | !Q2", "Fuel | closed @1x2") == ["Item: Fuel; Q1, Q2: closed"]


def test_cells_under_one_name_stand_together():
    assert table("!Item | !2018 @1x2", "Fuel | $ | 5") == ["Item: Fuel; 2018: $ 5"]


def test_a_name_and_its_value_are_no_names_for_the_rows_below():
    assert table("!Born | 1989", "!Genres: | Pop | Folk", "!Labels | Republic") == [
        "Born: 1989",
        "Genres: Pop | Folk",
        "Labels: Republic",
    ]


def test_a_cell_that_names_its_row_stands_before_it():
    assert table("| !2018 | !2019", "!Net sales | 5 | 7") == ["Net sales — 2018: 5; 2019: 7"]


def test_rows_of_one_name_have_that_of_their_group():
    rows = ["| !2018 | !2019", "North: | |", "Sales | 5 | 7", "Costs | 3 | 4", "Fleet | 9 | 9"]
    assert table(*rows, "South: | |", "Sales | 6 | 8", "Costs | 2 | 1", "Staff | 1 | 2") == [
        "North:",
        "North — Sales — 2018: 5; 2019: 7",
        "North — Costs — 2018: 3; 2019: 4",
        "Fleet — 2018: 9; 2019: 9",
        "South:",
        "South — Sales — 2018: 6; 2019: 8",
        "South — Costs — 2018: 2; 2019: 1",
        "Staff — 2018: 1; 2019: 2",
    ]


def test_a_cell_over_all_columns_names_the_one_row_that_groups_share():
    rows = ["!Item | !2018 | !2019", "North @1x3", "Sales | 5 | 7", "South @1x3", "Sales | 6 | 8"]
    assert table(*rows)[1::2] == [
        "North — Item: Sales; 2018: 5; 2019: 7",
        "South — Item: Sales; 2018: 6; 2019: 8",
    ]


def test_rows_of_one_name_have_those_of_the_rows_that_their_numbers_stand_under():
    rows = [
        "!Item | !May",
        "A. Euro | 9",
        "I. Deposits | 5",
        "1. Firms | 3",
        "2. People | 2",
        "II. Loans | 4",
    ]
    below = ["B. Dollar | 6", "I. Deposits | 2", "1. Firms | 1", "of which abroad | 1", "2. Banks | 1"]
    assert table(*rows, *below) == [
        "Item: A. Euro; May: 9",
        "A. Euro — Item: I. Deposits; May: 5",
        "A. Euro — I. Deposits — Item: 1. Firms; May: 3",
        "Item: 2. People; May: 2",
        "Item: II. Loans; May: 4",
        "Item: B. Dollar; May: 6",
        "B. Dollar — Item: I. Deposits; May: 2",
        "B. Dollar — I. Deposits — Item: 1. Firms; May: 1",
        "Item: of which abroad; May: 1",
        "Item: 2. Banks; May: 1",
    ]


def test_chinese_and_bracketed_numbers_tell_what_rows_stand_under():
    rows = [
        "!项目 | !1月",
        "一、人民币存款 | 9",
        "（一）境内 | 5",
        "（二）境外 | 4",
        "二、外汇存款 | 6",
        "（一）境内 | 2",
    ]
    assert table(*rows)[1::3] == [
        "一、人民币存款 — 项目: （一）境内; 1月: 5",
        "二、外汇存款 — 项目: （一）境内; 1月: 2",
    ]


def test_a_header_cell_beside_the_whole_table_names_no_column():
    rows = ["!Berlin Hamburg @3x1 | !City | !People", "Essen | 574", "Bremen | 586"]
    assert table(*rows) == ["Berlin Hamburg", "City: Essen; People: 574", "City: Bremen; People: 586"]


def test_the_title_of_rows_beside_years_is_said_though_it_comes_again_below():
    def scenario(name: str, rows: str, *figures: str) -> list[str]:
        return [f"{name},,", f"{rows},2007,2008", *figures]

    written = [
        *scenario("Best", "Servers in:", "Closets,5,7", "Rooms,6,8"),
        *scenario("Worst", "Servers in:", "Closets,3,4", "Rooms,2,1"),
        *scenario("All", "Class of server", "Small,9,9"),
    ]
    pieces = read("\n".join(written).encode(), "a.csv").pieces
    assert [piece.text for piece in pieces] == [
        "Best",
        "Servers in: | 2007 | 2008",
        "Best — Closets — 2007: 5; 2008: 7",
        "Best — Rooms — 2007: 6; 2008: 8",
        "Worst",
        "Worst — Closets — 2007: 3; 2008: 4",
        "Worst — Rooms — 2007: 2; 2008: 1",
        "All",
        "Class of server | 2007 | 2008",
        "Small — 2007: 9; 2008: 9",
    ]


def test_names_that_come_again_side_by_side_in_markdown_are_groups():
    (piece,) = read(
        b"| | Calf | Calf | Cow | Cow |\n|-|-|-|-|-|\n| | 0-12 mo | later | dry | other |\n"
        b"| Days | 360 | 120 | 180 | 90 |\n| Feed | Feed | Feed | Feed | Feed |\n| Corn | 3 | 1 | 9 | 2 |",
        "a.md",
    ).pieces
    assert piece.text.split("\n") == [
        "Days — Calf 0-12 mo: 360; Calf later: 120; Cow dry: 180; Cow other: 90",
        "Feed",
        "Corn — Calf 0-12 mo: 3; Calf later: 1; Cow dry: 9; Cow other: 2",
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("A. Euro", "1. Firms", "3. Banks", "B. Dollar", "1. Firms"),
        ("A. Euro", "1. Firms", "1. Firms", "B. Dollar"),
        ("1. Firms", "2. Banks", "1. Firms", "2. Banks"),
        ("1. Euro", "1.1 Firms", "2. Dollar", "1.1 Firms"),
    ],
)
def test_numbers_that_miss_one_or_begin_again_tell_nothing(names: tuple[str, ...]):
    assert table("!Item | !May", *(f"{name} | 5" for name in names)) == [
        f"Item: {name}; May: 5" for name in names
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ("Current | |", "Cash | 5 | 7", "Other | 1 | 2", "Goodwill | 9 | 9", "Debts | |", "Loans | 2 | 3"),
        ("Ada | |", "Bob | 5 | 7", "Cid | 1 | 2", "Eve | |", "Bob | 5 | 7", "Dan | 1 | 2"),
        ("Staff | |", "Ada | 1 | 2", "Staff | |", "Ada | 3 | 4"),
    ],
)
def test_what_may_be_a_row_without_values_names_no_other_row(rows: tuple[str, ...]):
    assert not any(line.count(" — ") > 1 for line in table("| !2018 | !2019", *rows))


def test_a_title_is_a_line_of_its_own_and_names_nothing():
    rows = ["!Costs (in millions) @1x2", "!Item | !Price", "Fuel | 5", "Taxes @1x2", "VAT | 2"]
    assert table(*rows) == ["Costs (in millions)", "Item: Fuel; Price: 5", "Taxes", "Item: VAT; Price: 2"]


def test_names_further_down_hold_from_there():
    rows = ["!Item | !Price", "Fuel | 5", "!Plant | !Power", "Muruntau | 54"]
    assert table(*rows) == ["Item: Fuel; Price: 5", "Plant: Muruntau; Power: 54"]


def test_a_row_of_another_width_has_no_names():
    assert table("!Item | !Price", "Fuel | 5 | 7", "Oil | 8") == ["Fuel | 5 | 7", "Item: Oil; Price: 8"]
    assert table("!Item | !Price | !Tax", "Fuel | 5", "Oil | 8 | 1")[0] == "Fuel | 5"
    assert "Price" in "".join(table("!Item | !Price", "Fuel | 5 | 7"))


def test_years_over_figures_name_them():
    assert table("ASSETS | 2021 | 2020", "Cash | 5 | 7", "LIABILITIES | 2021 | 2020", "Debt | 1 | 2") == [
        "ASSETS | 2021 | 2020",
        "Cash — 2021: 5; 2020: 7",
        "LIABILITIES | 2021 | 2020",
        "Debt — 2021: 1; 2020: 2",
    ]
    rows = ["| Year ended 31 December @1x5", "| | 2021 | | | 2020", "Loss | $ | (5 | ) | $ | 7"]
    assert table(*rows) == ["Loss — Year ended 31 December 2021: $ (5); Year ended 31 December 2020: $ 7"]


def test_years_among_other_figures_name_nothing():
    assert table("Founded | 1990 | 1991", "Closed | 1994 | 1995")[0] == "Founded | 1990 | 1991"
    assert table("Staff | 2010 | 1985", "Plants | 12 | 9")[0] == "Staff | 2010 | 1985"


def test_words_over_figures_name_them():
    assert table("Item | Price | Share", "Fuel | 5 EUR | 20 %")[0] == "Item: Fuel; Price: 5 EUR; Share: 20 %"
    assert table("Owner | Bank | Since", "A. Writer | Trend | May")[0] == "Owner | Bank | Since"


def test_names_said_again_on_a_new_page_are_no_row():
    rows = ["!Item | !Price", "Fuel | 5", "Item | Price", "Oil | 7"]
    assert table(*rows) == ["Item: Fuel; Price: 5", "Item: Oil; Price: 7"]


def sheet(text: str) -> list[str]:
    """The lines of a sheet in CSV."""
    return [piece.text for piece in read(text.encode(), "a.csv").pieces]


def test_names_over_columns_of_which_each_row_fills_a_few():
    rows = [",code,item,2019 Actual,2019 Budget,2020 BOS,2021 BOS", "0,41,Postage,,,21,30", "1,41,Paper,7,,,"]
    assert sheet("\n".join(rows))[-2:] == [
        "0 — code: 41; item: Postage; 2020 BOS: 21; 2021 BOS: 30",
        "1 — code: 41; item: Paper; 2019 Actual: 7",
    ]
    assert sheet("Paid,To,When,Sum,2020 EUR\nA,B,5,7,9\nC,D,5,8,9")[0] == "Paid | To | When | Sum | 2020 EUR"


def test_columns_that_nobody_has_filled_in_yet_take_no_names_from_the_others():
    rows = ["English,German,Checked,Listed", "ABS,BETRAG,,", "ACOS,ARCCOS,,", "ADDRESS,ADRESSE,,"]
    assert sheet("\n".join(rows))[-1] == "English: ADDRESS; German: ADRESSE"
    form = ["Name,Born,Office,Since", "Ada,(year),,", "Fax,,,", "Mail,,,"]
    assert sheet("\n".join(form))[0] == "Name | Born | Office | Since"


def test_the_second_lines_of_names_go_on_with_the_first():
    rows = ["Source,Percent,Number", ",of Hires,of Hires", "Letters,1.7%,9", "Fairs,1.3%,7"]
    assert sheet("\n".join(rows))[-2:] == [
        "Letters — Percent of Hires: 1.7%; Number of Hires: 9",
        "Fairs — Percent of Hires: 1.3%; Number of Hires: 7",
    ]
    rows = ["Item,Price,Share", ",closed,5", "Fuel,7,5", "Oil,8,6"]
    assert sheet("\n".join(rows))[0] == "Price: closed; Share: 5"


def test_a_currency_before_years_is_no_sign_of_the_first():
    assert sheet("€,2022,2023\nIncome,51,62\n")[-1] == "Income — 2022: 51; 2023: 62"
    assert sheet("Item,2022,2023\nIncome,$,51,$,62\n")[-1] == "Income | $ 51 | $ 62"


def test_a_second_table_on_a_sheet_has_its_own_names():
    rows = "Costs 2023,,\nItem,2023,Share\nFuel,5,1\n,,\nCosts 2022,,\nItem,2022,Tax\nFuel,7,2\n"
    assert sheet(rows) == [
        *("Costs 2023", "Item: Fuel; 2023: 5; Share: 1"),
        *("Costs 2022", "Item: Fuel; 2022: 7; Tax: 2"),
    ]
    rows = "Item,2023,2022\nFuel,5,6\n\nItem,2021,2020\nFuel,7,8\nOil,9,9\n"
    assert sheet(rows)[-1] == "Oil — 2021: 9; 2020: 9"
    rows = "Item,Price,Tax\nFuel,5,6\nPlant,Power,Age\nMuruntau,54,8\n"
    assert sheet(rows)[-1] == "Plant: Muruntau; Power: 54; Age: 8"


def test_an_empty_row_ends_the_names_unless_the_next_row_is_alike():
    assert sheet("Item,Price\nFuel,5\n\nOil,7\n")[-1] == "Item: Oil; Price: 7"
    assert sheet("Item,Price\nFuel,5\n\nSigned,A. Writer\n")[-1] == "Signed | A. Writer"
    assert sheet("Item,Price\nFuel,5\nOil,unknown\nGas,7\n")[-2:] == [
        "Item: Oil; Price: unknown",
        "Item: Gas; Price: 7",
    ]


def test_notes_above_a_sheet_name_nothing():
    rows = "Source,Eurostat\nDate,2024-01-02\n\nItem,Price,Tax\nFuel,5,1\n"
    assert sheet(rows) == ["Source | Eurostat", "Date | 2024-01-02", "Item: Fuel; Price: 5; Tax: 1"]


def test_the_name_of_a_group_that_stands_over_one_of_its_columns_is_over_all_of_them():
    names = ["North — Plan Sales: 1; Plan Profit: 2; Actual Sales: 3; Actual Profit: 4"]
    assert sheet(",Plan,,Actual,\n,Sales,Profit,Sales,Profit\nNorth,1,2,3,4\n") == names
    assert sheet(",,Plan,,Actual\n,Sales,Profit,Sales,Profit\nNorth,1,2,3,4\n") == names
    rows = "In millions,,,May 2024\n,Sales,Profit,Debt\n,,,\nNorth,1,2,3\n"
    assert sheet(rows)[-1] == "North — May 2024 Sales: 1; May 2024 Profit: 2; May 2024 Debt: 3"


@pytest.mark.parametrize(
    "rows",
    [
        "Updated,,,May 2024\nRegion,Sales,Profit,Debt\nNorth,1,2,3\n",
        "Source,Ministry,,\nRegion,Sales,Profit,Debt\nNorth,1,2,3\n",
        "Region,,Plan,\nRegion,Sales,Profit,Debt\nNorth,1,2,3\n",
    ],
)
def test_a_note_above_the_names_is_no_part_of_them(rows: str):
    assert sheet(rows)[-1] == "Region: North; Sales: 1; Profit: 2; Debt: 3"


def test_several_notes_above_the_names_name_nothing():
    notes = "Lots of people,,,\nwrite,notes,,here\nat,the,,top\n"
    rows = "Name,Age,Kids,Born\nAnn Rule,84,2,1931-10-22\nBo Ek,60,3,1955-01-02\n"
    assert sheet(notes + rows)[-1] == "Name: Bo Ek; Age: 60; Kids: 3; Born: 1955-01-02"
    years = ",2023,,2024\nRegion,Sales,Profit,Debt\nNorth,1,2,3\n"
    assert not any("Debt: 2" in line or "Profit: 3" in line for line in sheet(years))


def test_two_columns_beside_the_names_of_the_rows_have_names():
    assert sheet(",Paris,London\nPrice,ten,twelve\nColour,red,blue\n") == [
        "Price — Paris: ten; London: twelve",
        "Colour — Paris: red; London: blue",
    ]


def test_a_table_that_tells_no_names_has_none():
    assert table("Name | Alice", "Age | 30") == ["Name | Alice", "Age | 30"]


def test_a_cell_that_claims_a_million_columns_takes_no_memory():
    assert table("!Item | !Price", f"Fuel @{10**30}x{10**30} | 5") == ["Item | Price", "Fuel | 5"]


def test_long_text_beside_many_rows_is_said_once():
    rows = [f"{'word ' * 1_000} @1000x1 | 1", *["2"] * 999]
    assert len("".join(table(*rows))) < 10_000


WORDS = st.text("abcdefgh", min_size=1, max_size=4)
SPANS = st.tuples(st.integers(1, 3), st.integers(1, 3))


def _columns(widths: list[int]) -> list[set[int]]:
    """The columns of cells of these widths, side by side."""
    starts = [sum(widths[:i]) for i in range(len(widths))]
    return [set(range(start, start + width)) for start, width in zip(starts, widths, strict=True)]


@st.composite
def grids(draw: st.DrawFn) -> tuple[str, dict[str, set[int]], dict[str, set[int]]]:
    """A table in HTML, and the columns of each of its names and cells, which are all different."""
    width = draw(st.integers(2, 7))
    taken: set[tuple[int, int]] = set()
    count = 0
    columns: tuple[dict[str, set[int]], dict[str, set[int]]] = ({}, {})
    heads, depth = draw(st.integers(1, 3)), draw(st.integers(2, 8))
    html = ""
    for row in range(heads + depth):
        head = row < heads
        html += "<tr>"
        for column in range(width):
            if (row, column) in taken:
                continue
            down, across = draw(SPANS)
            down = min(down, heads - row) if head else down
            free = [(row, column + i) not in taken and column + i < width for i in range(across)]
            across = free.index(False) if False in free else across
            taken |= {(row + i, column + j) for i in range(down) for j in range(across)}
            count += 1
            text = f"{'n' if head else 'v'}{count}" if draw(st.integers(0, 9)) else ""
            if text:
                columns[not head][text] = set(range(column, column + across))
            tag = "th" if head else draw(st.sampled_from(["td", "td", "td", "th"]))
            html += f"<{tag} rowspan={down} colspan={across}>{text}</{tag}>"
        html += "</tr>"
    return f"<table>{html}</table>", *columns


@given(grids())
def test_a_cell_is_never_shown_under_a_name_that_is_not_its_own(
    grid: tuple[str, dict[str, set[int]], dict[str, set[int]]],
):
    html, names, cells = grid
    if not names and not cells:
        return
    said = " \n ".join(lines(html))
    for line in said.split("\n"):
        for pair in line.split(" — ")[-1].split("; "):
            name, colon, texts = pair.strip().partition(": ")
            for cell in texts.split() if colon else ():
                for word in name.replace(",", "").split():
                    if word in names and cell in cells:
                        assert names[word] & cells[cell]
    assert all(cell in said.replace(";", "").replace(":", "").split() for cell in cells)


@pytest.mark.parametrize("text", ["", "word " * 30])
def test_cells_over_very_many_rows_are_refused(text: str):
    rows = "".join(f"<tr><td rowspan=60000>{text}<td rowspan=60000>{text}" for _ in range(1_001))
    with pytest.raises(UserError, match=r"merged cells over too many rows|more than 5,000,000 characters"):
        read(f"<table>{rows}</table>".encode(), "a.html")


FORMS = ("v{}", "{}", "{}.5", "2{:03}", "v{} EUR", "", "")
"""Words, figures, years and nothing, with the number of the cell."""


@given(
    st.lists(st.lists(st.sampled_from(FORMS), min_size=1, max_size=5), min_size=1, max_size=12), st.booleans()
)
def test_no_cell_is_lost(forms: list[list[str]], wide: bool):
    width = max(map(len, forms)) if wide else 0
    padded = [[*row, *[""] * (width - len(row))] for row in forms]
    cells = [[form.format(10 * i + j) for j, form in enumerate(row)] for i, row in enumerate(padded)]
    written = "\n".join(";".join(row) for row in cells)
    said = "\n".join(sheet(written)) if any(map(any, cells)) else ""
    assert all(cell in said for row in cells for cell in row)
    html = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in cells)
    said = "\n".join(piece.text for piece in read(f"<table>{html}</table>".encode(), "a.html").pieces)
    assert all(cell in said for row in cells for cell in row)


MARKDOWN = """Prices of the year:

| Plant | **Power** |
|:------|----------:|
| Muruntau | 54 MW |
| **Total** | a \\| b |

- below an item:

    | Key | Value |
    |-----|-------|
    | Turbines | 4 |

```
| not | a table |
|-----|---------|
| but | code |
```

Read | write
"""


@pytest.mark.parametrize("ending", ["md", "markdown"])
def test_a_row_of_a_markdown_table_is_a_line_with_the_names_of_its_columns(ending: str):
    text = parse(MARKDOWN.encode(), f"plants.{ending}").text
    assert "Prices of the year:\n\nPlant: Muruntau; Power: 54 MW\nPlant: Total; Power: a | b\n" in text
    assert "Key: Turbines; Value: 4" in text
    assert "| not | a table |\n|-----|---------|\n| but | code |" in text
    assert text.endswith("Read | write")


def test_a_row_of_a_table_of_html_in_markdown_is_a_line_with_the_names_of_its_columns():
    names, row = "<th>Plant</th>\n<th>Power</th>", "<tr><td>Aktau</td>\n<td>80</td></tr>"
    for table_ in (
        f"<table><tr>{names}</tr>{row}</table>",
        f"<table><!-- Plants -->\n{names}\n{row}\n</table>",
    ):
        assert parse(f"Text.\n\n{table_}\n\nMore.".encode(), "a.md").text.split("\n\n") == [
            "Text.",
            "Plant: Aktau; Power: 80",
            "More.",
        ]


def test_a_table_of_html_in_code_or_without_an_end_is_left_as_it_is():
    table_ = "<table><tr><td>Aktau</td><td>80</td></tr></table>"
    assert table_ in parse(f"```html\n{table_}\n```\n".encode(), "a.md").text
    assert "Aktau" in parse(b"<table>\n<tr><td>Aktau</td>\n\nMore.", "a.md").text


def test_tables_in_the_markdown_of_a_notebook_are_read():
    cell = {"cell_type": "markdown", "source": MARKDOWN}
    notebook = {"nbformat": 4, "metadata": {}, "cells": [cell, {"cell_type": "code", "source": MARKDOWN}]}
    text = parse(json.dumps(notebook).encode(), "plants.ipynb").text
    assert text.count("Plant: Muruntau; Power: 54 MW") == 1
    assert text.count("| Muruntau | 54 MW |") == 1


@pytest.mark.parametrize("line", ["|" * 200_000, "-" * 500_000, ">" * 100_000, "|-" * 100_000, "[" * 200_000])
def test_hostile_markdown_is_read(line: str):
    assert parse(f"words\n{line}\n|-|-|\n{line}\n".encode(), "a.md").text.startswith("words")


def test_a_row_of_an_org_table_is_a_line_with_the_names_of_its_columns():
    text = parse(b"* Plants\n| Plant | Power |\n|-------+-------|\n| Muruntau | 54 MW |\n", "a.org").text
    assert "Plant: Muruntau; Power: 54 MW" in text


def test_a_list_that_goes_on_to_the_right_has_a_line_for_each_of_its_rows():
    lines = table("!State | !Rate | !State | !Rate", "Utah | 111 | Iowa | 123", "Ohio | 121 | |")
    assert lines == ["State: Utah; Rate: 111", "State: Iowa; Rate: 123", "State: Ohio; Rate: 121"]


def test_a_row_wider_than_a_list_that_goes_on_to_the_right_is_not_divided():
    lines = table("!State | !Rate | !State | !Rate", "Utah | 111 | Iowa | 123 | see below", "Ohio | 121 | |")
    assert lines[-2:] == ["Utah | 111 | Iowa | 123 | see below", "State: Ohio; Rate: 121"]


def test_names_below_a_row_over_the_whole_table_begin_another_table():
    first = ["Table 1: coliform bacteria @1x4", "Bacteria | Highest | Months | Source"]
    second = ["Table 2: lead and copper @1x4", "Metal | Samples | Level | Limit"]
    rows = [*first, "E. coli | 1 | 0 | soil", *second, "Lead | 10 | 0.005 | 15", "Copper | 10 | 0.05 | 1.3"]
    assert table(*rows, "Notes @1x4", "a | Limits | by | law")[-5:-2] == [
        "Table 2: lead and copper",
        "Metal: Lead; Samples: 10; Level: 0.005; Limit: 15",
        "Metal: Copper; Samples: 10; Level: 0.05; Limit: 1.3",
    ]
    rows = [
        "!Item | !Price | !Share",
        "Fuel | 5 | 1",
        "Europe @1x3",
        "Oil | unknown | unknown",
        "Gas | 7 | 2",
    ]
    assert table(*rows)[-2:] == ["Item: Oil; Price: unknown; Share: unknown", "Item: Gas; Price: 7; Share: 2"]


def test_years_with_the_mark_of_a_note_and_spans_of_ages_are_names():
    assert sheet("Fares,2017,2016,2015 *\nTokens,76,102,110\nSubway,213,221,228")[-1] == (
        "Subway — 2017: 213; 2016: 221; 2015 *: 228"
    )
    rows = [
        "Adults @2x1 | Gender @1x2 | Age @1x2 | 2016 Vote @1x2",
        "Male | Female | 18-24 | 25-34 | Clinton | Trump",
    ]
    named = "Adults: Economy; Gender Male: 1; Gender Female: 2; Age 18-24: 3; Age 25-34: 4; "
    assert table(*rows, "Terror | 1 | 2 | 3 | 4 | 5 | 6", "Economy | 1 | 2 | 3 | 4 | 5 | 6")[-1] == (
        f"{named}2016 Vote Clinton: 5; 2016 Vote Trump: 6"
    )


def test_the_steps_of_a_scale_are_names():
    assert sheet("Skill,1,2,3\nFirst aid,11,6,\nCustomer service,11,3,2") == [
        "Skill: First aid; 1: 11; 2: 6",
        "Skill: Customer service; 1: 11; 2: 3; 3: 2",
    ]
    assert sheet("Staff,1,2,4\nPlants,3,5,6")[0] == "Staff | 1 | 2 | 4"
    assert sheet("Staff,1,2\nPlants,3,5")[0] == "Staff | 1 | 2"


def test_quarters_before_their_year_are_of_that_year():
    names = "Item,Q1,Q2,2020,Q1,Q2,2021,Q1\n"
    assert sheet(f"{names}Fuel,1,2,3,4,5,9,6\nOil,2,2,4,5,5,10,7\n")[-1] == (
        "Item: Oil; Q1 2020: 2; Q2 2020: 2; 2020: 4; Q1 2021: 5; Q2 2021: 5; 2021: 10; Q1: 7"
    )


@pytest.mark.parametrize(
    "names",
    [
        "Item,2020,Q1,Q2,2021,Q1,Q2",  # behind their year
        "Item,Q1,2020,Q1,Q2,2021,Q2",  # not the same before each
        "Item,Q1,Q2,2020,Q1,Q2,2025",  # a year between them is missing
    ],
)
def test_quarters_of_which_it_is_not_clear_which_year_is_theirs_get_none(names: str):
    lines = sheet(f"{names}\nFuel,1,2,3,4,5,9\nOil,2,2,4,5,5,10\n")
    assert not any(f"Q1 {year}" in line for line in lines for year in (2020, 2021, 2025))


def test_rows_with_bullets_stand_under_the_row_above_them():
    rows = [
        "!Area | 2 km²",
        "!Population @1x2",
        "!• 2018 census | 4,699,755",
        "!GDP | 2018 estimate",
        "!• Total | $199 billion",
    ]
    assert table(*rows) == [
        "Area: 2 km²",
        "Population",
        "Population — 2018 census: 4,699,755",
        "GDP: 2018 estimate",
        "GDP — Total: $199 billion",
    ]
    assert table("!• Total | $199 billion", "!• Per capita | $40,266")[0] == "• Total: $199 billion"


def test_years_from_one_to_another_are_names_of_columns():
    rows = [
        " | Deaths per 100,000 @1x3",
        "Group | 1990-1994 | 1995–1999 | 2000-2004",
        "Men | 147 | 143 | 128",
    ]
    assert table(*rows, "Women | 126 | 122 | 106")[-1] == (
        "Women — Deaths per 100,000 1990-1994: 126; Deaths per 100,000 1995–1999: 122; "
        "Deaths per 100,000 2000-2004: 106"
    )


def test_the_years_of_a_second_table_below_an_empty_row_name_its_columns():
    text = "Single\nEUR,1997,1998\n15000,23.0%,20.8%\n20000,28.5%,25.8%\n\n"
    assert sheet(f"{text}Married\nEUR,1997,1998\n15000,15.0%,14.0%")[-1] == "15000 — 1997: 15.0%; 1998: 14.0%"


def test_a_single_figure_apart_from_several_tables_has_no_name_of_one():
    goods = "Item,Pieces,Price,Total\nWood,1,20,20\nGlass,2,30,60\n\n"
    text = f"{goods}Staff,Hours,Wage,Total\nTutor,11,40,440\nClerk,2,30,60\n\nAll of the project,580\n"
    assert sheet(text)[-1] == "All of the project | 580"


def test_a_dash_over_a_column_is_no_name():
    assert table("!- | !Hardness | !Weight", "SNB22 | 293 | 12") == ["SNB22 — Hardness: 293; Weight: 12"]


def test_the_parts_of_a_group_may_be_the_steps_of_a_scale():
    rows = [
        "Age @2x1 | Duration group @1x3",
        "1 | 2 | 3",
        "15-44 | 30% | 30% | 40%",
        "45-54 | 30% | 50% | 20%",
    ]
    assert (
        table(*rows)[-1] == "Age: 45-54; Duration group 1: 30%; Duration group 2: 50%; Duration group 3: 20%"
    )


@pytest.mark.parametrize("titles", ["Males @1x2 | Females @1x2", "Males | | Females | "])
def test_parts_beside_each_other_have_the_titles_over_them(titles: str):
    rows = [
        "!Age | !Rate | !Age | !Rate",
        titles,
        "15–19 | 0.20 | 15–19 | 0.15",
        "20–24 | 0.32 | 20–24 | 0.28",
    ]
    assert table(*rows) == [
        "Males — Age: 15–19; Rate: 0.20",
        "Females — Age: 15–19; Rate: 0.15",
        "Males — Age: 20–24; Rate: 0.32",
        "Females — Age: 20–24; Rate: 0.28",
    ]


def test_two_columns_beside_the_names_of_the_rows_have_names_in_the_middle_of_a_sheet():
    text = "Source,Atlas\n,,Present borders,Former borders\n,1610,-,0.35\n,1620,-,2.20\n,1630,-,4.60\n"
    assert sheet(text)[-1] == "1630 — Present borders: -; Former borders: 4.60"
