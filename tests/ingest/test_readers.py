"""Every format: its text, its places and what it says of itself."""

import pytest

from qa.errors import UserError
from qa.ingest.documents import normalise, parse
from qa.schema import Document, place_at
from tests.support import sample_files


def places(document: Document) -> list[str]:
    return [place.label for place in document.places]


def place_of(document: Document, words: str) -> str:
    return place_at(document, document.text.index(words))


def known(document: Document) -> tuple[str | None, ...]:
    return document.title, document.author, document.date


def test_a_line_of_plain_text_is_a_place():
    document = parse(b"\xef\xbb\xbfFirst.\r\n\r\nThird.\rFourth.", "a.txt")
    assert document.text == "First.\n\nThird.\nFourth."
    assert places(document) == ["line 1", "line 3", "line 4"]
    assert place_of(document, "hird") == "line 3"
    assert parse(b"One line.", "a.txt").places == ()


def test_a_heading_of_markdown_is_a_place():
    document = parse(
        b"---\nauthor: A. Writer\n---\nBefore.\n# Top\ntext\n```\n# no\n```\n## Sub ##\nmore", "a.md"
    )
    assert places(document) == ["section Top", "section Sub"]
    assert [place_of(document, words) for words in ("Before", "no", "more")] == [
        "",
        "section Top",
        "section Sub",
    ]
    assert document.author == "A. Writer"


SENTENCES = {
    "cp1251": "Сименс установил четыре турбины в Узбекистане. Их мощность 54 МВт.",
    "koi8_r": "Сименс установил четыре турбины в Узбекистане. Их мощность 54 МВт.",
    "latin-1": "Der Schlüssel für die Tür kostet über fünf Mark, là où le café naïf finit.",
    "cp1252": "“Quoted” – it costs 5 €.",
    "cp1250": "Elektrownia ma cztery turbiny, każda o mocy 54 megawatów. Spółka ogłosiła to wczoraj.",
    "cp1253": "Το εργοστάσιο έχει τέσσερις τουρμπίνες.",
    "cp1255": "התחנה מפעילה ארבע טורבינות באוזבקיסטן.",
    "cp1256": "المحطة لديها أربعة توربينات في أوزبكستان.",
    "shift_jis": "発電所には四つのタービンがあります。",
    "gb18030": "发电厂有四台涡轮机,位于乌兹别克斯坦。",
    "euc_kr": "발전소에는 네 개의 터빈이 있습니다.",
    "utf-16": "Grüße",
    "utf-32": "Grüße",
    "utf-8-sig": "Grüße",
}


@pytest.mark.parametrize("encoding", SENTENCES)
def test_text_reads_right_in_whatever_encoding_it_was_saved(encoding: str):
    assert parse(SENTENCES[encoding].encode(encoding), "a.txt").text == SENTENCES[encoding]


def test_a_row_of_a_table_reads_by_itself():
    document = parse('Item;Price\nFuel;5,50\n\n"Oil,\nheavy";7\n'.encode("utf-16"), "a.csv")
    assert document.text == "Item: Fuel; Price: 5,50\n\nItem: Oil, heavy; Price: 7"
    assert places(document) == ["row 2", "row 4"]


def test_a_table_without_names_keeps_its_first_row():
    assert parse(b"1,2\n3,4\n", "a.csv").text == "1 | 2\n\n3 | 4"


def test_a_title_above_a_table_is_no_row_of_names():
    data = b"Costs of 2025,\n,\nItem,Price\nFuel,5\n"
    assert parse(data, "a.csv").text == "Costs of 2025\n\nItem: Fuel; Price: 5"


def test_a_name_is_no_argument_of_a_program():
    for name in ("-c.html", "x" * 200_000 + ".html", "a\0b.html", "--help .html"):
        assert parse(b"<p>Text.", name).text == "Text."


def test_json_is_read_by_record():
    data = (
        b'{"name": "Plant", "power": 54.50, "units": [{"id": 1, "of": {"tags": ["a", "b"]}}, {"on": true}]}'
    )
    document = parse(data, "a.json")
    assert document.text == "name: Plant\n\npower: 54.50\n\nid: 1; of.tags: a, b\n\non: true"
    assert places(document) == ["name", "power", "units, item 1", "units, item 2"]
    assert places(parse(b'[{"a": 1}, {"a": 2}]', "a.json")) == ["item 1", "item 2"]


def test_json_lines_are_read_by_line():
    document = parse(b'{"a": 1}\n\n{"a": 2, "b": null}\n', "a.jsonl")
    assert document.text == "a: 1\n\na: 2"
    assert places(document) == ["line 1", "line 3"]
    with pytest.raises(UserError, match="line 2 is not valid JSON"):
        parse(b'{"a": 1}\n{"a": ', "a.jsonl")


def test_a_web_page_is_read_by_section():
    document = parse(sample_files.page(), "a.html")
    assert document.text.split("\n\n") == [
        *("Power & rail", sample_files.TURBINES, "- One", "- Two"),
        *("Costs", "Item: Fuel; Price: 5 EUR", "Line\nbreak", "a   b"),
    ]
    assert places(document) == ["section Power & rail", "section Costs"]
    assert known(document) == ("The page", "A. Writer", "2025-01-22")
    assert document.publisher == "Trend"


def test_a_web_page_may_name_its_encoding():
    data = '<meta charset="windows-1251"><p>Договор</p>'.encode("cp1251")
    assert parse(data, "a.htm").text == "Договор"


@pytest.mark.parametrize("html", [False, True])
def test_an_email_is_read_by_part(html: bool):
    document = parse(sample_files.letter(html), "a.eml")
    assert place_of(document, "Grüße") == "Subject"
    assert place_of(document, "b@example.org") == "headers"
    assert place_of(document, sample_files.TURBINES) == "message"
    assert place_of(document, "plan.bin") == "attachments"
    assert "<p>" not in document.text
    assert known(document) == ("Grüße", "Ada Writer", "2025-01-22")


def test_a_word_document_is_read_by_section():
    document = parse(sample_files.word(), "a.docx")
    assert document.text.split("\n\n") == [
        *("Before any heading.", "Results", sample_files.TURBINES, "- A point"),
        *("Costs", "Item: Fuel; Price: 5 EUR", sample_files.COSTS),
    ]
    assert places(document) == ["section Results", "section Costs"]
    assert known(document) == ("The report", "A. Writer", None)


def test_slides_are_read_by_number():
    document = parse(sample_files.slides(), "a.pptx")
    assert document.text.split("\n\n") == [
        *("Turbines", sample_files.TURBINES, "Costs", "Item: Fuel; Price: 5 EUR", "Mention the tax."),
    ]
    assert places(document) == ["slide 1", "slide 2", "slide 2, notes"]
    assert known(document) == ("The talk", "A. ModelSession", None)


def test_a_spreadsheet_is_read_by_row():
    document = parse(sample_files.sheets(), "a.xlsx")
    assert document.text.split("\n\n") == [
        *("Costs", "Item: Fuel; Price: 5.5; Share: 12.5%; Since: 2025-01-22", "Item: Oil; Price: 7"),
        *("Sums", "Total"),
    ]
    assert places(document) == [
        *("sheet Costs", "sheet Costs, row 2", "sheet Costs, row 4", "sheet Sums", "sheet Sums, row 1"),
    ]
    assert known(document)[:2] == ("The sums", "A. Clerk")


def test_a_book_is_read_in_the_order_of_its_spine():
    document = parse(sample_files.book(), "a.epub")
    assert document.text == f"Power\n\n{sample_files.TURBINES}\n\n{sample_files.COSTS}"
    assert places(document) == ["section Power", "part 2"]
    assert known(document) == ("The book", "A. Writer", "2025-01-22")
    assert document.publisher == "Press"


def test_an_open_document_is_read_by_section():
    document = parse(sample_files.odt(), "a.odt")
    assert document.text.split("\n\n") == [
        *("Results", "The plant  has four turbines.", "- A point", "Comment: Really?"),
        *("Costs", "Item: Fuel; Price: 5 EUR"),
    ]
    assert places(document) == ["section Results", "section Results, comment", "section Costs"]
    assert known(document) == ("The text", "A. Writer", None)


def test_rich_text_is_read_by_line():
    document = parse(sample_files.rtf(), "a.rtf")
    assert document.text == "The plant has four turbines.\nGrüße."
    assert place_of(document, "Grüße") == "line 2"
    assert known(document) == ("The note", "A. Writer", None)


def test_a_pdf_is_read_by_page():
    pdf = sample_files.drawn([(72, 700, sample_files.TURBINES)], [], [(72, 700, sample_files.COSTS)])
    document = parse(pdf, "a.pdf")
    assert document.text == f"{sample_files.TURBINES}\n\n{sample_files.COSTS}"
    assert places(document) == ["page 1", "page 3"]
    assert document.title == "a"


def test_columns_of_a_pdf_are_read_one_after_the_other():
    document = parse(sample_files.columns(), "a.pdf")
    marks = [f"{word} {i}." for i in range(16) for word in ("Begin", "End")]
    assert [document.text.index(mark) for mark in marks] == sorted(map(document.text.index, marks))
    assert document.text.startswith("A very wide title across both of the columns\n\nBegin 0.")
    assert (
        "Begin 2. The plant has four turbines and each of them works on gas from the field." in document.text
    )
    assert (document.title, document.author) == ("Two columns", "A. Writer")
    assert places(document)[:2] == ["page 1", "page 2"]


def test_words_and_lines_that_a_pdf_parted_are_put_together():
    lines = [
        "The administration of the well-known plant says that its tur-",
        "bines work \ufb01ne, as the engineers of the well-",
        "known plant said before, in the \ufb02ow of e\ufb03cient o\ufb03ces.",
    ]
    pdf = sample_files.drawn([(72, 700 - 14 * i, line) for i, line in enumerate(lines)])
    assert parse(pdf, "a.pdf").text == (
        "The administration of the well-known plant says that its turbines work fine, as the "
        "engineers of the well-known plant said before, in the flow of efficient offices."
    )


def test_a_paragraph_of_a_pdf_ends_where_there_is_room():
    upper = ["The first paragraph is wrapped over two lines of the", "page and ends here."]
    lower = ["The second one begins at once, without any wider gap", "between them."]
    pdf = sample_files.drawn([(72, 700 - 14 * i, line) for i, line in enumerate(upper + lower)])
    assert parse(pdf, "a.pdf").text == " ".join(upper) + "\n\n" + " ".join(lower)


def test_a_row_of_a_table_in_a_pdf_is_a_line():
    cells = [("Item", "Price", "Since"), ("Fuel", "5 EUR", "2019"), ("Oil", "7 EUR", "2021")]
    at = [(72 + 120 * x, 700 - 14 * y, cell) for y, row in enumerate(cells) for x, cell in enumerate(row)]
    pdf = sample_files.drawn(at)
    assert parse(pdf, "a.pdf").text == (
        "Item: Fuel; Price: 5 EUR; Since: 2019\nItem: Oil; Price: 7 EUR; Since: 2021"
    )


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (sample_files.scanned(), "its pages are images"),
        (sample_files.drawn([(72, 700, "Secret.")], encrypt="word"), "locked with a password"),
        (b"%PDF-1.7 and nothing", "damaged, or not in PDF format"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(pdf: bytes, reason: str):
    with pytest.raises(UserError, match=reason):
        parse(pdf, "a.pdf")


def test_pages_in_other_scripts_keep_their_offsets():
    html = "<h1>发电厂</h1><p>发电厂有四台涡轮机。</p><h2>התחנה</h2><p>התחנה מפעילה ארבע טורבינות.</p>"
    document = parse(html.encode(), "a.html")
    assert place_of(document, "四台") == "section 发电厂"
    assert place_of(document, "ארבע") == "section התחנה"
    assert [document.text[place.start :].split()[0] for place in document.places] == ["发电厂", "התחנה"]


MADE = {
    "a.pdf": sample_files.columns,
    "a.html": sample_files.page,
    "a.eml": sample_files.letter,
    "a.docx": sample_files.word,
    "a.pptx": sample_files.slides,
    "a.xlsx": sample_files.sheets,
    "a.epub": sample_files.book,
    "a.odt": sample_files.odt,
    "a.rtf": sample_files.rtf,
}


@pytest.mark.parametrize("name", MADE)
def test_text_of_every_format_has_the_one_form_and_ordered_places(name: str):
    document = parse(MADE[name](), name)
    assert document.text == normalise(document.text)
    starts = [place.start for place in document.places]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(document.text) for start in starts)
    assert parse(MADE[name](), name.upper()).text == document.text
