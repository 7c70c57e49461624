"""The chat served in this process, and Chromium to look at it with."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect, sync_playwright

from qa.config import Config
from qa.runtime import Runtime
from qa.schema import Span
from qa.web import server

ANSWERING_MS = 240_000
"""How long the local model may take over an answer on a busy machine."""

expect.set_options(timeout=30_000)  # everything on the page, on a busy machine

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; a test that needs one fails when there is none."""
    found = str(_CHROMIUM) if _CHROMIUM.exists() else shutil.which("chromium")
    if found is None:
        pytest.fail("Chromium is not installed; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(parts: Runtime, settings: Config | None = None) -> Iterator[str]:
    """The address of the server over ``parts``, at any free port of this machine."""
    app = server.create(parts, settings or Config())
    with server.listen("127.0.0.1", 0) as listener, server.run_in_background(app, listener) as address:
        app.page.wait()  # where Gradio is imported first, a busy machine takes longer than a browser waits
        yield address


@dataclass
class Tab:
    """A tab with the chat in it, and what it did behind the reader's back."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    """The hosts that anything was requested from."""
    troubles: list[str] = field(default_factory=list)
    """Dialogs that opened and scripts that failed."""

    @property
    def box(self) -> Locator:
        """The field that the question is typed into."""
        return self.page.get_by_role("textbox", name="Question")

    @property
    def exchanges(self) -> Locator:
        """The conversation's finished exchanges."""
        return self.page.locator(".exchange[aria-busy=false]")

    @property
    def mark(self) -> Locator:
        """The highlighted words of the document that is open."""
        return self.page.locator("#document mark")

    def begin(self, question: str) -> None:
        """Type ``question`` and press Enter."""
        self.box.fill(question)
        self.box.press("Enter")

    def ask(self, question: str) -> Locator:
        """Type ``question``, press Enter, and wait for the exchange that comes of it."""
        before = self.exchanges.count()
        self.begin(question)
        expect(self.exchanges).to_have_count(before + 1, timeout=ANSWERING_MS)
        expect(self.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
        return self.exchanges.last

    def button(self, name: str) -> Locator:
        """The button of exactly this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def named(self, link: Locator) -> Span:
        """The place that a citation names."""
        data = link.evaluate("link => ({...link.dataset})")
        return Span(data["document"], int(data["start"]), int(data["end"]))


def open_page(
    browser: Browser,
    address: str,
    heading: str,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    """The page at ``address``, which has that heading, in a tab of its own."""
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    page.goto(address)
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    return page


def reload_until(page: Page, text: str) -> None:
    """Load the page again until the server, which works in the background, has ``text`` on it."""
    for _ in range(300):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(200)
        page.reload()
    pytest.fail(f"{text} did not come")


@contextmanager
def opened(
    browser: Browser,
    address: str,
    width: int = 1280,
    height: int = 800,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Tab]:
    """The chat at ``address`` in a tab of its own, loaded."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    tab = Tab(context.new_page())

    def dismiss(dialog: Dialog) -> None:
        tab.troubles.append(dialog.message)
        dialog.dismiss()

    context.on("request", lambda request: tab.hosts.add(urlsplit(request.url).hostname or "127.0.0.1"))
    tab.page.on("dialog", dismiss)
    tab.page.on("pageerror", lambda error: tab.troubles.append(str(error)))
    tab.page.goto(address)
    expect(tab.box).to_be_focused(timeout=30_000)
    yield tab
    context.close()
