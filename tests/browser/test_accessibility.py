"""The page for every reader: by keyboard, by ear, on any screen, in both colour schemes."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web.security.auth import set_password
from tests.support.browser import Tab, opened, served
from tests.support.fakes import FakeChat, answered_by

UZBEKISTAN = "What did Boyet say about Uzbekistan?"
SLOWLY = 0.05
"""Seconds a word, so that there is time to look while it is written."""

MIN_TITLE = 100
"""The pixels that the title above a quote has at least: room for a long word."""

MAX_BELOW = 120
"""The pixels that may be below the question box in a window of 800: the link to what Attest is."""

HEADER = ("#header h1", "#header h1 + p", "#new", "#past")


def faults(tab: Tab) -> list[str]:
    """What axe-core finds serious or critical."""
    found = Axe().run(tab.page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def beyond_the_edge(tab: Tab) -> list[str]:
    """What reaches beyond the right edge of the window."""
    beyond: list[str] = tab.page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
            .map((each) => each.outerHTML.slice(0, 80))"""
    )
    return beyond


def overlapping(tab: Tab) -> list[tuple[str, str]]:
    """Parts of the header that lie over each other."""
    boxes = {
        part: tab.page.locator(part).evaluate("e => e.getBoundingClientRect().toJSON()") for part in HEADER
    }
    return [
        (one, other)
        for one, a in boxes.items()
        for other, b in boxes.items()
        if one < other
        and a["left"] < b["right"]
        and b["left"] < a["right"]
        and a["top"] < b["bottom"]
        and b["top"] < a["bottom"]
    ]


def box(part: Locator) -> dict[str, float]:
    """The edges of ``part`` in the window, in pixels."""
    edges: dict[str, float] = part.evaluate("each => each.getBoundingClientRect().toJSON()")
    return edges


def assert_beside_the_box(tab: Tab) -> None:
    """The choice of what is searched is in sight, above the box with room between, where the box begins."""
    expect(tab.page.locator("#scope select")).to_be_in_viewport(ratio=1)
    scope, question = box(tab.page.locator("#scope")), box(tab.page.locator("#question"))
    select, written = box(tab.page.locator("#scope select")), box(tab.page.locator("#question textarea"))
    assert select["bottom"] + 4 <= written["top"]
    assert scope["left"] == question["left"]
    assert written["bottom"] <= question["bottom"]
    assert 800 - written["bottom"] < MAX_BELOW


def cut_off(tab: Tab) -> list[str]:
    """Words of the conversation that begin left of where it is cut off."""
    words: list[str] = tab.page.evaluate(
        """() => {
            const log = document.querySelector("#log"), left = log.getBoundingClientRect().left;
            const texts = document.createTreeWalker(log, NodeFilter.SHOW_TEXT), found = [];
            while (texts.nextNode()) {
                const range = document.createRange();
                range.selectNodeContents(texts.currentNode);
                const seen = texts.currentNode.parentElement.closest(".unseen, [hidden]") === null;
                const { width, left: from } = range.getBoundingClientRect();
                if (seen && width && from < left) found.push(texts.currentNode.textContent);
            }
            return found;
        }"""
    )
    return words


@pytest.fixture(scope="module")
def slow_chat(quick_parts: StaticRuntime) -> Iterator[str]:
    """A chat whose model takes its time, and says nothing that the quotes bear out."""
    model = FakeChat(says="Nobody knows anything of it. " * 60, pause=SLOWLY)
    with served(answered_by(model, quick_parts, threshold=0.0)) as address:
        yield address


@pytest.fixture(scope="module")
def doubting_chat(quick_parts: StaticRuntime) -> Iterator[str]:
    """A chat whose model is sure of nothing."""
    with served(answered_by(FakeChat(p_yes=0.1), quick_parts)) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Browser, quick_chat: str, scheme: str):
    with opened(browser, quick_chat, scheme=scheme) as tab:
        assert faults(tab) == []
        exchange = tab.ask(UZBEKISTAN)
        assert faults(tab) == []
        exchange.locator(".cite").first.click()
        expect(tab.mark).to_be_in_viewport()
        assert faults(tab) == []
        tab.button("Conversations").click()
        expect(tab.page.locator("#conversations li")).to_have_count(1)
        assert faults(tab) == []
        tab.page.keyboard.press("Escape")
        tab.page.get_by_role("tab", name="Documents").click()
        expect(tab.page.locator("#documents li").first).to_be_visible()
        assert faults(tab) == []
        tab.page.get_by_label("Since").fill("2025-01-01")
        tab.page.get_by_label("Until").fill("2024-01-01")
        expect(tab.page.locator("#dated")).to_contain_text("before it begins")
        assert faults(tab) == []
        exchange.get_by_role("button", name="Save as a test").click()
        expect(tab.page.locator("form.test-case")).to_be_visible()
        assert faults(tab) == []
        tab.page.evaluate("location.hash = 'd/nothing'")
        expect(tab.page.get_by_role("heading", name="Document not found")).to_be_visible()
        assert faults(tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_a_refusal(browser: Browser, doubting_chat: str, scheme: str):
    with opened(browser, doubting_chat, scheme=scheme) as tab:
        expect(tab.ask(UZBEKISTAN).locator(".abstention")).to_be_visible()
        assert faults(tab) == []


@pytest.fixture(scope="module")
def login(quick_parts: StaticRuntime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat that begins with the login page."""
    accounts = tmp_path_factory.mktemp("login") / "accounts"
    set_password(accounts, "anna", "correct horse")
    with served(quick_parts, Config(auth=accounts)) as address:
        yield address


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1440, "dark")])
def test_axe_finds_no_serious_fault_on_the_login_page(
    browser: Browser, login: str, scheme: Literal["light", "dark"], width: int
):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab = Tab(context.new_page())
    tab.page.goto(login)
    assert faults(tab) == []
    assert beyond_the_edge(tab) == []
    tab.page.get_by_label("Name").fill("anna")
    tab.page.get_by_label("Password").fill("wrong")
    tab.button("Sign in").press("Enter")
    expect(tab.page.get_by_role("alert")).to_contain_text("wrong")
    assert faults(tab) == []
    assert beyond_the_edge(tab) == []
    context.close()


@pytest.mark.parametrize("width", [375, 768, 1280, 2560])
def test_every_width_shows_all_of_the_page(browser: Browser, quick_chat: str, width: int):
    with opened(browser, quick_chat, width=width, height=800) as tab:
        assert beyond_the_edge(tab) == []
        assert overlapping(tab) == []
        assert_beside_the_box(tab)
        link = tab.ask(UZBEKISTAN).locator(".cite").first
        assert beyond_the_edge(tab) == []
        assert_beside_the_box(tab)
        expect(tab.button("Evidence sheet")).to_be_visible()
        assert cut_off(tab) == []
        for title in tab.page.locator("#quotes .title").all():
            assert box(title)["width"] > MIN_TITLE
        link.click()
        expect(tab.mark).to_be_in_viewport()
        assert beyond_the_edge(tab) == []
        tab.button("Conversations").click()
        expect(tab.page.locator("#conversations")).to_be_in_viewport(ratio=1)
        assert overlapping(tab) == []
        tab.page.keyboard.press("Escape")
        tab.page.get_by_role("tab", name="Documents").click()
        expect(tab.page.locator("#documents .open").first).to_be_visible()
        assert beyond_the_edge(tab) == []


def test_the_page_follows_the_readers_colour_scheme(browser: Browser, quick_chat: str):
    grounds = []
    for scheme in ("light", "dark"):
        with opened(browser, quick_chat, scheme=scheme) as tab:
            grounds.append(
                tab.page.locator("gradio-app").evaluate("page => getComputedStyle(page).backgroundColor")
            )
    assert grounds[0] != grounds[1]


def test_everything_is_reached_by_keyboard(tab: Tab):
    press = tab.page.keyboard.press
    tab.page.keyboard.type("What did Boyet say")
    press("Shift+Enter")
    tab.page.keyboard.type("about Uzbekistan?")
    expect(tab.box).to_have_value("What did Boyet say\nabout Uzbekistan?")
    expect(tab.page.locator(".exchange")).to_have_count(0)
    press("Enter")
    expect(tab.exchanges).to_have_count(1)
    expect(tab.button("Ask")).to_be_visible()
    # What can be taken away comes a moment after the answer.
    expect(tab.button("Evidence sheet")).to_be_visible()
    reached: list[str] = []
    for _ in range(60):
        press("Tab")
        reached.append(tab.page.evaluate(_FOCUSED))
    expected = [
        *("New conversation", "Conversations", "[1]", "Copy", "Copy as Markdown", "Edit", "Ask again"),
        *(
            "Track",
            "Save as a test",
            "Markdown",
            "Evidence sheet",
            "Ask a question",
            "Ask",
            "Sources",
        ),
    ]
    begin = reached.index(expected[0])  # after the last comes the first again
    assert [each for each in dict.fromkeys(reached[begin:]) if each in expected] == expected
    while tab.page.evaluate(_FOCUSED) != "[1]":
        press("Tab")
    press("Enter")
    expect(tab.mark).to_be_focused()
    press("Escape")
    expect(tab.mark).to_have_count(0)


_FOCUSED = "document.activeElement.placeholder || document.activeElement.textContent.trim()"


def test_a_screen_reader_hears_what_becomes_of_a_question(
    browser: Browser, slow_chat: str, doubting_chat: str, tab: Tab
):
    def heard(each: Tab) -> Locator:
        return each.page.locator("#announcement[role=status]")

    expect(heard(tab)).to_have_text("")
    tab.ask(UZBEKISTAN)
    expect(heard(tab)).to_have_text("No answer in words. 2 passages may answer this.")
    with opened(browser, slow_chat) as slow:
        slow.begin(UZBEKISTAN)
        expect(heard(slow)).to_have_text("Looking for an answer.")
        slow.page.keyboard.press("Escape")
        expect(heard(slow)).to_have_text("Stopped before the answer was ready.")
    with opened(browser, doubting_chat) as doubting:
        doubting.ask(UZBEKISTAN)
        expect(heard(doubting)).to_contain_text("No answer")


@pytest.mark.parametrize(
    "stop", [lambda tab: tab.page.keyboard.press("Escape"), lambda tab: tab.button("Stop").click()]
)
def test_an_answer_can_be_stopped(browser: Browser, slow_chat: str, stop: Callable[[Tab], None]):
    with opened(browser, slow_chat) as tab:
        tab.begin(UZBEKISTAN)
        expect(tab.page.locator(".draft .words")).to_contain_text("Nobody")
        stop(tab)
        expect(tab.exchanges.locator(".note")).to_contain_text("Stopped")
        expect(tab.button("Ask")).to_be_visible()
        expect(tab.box).to_be_enabled()


@pytest.mark.parametrize("width", [375, 1280])
def test_the_box_stays_where_it_is_while_an_answer_is_written(browser: Browser, slow_chat: str, width: int):
    with opened(browser, slow_chat, width=width) as tab:
        tab.begin(UZBEKISTAN)
        words = tab.page.locator(".draft .words")
        expect(words).to_contain_text("Nobody")
        expect(tab.page.locator("#welcome")).to_be_hidden()
        places = set()
        for _ in range(8):
            before = len(str(words.text_content()))
            places.add(str(tab.box.bounding_box()))
            tab.page.wait_for_function(
                "before => document.querySelector('.draft .words')?.textContent.length > before", arg=before
            )
        tab.button("Stop").click()
        assert len(places) == 1


def test_the_box_of_a_narrow_window_stays_however_long_the_answer_becomes(browser: Browser, slow_chat: str):
    with opened(browser, slow_chat, width=375) as tab:
        tab.begin(UZBEKISTAN)
        expect(tab.page.locator(".draft .words")).to_contain_text("Nobody")
        place = tab.box.bounding_box()
        tab.page.wait_for_function("document.querySelector('.draft .words')?.textContent.length > 400")
        assert tab.box.bounding_box() == place
        tab.button("Stop").click()
