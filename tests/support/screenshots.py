"""Pictures of the page for the README, into ``docs/``: ``python -m tests.support.screenshots``.

Without a language model the quotes are the answer, so the pictures are the same on every machine.
"""

import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, expect

from qa import assemble
from qa.config import Config
from qa.runtime import StaticRuntime
from tests.support.browser import Tab, chromium, opened, served
from tests.support.fakes import CORPUS, ROOT, FakeChat, answered_by

REFUSED = "Who is the chief executive of Alstom?"
ANSWERED = "How much is the gas turbine contract in Uzbekistan worth?"

COLOURS = 128
"""Of a picture's palette: enough for the page's few, and a third of the bytes."""


def main() -> None:
    """Write every picture."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(corpus=CORPUS, index=Path(folder) / "index")
        assemble.index_corpus(config, [CORPUS])
        parts = assemble.open_runtime(config)
        with chromium() as browser:
            _answers(browser, parts)
            with served(answered_by(FakeChat(p_yes=0.2), parts)) as address, opened(browser, address) as tab:
                expect(tab.ask(REFUSED).locator(".abstention")).to_be_visible()
                _save(tab, "refusal")


def _answers(browser: Browser, parts: StaticRuntime) -> None:
    looks: list[tuple[str, int, int, Literal["light", "dark"]]] = [
        ("screenshot", 1280, 800, "light"),
        ("dark", 1280, 800, "dark"),
        ("phone", 375, 812, "light"),
    ]
    with served(parts) as address:
        for name, width, height, scheme in looks:
            with opened(browser, address, width, height, scheme) as tab:
                exchange = tab.ask(ANSWERED)
                if width > height:
                    exchange.locator(".cite").first.click()
                    expect(tab.mark).to_be_in_viewport()
                _save(tab, name)


def _save(tab: Tab, name: str) -> None:
    path = ROOT / "docs" / f"{name}.png"
    tab.page.mouse.move(5, 5)
    tab.page.wait_for_timeout(500)  # for what moves to come to rest
    tab.page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
