"""Tables as text: their encodings, their separators, and rows that do not fit."""

import pytest

from qa.ingest.readers import Piece, read


def rows(text: str, encoding: str = "utf-8") -> list[str]:
    return [piece.text for piece in read(text.encode(encoding), "a.csv").pieces]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "date,店舗,amount\n2020-01-01,新宿,100\n"),
        ("shift_jis", "商品コード,商品名,価格\nA1,りんご,100\n"),
        ("euc_jp", "年,売上高,利益\n2019,1200,80\n"),
        ("gb18030", "年份,收入,利润\n2019,1200,80\n"),
        ("big5", "年份,收入,利潤\n2019,1200,80\n"),
        ("euc_kr", "연도,매출,이익\n2019,1200,80\n"),
        ("cp1251", "Имя,Город\nИван,Москва\n"),
        ("cp1252", "Item,Price (£m),Don’t\nCafé “A”,5 €,naïve\n"),
        ("cp1252", "Société,Chiffre\nCrédit,5\n"),
    ],
)
def test_a_table_in_an_old_encoding_is_no_gibberish(encoding: str, text: str):
    assert rows(text, encoding) == rows(text)


@pytest.mark.parametrize(
    "text",
    [
        "Item;Price\nFuel;5,50\nOil;7,25\n",
        "Fuel;5,50\nOil;7,25\n",
        '"Item, all";Price\n"Fuel, a, b";5\n',
        "Item\tPrice, net\nFuel\t5,5\n",
        "Item|Price\nFuel|5\n",
    ],
)
def test_the_separator_is_the_one_that_parts_all_lines_alike(text: str):
    assert all(line.count(":") == 2 or line.count(" | ") == 1 for line in rows(text))


def test_a_line_break_in_quotes_ends_no_row():
    pieces = read(b'Item,Price\n"Oil,\nheavy",7\nFuel,5\n', "a.csv").pieces
    assert pieces == (Piece("row 2", "Item: Oil, heavy; Price: 7"), Piece("row 3", "Item: Fuel; Price: 5"))


def test_a_row_with_more_or_fewer_cells_than_names_has_no_names():
    assert rows("Item,Price,Tax\nFuel,1,234,5\nOil,7\nGas,8,1\n") == [
        *("Fuel | 1 | 234 | 5", "Oil | 7", "Item: Gas; Price: 8; Tax: 1"),
    ]


def test_rows_of_scenarios_that_repeat_the_names_have_the_name_of_theirs():
    text = (
        "As planned,,\nServers in:,2007,2008\nClosets,5,6\nRooms,7,8\n"
        "Best practice,,\nServers in:,2007,2008\nClosets,3,4\nRooms,1,2\n"
        "Other classes,,\nClass,2007,2008\nHigh-end,9,10\nMid-range,11,12\n"
    )
    assert rows(text) == [
        "As planned",
        "Servers in: | 2007 | 2008",
        "As planned — Closets — 2007: 5; 2008: 6",
        "As planned — Rooms — 2007: 7; 2008: 8",
        "Best practice",
        "Best practice — Closets — 2007: 3; 2008: 4",
        "Best practice — Rooms — 2007: 1; 2008: 2",
        "Other classes",
        "Class | 2007 | 2008",
        "High-end — 2007: 9; 2008: 10",
        "Mid-range — 2007: 11; 2008: 12",
    ]


def test_months_that_begin_with_their_number_are_names():
    assert rows("项目,1月,2月\n存款,67.5,68.1\n贷款,50.2,51.5\n") == [
        "项目: 存款; 1月: 67.5; 2月: 68.1",
        "项目: 贷款; 1月: 50.2; 2月: 51.5",
    ]


def test_notes_may_stand_above_the_names():
    text = "Report of sales\nSource,Trend\n\nItem,Price,Tax\nFuel,5,1\n\nAll figures in millions\n"
    assert rows(text) == [
        *("Report of sales", "Source | Trend", "Item: Fuel; Price: 5; Tax: 1", "All figures in millions"),
    ]


def test_a_hundred_thousand_rows_are_read():
    pieces = read(("Item,Price,Tax\n" + "Fuel,5,1\n" * 99_000).encode(), "a.csv").pieces
    assert len(pieces) == 99_000
    assert pieces[-1] == Piece("row 99001", "Item: Fuel; Price: 5; Tax: 1")
