from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.errors import AttestError
from qa.nlp.sentences import sentences
from qa.nlp.terms import content_terms
from qa.nlp.tokens import is_content, tokens
from qa.retrieval.evidence import number_quotes
from qa.schema import Answer, Evidence, Quote, Span
from qa.verification.verify import OTHER_ANSWER, abstain, join, present, verify
from tests.support.fakes import SURE, TEXTS, by_id, check, document, whole

RAIL, MINES = "Alstom builds trains in France.", "Peru has copper mines."


@pytest.mark.parametrize(
    "draft",
    ["Alstom builds trains in Peru.", "Peru builds trains.", "Alstom has copper mines.", "France has mines."],
)
def test_fragments_of_two_quotes_make_no_claim(draft: str):
    assert not check(draft, RAIL, MINES).answered


@pytest.mark.parametrize(
    ("draft", "cites"),
    [
        ("Peru has mines [2].", (2,)),
        ("Peru has mines [1].", (2,)),
        ("Peru has mines [7].", (2,)),
        ("Peru has mines.", (2,)),
        ("Peru has mines. [2]", (2,)),
        ("Peru has mines [1][2].", (2,)),
        ("Peru has mines [1, 2].", (2,)),
        ("Alstom builds trains in France, and Peru has copper mines.", (1, 2)),
    ],
)
def test_code_decides_which_quotes_are_cited(draft: str, cites: tuple[int, ...]):
    answer = check(draft, RAIL, MINES)
    assert [sentence.cites for sentence in answer.sentences] == [cites]
    assert tuple(quote.number for quote in answer.quotes) == cites
    assert "[7]" not in answer.text


def test_only_the_sentences_that_are_borne_out_are_kept():
    answer = check("Alstom builds trains. Alstom builds ships. Peru has mines.", RAIL, MINES)
    assert answer.text == "Alstom builds trains. [1] Peru has mines. [2]"
    assert [cut.text for cut in answer.cut] == ["Alstom builds ships."]


def test_of_a_sentence_the_clauses_that_are_borne_out_are_kept():
    answer = check("Alstom builds trains in France, and Peru has 99 mines.", RAIL, MINES)
    assert answer.text == "Alstom builds trains in France [1]"
    assert [cut.text for cut in answer.cut] == ["Peru has 99 mines."]


@pytest.mark.parametrize(
    ("question", "draft", "kept"),
    [
        ("How many trains does Alstom build?", "Alstom builds trains in France.", False),
        ("How many trains does Alstom build?", "Alstom builds 30 trains.", True),
        ("Who builds trains?", "Trains are built in the land.", False),
        ("Who builds trains?", "Alstom builds trains.", True),
        ("What does Alstom build?", "Alstom builds.", False),
        ("Does Alstom build trains?", "Alstom builds trains.", True),
    ],
)
def test_what_is_true_must_also_answer_the_question(question: str, draft: str, kept: bool):
    assert check(draft, "Alstom builds 30 trains in the land, in France.", question=question).answered is kept


def test_a_clause_without_a_subject_of_its_own_does_not_stand_alone():
    answer = check("Peru builds trains in France, and sells copper to Chile.", "It sells copper to Chile.")
    assert not answer.answered


def test_a_sentence_is_said_once():
    assert check("Peru has mines. Peru has mines.", MINES).text == "Peru has mines. [1]"


@pytest.mark.parametrize("marks", [("- ", "* "), ("1. ", "2) ")])
def test_a_list_is_read_item_by_item(marks: tuple[str, str]):
    draft = f"{marks[0]}Peru has mines\n{marks[1]}Alstom builds trains"
    assert check(draft, MINES, RAIL).text == "Peru has mines [1] Alstom builds trains [2]"


@pytest.mark.parametrize(
    ("question", "draft", "kept"),
    [
        ("Does Peru have mines?", "Yes, Peru has mines.", True),
        ("Does Peru have mines?", "Yes. Peru has mines.", True),
        ("Does Peru have mines?", "No, Peru has mines.", False),
        ("Does Peru have mines?", "Yes.", False),
        ("Does Peru have mines?", "Yes, Peru has mines in the quote.", False),
    ],
)
def test_yes_or_no_must_agree_with_the_quote(question: str, draft: str, kept: bool):
    assert check(draft, MINES, question=question).answered is kept


@pytest.mark.parametrize(
    ("question", "draft", "shown"),
    [
        ("Does Peru support unions?", "Yes, Peru has long opposed unions.", "Peru has long opposed unions."),
        ("Does Peru vote left or green?", "Yes, Peru votes left.", "Peru votes left."),
        ("Is tin mined in Peru?", "No, tin is not mined in Peru.", "No, tin is not mined in Peru."),
        (
            "Has Peru opposed unions?",
            "Yes, Peru has long opposed unions.",
            "Yes, Peru has long opposed unions.",
        ),
    ],
)
def test_yes_or_no_is_said_where_the_words_after_it_say_so(question: str, draft: str, shown: str):
    quote = "Peru has long opposed unions. Peru votes left. Tin is not mined in Peru."
    assert check(draft, quote, question=question).text == f"{shown} [1]"


@pytest.mark.parametrize(
    ("quote", "draft", "kept"),
    [
        ("Refunds are offered.", "No refunds are offered.", False),
        ("No refunds are offered. Vouchers are.", "No refunds are offered.", True),
        ("What we do not do\n\nRefunds are offered.", "Refunds are offered.", True),
    ],
)
def test_no_before_a_noun_denies_what_follows_and_nothing_else(quote: str, draft: str, kept: bool):
    assert check(draft, quote, question="What about returning goods?").answered is kept


def states(text: str) -> bool:
    return bool(content_terms(text)) and any(is_content(token) for token in tokens(text))


@given(TEXTS.filter(states))
def test_a_quote_copied_verbatim_passes(text: str):
    text = " ".join(text.split())
    assume(len(sentences(text)) == 1 and "[" not in text)
    assert check(text, text).cut == ()


WORDS = st.sampled_from(
    """not no never without cannot isn’t Siemens Alstom Boyet Kazakhstan four 54 1,000 7.5 MW euros acquired
    was by but, and while covers; damage: water (only) “leave” 中文 - 5% gas turbines Straße""".split()
)
ENDS = st.sampled_from([". ", "! ", "? ", "\n\n"])
SENTENCE = st.tuples(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), ENDS).map("".join)
PROSE = st.lists(SENTENCE, min_size=1, max_size=5).map("".join).map(str.strip)


@given(PROSE, st.data())
def test_a_sentence_copied_verbatim_from_a_quote_passes(text: str, data: st.DataObject):
    said = [text[start:end] for start, end in sentences(text)]
    copied = data.draw(st.sampled_from(said).filter(states))
    assert check(copied, text).cut == ()


@given(TEXTS, TEXTS.filter(str.strip))
def test_any_draft_is_answered_with_quotes_or_refused(draft: str, text: str):
    answer = check(draft, text)
    assert answer.answered == bool(answer.quotes) == bool(answer.sentences) != bool(answer.nearest)
    assert all(quote.text == text for quote in (*answer.quotes, *answer.nearest))
    assert all(sentence.cites == (1,) for sentence in answer.sentences)


def _tampered(quote: Quote) -> list[Quote]:
    span = quote.span
    return [
        replace(quote, text=quote.text.replace("trains", "ships")),
        replace(quote, text=""),
        replace(quote, text=quote.text.upper()),
        replace(quote, span=Span(span.doc_id, span.start + 1, span.end)),
        replace(quote, span=Span("2.txt", span.start, span.end)),
        replace(quote, span=Span("unheard-of.txt", span.start, span.end)),
    ]


@pytest.mark.parametrize("which", range(6))
def test_a_quote_that_is_not_what_its_document_says_is_never_shown(which: int):
    documents = by_id(document(RAIL, "1.txt"), document(MINES, "2.txt"))
    forged = _tampered(whole(documents)[0])[which]
    evidence = Evidence("What?", (forged,))
    with pytest.raises(AttestError, match="attest index"):
        verify("Alstom builds trains.", evidence, documents, SURE)
    with pytest.raises(AttestError, match="attest index"):
        abstain(evidence, documents, SURE, "no")


def test_a_sentence_that_occurs_twice_is_cited_where_it_was_quoted():
    twice = document("Peru has copper mines. Chile too. Peru has copper mines.", "1.txt")
    again = document("News: Peru has copper mines.", "2.txt")
    documents = by_id(twice, again)
    spans = [Span("1.txt", 34, 56), Span("2.txt", 6, 28), Span("1.txt", 0, 22)]
    evidence = Evidence("?", number_quotes(spans, documents))
    for number, span in enumerate(spans, start=1):
        (cited,) = verify(f"Peru has copper mines. [{number}]", evidence, documents, SURE).quotes
        assert cited.span == span


def test_a_quote_never_stands_in_for_a_draft_of_which_nothing_is_left():
    answer = check("Peru sells 99 copper mines.", RAIL, MINES)
    assert not answer.answered
    assert [cut.text for cut in answer.cut] == ["Peru sells 99 copper mines."]
    assert [quote.text for quote in answer.nearest] == [RAIL, MINES]


def test_a_short_answer_stands_with_its_quote_where_nothing_is_left():
    answer = check("Peru sells 99 copper mines.", RAIL, MINES, short="copper")
    assert answer.short is not None
    assert (answer.short.text, answer.short.quote) == ("copper", 2)
    assert answer.text == f"{MINES} [2]"


def test_sentences_that_give_another_answer_than_the_short_one_are_left_out():
    losses = "Of 18,000 troops, 3,600 were Canadians. The town fell."
    answer = check("3,600 were Canadians.", losses, question="How many troops?", short="18,000")
    assert answer.text == f"{losses} [1]"
    assert [cut.reason for cut in answer.cut] == [OTHER_ANSWER]
    agreeing = check("Of 18,000 troops, 3,600 were Canadians.", losses, question="How many?", short="18,000")
    assert agreeing.text == "Of 18,000 troops, 3,600 were Canadians. [1]"


def test_the_quote_of_a_short_answer_comes_first_where_no_sentence_gives_it():
    raids = "The takeover led to raids of the Creek, and prompted traders to leave."
    answer = check(
        "The takeover prompted traders to leave.", raids, question="What was led to?", short="raids"
    )
    assert answer.text == f"{raids} [1] The takeover prompted traders to leave. [1]"
    giving = check("The takeover led to raids.", raids, question="What was led to?", short="raids")
    assert giving.text == "The takeover led to raids. [1]"


def test_what_was_said_is_shown_as_passages_where_nothing_is_left():
    said = "Boyet said that Alstom will grow in Uzbekistan."
    answer = check("Boyet hopes for more.", said, RAIL, question="What did Boyet say about Uzbekistan?")
    assert answer.passages_only
    assert answer.text == f"{said} [1]"


def test_without_a_draft_each_passage_has_what_is_asked_for():
    texts = ["The plant in Baku is large.", "The plant in Baku has 40 workers."]
    documents = by_id(*(document(text, f"{i}.txt") for i, text in enumerate(texts)))
    answer = present(Evidence("How many work in the plant in Baku?", whole(documents)), documents, SURE)
    assert answer.passages_only
    assert answer.text == f"{texts[1]} [2]"


def part(answer: Answer, question: str) -> Answer:
    return replace(answer, question=question, resolved=question)


def test_the_answers_to_two_questions_are_numbered_through():
    first, second = check("Alstom builds trains.", RAIL), check("Peru has mines.", MINES)
    both = join("Both?", [part(first, "One?"), part(second, "Two?")])
    assert both.text == "Alstom builds trains. [1] Peru has mines. [2]"
    assert [(quote.number, quote.text) for quote in both.quotes] == [(1, RAIL), (2, MINES)]
    assert both.refused == ()


def test_one_question_of_two_may_be_refused():
    first, second = check("Alstom builds trains.", RAIL), check("Peru has 99 mines.", MINES)
    both = join("Both?", [part(first, "One?"), part(second, "Two?")])
    assert both.answered
    assert both.refused == ("Two?",)
    assert both.text == "Alstom builds trains. [1]"
    neither = join("Both?", [part(second, "One?"), part(second, "Two?")])
    assert not neither.answered
    assert [quote.number for quote in neither.nearest] == [1, 2]
