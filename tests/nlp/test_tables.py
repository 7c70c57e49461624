"""Rows of tables, read back from a text."""

from qa.nlp.tables import find_tables, is_numbered, read_row


def test_columns_that_are_called_by_years_are_columns_by_name():
    (table,) = find_tables("Revenue — 2022: 7,685; 2023: 8,278\nCost — 2022: 4,610; 2023: 4,801")
    assert list(table.names) == ["", "2022", "2023"]
    assert len(table.rows) == 2


def test_columns_between_bars_have_numbers_for_names():
    assert all(is_numbered(cell.column) for cell in read_row("Aktau | 80 MW"))
