"""Reading an answer: its citations, the quotes behind them, and the documents these are from."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import gradio as gr
import pytest
from playwright.sync_api import Browser, Locator, expect
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from qa import assemble
from qa.config import Config
from qa.runtime import StaticRuntime
from qa.schema import Document
from qa.web.ui import chat as chatting
from tests.support.browser import Tab, opened, served
from tests.support.fakes import FakeChat, FakeEncoder, answered_by, document

UZBEKISTAN = "What did Boyet say about Uzbekistan?"
KAZAKHSTAN = "What is said about Kazakhstan?"
WORTH = "How much is the contract in Uzbekistan worth?"
"""Four quotes of the two articles, by turns."""

SPRINGBOARD = (
    "He emphasized that Alstom’s growth in Kazakhstan serves as a springboard for exploring opportunities in "
    "neighboring markets like Uzbekistan and Turkmenistan [1]."
)
INVENTED = "Alstom will leave Uzbekistan in 2031 [1]."

PAGES, PAGE_CHARS = 300, 3_000
PARAGRAPHS = 700


def center(place: Locator) -> tuple[float, float]:
    """Its middle on the screen."""
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_every_citation_leads_to_exactly_its_words(tab: Tab, documents: dict[str, Document]):
    links = tab.ask(KAZAKHSTAN).locator(".answer .cite")
    assert links.count() > 3
    for link in links.all():
        link.click()
        span = tab.named(link)
        text = documents[span.doc_id].text
        expect(tab.mark).to_have_text(text[span.start : span.end], use_inner_text=False)
        expect(tab.mark).to_be_in_viewport(ratio=0.95)  # all but the space that hangs over a line's end
        assert tab.mark.text_content() == link.get_attribute("data-quote") == span.cut(documents)
        assert tab.page.locator("#document .text").text_content() == text
        expect(link).to_have_attribute("aria-current", "true")


def test_a_citation_opens_by_keyboard_and_escape_leads_back(tab: Tab):
    tab.ask(UZBEKISTAN)
    link = tab.page.locator(".answer .cite").first
    link.focus()
    link.press("Enter")
    expect(tab.mark).to_be_in_viewport()
    tab.page.keyboard.press("Escape")
    expect(tab.mark).to_have_count(0)
    expect(link).to_be_focused()


def test_a_card_opens_its_document_and_the_button_closes_it(tab: Tab):
    tab.ask(UZBEKISTAN)
    quoted = tab.page.locator("#quotes blockquote").first
    text = quoted.text_content()
    quoted.click()
    expect(tab.mark).to_have_text(str(text), use_inner_text=False)
    tab.page.get_by_role("button", name="Back to the quotes").click()
    expect(quoted).to_be_visible()


def test_links_of_earlier_answers_still_work(tab: Tab, documents: dict[str, Document]):
    first = tab.named(tab.ask(UZBEKISTAN).locator(".cite").first)
    tab.ask("How much is the contract in Uzbekistan worth?")
    tab.ask("What is the goal of the program?")
    for _ in range(2):  # once more when it is open already, after the reader has scrolled away
        tab.page.locator(".exchange").first.locator(".cite").first.click()
        expect(tab.mark).to_be_in_viewport()
        assert tab.mark.text_content() == first.cut(documents)
        tab.page.locator("#sources").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")


def test_pointing_at_a_number_shows_its_quote(tab: Tab, documents: dict[str, Document]):
    links = tab.ask(KAZAKHSTAN).locator(".answer .cite")
    card = tab.page.locator("#preview")
    for link in (links.first, links.nth(2)):
        span = tab.named(link)
        link.hover()
        expect(card).to_be_visible()
        expect(card.locator("blockquote")).to_have_text(span.cut(documents), use_inner_text=False)
        expect(card).to_contain_text(documents[span.doc_id].title)
        expect(card).to_contain_text(str(documents[span.doc_id].date))
        expect(card).to_contain_text(f"{span.doc_id}, characters {span.start} to {span.end}")
        expect(card).to_be_in_viewport(ratio=1)
        tab.page.mouse.move(5, 5)
        expect(card).to_be_hidden()


def test_focusing_a_number_shows_its_quote_until_escape(tab: Tab):
    links = tab.ask(KAZAKHSTAN).locator(".answer .cite")
    card = tab.page.locator("#preview")
    links.first.focus()
    expect(card).to_be_visible()
    expect(links.first).to_have_attribute("aria-describedby", "preview")
    tab.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    links.nth(1).focus()
    expect(card).to_be_visible()
    tab.box.focus()
    expect(card).to_be_hidden()


def test_every_source_has_its_colour(tab: Tab):
    exchange = tab.ask(KAZAKHSTAN)
    colours = {
        (link.get_attribute("data-document"), link.evaluate("link => getComputedStyle(link).color"))
        for link in exchange.locator(".cite").all()
    }
    assert len(colours) == 2
    assert len({colour for _, colour in colours}) == 2
    cards = tab.page.locator("#quotes .quotes:first-child .card")
    edges = {card.evaluate("card => getComputedStyle(card).borderLeftColor") for card in cards.all()}
    assert edges == {colour for _, colour in colours}


def test_buttons_and_arrow_keys_walk_the_quotes_of_an_answer(tab: Tab, documents: dict[str, Document]):
    exchange = tab.ask(KAZAKHSTAN)
    spans = list(dict.fromkeys(tab.named(link) for link in exchange.locator(".cite").all()))
    exchange.locator(".cite").first.click()

    def expect_mark(at: int) -> None:
        text = spans[at % len(spans)].cut(documents)
        expect(tab.mark).to_have_text(text, use_inner_text=False)
        expect(tab.mark).to_be_focused()
        expect(tab.mark).to_be_in_viewport()

    expect_mark(0)
    for at in range(1, len(spans) + 1):  # and from the last to the first
        tab.button("Next quote").click()
        expect_mark(at)
    tab.button("Previous quote").click()
    expect_mark(-1)
    for key, at in (("ArrowUp", -2), ("ArrowDown", -1), ("ArrowRight", 0), ("ArrowLeft", -1)):
        tab.page.keyboard.press(key)
        expect_mark(at)


def test_a_single_quote_has_no_next_one(tab: Tab):
    tab.ask(WORTH).locator(".cite").first.click()
    expect(tab.mark).to_be_in_viewport()
    expect(tab.button("Next quote")).to_be_hidden()


@contextmanager
def chat_over(settings: Config, folder: Path, name: str, content: bytes) -> Iterator[str]:
    """The chat over one file, ``content``."""
    (folder / name).write_bytes(content)
    config = settings.model_copy(update={"index": folder / "index", "model": "none", "threshold": 0.0})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assemble, "load_encoder", lambda *_: FakeEncoder())
        assemble.index_corpus(config, [folder / name])
        parts = assemble.open_runtime(config)
    with served(parts) as address:
        yield address


@pytest.fixture(scope="module")
def long_chat(settings: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The chat over one document of many pages that says one thing about Samarkand, near its end."""
    page = "The river rose and fell again, as it does in every year of the chronicle.\n".ljust(80, " ")
    pages = ["\n".join([f"Page {n}", page * (PAGE_CHARS // len(page))]) for n in range(PAGES)]
    pages[-20] += "\nThe observatory of Samarkand burned down in the year 1449.\n"
    folder = tmp_path_factory.mktemp("long")
    with chat_over(settings, folder, "chronicle.txt", "\n".join(pages).encode()) as address:
        yield address


def test_a_document_of_many_pages_opens_at_its_quote(browser: Browser, long_chat: str):
    with opened(browser, long_chat) as tab:
        link = tab.ask("What became of the observatory of Samarkand?").locator(".cite").first
        for _ in range(2):  # and when it is opened anew
            link.click()
            expect(tab.mark).to_contain_text("Samarkand burned down")
            expect(tab.mark).to_be_in_viewport(ratio=1)
            tab.page.wait_for_timeout(500)  # blocks that come near take their height, and may move it
            expect(tab.mark).to_be_in_viewport(ratio=1)
            text = str(tab.page.locator("#document .text").text_content())
            span = tab.named(link)
            assert len(text) > PAGES * PAGE_CHARS * 0.9
            assert text[span.start : span.end] == tab.mark.text_content()
            tab.page.get_by_role("button", name="Back to the quotes").click()
        assert tab.troubles == []


def chronicle() -> list[str]:
    """Paragraphs of uneven length, some of them of many short lines, with six sentences on Samarkand."""
    rivers = "The river rose and fell again, as it does in every year of the chronicle."
    paragraphs = []
    for n in range(PARAGRAPHS):
        lines = n % 7 == 0 or PARAGRAPHS // 3 < n < PARAGRAPHS // 2
        paragraphs.append(
            ("\n" if lines else " ").join([rivers[: 20 if lines else None]] * (n * 37 % 23 + 1))
        )
    for n, event in enumerate(("burned", "was sold", "flooded", "was rebuilt", "fell", "was painted"), 1):
        paragraphs[n * PARAGRAPHS // 7] = f"The observatory of Samarkand {event} in the year {1400 + n}."
    return paragraphs


def chronicle_pdf() -> bytes:
    """The same as a PDF."""
    style = getSampleStyleSheet()["BodyText"]
    file = BytesIO()
    flow = [Paragraph(each.replace("\n", "<br/>"), style) for each in chronicle()]
    SimpleDocTemplate(file).build(flow)
    return file.getvalue()


@pytest.fixture(scope="module", params=["chronicle.txt", "chronicle.pdf"])
def uneven_chat(
    request: pytest.FixtureRequest, settings: Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The chat over a long document whose blocks differ in height."""
    name = request.param
    content = chronicle_pdf() if name.endswith(".pdf") else "\n\n".join(chronicle()).encode()
    with chat_over(settings, tmp_path_factory.mktemp("uneven"), name, content) as address:
        yield address


def hidden_part(tab: Tab) -> str:
    """What of the mark lies outside the part of the pane that shows the document; empty for nothing."""
    return str(
        tab.mark.evaluate(
            """mark => {
                const box = mark.getBoundingClientRect();
                const pane = document.querySelector("#sources").getBoundingClientRect();
                const bar = mark.closest(".document").querySelector(".bar").getBoundingClientRect();
                const bottom = Math.min(pane.bottom, innerHeight);
                const top = Math.max(pane.top, bar.bottom), right = Math.min(pane.right, innerWidth);
                const inside = box.height > 0 && box.top >= top && box.bottom <= bottom
                    && box.left >= pane.left && box.right <= right;
                return inside ? "" : JSON.stringify([box, bar, bottom]);
            }"""
        )
    )


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 740), (2560, 1300)])
def test_every_quote_of_a_long_document_opens_on_the_screen_and_stays(
    browser: Browser, uneven_chat: str, width: int, height: int
):
    with opened(browser, uneven_chat, width, height) as tab:
        links = tab.ask("What became of the observatory of Samarkand?").locator(".answer .cite")
        assert links.count() >= 4
        for link in links.all():
            link.click()
            expect(tab.mark).to_have_text(str(link.get_attribute("data-quote")), use_inner_text=False)
            tab.page.wait_for_timeout(600)  # for fonts and blocks to take their place
            assert hidden_part(tab) == ""
            if width < 900:
                tab.button("Back to the answer").click()
                expect(link).to_be_in_viewport(ratio=1)
        links.last.click()
        tab.page.wait_for_timeout(600)
        tab.page.set_viewport_size({"width": width * 3 // 4, "height": height})
        tab.page.wait_for_timeout(600)
        assert hidden_part(tab) == ""  # the lines are broken anew, above the quote too
        assert tab.troubles == []


def test_a_reader_who_scrolls_away_from_a_quote_is_not_pulled_back(browser: Browser, long_chat: str):
    with opened(browser, long_chat) as tab:
        tab.ask("What became of the observatory of Samarkand?").locator(".cite").first.click()
        expect(tab.mark).to_be_in_viewport(ratio=1)
        tab.page.mouse.move(*center(tab.page.locator("#sources")))
        for _ in range(5):
            tab.page.mouse.wheel(0, -3_000)
            tab.page.wait_for_timeout(100)
        expect(tab.mark).not_to_be_in_viewport()


@pytest.fixture(scope="module")
def doubting_chat(quick_parts: StaticRuntime) -> Iterator[str]:
    """A chat whose model is sure of nothing."""
    with served(answered_by(FakeChat(says=SPRINGBOARD, p_yes=0.3), quick_parts)) as address:
        yield address


def test_a_wide_row_of_a_table_stays_inside_the_panel(browser: Browser, settings: Config, tmp_path: Path):
    columns = [f"Cost of Samarkand {year}" for year in range(2001, 2025)]
    rows = [",".join(columns), *(",".join([f"{row}.5"] * len(columns)) for row in range(3))]
    content = "\n".join(rows).encode()
    with chat_over(settings, tmp_path, "costs.csv", content) as address, opened(browser, address) as tab:
        tab.ask("What was the cost of Samarkand in 2003?")
        card, panel = tab.page.locator("#quotes .card").first, tab.page.locator("#sources")
        expect(card.locator("table")).to_be_visible()
        inner, outer = card.bounding_box(), panel.bounding_box()
        assert inner
        assert outer
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]


def test_a_refusal_shows_what_was_searched_for_and_how_near_it_came(browser: Browser, doubting_chat: str):
    with opened(browser, doubting_chat) as tab:
        exchange = tab.ask(UZBEKISTAN)
        shown = exchange.locator(".abstention")
        expect(shown).to_contain_text("No answer")
        expect(shown.locator(".searched")).to_have_text(f"Searched for: {UZBEKISTAN}")
        expect(shown.locator(".chance")).to_contain_text("Attest answers at 50% or more.")
        chance = int(re.findall(r"(\d+)%", str(shown.locator(".chance").text_content()))[0]) / 100
        bar = shown.locator(".meter").bounding_box()
        level = shown.locator(".meter span").bounding_box()
        threshold = shown.locator(".meter i").bounding_box()
        assert bar
        assert level
        assert threshold
        assert level["width"] / bar["width"] == pytest.approx(chance, abs=0.01)
        assert (threshold["x"] - bar["x"]) / bar["width"] == pytest.approx(0.5, abs=0.01)
        expect(shown.locator(".label")).to_have_text("Nearest passages, not an answer")
        expect(tab.page.locator("#quotes .label")).to_have_text("Nearest passages, not an answer")
        expect(exchange.locator(".answer > .words")).to_have_count(0)
        link = shown.locator(".cite").first
        link.click()
        expect(tab.mark).to_be_in_viewport()
        assert tab.mark.text_content() == link.get_attribute("data-quote")


def test_what_verification_cut_is_shown_with_the_reason(browser: Browser, quick_parts: StaticRuntime):
    model = FakeChat(says=f"{SPRINGBOARD} {INVENTED}")
    with served(answered_by(model, quick_parts)) as address, opened(browser, address) as tab:
        exchange = tab.ask(UZBEKISTAN)
        expect(exchange.locator(".words")).not_to_contain_text("2031")
        cut = exchange.locator("details.cut")
        expect(cut.locator("li")).to_be_hidden()
        cut.locator("summary").click()
        expect(cut.locator("li q")).to_have_text("Alstom will leave Uzbekistan in 2031.")
        expect(cut.locator("li span")).to_contain_text("2031")


def test_a_follow_up_shows_how_it_was_understood(tab: Tab):
    tab.ask(UZBEKISTAN)
    expect(tab.ask("And about Turkmenistan?").locator(".resolved")).to_contain_text("Boyet")


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {},
        "document",
        {"document": "../a.txt", "start": "0", "end": "4", "tone": "1"},
        {"document": ["a.txt"], "start": "0", "end": "4", "tone": "1"},
        {"document": "a.txt", "start": "x", "end": "4", "tone": "1"},
        {"document": "a.txt", "start": None, "end": "4", "tone": "1"},
        {"document": "a.txt", "start": "-1", "end": "4", "tone": "1"},
        {"document": "a.txt", "start": "4", "end": "4", "tone": "1"},
        {"document": "a.txt", "start": "0", "end": "5", "tone": "1"},
        {"document": "a.txt", "start": "0", "end": "4", "tone": "red"},
    ],
)
def test_a_forged_link_opens_nothing(sent: object):
    assert chatting.render_citation(gr.EventData(None, sent), {"a.txt": document("Text")}) == gr.skip()


def test_a_link_opens_its_document():
    sent = {"document": "a.txt", "start": "0", "end": "4", "tone": "2"}
    shown = chatting.render_citation(gr.EventData(None, sent), {"a.txt": document("Text")})
    assert ">Text</mark>" in str(shown)
    assert "tone-2" in str(shown)
