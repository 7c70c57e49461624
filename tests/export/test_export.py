"""What is taken away can be checked by anybody, and says nothing that was not in it."""

import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Dialog, Page

from qa import __version__
from qa.cli.terminal import answer_text
from qa.errors import AttestError, UserError
from qa.export.evidence_sheet import CONTEXT_CHARS, Exhibit, build_sheet, evidence_sheet, text_sha256
from qa.export.json import answer_record
from qa.export.markdown import answer_markdown, conversation_markdown
from qa.export.sheet_checker import check_sheet, read_sheet
from qa.export.text import plain_text
from qa.ingest.documents import normalise
from qa.retrieval.evidence import number_quotes
from qa.schema import Answer, Document, Evidence, RejectedSentence, Sentence, ShortAnswer, Span
from qa.verification.citing import unquoted_spans
from qa.verification.policy import Verdict
from qa.verification.verify import NOTHING_SUPPORTED, abstain, verify
from qa.web.ui.answer_html import answer_html
from tests.support.browser import chromium
from tests.support.fakes import NORMAL_TEXTS, TEXTS, by_id, document, html_text
from tests.support.prompt_injections import HOSTILE

MADE = datetime.date(2026, 5, 2)

PLANT = document(
    "Siemens built a plant near Baku. The plant has four turbines. It opened in May.\n\nNobody was hurt.",
    "plants/a.md",
    title="A plant",
    date="2023-10-23",
)
QUOTED = Span("plants/a.md", 33, 61)

AWKWARD = by_id(
    *(document(normalise(text), name, title=text, date="2023-10-23") for name, text in HOSTILE.items()),
    document("محطة الطاقة فيها أربعة توربينات.", "عربي.txt", title="محطة"),
    document("תחנת הכוח נפתחה במאי.", "עברית.txt", title="תחנה"),
    document("Four 👩‍👩‍👧 turbines 🇺🇿 at Cafe\u0301 ✊🏿.", "emoji 🎉.txt", title="🎉"),
    document(
        "</mark></blockquote><script>document.title='owned'</script>", '"><script>alert(1)</script>.txt'
    ),
    document("It is.", "a\rb\tc\n<i>.txt", title="x\ry"),
)


def answered(documents: dict[str, Document], *spans: Span, question: str = "How many turbines?") -> Answer:
    """An answer that says nothing but its quotes."""
    quotes = number_quotes(spans, documents)
    said = tuple(Sentence(quote.text, (quote.number,)) for quote in quotes)
    return Answer(question, question, said, quotes, (), p_answerable=0.87654, threshold=0.32)


def refusal(documents: dict[str, Document], *spans: Span) -> Answer:
    evidence = Evidence("Who built the plant?", number_quotes(spans, documents))
    refused = abstain(evidence, documents, Verdict(0.12, 0.32), "no passage seems to contain the answer")
    return replace(refused, question="Who built it?")


def every(documents: dict[str, Document]) -> list[Answer]:
    """An answer and a refusal on each document as a whole."""
    spans = [Span(each.id, 0, len(each.text)) for each in documents.values()]
    hostile = [
        replace(answered(documents, span, question=documents[span.doc_id].title), refused=(span.doc_id,))
        for span in spans
    ]
    return [*hostile, refusal(documents, *spans)]


def sheet(*answers: Answer, documents: dict[str, Document]) -> str:
    return evidence_sheet("Turbines", answers, documents, MADE)


PLANTS = by_id(PLANT)
ANSWER = answered(PLANTS, QUOTED)
PASSAGES = replace(ANSWER, passages_only=True)
LEFT_OUT = (RejectedSentence("It has 5.", "the number 5 is not in the quote"),)
PHRASED = replace(
    ANSWER,
    sentences=(Sentence("Sadly the plant has four machines.", (1,), 0.97312, ((0, 5), (25, 33))),),
    short=ShortAnswer("four turbines", 1, Span("plants/a.md", 47, 60)),
    cut=LEFT_OUT,
)
UNCHECKED = replace(refusal(PLANTS, QUOTED), reason=NOTHING_SUPPORTED, cut=LEFT_OUT)
SHEET = sheet(ANSWER, refusal(PLANTS, QUOTED), documents=PLANTS)


def faults(html: str, documents: dict[str, Document]) -> str:
    return "\n".join(map(str, check_sheet(html, documents)))


# Plain text and Markdown


def test_plain_text_has_the_answer_and_the_place_of_every_quote():
    assert plain_text(ANSWER) == (
        "Question: How many turbines?\n\n"
        "The plant has four turbines. [1]\n\n"
        "Every word of the answer is in its quotes.\n\n"
        "Quotes, word for word, each with its source and its characters in the text:\n\n"
        "[1] “The plant has four turbines.”\n    A plant, 2023-10-23, plants/a.md, 33–61\n"
    )


def test_plain_text_of_a_refusal_says_so_before_it_shows_anything():
    said = plain_text(refusal(PLANTS, QUOTED))
    order = ["Understood as: Who built the plant?", "No answer: no passage", "0.12", "not an answer", "[1]"]
    assert [said.index(each) for each in order] == sorted(said.index(each) for each in order)


def test_plain_text_of_a_verified_answer_names_the_parts_without_one():
    evidence = Evidence("How many turbines?", number_quotes([QUOTED], PLANTS))
    said = verify("The plant has four turbines [1].", evidence, PLANTS, Verdict(0.9, 0.3))
    assert "No answer found in the documents for: Who?" in plain_text(replace(said, refused=("Who?",)))


def test_plain_text_begins_with_the_short_answer_and_ends_with_what_was_left_out():
    blocks = plain_text(PHRASED).split("\n\n")
    assert blocks[1:4] == [
        "Short answer: four turbines [1]",
        "Sadly the plant has four machines. [1]",
        "Not in the quotes: “Sadly”, “machines” (the check gives this sentence 97%)",
    ]
    assert blocks[-1] == (
        "1 drafted sentence was left out because it did not pass the check:\n"
        "- “It has 5.” (the number 5 is not in the quote)\n"
    )


def test_a_sentence_without_a_probability_claims_none():
    (sentence,) = PHRASED.sentences
    said = plain_text(replace(PHRASED, sentences=(replace(sentence, support=None),)))
    assert "“machines” (the other words of this sentence are)" in said
    assert "%" not in said


def test_no_sentence_is_said_to_be_certain():
    (sentence,) = PHRASED.sentences
    assert "more than 99%" in plain_text(replace(PHRASED, sentences=(replace(sentence, support=0.9999),)))


@pytest.mark.parametrize("form", [plain_text, answer_markdown, answer_text, answer_html])
def test_a_chance_just_below_the_threshold_does_not_read_as_the_threshold(form: Callable[[Answer], str]):
    said = html_text(form(replace(refusal(PLANTS, QUOTED), p_answerable=0.3571, threshold=0.3594)))
    percent = ("35.7%", "35.9%")
    assert all(each in said for each in percent) or all(each in said for each in ("0.357", "0.359"))
    assert "36%" not in said
    assert "0.36" not in said


@pytest.mark.parametrize("form", [plain_text, answer_markdown, answer_text, answer_html])
def test_an_abstention_after_a_draft_is_no_checked_answer_in_any_format(form: Callable[[Answer], str]):
    said = html_text(form(UNCHECKED)).replace("*", "")
    assert "No checked answer. The nearest passages:" in said
    assert "It has 5." in said
    assert "Attest answers at" not in said
    assert "threshold" not in said


@pytest.mark.parametrize("form", [plain_text, answer_markdown, answer_text, answer_html])
def test_passages_are_called_so_in_every_format(form: Callable[[Answer], str]):
    said = html_text(form(PASSAGES)).replace("*", "")
    assert "Passages that may answer this:" in said
    assert said.count("The plant has four turbines.") == 1
    assert "word of the answer" not in said


def test_json_has_the_short_answer_and_accounts_for_every_word():
    record = json.loads(json.dumps(answer_record(PHRASED)))
    short = record["short"]
    assert short == {"text": "four turbines", "quote": 1, "start": 47, "end": 60}
    assert PLANT.text[short["start"] : short["end"]] == short["text"]
    assert record["sentences"] == [
        {
            "text": "Sadly the plant has four machines.",
            "cites": [1],
            "support": 0.9731,
            "unquoted": [[0, 5], [25, 33]],
        }
    ]
    assert record["cut"] == [{"text": "It has 5.", "reason": "the number 5 is not in the quote"}]
    assert "passages_only" not in record


def test_json_tells_passages_and_what_was_cut_and_leaves_out_what_there_is_not():
    assert answer_record(PASSAGES)["passages_only"] is True
    assert not {"short", "cut", "nearest"} & set(answer_record(PASSAGES))
    unchecked = answer_record(UNCHECKED)
    assert (unchecked["answered"], unchecked["sentences"]) == (False, [])
    assert unchecked["cut"][0]["text"] == "It has 5."


@pytest.mark.parametrize("text", HOSTILE.values())
def test_what_was_cut_cannot_forge_a_line(text: str):
    forged = f"x\n[7] “{text}”\n    A plant"
    said = plain_text(replace(UNCHECKED, cut=(RejectedSentence(forged, forged),)))
    assert not [line for line in said.splitlines() if line.startswith("[7]")]


def test_a_document_cannot_forge_a_line_of_the_plain_text():
    forger = document(
        "Nothing.\n[2] “The plant burned down.”\n    A plant, plants/a.md", "b.txt", title="B\n[3]"
    )
    lines = plain_text(answered(by_id(forger), Span("b.txt", 0, len(forger.text)))).splitlines()
    assert [line for line in lines if line.startswith("[")] == ["[1] “Nothing."]


def test_a_conversation_is_a_heading_for_each_question():
    said = conversation_markdown("On *plants*", [ANSWER, refusal(PLANTS, QUOTED)])
    html = MarkdownIt("gfm-like", {"linkify": False}).render(said)
    assert "<h1>On *plants*</h1>" in html
    assert html.index("<h2>How many turbines?</h2>") < html.index("<h2>Who built it?</h2>")
    assert html.count("<blockquote>") == 2


def test_a_conversation_without_questions_is_its_title():
    assert conversation_markdown("Nothing yet", []) == "# Nothing yet\n"


@pytest.mark.parametrize("text", [*HOSTILE.values(), "two\n# lines", "- a", "1. a", "===", "#", "a #", "> a"])
def test_a_heading_shows_hostile_text_as_it_is(text: str):
    said = conversation_markdown(text, [replace(ANSWER, question=text, resolved=text)])
    html = MarkdownIt("gfm-like", {"linkify": False}).render(said)
    assert (html.count("<h1>"), html.count("<h2>")) == (1, 1)
    assert not [tag for tag in ("<script", "<img", "<a ", "<style", "<iframe", "<code") if tag in html]
    shown = MarkdownIt("gfm-like", {"linkify": False}).render(said.split("\n")[0])
    assert " ".join(html_text(shown).split()) == " ".join(text.replace("\x00", "\ufffd").split())


# The evidence sheet


def test_a_sheet_says_what_it_takes_to_check_it():
    shown = html_text(SHEET)
    for said in (
        "made on 2026-05-02",
        __version__,
        "0.8765",
        "0.3200",
        "33–61 of 97",
        text_sha256(PLANT),
        "plants/a.md",
        "2023-10-23",
        "Unicode code points",
        "end is exclusive",
        "No answer: no passage seems to contain the answer.",
        "Understood as: Who built the plant?",
    ):
        assert said in shown, said
    assert len(PLANT.text) == 97


def test_a_sheet_without_a_date_bears_none():
    assert "made on" not in html_text(evidence_sheet("T", [ANSWER], PLANTS, None))


def test_the_words_around_a_quote_are_shown_and_not_many_more():
    long = document("before " * 500 + "The plant has four turbines." + " after" * 500)
    span = Span("a.txt", 3_500, 3_528)
    (entry,) = read_sheet(sheet(answered(by_id(long), span), documents=by_id(long))).entries
    (exhibit,) = entry.exhibits
    assert exhibit.quote.text == "The plant has four turbines."
    assert set(exhibit.before.split()) == {"before"}
    assert set(exhibit.after.split()) == {"after"}
    assert CONTEXT_CHARS - 10 < len(exhibit.before) <= CONTEXT_CHARS
    assert CONTEXT_CHARS - 10 < len(exhibit.after) <= CONTEXT_CHARS


def test_a_sheet_is_not_made_of_a_quote_that_its_document_does_not_have():
    for documents in ({}, by_id(replace(PLANT, text=PLANT.text.replace("four", "five")))):
        with pytest.raises(AttestError, match=r"plants/a\.md"):
            sheet(ANSWER, documents=documents)


def test_a_sheet_of_hostile_documents_checks_out():
    answers = every(AWKWARD)
    html = evidence_sheet("<script>alert(1)</script>", answers, AWKWARD, MADE)
    assert check_sheet(html, AWKWARD) == []
    assert read_sheet(html) == build_sheet("<script>alert(1)</script>", answers, AWKWARD, MADE)
    assert "<script" not in html


def test_a_sheet_survives_being_saved_by_a_windows_editor():
    assert check_sheet("\ufeff" + SHEET.replace("\n", "\r\n"), PLANTS) == []


@pytest.mark.parametrize("answer", [PHRASED, PASSAGES, UNCHECKED], ids=["phrased", "passages", "unchecked"])
def test_a_sheet_shows_what_an_answer_is_and_checks_out(answer: Answer):
    html = sheet(answer, documents=PLANTS)
    assert check_sheet(html, PLANTS) == []
    assert read_sheet(html) == build_sheet("Turbines", [answer], PLANTS, MADE)


def test_a_sheet_marks_the_short_answer_and_the_words_that_are_in_no_quote():
    html = sheet(PHRASED, documents=PLANTS)
    assert html_text(html).index("four turbines [1]") < html_text(html).index("Sadly the plant")
    assert '<mark data-field="quote">The plant has <b>four turbines</b>.</mark>' in html
    assert "<u>Sadly</u> the plant has four <u>machines</u>." in html
    assert "Not in the quotes: “Sadly”, “machines” (the check gives this sentence 97%)" in html_text(html)
    assert "It has 5." in html_text(html)


def test_a_sheet_says_that_there_is_no_checked_answer_and_that_passages_are_none():
    assert "No checked answer. The nearest passages:" in html_text(sheet(UNCHECKED, documents=PLANTS))
    assert "It has 5." in html_text(sheet(UNCHECKED, documents=PLANTS))
    shown = html_text(sheet(PASSAGES, documents=PLANTS))
    assert "Passages that may answer this:" in shown
    assert "not an answer" not in shown


@pytest.mark.parametrize(
    ("true", "forged", "said"),
    [
        (">four turbines</strong>", ">five turbines</strong>", "does not say “five turbines” at 47–60"),
        ('data-start="47"', 'data-start="30"', "at 30–60, is not inside quote 1"),
        ('data-quote="1"', 'data-quote="2"', "quote 2, from which the short answer is cut, is not in"),
        (
            'data-unquoted="0-5 25-33 "',
            'data-unquoted="0-5 "',
            "that are in none of its quotes are not those",
        ),
        ("machines</u>", "wheels</u>", "that are in none of its quotes are not those marked"),
    ],
)
def test_a_forged_short_answer_or_mark_is_noticed(true: str, forged: str, said: str):
    html = sheet(PHRASED, documents=PLANTS)
    assert true in html
    assert said in faults(html.replace(true, forged), PLANTS)


@given(NORMAL_TEXTS, TEXTS, st.data())
def test_a_sheet_of_any_phrased_answer_checks_out(text: str, said: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    documents = by_id(document(text))
    quotes = number_quotes([Span("a.txt", 0, len(text))], documents)
    answer = replace(
        answered(documents, Span("a.txt", 0, len(text))),
        sentences=(Sentence(said, (1,), data.draw(st.floats(0, 1)), unquoted_spans(said, quotes)),),
        short=ShortAnswer(text[start:end], 1, Span("a.txt", start, end)),
        cut=(RejectedSentence(said, text),),
    )
    html = sheet(answer, documents=documents)
    assert check_sheet(html, documents) == []
    assert read_sheet(html) == build_sheet("Turbines", [answer], documents, MADE)


@given(NORMAL_TEXTS, TEXTS, st.data())
def test_a_sheet_of_any_text_checks_out_and_a_changed_character_is_noticed(
    text: str, question: str, data: st.DataObject
):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    documents = by_id(document(text))
    html = sheet(answered(documents, Span("a.txt", start, end), question=question), documents=documents)
    assert check_sheet(html, documents) == []
    (exhibit,) = read_sheet(html).entries[0].exhibits
    assert exhibit.quote.text == text[start:end]
    assert text[start - len(exhibit.before) : end + len(exhibit.after)] == (
        exhibit.before + exhibit.quote.text + exhibit.after
    )

    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + ("y" if text[place] == "x" else "x") + text[place + 1 :]
    found = faults(html, by_id(document(changed)))
    assert "the text of a.txt differs" in found
    assert ("does not say this" in found) == (start <= place < end)


@pytest.mark.parametrize(
    ("true", "forged", "said"),
    [
        ("has four turbines.</mark>", "has five turbines.</mark>", "does not say this at 33–61"),
        ('data-start="33"', 'data-start="34"', "does not say this at 34–61, but at 33–61"),
        ('data-start="33"', 'data-start="-64"', "does not say this at -64–61"),
        ("near Baku. </span>", "near Rome. </span>", "the words around it"),
        (">A plant</cite>", ">A palace</cite>", "has the title “A plant” and the date 2023-10-23"),
        (">2023-10-23</time>", ">2024-10-23</time>", "has the title “A plant” and the date 2023-10-23"),
        (">plants/a.md</bdi>", ">plants/b.md</bdi>", "no document plants/b.md, but plants/a.md has the same"),
        ('data-length="97"', 'data-length="98"', "97 characters"),
        (text_sha256(PLANT), "0" * 64, text_sha256(PLANT)),
        ('data-number="1"', 'data-number="2"', "quote 1, cited for “The plant has four turbines.”"),
        ('data-cites="1"', 'data-cites=""', "no quote is cited for"),
    ],
)
def test_a_forged_sheet_is_told_by_what_was_forged(true: str, forged: str, said: str):
    assert true in SHEET
    found = faults(SHEET.replace(true, forged), PLANTS)
    assert said in found
    assert "Question 1" in found


@pytest.mark.parametrize(
    "added",
    [
        "<p>“The plant burned down.” [2]</p>",
        "<style>figure{display:none}</style>",
        "<script>alert(1)</script>",
        "<!-- -->",
        '<img src="http://127.0.0.1:1/">',
        "</figure>",
        " ",
    ],
)
def test_anything_added_to_a_sheet_is_noticed(added: str):
    for place in ("</main>", "<figure", "</blockquote>", "</head>"):
        assert "it may show more than could be checked" in faults(SHEET.replace(place, added + place), PLANTS)


def test_two_quotes_of_one_number_are_noticed():
    figure = SHEET[SHEET.index("<figure") : SHEET.index("</figure>") + len("</figure>\n")]
    assert "two quotes have the number 1" in faults(SHEET.replace(figure, figure * 2, 1), PLANTS)


@given(st.data())
def test_nothing_that_is_done_to_a_sheet_changes_a_quote_unnoticed(data: st.DataObject):
    start = data.draw(st.integers(0, len(SHEET)))
    end = data.draw(st.integers(start, min(start + 40, len(SHEET))))
    put = data.draw(
        st.one_of(TEXTS, st.sampled_from(["<", "<![", "<!x", "</", "&", "&#", '"', "<a data-field=p>"]))
    )
    damaged = SHEET[:start] + put + SHEET[end:]
    try:
        found = check_sheet(damaged, PLANTS)
    except UserError:
        return
    # Title, questions, sentences, probabilities and date can only be taken on trust.
    assert found or shown_quotes(damaged) == shown_quotes(SHEET)


def shown_quotes(html: str) -> list[tuple[Exhibit, ...]]:
    return [entry.exhibits for entry in read_sheet(html).entries]


@pytest.mark.parametrize(
    "html", ["", "Hello", "<html></html>", "<![x y", '<p data-field="title">T</p>', "{}"]
)
def test_another_file_is_refused_in_words(html: str):
    with pytest.raises(UserError, match="not an evidence sheet"):
        check_sheet(html, PLANTS)


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def troubles() -> list[str]:
    """Dialogs that opened, scripts that failed, and what was requested besides the file."""
    return []


def opened(browser: Browser, path: Path, troubles: list[str], **known: str) -> Page:
    page = browser.new_page(**known)

    def dismiss(dialog: Dialog) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url))
    page.goto(path.as_uri())
    assert troubles.pop(0) == path.as_uri()
    return page


def test_a_browser_shows_hostile_quotes_as_they_are_and_runs_nothing(
    browser: Browser, tmp_path: Path, troubles: list[str]
):
    answers = every(AWKWARD)
    path = tmp_path / "sheet.html"
    path.write_bytes(evidence_sheet("<script>alert(0)</script>", answers, AWKWARD, MADE).encode())
    page = opened(browser, path, troubles)
    marks = page.locator("mark")
    quotes = [quote.text for answer in answers for quote in answer.quotes or answer.nearest]
    assert marks.evaluate_all("all => all.map(each => each.textContent)") == quotes
    names = page.locator("bdi").evaluate_all("all => all.map(each => each.textContent)")
    assert names == [quote.span.doc_id for answer in answers for quote in answer.quotes or answer.nearest]
    assert page.title() == "Evidence: <script>alert(0)</script>"
    assert page.locator("script, img, iframe, main style, [onerror], [onmouseover]").count() == 0
    assert page.locator("a:not([href^='#quote-'])").count() == 0
    assert all(page.locator(link).count() == 1 for link in hrefs(page))
    assert troubles == []
    page.close()


def hrefs(page: Page) -> list[str]:
    return page.locator("main a").evaluate_all("all => all.map(each => each.getAttribute('href'))")


def test_a_script_that_somebody_adds_to_a_sheet_does_not_run(
    browser: Browser, tmp_path: Path, troubles: list[str]
):
    added = (
        '<script>alert(1)</script><img src="x.png" onerror="alert(2)"><iframe src="x.html"></iframe></main>'
    )
    path = tmp_path / "sheet.html"
    path.write_text(SHEET.replace("</main>", added), encoding="utf-8")
    page = opened(browser, path, troubles)
    page.wait_for_load_state("networkidle")
    assert not [trouble for trouble in troubles if not trouble.startswith("file:")]
    page.close()


def test_a_sheet_is_light_or_dark_as_its_reader_likes_it_and_light_on_paper(
    browser: Browser, tmp_path: Path, troubles: list[str]
):
    path = tmp_path / "sheet.html"
    path.write_text(SHEET, encoding="utf-8")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(browser, path, troubles, color_scheme=each) for each in ("light", "dark"))
    assert light.evaluate(ground) == "rgb(255, 254, 251)"
    assert dark.evaluate(ground) == "rgb(22, 24, 26)"
    dark.emulate_media(media="print", color_scheme="dark")
    assert dark.evaluate(ground) == "rgb(255, 255, 255)"
    narrow = browser.new_page(viewport={"width": 320, "height": 640})
    narrow.goto(path.as_uri())
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    for page in (light, dark, narrow):
        page.close()


def test_a_quote_that_is_written_from_right_to_left_is_shown_so_in_an_evidence_sheet():
    text = "أُضيئت منارة الميناء عام 1887."
    documents = by_id(document(text, language="ar"))
    answer = answered(documents, Span("a.txt", 0, len(text)), question="متى أضيئت المنارة؟")
    html = sheet(answer, documents=documents)
    assert '<blockquote dir="auto" lang="ar">' in html
    assert '<span dir="auto" data-field="sentence"' in html
