"""What the text of a PDF becomes: turned pages, page furniture, forms, titles."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from qa.ingest import readers
from qa.ingest.documents import parse
from tests.support import sample_files
from tests.support.sample_files import A4, BytesIO, Canvas

LINES = (
    "The plant at Syrdarya, which was built in the years of the war, has four tur-",
    "bines, each of which makes 54 MW, and no other plant of the whole country has",
    "more of them.",
)
TEXT = (
    "The plant at Syrdarya, which was built in the years of the war, has four turbines, each of which makes "
    "54 MW, and no other plant of the whole country has more of them."
)


def text_of(pdf: bytes) -> str:
    return parse(pdf, "a.pdf").text


def pages_of(pdf: bytes) -> list[str]:
    return [piece.text for piece in readers.read(pdf, "a.pdf").pieces]


def written(*lines: str, left: float = 72, top: float = 700) -> list[tuple[float, float, str]]:
    return [(left, top - 14 * i, line) for i, line in enumerate(lines)]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 37, 45, 143])
def test_text_in_any_direction_is_read_along_its_lines(degrees: float):
    assert pages_of(sample_files.turned(degrees, *LINES)) == [TEXT]


@pytest.mark.parametrize("degrees", [0, 90])
def test_a_stamp_in_the_margin_is_a_paragraph_of_its_own(degrees: float):
    pdf = sample_files.turned(degrees, *LINES, stamp="Received in the archive on 3 May")
    assert pages_of(pdf) == [f"{TEXT}\n\nReceived in the archive on 3 May"]


ENGINES = ("", "Ada", "the second engine", "engine B", "the old engine", "Emmy")


def report(pages: int) -> bytes:
    """Pages of a report with a running head, a footer and a number; each ends in the middle of a sentence."""
    return sample_files.drawn(
        *(
            [
                (72, 800, "Annual Report of the Plant"),
                *written(
                    f"of {ENGINES[i]} is to be replaced. The page about {ENGINES[i]} begins with this.",
                    "The engineers of the plant at Syrdarya met in the spring, when the boiler",
                    top=760,
                ),
                (72, 60, "Confidential, not to be passed on"),
                (300, 30, f"- {i} -"),
            ]
            for i in range(1, pages + 1)
        )
    )


def test_a_sentence_goes_on_over_the_page_break():
    document = parse(report(5), "a.pdf")
    for i in range(2, 6):
        sentence = (
            "The engineers of the plant at Syrdarya met in the spring, when the boiler of "
            f"{ENGINES[i]} is to be replaced."
        )
        assert sentence in document.text
        places = {place.label: place.start for place in document.places}
        assert places[f"page {i - 1}"] < document.text.index(sentence) < places[f"page {i}"]
        assert document.text[places[f"page {i}"] :].startswith(f"The page about {ENGINES[i]} begins")


def test_numbers_of_lines_are_left_out_and_those_of_a_list_are_not():
    words = (
        "the plant at the river has four turbines and each of them works on gas from the field of the north"
    )
    prose = [f"{words[3 * i :]}" for i in range(10)]
    places = [(50, 700 - 14 * i, str(i + 1)) for i in range(10)]
    texts = [(110, 700 - 14 * i, line) for i, line in enumerate(prose)]
    assert not any(char.isdigit() for char in text_of(sample_files.drawn([*places, *texts])))
    items = [(110, 700 - 14 * i, f"Name {'ABCDEFGHIJ'[i]} of a plant of the country") for i in range(10)]
    assert all(str(i) in text_of(sample_files.drawn([*places, *items])) for i in range(1, 11))


def test_notes_below_a_page_cut_no_sentence():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for body, note in (
        ("The boiler is new, and the", "1 See the list."),
        ("pumps are old. So is this.", "2 Ibid."),
    ):
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 700, body)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 80, note)
        canvas.showPage()
    canvas.save()
    assert pages_of(file.getvalue()) == [
        "1 See the list.\n\nThe boiler is new, and the pumps are old.",
        "So is this.\n\n2 Ibid.",
    ]


def test_what_stands_on_every_page_is_said_once():
    text = text_of(report(5))
    assert text.count("Annual Report of the Plant") == 1
    assert text.count("Confidential, not to be passed on") == 1
    assert "- 3 -" not in text


def test_beside_each_chapter_the_name_of_the_book_is_not_said_again():
    pages = [
        [(72, 800, "The Salt Works"), (400, 800, f"On {chapter}"), *written(f"{chapter} {part}", *LINES)]
        for chapter in ("coal", "gas", "wind")
        for part in ("first", "second", "third", "fourth")
    ]
    text = text_of(sample_files.drawn(*pages))
    assert text.count("The Salt Works") == 1
    assert all(f"On {chapter}" in text for chapter in ("coal", "gas", "wind"))


def test_lines_that_differ_are_no_furniture():
    pages = [[(72, 800, f"Chapter on {name}"), (72, 700, "Text.")] for name in ("coal", "gas", "wind", "oil")]
    text = text_of(sample_files.drawn(*pages))
    assert all(f"Chapter on {name}" in text for name in ("coal", "gas", "wind", "oil"))


SECTIONS = ("Coal", "Gas from the north", "Gas from the south", "Wind", "Oil", "Water", "Sun", "Peat")


@pytest.mark.parametrize(
    "head",
    [
        lambda i: [(72, 800, "Report of the Plant"), (400, 800, SECTIONS[i])],
        lambda i: [(72, 800, SECTIONS[i]), (500, 800, str(i + 11))],
        lambda i: [(72, 800, f"{i + 11} {SECTIONS[i]}")],
        lambda i: [(72, 800, f"{SECTIONS[i]} | {i + 11}")],
    ],
    ids=["name of the book", "number", "number before", "number behind"],
)
def test_running_heads_with_the_names_of_sections_cut_no_sentence(
    head: Callable[[int], list[tuple[float, float, str]]],
):
    begun, rest = "was shown to the engineers in May, and", "is new since then."
    pages = [
        [*head(i), *written(f"the boiler of {name} {rest}", f"What is made of {name} {begun}", top=760)]
        for i, name in enumerate(SECTIONS)
    ]
    text = text_of(sample_files.drawn(*pages))
    for before, after in pairwise(SECTIONS):
        assert f"What is made of {before} {begun} the boiler of {after} {rest}" in text
    assert all(text.count(name) == 3 for name in SECTIONS)


def test_a_heading_beside_the_number_of_its_page_stays_over_its_text():
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for i, name in enumerate(SECTIONS):
        canvas.setFont("Helvetica", 18)
        canvas.drawString(72, 790, name)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(500, 790, str(i + 1))
        canvas.drawString(72, 700, "It is burnt here.")
        canvas.showPage()
    canvas.save()
    pages = pages_of(file.getvalue())
    assert all(page.startswith(name) for page, name in zip(pages, SECTIONS, strict=True))


def test_a_head_that_looks_like_a_table_is_said_once():
    head = [(200, 800, "Number"), (400, 800, "Last changed"), (200, 786, "2014-1"), (400, 786, "in June")]
    pages = [[*head, (72, 700, f"The rule for {name} holds."), (72, 686, "It is new.")] for name in SECTIONS]
    text = text_of(sample_files.drawn(*pages))
    assert text.count("Last changed") == text.count("2014-1") == 1


def test_figures_at_the_edge_that_count_no_pages_are_kept():
    pages = [
        [(72, 700, "The result of the year."), (72, 60, figure)] for figure in ("812", "90", "77", "1305")
    ]
    assert all(figure in text_of(sample_files.drawn(*pages)) for figure in ("812", "90", "77", "1305"))


@pytest.mark.parametrize("letter", ["ı", "İ"])
def test_a_turkish_letter_alone_at_the_edge_is_no_roman_numeral(letter: str):
    assert letter in text_of(sample_files.drawn(written(letter, *LINES)))


def test_a_paragraph_that_ends_with_its_page_is_not_joined():
    pages = [
        written("The plant stands in the valley of the river Syr-", "Darya."),
        written("It has turbines."),
    ]
    assert pages_of(sample_files.drawn(*pages))[1] == "It has turbines."


def test_the_dots_of_a_table_of_contents_are_one_sign():
    entries = ["Introduction" + " ." * 40 + " 3", "Methods" + "." * 60 + "17", "Results" + "." * 60 + "23"]
    assert text_of(sample_files.drawn(written(*entries))) == "Introduction … 3\nMethods … 17\nResults … 23"


def test_fields_notes_and_attachments_are_read():
    assert pages_of(sample_files.form()) == [
        "Application for a permit\n\n"
        "Name of the applicant: Ada Lovelace\nremark: none\nAgrees to the terms: ☒\nKind: new\n\n"
        "Checked on 3 May.\n\n"
        "Comment: The second page is missing.",
        "Attached, and not read here: figures.xlsx",
    ]


@pytest.mark.parametrize(
    ("codes", "meaning", "text"),
    [
        ("The set A is open.", {"A": "\U0001d538"}, "The set \U0001d538 is open."),
        ("dAcba", {"a": "س", "b": "ل", "c": "ا", "A": "لا", "d": "م"}, "سلالام"),
        ("xyxz + 1", {"x": "\ufffd", "y": "\ufffd", "z": "\ufffd", "+": "\ufffd"}, "1"),
        ("The sum of x is 5.", {"x": "\ufffd"}, "The sum of \ufffd is 5."),
        ("The growth was _0.93 or x5.", {"_": "\x03", "x": "\x03"}, "The growth was −0.93 or \uf0005."),
    ],
    ids=[
        *("beyond U+FFFF", "lam and alef in one sign", "mostly unknown signs", "one unknown sign"),
        "an unknown sign drawn as a minus",
    ],
)
def test_signs_that_need_care(codes: str, meaning: dict[str, str], text: str):
    assert pages_of(sample_files.mapped(codes, meaning)) == [text]


def test_an_item_of_a_list_is_no_row_of_a_table():
    items = [
        (90, "•", "The plant has four turbines, and"),
        (90, " ", "they are new."),
        (90, "•", "It is large."),
    ]
    places = [
        (x + 40 * j, 700 - 14 * i, cell)
        for i, (x, *cells) in enumerate(items)
        for j, cell in enumerate(cells)
    ]
    assert "|" not in text_of(sample_files.drawn(places))


def test_three_columns_are_read_one_after_the_other_where_a_paragraph_ends_in_the_middle_one():
    columns = [
        [f"the {name} of the plant {i} and also" for i in range(20)]
        for name in ("boiler", "turbine", "gauge")
    ]
    columns[1][8:11] = ["which are all", "of them made", "in the works."]
    places = [
        (left, 700 - 12 * i, line)
        for left, lines in zip((40, 220, 400), columns, strict=True)
        for i, line in enumerate(lines)
    ]
    text = " ".join(text_of(sample_files.drawn(places)).split())
    assert all(" ".join(lines[:8]) in text and " ".join(lines[11:]) in text for lines in columns)


def test_wide_spaces_are_no_columns():
    places = [
        (72 + 50 * j, 700 - 14 * i, word)
        for i, line in enumerate(["the plant has four", "turbines and each of"])
        for j, word in enumerate(line.split())
    ]
    assert text_of(sample_files.drawn(places)) == "the plant has four turbines and each of"


@pytest.mark.parametrize(
    "title",
    [
        "",
        "untitled",
        "Slide 1",
        "Microsoft Word - draft3.doc",
        "report_final.indd",
        "PowerPoint Presentation",
        "doc_2019",
    ],
)
def test_a_title_that_a_program_made_up_is_not_the_title(title: str):
    assert parse(titled(title), "a.pdf").title == "The Plants of the Country and Their Turbines"


def test_a_title_of_its_own_is_kept_and_the_day_of_printing_is_no_date():
    document = parse(titled("Plants"), "a.pdf")
    assert (document.title, document.date) == ("Plants", None)


def test_a_bold_first_line_is_a_title_too():
    assert parse(titled("", size=11), "a.pdf").title == "The Plants of the Country and Their Turbines"


def titled(title: str, size: float = 24) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setTitle(title)
    if size > 11:
        canvas.drawString(72, 780, "Ministry of Energy")
    canvas.setFont("Helvetica-Bold", size)
    canvas.drawString(72, 740, "The Plants of the Country")
    canvas.drawString(72, 712, "and Their Turbines")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 680, sample_files.TURBINES)
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize(
    ("before", "raised", "after", "read"),
    [
        ("The seeds are 10", "6", " grains.", "The seeds are 10⁶ grains."),
        ("A gram is 10", "-3", " kilograms.", "A gram is 10⁻³ kilograms."),
        ("Sales of meat", "1", " rose in 2007.", "Sales of meat¹ rose in 2007."),
        ("Sales were 2,007", "12", " in May.", "Sales were 2,007¹² in May."),
        ("The force is 5 N/mm", "2", " here.", "The force is 5 N/mm² here."),
        ("It is 7%.", "3", " It rose.", "It is 7%.³ It rose."),
    ],
)
def test_raised_figures_are_no_more_digits_of_a_number(before: str, raised: str, after: str, read: str):
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    text = canvas.beginText(60, 700)
    for part, size, rise in ((before, 12, 0), (raised, 8, 4), (after, 12, 0)):
        text.setFont("Helvetica", size)
        text.setRise(rise)
        text.textOut(part)
    canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    assert readers.read(file.getvalue(), "a.pdf").pieces[0].text == read
