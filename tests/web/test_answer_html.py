"""What is shown is what the documents say, character for character, and never markup of theirs."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.export.markdown import answer_markdown
from qa.schema import (
    Answer,
    Coverage,
    Draft,
    Evidence,
    FirstAnswer,
    Quote,
    RejectedSentence,
    Sentence,
    ShortAnswer,
    Span,
)
from qa.verification.verify import NOTHING_SUPPORTED
from qa.web.addresses import is_address
from qa.web.ui import answer_html, document_html, exchange_html, panels, quotes_html
from qa.web.ui.frames import draft_html, render_frames
from tests.support.fakes import NORMAL_TEXTS, document, html_text

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</mark></div><h1>Owned</h1>",
    "&lt;b&gt; &amp;",
    "${alert(1)} {{constructor}}",
    "[click](javascript:alert(1)) ![x](y) `code` **bold** _it_",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "| a | b |",
    "~~~\nfence",
    "---",
)


class Page(HTMLParser):
    """A page taken apart: its elements, and the text inside each mark and each class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.marks: list[str] = []
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert not self._open, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.elements.append((tag, known))
        self._open.append((tag, (known.get("class") or "").split()))
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, "elements overlap"

    def handle_data(self, data: str) -> None:
        for tag, classes in self._open:
            if tag == "mark":
                self.marks[-1] += data
            for name in classes:
                self.texts[name] = self.texts.get(name, "") + data

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def links(self) -> list[dict[str, str | None]]:
        return [known for tag, known in self.elements if tag == "a"]


FOUR = ShortAnswer("four turbines", 1, Span("plants/a.md", 21, 34))


def quote(text: str = "The plant has four turbines.", number: int = 1) -> Quote:
    return Quote(number, Span("plants/a.md", 7, 7 + len(text)), text, "A title", "2023-10-23")


def answer(*sentences: Sentence, quotes: tuple[Quote, ...] = (), **known: object) -> Answer:
    plain = Answer("How many?", "How many?", sentences, quotes, (), p_answerable=0.9, threshold=0.5)
    return replace(plain, **known)


def refusal(*nearest: Quote) -> Answer:
    return answer(nearest=nearest, p_answerable=0.12, reason="the documents do not seem to say")


def section(page: Page) -> dict[str, str | None]:
    """The attributes of the first section."""
    return next(known for tag, known in page.elements if tag == "section")


def test_every_sentence_is_followed_by_links_to_its_quotes():
    first, second = quote(), quote("It opened in May.", number=2)
    shown = answer_html.answer_html(
        answer(Sentence("Four.", (1,)), Sentence("Since May.", (1, 2)), quotes=(first, second))
    )
    page = Page(shown)
    assert page.texts["words"].replace("\xa0", " ") == (
        "Four. [1] word for word Since May. [1] [2] every word is in the quotes"
    )
    assert [link["data-number"] for link in page.links()] == ["1", "1", "2"]
    link = page.links()[0]
    assert link["href"]
    assert (link["data-document"], link["data-start"], link["data-end"]) == ("plants/a.md", "7", "35")
    assert (link["data-source"], link["data-quote"]) == ("A title, 2023-10-23", first.text)
    assert link["aria-label"] == "Quote 1: A title, 2023-10-23"


def phrased(text: str = "Sadly, it has four turbines.") -> Answer:
    """An answer with a short one, and a word at its beginning that is in no quote."""
    sentence = Sentence(text, (1,), 0.97, ((0, 5), (7, 9)))
    return answer(sentence, quotes=(quote(),), short=FOUR)


def test_the_short_answer_comes_first_with_its_link_and_is_highlighted_in_its_quote():
    page = Page(answer_html.answer_html(phrased()))
    assert page.texts["short"].replace("\xa0", " ") == "Short answer: four turbines [1]"
    assert list(page.texts).index("short") < list(page.texts).index("words")
    link = page.links()[0]
    assert (link["data-short-start"], link["data-short-end"]) == ("21", "34")
    card = Page(quotes_html.sources_html(phrased()))
    assert card.texts["short-words"] == "four turbines"
    assert card.texts["card"].endswith("The plant has four turbines.")


def test_the_short_answer_is_highlighted_in_a_sentence_that_is_its_quote():
    copied = answer(Sentence(quote().text, (1,)), quotes=(quote(),), short=FOUR)
    assert Page(answer_html.answer_html(copied)).texts["short-words"] == "four turbines"
    assert "short-words" not in Page(answer_html.answer_html(phrased())).texts


def test_the_short_answer_is_highlighted_in_the_open_document():
    source = document("So far. The plant has four turbines. More.")
    html = document_html.document_html(source, [Span("a.txt", 8, 36)], short=Span("a.txt", 22, 35))
    page = Page(html)
    assert page.marks == ["The plant has four turbines."]
    assert page.texts["short-words"] == "four turbines"
    assert page.texts["text"] == source.text


def test_words_that_are_in_no_quote_say_so_to_whoever_focuses_them():
    page = Page(answer_html.answer_html(phrased()))
    marks = [known for _, known in page.elements if known.get("class") == "unquoted"]
    assert page.texts["unquoted"] == "Sadlyit"
    assert [known["tabindex"] for known in marks] == ["0", "0"]
    assert {known["data-message"] for known in marks} == {
        "not in the quotes; the check gives this sentence 97%"
    }
    assert "check" not in page.texts


@pytest.mark.parametrize("text", [*HOSTILE, "منارة", "<b>"])
def test_hostile_words_that_are_in_no_quote_are_shown_as_they_are(text: str):
    for spans in (((0, len(text)),), ((0, 1), (len(text) - 1, len(text))), ((5, 2), (-3, 2), (1, 999))):
        said = answer(Sentence(text, (1,), 0.9, spans), quotes=(quote(),), short=FOUR)
        shown = answer_html.answer_html(said)
        page = Page(shown)
        assert page.texts["words"].startswith(text)
        assert page.tags() <= {"div", "p", "span", "a", "strong", "small"}
        assert not [name for _, known in page.elements for name in known if name.startswith("on")]
        assert "<script" not in shown


def test_a_sentence_that_begins_with_marked_words_keeps_its_direction():
    shown = answer_html.answer_html(
        answer(Sentence("منارة الميناء", (1,), 0.9, ((0, 5),)), quotes=(quote(),))
    )
    assert '<span dir="auto"><span class="unquoted"' in shown
    assert shown.index('dir="auto"') < shown.index("منارة")
    assert "not in the quotes" not in html_text(shown)  # it would decide the direction


def test_passages_are_not_called_an_answer():
    passages = answer(Sentence(quote().text, (1,)), quotes=(quote(),), passages_only=True)
    page = Page(answer_html.answer_html(passages))
    assert page.texts["passages"].startswith("Passages that may answer this:")
    assert quote().text in page.texts["passages"]
    assert "words" not in page.texts
    assert "Passages that may answer this" in Page(quotes_html.sources_html(passages)).texts["label"]


def test_an_answer_that_was_not_checked_shows_passages_and_no_chance():
    page = Page(answer_html.answer_html(replace(refusal(quote()), reason=NOTHING_SUPPORTED)))
    said = page.texts["abstention"]
    assert said.startswith("No checked answer. The nearest passages:[1] The plant has four turbines.")
    assert "%" not in said


def test_an_answer_shows_neither_a_meter_nor_a_refusal():
    page = Page(answer_html.answer_html(answer(Sentence("Four.", (1,)), quotes=(quote(),))))
    assert not {"meter", "abstention", "refused", "cut", "resolved"} & set(page.texts)


def test_an_abstention_is_shown_as_one_with_the_nearest_passages():
    page = Page(answer_html.answer_html(refusal(quote())))
    said = page.texts["abstention"]
    assert "No answer: the documents do not seem to say." in said
    assert "Searched for: How many?" in said
    assert "12%" in said
    assert "50%" in said
    assert said.index("not an answer") < said.index(quote().text)
    assert len(page.links()) == 1


def test_an_abstention_without_passages_speaks_of_none():
    assert "passages" not in answer_html.answer_html(refusal())
    assert quotes_html.sources_html(refusal()) == ""


def test_the_resolved_question_is_shown_when_it_differs():
    said = answer(
        Sentence("Four.", (1,)), quotes=(quote(),), question="And there?", resolved="How many there?"
    )
    assert Page(answer_html.answer_html(said)).texts["resolved"] == "Understood as: How many there?"
    assert "Understood as: How many there?" in answer_markdown(said)


@pytest.mark.parametrize(("mark", "breaks"), [("", 1), (".", 0)])
def test_items_of_a_list_have_a_line_each(mark: str, breaks: int):
    items = (Sentence(f"Alder BV{mark}", (1,)), Sentence(f"Birch GmbH{mark}", (1,)))
    assert answer_html.answer_html(answer(*items, quotes=(quote(),))).count("<br>") == breaks


def test_a_question_that_differs_in_its_punctuation_alone_is_not_shown_again():
    said = answer(
        Sentence("Four.", (1,)), quotes=(quote(),), question="how long is it", resolved="How long is it?"
    )
    assert "resolved" not in Page(answer_html.answer_html(said)).texts


def test_parts_that_stay_unanswered_are_named():
    said = answer(Sentence("Four.", (1,)), quotes=(quote(),), refused=("Who built it?",))
    assert Page(answer_html.answer_html(said)).texts["refused"].endswith("Who built it?")
    assert "Who built it?" in answer_markdown(said)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 drafted sentence was left out because it did not pass the check"),
        (2, "2 drafted sentences were left out because they did not pass the check"),
    ],
)
def test_what_was_cut_is_told_with_its_reason(count: int, words: str):
    cut = tuple(RejectedSentence(f"Five in {n}.", "no quote has 5") for n in range(count))
    said = answer(Sentence("Four.", (1,)), quotes=(quote(),), cut=cut)
    page = Page(answer_html.answer_html(said))
    assert "details" in page.tags()
    assert words in page.texts["cut"]
    assert "Five in 0. no quote has 5" in page.texts["cut"]
    assert words in answer_markdown(said)


def test_sources_are_the_quotes_of_an_answer_or_the_nearest_passages():
    cited = Page(quotes_html.sources_html(answer(Sentence("Four.", (1,)), quotes=(quote(),))))
    assert cited.texts["card"] == "[1] A title2023-10-23The plant has four turbines."
    assert "not an answer" in Page(quotes_html.sources_html(refusal(quote()))).texts["quotes"]


def test_frames_show_evidence_then_the_draft_then_the_answer():
    said = answer(Sentence("Four.", (1,)), quotes=(quote(),))
    events = [Evidence("How many?", (quote(),)), Draft("Fo"), Draft("ur."), said]
    frames = list(render_frames(events))
    assert quote().text in frames[1].sources
    assert [Page(frame.reply).texts.get("words") for frame in frames[2:4]] == ["Fo", "Four."]
    assert all("draft" in Page(frame.reply).texts for frame in frames[2:4])
    assert [frame.answer for frame in frames] == [None] * 4 + [said]
    assert frames[-1].reply == answer_html.answer_html(said)


def test_frames_keep_the_short_answer_while_its_explanation_is_written():
    first = answer(Sentence("The plant has four turbines.", (1,)), quotes=(quote(),))
    said = answer(Sentence("Four.", (1,)), quotes=(quote(),))
    events = [Evidence("How many?", (quote(),)), FirstAnswer(first), Draft("Fo"), said]
    frames = [Page(frame.reply) for frame in render_frames(events)]
    assert all("The plant has four turbines." in frame.texts["answer"] for frame in frames[2:4])
    assert frames[3].texts["draft"].endswith("Fo")
    assert all("Writing an explanation" in frame.texts["steps"] for frame in frames[2:4])
    assert "The plant has four turbines." not in frames[4].texts["answer"]


def test_the_steps_of_answering_and_their_seconds_are_shown():
    times = iter([0.0, 0.0, 0.5, 0.5, 3.5, 3.5, 4.0])
    events = [Evidence("How many?", (quote(),)), Draft("Fo"), Draft("ur.")]
    frames = list(render_frames(events, lambda: next(times)))
    steps = [Page(frame.reply).texts["steps"] for frame in frames]
    assert steps[0] == "Searching the documents … "
    assert (
        steps[1] == "Found 1 passage, listed under Sources 0.5 sJudging whether they answer the question … "
    )
    assert steps[2].endswith(
        "Judged whether they answer the question 3.0 sWriting the answer and checking it … "
    )
    assert 'data-elapsed="0.5"' in frames[3].reply


def test_what_was_found_and_not_cited_stays_under_a_number_of_its_own():
    other = Quote(1, Span("plants/b.md", 0, 5), "Other", "B", None)
    shown = quotes_html.sources_html(answer(Sentence("Four.", (1,)), quotes=(quote(),)), [quote(), other])
    assert Page(shown).texts["label"] == "Quoted in the answerAlso found, not quoted in the answer"
    assert [link["data-number"] for link in Page(shown).links()] == ["1", "2"]
    assert [link["data-tone"] for link in Page(shown).links()] == ["1", "2"]


def test_a_failed_question_ends_without_an_answer():
    page = Page(exchange_html.unanswered_html(2, "How many?", "No model."))
    assert (page.texts["question"], page.texts["note"]) == ("How many?", "No model.")
    assert "answer" not in page.texts
    assert section(page)["aria-busy"] == "false"
    assert section(page)["data-state"] == "No model."


def test_an_exchange_is_busy_until_something_came_of_it():
    page = Page(exchange_html.exchange_html(3, "How many?", answer_html.note_html("Looking …")))
    assert section(page)["aria-busy"] == "true"
    assert section(page)["data-number"] == "3"
    assert "actions" not in page.texts


def test_a_finished_exchange_says_what_came_of_it_and_can_be_copied():
    said = answer(Sentence("Four.", (1,)), quotes=(quote(),))
    page = Page(exchange_html.finished_html(1, said, "Four. [1]"))
    assert section(page)["data-state"] == "Answered with 1 quote."
    assert [known["data-act"] for tag, known in page.elements if tag == "button"] == [
        *("copy", "copy-markdown", "edit", "retry", "track", "save_test")
    ]
    assert "Four. [1]" in page.texts["actions"]
    assert answer_markdown(said) in page.texts["actions"]
    refused = Page(exchange_html.finished_html(1, refusal(), ""))
    assert section(refused)["data-state"] == "No answer: the documents do not seem to say."


def test_a_screen_reader_hears_what_kind_of_answer_it_is():
    def state(shown: Answer) -> str | None:
        return section(Page(exchange_html.finished_html(1, shown, "")))["data-state"]

    assert state(phrased()) == "Short answer: four turbines. Answered with 1 quote."
    passages = answer(Sentence(quote().text, (1,)), quotes=(quote(),), passages_only=True)
    assert state(passages) == "No answer in words. 1 passage may answer this."
    unchecked = replace(refusal(quote()), reason=NOTHING_SUPPORTED)
    assert state(unchecked) == "No checked answer. The nearest passages are shown."


def test_an_answer_can_be_judged_only_where_that_is_asked_for():
    said = answer(Sentence("Four.", (1,)), quotes=(quote(),))
    assert "Good" not in exchange_html.finished_html(1, said, "")
    judged = Page(exchange_html.finished_html(1, said, "", verdicts=True))
    assert {"up", "down"} <= {known.get("data-act") for _, known in judged.elements}


def test_every_document_of_an_answer_has_its_colour():
    quotes = tuple(replace(quote(number=n), span=Span(f"{n % 2}.md", 0, 28)) for n in (1, 2, 3))
    said = answer(Sentence("Four.", (1, 2, 3)), quotes=quotes)
    tones = [link["data-tone"] for link in Page(answer_html.answer_html(said)).links()]
    assert tones == ["1", "2", "1"]
    assert tones == [link["data-tone"] for link in Page(quotes_html.quotes_html(quotes)).links()]


@given(NORMAL_TEXTS)
def test_a_long_document_is_in_blocks_of_whole_lines(text: str):
    long = "\n".join([text] * (2 + 3 * document_html.BLOCK_CHARS // len(text)))
    page = Page(document_html.document_html(document(long)))
    assert page.texts["block"] == page.texts["text"] == long
    blocks = [known for _, known in page.elements if known.get("class") == "block"]
    assert len(blocks) > 1 or len(text) > document_html.BLOCK_CHARS


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_said_becomes_markup(text: str):
    hostile = Quote(1, Span(text, 0, len(text)), text, text, text)
    cut = (RejectedSentence(text, text),)
    pages = [
        answer_html.answer_html(
            answer(Sentence(text, (1,)), quotes=(hostile,), resolved=text, refused=(text,), cut=cut)
        ),
        answer_html.answer_html(replace(refusal(hostile), reason=text, resolved=text, cut=cut)),
        quotes_html.quotes_html([hostile], text),
        document_html.document_html(document(text, text, title=text, publisher=text, place=text, date=text)),
        draft_html(text),
        answer_html.note_html(text),
        exchange_html.exchange_html(1, text, "", state=text),
        exchange_html.unanswered_html(1, text, text),
        exchange_html.finished_html(1, replace(refusal(hostile), question=text), text),
    ]
    allowed = "div p span a q details summary ul li strong small i section h2 article nav header blockquote"
    for html in pages:
        page = Page(html)
        assert page.tags() <= {*allowed.split(), "button", "pre"}
        assert not [name for _, known in page.elements for name in known if name.startswith("on")]
        assert all(is_address(known["href"]) for known in page.links())
        assert any(text in said for said in page.texts.values())


@given(NORMAL_TEXTS, st.data())
def test_a_document_is_shown_character_for_character(text: str, data: st.DataObject):
    bounds = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(bounds, bounds), max_size=5))
    spans = [Span("a.txt", *sorted(pair)) for pair in pairs]
    page = Page(document_html.document_html(document(text), spans))
    assert page.texts["text"] == text
    marked = {i for span in spans for i in range(span.start, span.end)}
    assert "".join(page.marks) == "".join(text[i] for i in sorted(marked))
    ids = [known["id"] for tag, known in page.elements if tag == "mark"]
    assert ids == [f"mark-{n}" for n in range(1, len(ids) + 1)]


@given(NORMAL_TEXTS, st.data())
def test_a_mark_holds_its_quote(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    page = Page(document_html.document_html(document(text), [Span("a.txt", start, end)]))
    assert page.marks == [text[start:end]]


@given(NORMAL_TEXTS)
def test_a_card_holds_its_quote(text: str):
    shown = quotes_html.quotes_html([Quote(1, Span("a.txt", 0, len(text)), text, "A title", None)])
    assert text in Page(shown).texts["card"]


def test_spans_that_overlap_share_a_mark_and_those_that_touch_do_not():
    spans = [Span("a.txt", 0, 4), Span("a.txt", 2, 6), Span("a.txt", 6, 8), Span("b.txt", 8, 9)]
    assert Page(document_html.document_html(document("0123456789"), spans)).marks == ["012345", "67"]


TABLES = {
    "named": "Before\n\nPlant: Aktau; Power: 80 MW; Year: 1995\n\nPlant: Kivik; Power: 5 MW\n\nAfter it.",
    "keyed": "Aktau — Power: 80 MW; Year: 1995\nKivik — Power: 5 MW; Year: 2001\nAfter it.",
    "barred": "Aktau | 80 MW | 1995\nKivik | 5 MW | 2001\n\nAfter it.",
    "markdown": "| Plant | Power |\n|---|---|\n| Aktau | 80 MW |\n| Kivik | 5 MW |\n\nAfter it.",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_rows_are_a_table_in_which_no_character_is_lost(text: str):
    start = text.index("Kivik") - (7 if "Plant: Kivik" in text else 0)
    end = text.index("5 MW") + 4
    page = Page(document_html.document_html(document(text), [Span("a.txt", start, end)]))
    assert page.texts["text"] == text
    assert "".join(page.marks) == text[start:end]
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == 1
    assert tags.count("tr") == (2 if text.startswith("Aktau |") else 3)
    focused = [known for tag, known in page.elements if tag == "mark" and known.get("tabindex")]
    assert [known["id"] for known in focused] == ["mark-1"]
    heads = [known.get("data-name") for tag, known in page.elements if tag == "th"]
    if text.startswith("Before"):
        assert heads == ["Plant", "Power", "Year"]
    quoted = Quote(1, Span("a.txt", start, end), text[start:end], "A title", None)
    card = Page(quotes_html.quotes_html([quoted], documents={"a.txt": document(text)}))
    assert "table" in card.tags()
    assert text[start:end] in card.texts["card"]


@pytest.mark.parametrize(
    "text",
    [
        "He said: go; she said: stay.\nThen they left; nobody knows: why.",
        "One: two; three: four",
        "A line | with a bar\n\nand one without",
        "Note: rain.\nNote: snow.\nNote: wind.",
    ],
)
def test_prose_is_no_table(text: str):
    page = Page(document_html.document_html(document(text)))
    assert "table" not in page.tags()
    assert page.texts["text"] == text


@given(
    st.lists(
        st.sampled_from(
            ["A: 1; B: 2", "x — A: 1", "A: ; B: ", "a | b", "| a | b |", "|---|---|", "", "t", " | "]
        )
    )
)
def test_whatever_looks_like_a_table_keeps_its_characters(lines: list[str]):
    text = "\n".join(lines)
    page = Page(document_html.document_html(document(text), [Span("a.txt", 2, len(text) - 1)]))
    assert page.texts.get("text", "") == text
    assert "".join(page.marks) == text[2 : max(len(text) - 1, 2)]


def test_a_document_says_where_it_is_from():
    known = {"date": "2023-10-23", "publisher": "Trend", "place": "Baku"}
    page = Page(document_html.document_html(document("Text.", "news/a.txt", **known)))
    assert page.texts["document"].startswith("Back to the quotesBack to the answer↑↓Copy linkA title")
    assert page.texts["about"] == "2023-10-23TrendBakunews/a.txt"


def test_markdown_gives_answer_and_quotes():
    assert answer_markdown(answer(Sentence("Four.", (1,)), quotes=(quote(),))) == (
        "Four. \\[1\\]\n\nEvery word of the answer is in its quotes.\n\n"
        "> \\[1\\]\n> The plant has four turbines.\n>\n> — A title, 2023-10-23, plants/a.md:7–35\n"
    )


def test_markdown_of_an_abstention_says_so():
    said = answer_markdown(refusal(quote()))
    assert said.startswith("**No answer:** the documents do not seem to say.\n")
    assert said.index("not an answer") < said.index("> The plant")


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_as_it_is(text: str):
    hostile = Quote(1, Span("a.txt", 0, len(text)), text, "A title", None)
    said = answer(Sentence(text, (1,)), quotes=(hostile,), cut=(RejectedSentence(text, text),))
    html = MarkdownIt("gfm-like", {"linkify": False}).render(answer_markdown(said))
    page = Page(html)
    assert page.tags() <= {"p", "blockquote", "ul", "li"}
    shown = " ".join(html_text(html).split())
    assert shown.count(" ".join(text.split())) >= 3


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1))
def test_markdown_never_reads_markup_into_a_sentence(text: str):
    said = answer(Sentence(text, (1,)), quotes=(quote(),))
    first = answer_markdown(said).split("\n\n")[0]
    html = MarkdownIt("gfm-like", {"linkify": False}).render(first)
    assert Page(html).tags() == {"p"}
    assert " ".join(html_text(html).split()) == " ".join(f"{text} [1]".split())


@pytest.mark.parametrize(
    ("language", "text"), [("ar", "أُضيئت منارة الميناء عام 1887."), ("he", "המגדלור הודלק.")]
)
def test_a_quote_that_is_written_from_right_to_left_is_shown_so(language: str, text: str):
    shown = replace(quote(text), language=language)
    source = replace(document(text), language=language)
    for html in (
        quotes_html.quotes_html([shown]),
        answer_html.answer_html(refusal(shown)),
        document_html.document_html(source, [Span(source.id, 0, len(text))]),
    ):
        assert f'dir="auto" lang="{language}"' in html


def test_a_quote_of_unknown_language_names_none():
    assert " lang=" not in quotes_html.quotes_html([quote()])


def test_the_header_says_how_much_is_indexed_so_far():
    growing = html_text(panels.header_html(3_120, Coverage(6_089, 3_120, 3_120, 1_248)))
    assert "still being indexed, so far 3,120 of 6,089 files; 40% also by meaning." in growing
    assert "so far" not in panels.header_html(3_120, Coverage(3_120, 3_120, 3_120, 3_120))
