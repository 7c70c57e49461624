"""The page of a PDF as a picture, the quote in a box."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, expect

from qa import assemble
from qa.config import Config
from qa.errors import UserError
from qa.index.index import Index
from qa.ingest.readers.sandbox import draw_in_sandbox
from tests.support import sample_files
from tests.support.browser import opened, served

QUESTION = "How many turbines has the plant?"
LINES = [
    (72, 700, "The plant at Syrdarya has four tur-"),
    (72, 686, "bines of 54 MW each."),
    (72, 500, "No."),
]
QUOTE = "The plant at Syrdarya has four turbines of 54 MW each."


def box(png: bytes) -> tuple[int, int, int, int] | None:
    """Where the box's colour is: left, top, right and bottom; None if it is nowhere."""
    image = np.asarray(Image.open(BytesIO(png)))
    rows, columns = np.nonzero((image == (180, 60, 30)).all(axis=2))
    return (columns.min(), rows.min(), columns.max(), rows.max()) if len(rows) else None


def test_the_quote_is_in_a_box():
    drawn = draw_in_sandbox(sample_files.drawn([(72, 700, "Another page.")], LINES), 2, QUOTE)
    assert drawn.boxed
    image = Image.open(BytesIO(drawn.png))
    found = box(drawn.png)
    assert found
    left, top, right, bottom = found
    scale = 110 / 72
    height = image.height / scale
    assert left < 72 * scale < right
    assert top < (height - 700) * scale < bottom
    assert bottom < (height - 600) * scale


def test_a_quote_that_is_not_on_the_page_is_not_boxed():
    drawn = draw_in_sandbox(sample_files.drawn(LINES), 1, "Something that is said nowhere at all.")
    assert not drawn.boxed
    assert box(drawn.png) is None


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_quote_on_a_turned_page_is_in_the_box(degrees: int):
    file = sample_files.BytesIO()
    canvas = sample_files.Canvas(file, pagesize=sample_files.A4)
    canvas.setPageRotation(degrees)
    canvas.drawString(72, 400, "The plant has four turbines.")
    canvas.save()
    drawn = draw_in_sandbox(file.getvalue(), 1, "The plant has four turbines.")
    found = box(drawn.png)
    assert found
    left, top, right, bottom = found
    inside = np.asarray(Image.open(BytesIO(drawn.png)).convert("L"))[
        top + 3 : bottom - 2, left + 3 : right - 2
    ]
    everywhere = np.asarray(Image.open(BytesIO(drawn.png)).convert("L"))
    assert (inside < 90).sum() > 0.9 * (everywhere < 90).sum() > 0


def test_a_row_of_a_table_is_in_a_box():
    rows = [("", "2018", "2017"), ("Sales", "11", "12"), ("Costs", "21", "22")]
    places = [
        (72 + 100 * j, 700 - 20 * i, cell) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell
    ]
    drawn = draw_in_sandbox(sample_files.drawn(places), 1, "Costs — 2018: 21; 2017: 22")
    found = box(drawn.png)
    assert found
    _, top, _, bottom = found
    scale = 110 / 72
    height = Image.open(BytesIO(drawn.png)).height / scale
    assert (height - 675) * scale < top < bottom < (height - 650) * scale


def heights(places: list[tuple[int, int, str]], quote: str) -> tuple[float, float] | None:
    """Where the box around ``quote`` ends and begins, in points from the foot of the page."""
    drawn = draw_in_sandbox(sample_files.drawn(places), 1, quote)
    found = box(drawn.png)
    height = Image.open(BytesIO(drawn.png)).height
    return ((height - found[3]) * 72 / 110, (height - found[1]) * 72 / 110) if found else None


SUBSIDIARIES = [
    (72 + 120 * j, 700 - 20 * i, cell)
    for i, row in enumerate(
        [
            ("Company", "Seat of the company", "Share", "Employees"),
            ("Brennholm Tarnwick GmbH", "Tarnwick", "100", "88"),
            ("Brennholm Tarnwick Ltd", "Tarnwick", "51", "241"),
            ("Brennholm Tarnwick plc", "Tarnwick", "100", "17"),
        ]
    )
    for j, cell in enumerate(row)
]


@pytest.mark.parametrize(
    "quote",
    [
        "Brennholm Tarnwick Ltd — Seat of the company: Tarnwick; Share: 51; Employees: 241",
        "Company: Brennholm Tarnwick Ltd; Seat of the company: Tarnwick; Share: 51; Employees: 241",
    ],
)
def test_the_box_is_around_the_row_itself_not_one_that_begins_alike(quote: str):
    found = heights(SUBSIDIARIES, quote)
    assert found
    assert 645 < found[0] < 660 < found[1] < 680


def test_a_row_that_is_not_on_the_page_is_not_boxed():
    quote = "Brennholm Karsova Ltd — Seat of the company: Karsova; Share: 70; Employees: 130"
    assert heights(SUBSIDIARIES, quote) is None


def test_what_stands_on_the_page_of_a_quote_that_goes_on_is_boxed_as_far_as_it_goes():
    places = [(72, 700, "The plant at Syrdarya was closed."), (72, 600, "The plant at Syrdarya has four")]
    found = heights(places, "The plant at Syrdarya has four turbines of 54 MW each.")
    assert found
    assert 590 < found[0] < found[1] < 620


@pytest.mark.parametrize(
    ("data", "page"), [(b"no PDF", 1), (sample_files.drawn(LINES), 2), (sample_files.drawn(LINES), 0)]
)
def test_what_cannot_be_drawn_has_a_reason(data: bytes, page: int):
    with pytest.raises(UserError, match=r"not in PDF format|no page"):
        draw_in_sandbox(data, page, QUOTE)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "plant.pdf").write_bytes(sample_files.drawn([(72, 700, "Preface.")], LINES))
    (folder / "other.txt").write_text("Rail is the future.")
    return folder


@pytest.fixture(scope="module")
def chat(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Config(index=tmp_path_factory.mktemp("index"), model="none", threshold=0.0)
    assemble.index_corpus(settings, [corpus])
    with served(assemble.open_runtime(settings)) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_zoomed_and_turned_by_keyboard(
    browser: Browser, chat: str, scheme: Literal["light", "dark"]
):
    def size() -> tuple[int, int]:
        box = picture.bounding_box()
        assert box
        return round(box["width"]), round(box["height"])

    with opened(browser, chat, width=375, scheme=scheme) as tab:
        tab.ask(QUESTION).locator(".cite").first.click()
        tab.button("Show the page").click()
        picture = tab.page.get_by_role("img", name="Page 2, with a box around the quote")
        expect(picture).to_be_in_viewport()
        width, height = size()
        assert height > width
        tab.button("Zoom out").press("Enter")  # it is not made smaller than its place
        assert size() == (width, height)
        for _ in range(2):
            tab.button("Zoom in").press("Enter")
        expect(tab.page.get_by_role("status", name="Zoom")).to_have_text("200%")
        assert size() == (pytest.approx(2 * width, abs=2), pytest.approx(2 * height, abs=4))
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 375
        for _ in range(2):
            tab.button("Zoom out").press("Enter")
        tab.button("Turn").press("Space")
        tab.page.wait_for_function(
            "image => image.naturalWidth > image.naturalHeight", arg=picture.element_handle()
        )
        assert size()[0] == width > size()[1]
        expect(tab.button("Turn")).to_be_focused()
        assert [
            each["id"] for each in Axe().run(tab.page).response["violations"] if each["impact"] != "moderate"
        ] == []
        assert tab.troubles == []


def test_the_page_can_be_seen(browser: Browser, chat: str, corpus: Path):
    with opened(browser, chat) as tab:
        link = tab.ask(QUESTION).locator(".cite").first
        link.click()
        expect(tab.mark).to_have_text(QUOTE)
        tab.button("Show the page").click()
        picture = tab.page.get_by_role("img", name="Page 2, with a box around the quote")
        expect(picture).to_be_in_viewport()
        expect(tab.mark).to_have_text(QUOTE)
        tab.page.get_by_role("button", name="Back to the quotes").click()
        expect(picture).to_have_count(0)
        (corpus / "plant.pdf").write_bytes(sample_files.drawn(LINES))
        link.click()
        expect(tab.mark).to_have_text(QUOTE)
        expect(tab.button("Show the page")).to_have_count(0)


def test_only_a_file_that_is_as_it_was_is_drawn(corpus: Path, tmp_path: Path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "plant.pdf").write_bytes(sample_files.drawn(LINES))
    (tmp_path / "corpus" / "more.zip").write_bytes(
        sample_files.zipped({"in.pdf": sample_files.drawn(LINES, LINES)})
    )
    settings = Config(index=tmp_path / "index", model="none")
    assemble.index_corpus(settings, [tmp_path / "corpus"])
    index: Index = assemble.open_index(settings)
    assert index.file("plant.pdf") == tmp_path / "corpus" / "plant.pdf"
    assert index.file("more.zip/in.pdf") is None
    assert index.file("../plant.pdf") is None
    (tmp_path / "corpus" / "plant.pdf").write_bytes(sample_files.drawn(LINES, LINES))
    assert index.file("plant.pdf") is None
