from dataclasses import replace
from itertools import count, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.evidence import MAX_LIST_QUOTES, MAX_QUOTES, QUOTE_CHARS, number_quotes, select_quotes
from qa.retrieval.signals import NAMES
from qa.schema import Document, Evidence, Hit, Place, ScoredSentence, Span, place_at
from tests.support.fakes import NORMAL_TEXTS, by_id, document, hits_of, whole

SCORES = st.lists(st.floats(-12, 12), min_size=1, max_size=30)


def cycled(scores: list[float]):
    return (scores[i % len(scores)] for i in count())


def chosen(question: str, text: str, *scores: float) -> list[str]:
    """The texts of the quotes, for a document whose sentences have ``scores``."""
    texts = by_id(document(text))
    hits = hits_of(*texts.values(), scores=iter(scores))
    return [quote.text for quote in select_quotes(question, hits, texts).quotes]


@st.composite
def evidence(draw: st.DrawFn) -> tuple[Evidence, dict[str, Document]]:
    texts = draw(st.lists(NORMAL_TEXTS, min_size=1, max_size=3))
    documents = by_id(*(document(text, f"{i}.txt") for i, text in enumerate(texts)))
    hits = hits_of(*documents.values(), scores=cycled(draw(SCORES)))
    question = draw(st.sampled_from(["What?", "List all the projects", "Which countries?"]))
    return select_quotes(question, hits, documents), documents


@given(evidence())
def test_every_quote_is_cut_from_the_place_it_names(found: tuple[Evidence, dict[str, Document]]):
    selected, documents = found
    assert selected.quotes
    for number, quote in enumerate(selected.quotes, start=1):
        text = documents[quote.span.doc_id].text
        assert text[quote.span.start : quote.span.end] == quote.text != ""
        assert quote.number == number


@given(evidence())
def test_no_quote_contains_another_and_all_together_are_short(
    found: tuple[Evidence, dict[str, Document]],
):
    quotes = found[0].quotes
    for quote in quotes:
        for other in quotes:
            same = quote.span.doc_id == other.span.doc_id and quote is not other
            assert not (same and quote.span.start <= other.span.start and other.span.end <= quote.span.end)
    assert len(quotes) <= MAX_LIST_QUOTES
    assert len(quotes) == 1 or sum(len(quote.text) for quote in quotes) <= QUOTE_CHARS


@given(evidence())
def test_every_signal_is_told(found: tuple[Evidence, dict[str, Document]]):
    assert tuple(found[0].signals) == NAMES
    assert all(isinstance(value, float | int) for value in found[0].signals.values())


def test_no_hits_give_no_quotes():
    nothing = select_quotes("What?", [], {})
    assert nothing.quotes == ()
    assert set(nothing.signals) == set(NAMES)


def test_the_best_sentence_comes_first():
    assert chosen("What?", "Gas is cheap. Rail is fast. Water is wet.", 1, 3, 2)[0] == "Rail is fast."


def test_marks_alone_are_no_quote():
    assert chosen("What?", "Gas is cheap.\n\n***\n\nWater is wet.", 1, 9, 2) == [
        "Water is wet.",
        "Gas is cheap.",
    ]


def test_what_falls_far_behind_the_best_is_not_offered():
    assert chosen("What?", "Gas is cheap. Rail is fast. Water is wet.", 9, 8, -9) == [
        "Gas is cheap.",
        "Rail is fast.",
    ]


@pytest.mark.parametrize(
    ("text", "scores", "quotes"),
    [
        ("Boyet leads Alstom. He said so.", (0, 9), ["Boyet leads Alstom. He said so."]),
        ("Boyet leads Alstom. He said so.", (9, 8), ["Boyet leads Alstom. He said so."]),
        ("Boyet leads Alstom. Trains pay, he said.", (0, 9), ["Boyet leads Alstom. Trains pay, he said."]),
        ("Boyet leads Alstom. Trains are fast.", (0, 9), ["Trains are fast."]),
    ],
)
def test_a_pronoun_takes_along_of_whom_it_speaks(text: str, scores: tuple[float, ...], quotes: list[str]):
    assert chosen("What?", text, *scores) == quotes


def test_what_a_document_says_twice_is_quoted_once():
    text = "Rail is fast. Gas is cheap. RAIL  is fast. Water is wet."
    assert chosen("What?", text, 9, 8, 9, 7) == ["Rail is fast.", "Gas is cheap.", "Water is wet."]


PLANS = [f"The {name} segment plans its operating profit for three years ahead." for name in ("Rail", "Gas")]


def test_a_sentence_that_comes_again_with_another_name_makes_room():
    text = " ".join([*PLANS, "Operating profit of Rail was 47.7 million."])
    assert chosen("What was the profit of Rail?", text, 9, 8, 7) == [
        PLANS[0],
        "Operating profit of Rail was 47.7 million.",
    ]
    assert chosen("List the segments that plan their profit", text, 9, 8, 7)[:2] == PLANS


def test_sentences_with_other_numbers_or_in_another_order_are_each_quoted():
    text = "Gas costs 5 euros a unit in this town. Gas costs 6 euros a unit in this town."
    assert len(chosen("What does gas cost?", text, 9, 8)) == 2
    text = "Adorf beat Bedorf in the final. Bedorf beat Adorf in the final."
    assert len(chosen("Who won?", text, 9, 8)) == 2


def test_quotes_fill_their_budget_and_not_more():
    long = [f"{name} {f'{name.lower()} ' * 150}ends." for name in ("Alpha", "Bravo", "Delta")]
    quotes = chosen("What?", " ".join([*long, "Short."]), 4, 3, 2, 1)
    assert quotes == [long[0], long[1], "Short."]


@pytest.mark.parametrize(
    ("question", "most"),
    [
        ("What is cheap?", MAX_QUOTES),
        ("List the projects", MAX_LIST_QUOTES),
        ("Name all the projects", MAX_LIST_QUOTES),
        ("Which countries take part?", MAX_LIST_QUOTES),
    ],
)
def test_a_question_for_a_list_gets_more_quotes(question: str, most: int):
    text = " ".join(f"Gas costs {price} euros." for price in range(30))
    assert len(chosen(question, text, *repeat(1.0, 30))) == most


def test_a_quote_carries_what_is_known_of_its_document():
    texts = by_id(document("Gas is cheap.", "gas.md", title="On gas", date="2025-01-22"))
    (quote,) = whole(texts)
    assert (quote.title, quote.date, quote.span.doc_id) == ("On gas", "2025-01-22", "gas.md")


def test_a_sentence_that_stands_in_two_documents_is_quoted_from_both_places():
    texts = by_id(document("Gas is cheap.", "one.md"), document("First. Gas is cheap.", "two.md"))
    hits = hits_of(*texts.values(), scores=iter([3.0, -9.0, 2.0]))
    spans = [quote.span for quote in select_quotes("What is cheap?", hits, texts).quotes]
    assert [(span.doc_id, span.start) for span in spans] == [("one.md", 0), ("two.md", 7)]


def test_the_surest_sentence_of_any_passage_wins():
    texts = by_id(document("Gas is cheap.", "one.md"), document("Rail is fast.", "two.md"))
    hits = [
        Hit(hit.passage, hit.score, tuple(ScoredSentence(s.span, score) for s in hit.sentences))
        for hit, score in zip(hits_of(*texts.values(), scores=repeat(0.0)), (1.0, 2.0), strict=True)
    ]
    assert select_quotes("What?", hits, texts).quotes[0].span.doc_id == "two.md"


def test_documents_that_are_compared_have_one_quote_each():
    texts = by_id(document("Gas is cheap. Gas is safe.", "one.md"), document("Rail is fast.", "two.md"))
    hits = hits_of(*texts.values(), scores=iter([9.0, 8.0, -9.0]))
    quotes = select_quotes("Which article is more recent?", hits, texts).quotes
    assert [quote.text for quote in quotes] == ["Gas is cheap.", "Rail is fast."]


def test_a_sentence_that_stands_out_is_told_from_one_of_many():
    texts = by_id(document("Gas is cheap. Rail is fast. Coal is black.", "one.md"))

    def standout(*scores: float) -> float:
        return select_quotes("What?", hits_of(*texts.values(), scores=iter(scores)), texts).signals[
            "standout"
        ]

    assert standout(9.0, 0.0, 0.0) > standout(9.0, 8.5, 8.5)


def test_a_quote_says_where_in_its_document_it_begins():
    text = "Preface.\n\nThe plant has four turbines.\n\nThe end."
    report = replace(document(text), places=(Place(0, "page 1"), Place(10, "page 2"), Place(40, "")))
    spans = [Span(report.id, start, end) for start, end in ((0, 8), (10, 38), (14, 38), (40, 48))]
    assert [quote.place for quote in number_quotes(spans, by_id(report))] == [
        "page 1",
        "page 2",
        "page 2",
        "",
    ]


def test_a_document_without_places_gives_none():
    assert place_at(document("Text."), 3) == ""
    assert place_at(replace(document("Text."), places=(Place(2, "later"),)), 1) == ""


def test_of_rows_of_one_name_the_one_with_the_column_asked_for_comes_first():
    freight = "Aug-2015 — International Cargo Ton: 24,193; Domestic Cargo Ton: 33,133"
    travel = "Aug-2015 — Intl Traffic Pax: 721,817; Intl Traffic y.o.y: 99.7; Intl Traffic y.o.y: 101.2"
    text = f"{freight}\n\n{travel}"
    assert chosen("How many pax in Aug-2015?", text, 3.0, 1.0)[0] == travel
    assert chosen("How many international passengers (pax) in Aug-2015?", text, 3.0, 1.0)[0] == travel
    assert chosen("How much cargo in Aug-2015?", text, 3.0, 1.0)[0] == freight
