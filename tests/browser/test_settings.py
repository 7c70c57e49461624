"""The settings page in a real browser: by keyboard, in both colour schemes, on any screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from qa import storage
from qa.config import Config
from qa.llm import local_servers
from qa.runtime import LiveRuntime, StaticRuntime
from qa.web import server
from tests.browser.test_accessibility import beyond_the_edge, faults
from tests.support.browser import Tab, open_page, opened, served
from tests.support.model_servers import SENTENCE, ollama, serving


@pytest.fixture
def address(
    quick_parts: StaticRuntime, settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The settings of a server on a machine with Ollama."""
    monkeypatch.chdir(tmp_path)
    Path("attest.toml").write_text('model = "none"\nthreshold = 0.5\n')
    running = settings.model_copy(update={"model": "none", "threshold": 0.5})
    app = server.create(LiveRuntime(quick_parts, storage.open_store(running)), running)
    with (
        serving(ollama("llama3.2:latest")) as llama,
        server.listen("127.0.0.1", 0) as listener,
        server.run_in_background(app, listener) as at,
    ):
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{llama.port}")
        monkeypatch.setattr(local_servers.find_servers, "__defaults__", ((llama.port,),))
        yield f"{at}settings"


def test_axe_finds_no_serious_fault(browser: Browser, address: str):
    for scheme in ("light", "dark"):
        page = open_page(browser, address, "Settings", scheme=scheme)
        assert faults(Tab(page)) == []
        page.get_by_role("textbox", name="Threshold").fill("2")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Write a number from 0 to 1")).to_be_visible()
        assert faults(Tab(page)) == []
        page.context.close()


def test_every_width_shows_all_of_the_page(browser: Browser, address: str):
    for width in (375, 768, 1280, 2560):
        page = open_page(browser, address, "Settings", width=width)
        assert beyond_the_edge(Tab(page)) == []
        page.context.close()


def test_a_value_is_corrected_and_saved_by_keyboard(browser: Browser, address: str):
    page = open_page(browser, address, "Settings")
    page.get_by_role("textbox", name="Threshold").focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Threshold")).to_be_focused()
    expect(page.get_by_role("textbox", name="Threshold")).to_have_value("2")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("0.25")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("in use at once: threshold")
    assert "threshold = 0.25" in Path("attest.toml").read_text()
    page.context.close()


def test_a_model_is_tried_with_one_click(browser: Browser, address: str):
    page = open_page(browser, address, "Settings")
    page.get_by_role("button", name="Try ollama:llama3.2:latest").click()
    expect(page.get_by_role("status")).to_contain_text(SENTENCE)
    page.context.close()


def test_a_visitor_reads_what_attest_searches_promises_and_cannot(browser: Browser, quick_chat: str):
    with opened(browser, quick_chat, width=375) as tab:
        tab.button("About Attest").focus()
        tab.page.keyboard.press("Enter")
        about = tab.page.locator("#about-attest")
        expect(about).to_be_visible()
        expect(about).to_contain_text("documents (")
        for part in ("last indexed on 20", "every sentence of an answer has a quote", "It cannot"):
            expect(about).to_contain_text(part)
        assert beyond_the_edge(tab) == []
        assert faults(tab) == []
        tab.page.keyboard.press("Escape")
        expect(about).to_be_hidden()


def test_the_owner_finds_the_settings_there(browser: Browser, address: str):
    with opened(browser, address.removesuffix("settings")) as tab:
        tab.button("About Attest").click()
        tab.page.get_by_role("link", name="Settings").click()
        expect(tab.page.get_by_role("heading", name="Settings")).to_be_visible()
        tab.page.get_by_role("link", name="Ask", exact=True).click()
        expect(tab.box).to_be_visible()


def test_a_visitor_finds_no_settings_there(browser: Browser, quick_parts: StaticRuntime, settings: Config):
    behind_a_proxy = settings.model_copy(update={"root_path": "/attest"})
    with served(quick_parts, behind_a_proxy) as at, opened(browser, f"{at}attest/") as tab:
        tab.button("About Attest").click()
        expect(tab.page.locator("#about-attest")).to_contain_text("It promises")
        expect(tab.page.get_by_role("link", name="Settings")).to_have_count(0)
