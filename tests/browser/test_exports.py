"""What a reader takes away from the page: copies, exports, tests; and the verdict they leave."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from qa import assemble
from qa.config import Config
from qa.evaluation.datasets.base import Case
from qa.evaluation.datasets.own import read_own
from qa.export.absence_checker import read_absence
from qa.export.sheet_checker import check_sheet
from qa.ingest.documents import parse
from qa.runtime import StaticRuntime
from qa.schema import Document, Span
from tests.support.browser import Tab, opened, served

UZBEKISTAN = "What did Boyet say about Uzbekistan?"
KAZAKHSTAN = "What is said about Kazakhstan?"

EMOJI = (
    "The emoji \N{ROCKET}\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-6} opened "
    "the fair in Tashkent. "
    "Rockets flew over Tashkent."
)

SELECT = """([from, to]) => {
    const at = (offset) => {
        const text = document.querySelector("#document .text");
        const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (offset <= node.length) return [node, offset];
            offset -= node.length;
        }
    };
    getSelection().setBaseAndExtent(...at(from), ...at(to));
}"""
"""Marks the text between two offsets, in the UTF-16 units of the browser."""


def download(tab: Tab, button: str) -> tuple[str, str]:
    """The name and the text of the file that ``button`` saves."""
    with tab.page.expect_download() as saving:
        tab.page.locator("#export").get_by_role("button", name=button).click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_text(encoding="utf-8")


def keep(tab: Tab, exchange: Locator, choice: str = "", wording: str = "") -> None:
    """Keep a question as a test, with the preset choice unless another is named."""
    exchange.get_by_role("button", name="Save as a test").click()
    form = tab.page.locator("form.test-case")
    if choice:
        form.get_by_role("radio", name=choice).check()
    form.get_by_role("textbox").fill(wording)
    form.get_by_role("button", name="Save").click()
    expect(tab.page.locator("p.test-case")).to_contain_text("Saved in this browser")


def kept(tab: Tab, documents: dict[str, Document], folder: Path) -> list[Case]:
    """The tests that the browser holds, as the evaluation reads them."""
    name, lines = download(tab, "Tests")
    (folder / name).write_text(lines, encoding="utf-8")
    return list(read_own(list(documents.values()), folder / name).cases)


def test_an_answer_can_be_copied(tab: Tab):
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    exchange = tab.ask(UZBEKISTAN)
    quoted = str(exchange.locator(".cite").first.get_attribute("data-quote"))
    tab.button("Copy").click()
    expect(tab.button("Copied")).to_be_visible()
    expect(tab.button("Copied")).to_have_count(0)
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"Question: {UZBEKISTAN}\n")
    assert f"[1] “{quoted}”" in copied
    tab.button("Copy as Markdown").click()
    expect(tab.button("Copied")).to_be_visible()
    expect(tab.button("Copied")).to_have_count(0)
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert "\n> \\[1\\]\n> " in copied
    expect(tab.button("Copy as Markdown")).to_be_visible()


def test_a_conversation_is_saved_as_markdown(tab: Tab):
    tab.ask(UZBEKISTAN)
    tab.ask(KAZAKHSTAN)
    name, text = download(tab, "Markdown")
    assert name == "conversation.md"
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## {UZBEKISTAN}",
        f"## {KAZAKHSTAN}",
    ]


def test_a_conversation_is_saved_for_word_with_its_quotes_as_footnotes(tab: Tab):
    quoted = str(tab.ask(UZBEKISTAN).locator(".cite").first.get_attribute("data-quote"))
    with tab.page.expect_download() as saving:
        tab.button("Word").click()
    assert saving.value.suggested_filename == "conversation.docx"
    text = parse(Path(saving.value.path()).read_bytes(), "conversation.docx").text
    assert UZBEKISTAN in text
    assert f"“{quoted}”" in text


@pytest.mark.parametrize(
    ("button", "name"),
    [("BibTeX", "references.bib"), ("RIS", "references.ris"), ("CSL-JSON", "references.csl.json")],
)
def test_the_documents_that_a_conversation_cites_are_saved(tab: Tab, button: str, name: str):
    cited = tab.named(tab.ask(UZBEKISTAN).locator(".cite").first).doc_id
    saved, text = download(tab, button)
    assert saved == name
    assert cited in text


def test_an_evidence_sheet_stands_up_to_the_documents(tab: Tab, documents: dict[str, Document]):
    tab.ask(UZBEKISTAN)
    tab.ask(KAZAKHSTAN)
    name, sheet = download(tab, "Evidence sheet")
    assert name == "evidence.html"
    assert KAZAKHSTAN in sheet
    assert check_sheet(sheet, documents) == []
    assert check_sheet(sheet.replace("springboard", "stumbling block"), documents)


def test_what_a_refusal_searched_is_saved_as_a_sheet_and_offered_after_a_refusal_only(tab: Tab):
    button = tab.button("What was searched for the last refusal")
    expect(tab.page.locator("#export button")).to_have_count(0)
    tab.ask(UZBEKISTAN)
    expect(tab.button("Evidence sheet")).to_be_visible()
    expect(button).to_have_count(0)
    tab.ask("Which documents mention uranium?")
    expect(button).to_be_visible()
    name, sheet = download(tab, "What was searched for the last refusal")
    assert name == "not-found.html"
    read = read_absence(sheet)
    assert read.words == (("uranium", 0),)
    assert "alstom-boyet-interview.md" in {each.path for each in read.files}


def test_a_question_is_kept_with_a_quote(tab: Tab, documents: dict[str, Document], tmp_path: Path):
    exchange = tab.ask(UZBEKISTAN)
    span = tab.named(exchange.locator(".cite").first)
    keep(tab, exchange, wording="springboard")
    (case,) = kept(tab, documents, tmp_path)
    assert (case.question, case.answerable, case.gold) == (UZBEKISTAN, True, (span,))
    assert case.answers == (("springboard",),)


def test_a_question_is_kept_as_unanswerable_after_what_was_asked_before(
    tab: Tab, documents: dict[str, Document], tmp_path: Path
):
    tab.ask(UZBEKISTAN)
    exchange = tab.ask("And who is the chief executive?")
    keep(tab, exchange, "The documents do not answer it")
    keep(tab, exchange, "The documents do not answer it")  # the same question twice is one test
    tab.page.reload()
    expect(tab.exchanges).to_have_count(2)
    (case,) = kept(tab, documents, tmp_path)
    assert (case.answerable, case.gold) == (False, ())
    assert [turn.question for turn in case.history] == [UZBEKISTAN]


@pytest.fixture(scope="module")
def emoji_parts(settings: Config, tmp_path_factory: pytest.TempPathFactory) -> StaticRuntime:
    """A document whose offsets differ between code points and a browser's units."""
    folder = tmp_path_factory.mktemp("emoji")
    (folder / "fair.txt").write_text(EMOJI, encoding="utf-8")
    config = settings.model_copy(update={"index": folder / "index", "model": "none", "threshold": 0.0})
    assemble.index_corpus(config, [folder / "fair.txt"])
    return assemble.open_runtime(config)


@pytest.fixture(scope="module")
def emoji_chat(emoji_parts: StaticRuntime) -> Iterator[str]:
    with served(emoji_parts) as address:
        yield address


def test_a_question_is_kept_with_text_that_was_marked(
    browser: Browser, emoji_parts: StaticRuntime, emoji_chat: str, tmp_path: Path
):
    documents = dict(emoji_parts.pipeline.documents)
    with opened(browser, emoji_chat) as tab:
        exchange = tab.ask("What happened in Tashkent?")
        link = exchange.locator(".cite").first
        link.click()
        expect(tab.mark).to_have_text(str(link.get_attribute("data-quote")), use_inner_text=False)
        start = EMOJI.index("the fair")
        units = len(EMOJI[:start].encode("utf-16-le")) // 2
        assert units > start
        tab.page.evaluate(SELECT, [units, units + len("the fair")])
        keep(tab, exchange)
        (case,) = kept(tab, documents, tmp_path)
        assert case.gold == (Span("fair.txt", start, start + len("the fair")),)
        assert case.answers == (("the fair",),)
        assert tab.troubles == []


def test_a_question_can_be_kept_as_soon_as_its_answer_is_shown(tab: Tab):
    tab.page.evaluate("""() => new MutationObserver((_, observer) => {
        const button = document.querySelector("[data-act=save_test]");
        if (!button) return;
        observer.disconnect();
        button.click();
    }).observe(document.body, { childList: true, subtree: true })""")
    tab.ask(UZBEKISTAN)
    expect(tab.page.locator("form.test-case :checked")).to_be_focused()


def test_keeping_can_be_called_off(tab: Tab):
    exchange = tab.ask(UZBEKISTAN)
    exchange.get_by_role("button", name="Save as a test").click()
    expect(tab.page.locator("form.test-case :checked")).to_be_focused()
    tab.button("Cancel").click()
    expect(tab.page.locator("form.test-case")).to_have_count(0)
    expect(tab.page.get_by_role("button", name="Tests")).to_have_count(0)


def test_verdicts_are_given_only_where_the_owner_keeps_them(
    browser: Browser, quick_parts: StaticRuntime, tab: Tab, tmp_path: Path
):
    exchange = tab.ask(UZBEKISTAN)
    expect(exchange.get_by_role("button", name="Save as a test")).to_be_visible()
    assert exchange.locator("[data-act=up], [data-act=down]").count() == 0
    path = tmp_path / "verdicts.jsonl"
    settings = Config(verdicts=path)
    with served(quick_parts, settings) as address, opened(browser, address) as judging:
        exchange = judging.ask(UZBEKISTAN)
        for thumb in ("Good answer", "Bad answer"):
            exchange.get_by_role("button", name=thumb, exact=True).click()
            expect(judging.page.locator("p.test-case")).to_contain_text("Thank you")
            judging.page.wait_for_timeout(300)
        assert judging.troubles == []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["thumb"], line["question"]) for line in lines] == [
        ("up", UZBEKISTAN),
        ("down", UZBEKISTAN),
    ]
