"""Tables of reStructuredText and AsciiDoc: a line for each row, each cell after the name of its column."""

import pytest

from qa.ingest.documents import parse

NAMED = ["Plant: Muruntau; Power: 54 MW", "Plant: Navoi; Power: 478 MW"]


def lines(text: str, ending: str) -> list[str]:
    return [line.strip() for line in parse(text.encode(), f"a.{ending}").text.splitlines() if line.strip()]


def markdown(*rows: str) -> list[str]:
    first, *others = (f"| {row} |" for row in rows)
    rule = "|---" * first.count("|")
    return lines("\n".join([first, rule[:-3], *others]), "md")


def test_markdown_that_begins_with_a_name_and_its_value_has_pairs():
    assert markdown("Order: | 5678 | Cinema: | Multiplex", "Booked: | May | Contact: | Sarah") == [
        "Order: 5678; Cinema: Multiplex",
        "Booked: May; Contact: Sarah",
    ]
    assert markdown("Insured | Wayne | Year | 2025", "Claim | 999 | Make | Jeep") == [
        "Insured | Wayne | Year | 2025",
        "Claim | 999 | Make | Jeep",
    ]


def test_names_of_columns_of_markdown_may_have_a_colon_or_a_year():
    assert markdown("Quarter: | High | 2025", "First | 5 | 7") == ["Quarter: First; High: 5; 2025: 7"]


def test_a_key_without_a_value_has_not_that_of_the_next():
    assert markdown("Name: | Ada | Date: | May", "Born: | | Died: | June")[1] == "Died: June; Born:"


GRID = """\
+----------+--------+
| Plant    | Power  |
+==========+========+
| Muruntau | 54 MW  |
+----------+--------+
| Navoi    | 478 MW |
+----------+--------+"""
SIMPLE = """\
========  ======
Plant     Power
========  ======
Muruntau  54 MW
Navoi     478 MW
========  ======"""
LIST = """\
.. list-table::
   :header-rows: 1

   * - Plant
     - Power
   * - Muruntau
     - 54
       MW
   * - Navoi
     - 478 MW"""
CSV = """\
.. csv-table::
   :header: Plant, Power

   Muruntau, "54 MW"
   Navoi, 478 MW"""


@pytest.mark.parametrize("table", [GRID, SIMPLE, LIST, CSV], ids=["grid", "simple", "list", "csv"])
def test_a_row_of_restructuredtext_is_a_line_with_the_names_of_its_columns(table: str):
    assert lines(f"Before.\n\n{table}\n\nAfter.\n", "rst") == ["Before.", *NAMED, "After."]
    indented = "\n".join(f"   {line}" for line in table.split("\n"))
    assert lines(f".. note::\n\n{indented}\n\nAfter.\n", "rst") == [".. note::", *NAMED, "After."]


@pytest.mark.parametrize("table", [GRID, SIMPLE, LIST, CSV], ids=["grid", "simple", "list", "csv"])
@pytest.mark.parametrize("before", ["For example::", ".. code-block:: rst"])
def test_a_table_in_code_stays_as_it_is(table: str, before: str):
    code = "\n".join(f"   {line}" for line in table.split("\n"))
    assert code in parse(f"{before}\n\n{code}\n\nAfter.\n".encode(), "a.rst").text


def test_cells_over_rows_and_columns_of_a_grid_have_their_own_names():
    table = """\
+--------+---------------+-------+
|        | Sales         | Total |
|        +-------+-------+       |
| Region | Q1    | Q2    |       |
+========+=======+=======+=======+
| North  | 11    | 12    | 23    |
|        +-------+-------+-------+
|        | 21            | 21    |
+--------+---------------+-------+
"""
    assert lines(table, "rst")[-2:] == [
        "Region: North; Sales Q1: 11; Sales Q2: 12; Total: 23",
        "Region: North; Sales Q1, Sales Q2: 21; Total: 21",
    ]


def test_files_that_a_table_names_are_not_read():
    text = ".. csv-table:: Plants\n   :file: /etc/hostname\n   :header-rows: 1\n\nAfter.\n"
    assert lines(text, "rst")[0] == ".. csv-table:: Plants"


def asciidoc(table: str, above: str = "") -> list[str]:
    return lines(f"Before.\n\n{above}|===\n{table}\n|===\n\nAfter.\n", "adoc")[1:-1]


@pytest.mark.parametrize(
    ("above", "table"),
    [
        ("", "|Plant |Power\n\n|Muruntau |54 MW\n|Navoi |478 MW"),
        ('[cols="1,2", options="header"]\n', "|Plant\n|Power\n|Muruntau\n|54 MW\n|Navoi | 478\nMW"),
        ('[%header,cols="2*"]\n', "^|Plant >|Power\n|Muruntau|54 MW\n.^|Navoi s|478 MW"),
    ],
    ids=["a line and an empty one", "a cell a line", "specifiers"],
)
def test_a_row_of_asciidoc_is_a_line_with_the_names_of_its_columns(above: str, table: str):
    assert asciidoc(table, above) == NAMED


def test_cells_over_rows_and_columns_of_asciidoc_have_their_own_names():
    table = ".2+|Region 2+|Sales\n\n|Q1 |Q2\n.2+|North |11 |12\n2+|21\n|South 2*|7"
    assert asciidoc(table, '[cols="3*",%header]\n')[-3:] == [
        "Region: North; Sales Q1: 11; Sales Q2: 12",
        "Region: North; Sales Q1, Sales Q2: 21",
        "Region: South; Sales Q1: 7; Sales Q2: 7",
    ]


def test_a_column_of_headings_names_the_rows_of_asciidoc():
    assert asciidoc("|Muruntau |54 MW\n|Navoi |478 MW", '[cols="1h,1"]\n') == [
        "Muruntau: 54 MW",
        "Navoi: 478 MW",
    ]


def test_comma_separated_cells_of_asciidoc_are_read():
    text = "Before.\n\n[%header]\n,===\nPlant,Power\nMuruntau,54 MW\nNavoi,478 MW\n,===\n\nAfter.\n"
    assert lines(text, "adoc") == ["Before.", *NAMED, "After."]


@pytest.mark.parametrize(
    ("table", "ending"),
    [
        ("+---+---+\n| a | b |\n+---+\n| c | d |\n+---+---+", "rst"),
        ("+---+---+\n| a | b\n+---+---+", "rst"),
        ("|===\n|Plant |Power\n\n|Muruntau\n|===", "adoc"),
        ("----\n|===\n|Plant |Power\n|Muruntau |54\n|===\n----", "adoc"),
        ("|===\n|Plant |Power\n|Muruntau |54", "adoc"),
    ],
    ids=["a grid that is broken", "a grid that is open", "a cell short", "code", "no end"],
)
def test_what_is_not_clearly_a_table_stays_as_it_is(table: str, ending: str):
    assert table in parse(f"Before.\n\n{table}\n\nAfter.\n".encode(), f"a.{ending}").text


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("+-" * 50_000 + "+\n|\n+-+\n", "rst"),
        ("+-+-+\n| | |\n" * 4_000, "rst"),
        ("== ==\na  b\n" * 4_000, "rst"),
        (".. list-table::\n\n" + "   * - a\n     - b\n" * 4_000, "rst"),
        ("|===\n" + "|a |b\n" * 4_000 + "|===\n", "adoc"),
        ("|===\n999999999.999999999+|a\n" + "9999999*|b\n" * 100 + "|===\n", "adoc"),
        ("|===\n" + "+" * 200_000 + "\n|===\n", "adoc"),
    ],
)
def test_hostile_tables_are_read(text: str, ending: str):
    assert parse(f"words\n\n{text}\n\nlast words\n".encode(), f"a.{ending}").text.startswith("words")
