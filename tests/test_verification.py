from dataclasses import replace
from itertools import chain

import pytest
from fakes import TEXTS, by_id, document, whole
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.claims import is_content, tokens
from qa.errors import AttestError
from qa.evidence import number_quotes
from qa.schema import Answer, Document, Quote, Span, Status
from qa.sentences import sentences
from qa.verification import Verdict, abstain, combine, verify

SURE = Verdict(0.9, 0.5)


def check(
    draft: str, *texts: str, question: str = "What is it?", quote_instead: bool = False, **known: str
) -> Answer:
    """``draft`` held against every text as a quote of a document of its own."""
    documents = by_id(*(document(text, f"{i}.txt", **known) for i, text in enumerate(texts, start=1)))
    return verify(
        draft,
        question=question,
        resolved=question,
        quotes=whole(documents),
        documents=documents,
        verdict=SURE,
        quote_instead=quote_instead,
    )


CONTRACT = "The contract lasts 24 months and may be renewed."
TURBINES = (
    "Projects in Uzbekistan include a 72 million euros worth contract for the installation of four 54 MW "
    "gas turbines."
)

CHANGED = {
    "a number": (CONTRACT, "The contract lasts 36 months."),
    "a number spelled out": ("Siemens installs four turbines.", "Siemens installs five turbines."),
    "a decimal point": ("The rate is 7.5 percent.", "The rate is 75 percent."),
    "a decimal comma": ("The rate is 7,5 percent.", "The rate is 75 percent."),
    "a unit of time": (CONTRACT, "The contract lasts 24 years."),
    "a unit of power": (TURBINES, "The turbines cost 54 million euros."),
    "what is counted": (TURBINES, "The contract is for 72 gas turbines."),
    "a unit of length": ("The tunnel is 5 km long.", "The tunnel is 5 m long."),
    "a currency sign": ("It costs €5 a month.", "It costs $5 a month."),
    "a per cent sign": ("Output rose by 5 MW.", "Output rose by 5%."),
    "a sign": ("The balance is 5 dollars.", "The balance is -5 dollars."),
    "a negation away": ("The warranty does not cover water damage.", "The warranty covers water damage."),
    "a negation in": ("Siemens is active in Kazakhstan.", "Siemens was never active in Kazakhstan."),
    "a contraction away": ("He couldn’t come to Berlin.", "He could come to Berlin."),
    "a subject to nobody": ("The director has left.", "No director has left."),
    "included to excluded": ("Tax is included.", "Tax is excluded."),
    "excluded to included": ("Tax is excluded.", "Tax is included."),
    "safe to unsafe": ("The bridge is unsafe.", "The bridge is safe."),
    "harmless to harm": ("The leak was harmless.", "The leak was harm."),
    "up to down": ("The drug increases the risk.", "The drug reduces the risk."),
    "fewer to more": ("Fewer than 20 people came.", "More than 20 people came."),
    "after to before": ("Prices rose after 2020.", "Prices rose before 2020."),
    "some to all": ("Some employees get a bonus.", "All employees get a bonus."),
    "may to must": ("Employees may work on Sunday.", "Employees must work on Sunday."),
    "who did it to whom": ("Acme acquired Beta.", "Beta acquired Acme."),
    "who did it to whom, passive": ("Acme acquired Beta.", "Acme was acquired by Beta."),
    "who sued whom": ("In 2019, Beta Inc sued Acme Corp.", "Acme Corp sued Beta Inc in 2019."),
    "a letter": ("She has hepatitis B.", "She has hepatitis C."),
    "a name invented": ("Alstom builds trains.", "Jane Smith of Alstom builds trains."),
    "a date invented": ("The deal was signed in Berlin.", "The deal was signed in Berlin on 5 May 2021."),
    "a place": ("Alstom builds trains in France.", "Alstom builds trains in Peru."),
    "a name in another script": ("Alstom builds trains.", "Alstom builds trains in 法国."),
    "speech": ("Boyet said they will not leave.", 'Boyet said: "We will not leave."'),
    "speech shortened": ("He said: “We may, in time, leave.”", "He said: “We may leave.”"),
    "nothing said": (CONTRACT, "It is what it is."),
    "a refusal": (CONTRACT, "The documents do not say."),
}


@pytest.mark.parametrize(("quote", "sentence"), CHANGED.values(), ids=CHANGED.keys())
def test_a_changed_fact_is_cut(quote: str, sentence: str):
    answer = check(sentence, quote)
    assert answer.status is Status.ABSTAINED
    assert [cut.text for cut in answer.cut] == [sentence]
    assert answer.cut[0].reason


FAITHFUL = {
    "inflection": ("Alstom is expanding its presence.", "Alstom expanded its presence."),
    "derivation": ("The expansion of Alstom goes on.", "Alstom expands."),
    "passive voice": ("Beta acquired Acme in 2019.", "Acme was acquired by Beta in 2019."),
    "active voice": ("Acme was acquired by Beta.", "Beta acquired Acme."),
    "a number in figures": ("Siemens installs four turbines.", "Siemens installs 4 turbines."),
    "a number in words": ("Siemens installs 4 turbines.", "Four turbines are installed."),
    "thousands": ("It has 1,000 MW.", "It has 1000 MW."),
    "a number with its unit": (TURBINES, "The turbines in Uzbekistan have 54 MW."),
    "a sum with its currency": (TURBINES, "The contract is worth 72 million euros."),
    "the reporting verb": ("Alstom is expanding, said Boyet.", "Boyet noted that Alstom is expanding."),
    "negation kept": ("Refunds are not offered online.", "Refunds are not offered."),
    "speech verbatim": ("He said: “We will not leave.”", 'He said: "we will not leave".'),
    "a list": ("It involves Germany, Kazakhstan and Kyrgyzstan.", "Germany, Kazakhstan and Kyrgyzstan."),
    "the date": ("Alstom is expanding.", "The article was published on 22 January 2025."),
}


@pytest.mark.parametrize(("quote", "sentence"), FAITHFUL.values(), ids=FAITHFUL.keys())
def test_a_fair_paraphrase_passes(quote: str, sentence: str):
    answer = check(sentence, quote, date="2025-01-22")
    assert answer.cut == ()
    assert answer.text == f"{sentence} [1]"


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
        ("Alstom builds trains, and Peru has mines.", (1, 2)),
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


def test_a_sentence_is_said_once():
    assert check("Peru has mines. Peru has mines.", MINES).text == "Peru has mines. [1]"


@pytest.mark.parametrize("draft", ["- Peru has mines\n- Alstom builds trains", "1. Peru has mines\n2) Alstom builds trains"])
def test_a_list_is_read_item_by_item(draft: str):
    assert check(draft, MINES, RAIL).text == "Peru has mines [1] Alstom builds trains [2]"


@pytest.mark.parametrize(
    ("question", "draft", "kept"),
    [
        ("Does Peru have mines?", "Yes, Peru has mines.", True),
        ("Does Peru have mines?", "Yes. Peru has mines.", True),
        ("Does Peru have mines?", "No, Peru has mines.", False),
        ("Does Peru have mines?", "Yes.", False),
    ],
)
def test_yes_or_no_must_agree_with_the_quote(question: str, draft: str, kept: bool):
    assert check(draft, MINES, question=question).answered is kept


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
    return any(is_content(token) for token in tokens(text))


@given(TEXTS.filter(states))
def test_a_quote_copied_verbatim_passes(text: str):
    text = " ".join(text.split())
    assume(len(sentences(text)) == 1 and "[" not in text)
    assert check(text, text).cut == ()


WORDS = st.sampled_from(
    """not no never without cannot isn’t Siemens Alstom Boyet Kazakhstan four 54 1,000 7.5 MW euros acquired
    was by but, and while covers; damage: water (only) “leave” 中文 - 5% gas turbines Straße""".split()
)
PROSE = st.lists(
    st.tuples(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), st.sampled_from(". |! |? |\n\n".split("|"))),
    min_size=1,
    max_size=5,
).map(lambda pairs: "".join(chain.from_iterable(pairs)).strip())


@given(PROSE, st.data())
def test_a_sentence_copied_verbatim_from_a_quote_passes(text: str, data: st.DataObject):
    said = [text[start:end] for start, end in sentences(text)]
    copied = data.draw(st.sampled_from(said).filter(states))
    assert check(copied, text).cut == ()


@given(TEXTS, TEXTS.filter(str.strip))
def test_any_draft_is_answered_or_refused_with_quotes_that_cut(draft: str, text: str):
    answer = check(draft, text, quote_instead=True)
    assert answer.answered
    assert all(quote.text == text for quote in answer.quotes)
    assert {n for sentence in answer.sentences for n in sentence.cites} == {1}


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
    about = {"question": "What?", "resolved": "What?", "documents": documents, "verdict": SURE}
    with pytest.raises(AttestError, match="attest index"):
        verify("Alstom builds trains.", quotes=[forged], **about)
    with pytest.raises(AttestError, match="attest index"):
        abstain(nearest=[forged], reason="no", **about)


def test_a_sentence_that_occurs_twice_is_cited_where_it_was_quoted():
    twice = document("Peru has copper mines. Chile too. Peru has copper mines.", "1.txt")
    again = document("News: Peru has copper mines.", "2.txt")
    documents = by_id(twice, again)
    spans = [Span("1.txt", 34, 56), Span("2.txt", 6, 28), Span("1.txt", 0, 22)]
    quotes = number_quotes(spans, documents)
    about = {"question": "?", "resolved": "?", "documents": documents, "verdict": SURE, "quotes": quotes}
    for number, span in enumerate(spans, start=1):
        (cited,) = verify(f"Peru has copper mines. [{number}]", **about).quotes
        assert cited.span == span


def test_where_nothing_is_left_the_quote_itself_is_the_answer():
    answer = check("Peru sells 99 copper mines.", RAIL, MINES, quote_instead=True)
    assert answer.text == f"{MINES} [2]"
    assert [cut.text for cut in answer.cut] == ["Peru sells 99 copper mines."]


def part(answer: Answer, question: str) -> Answer:
    return replace(answer, question=question, resolved=question)


def test_the_answers_to_two_questions_are_numbered_through():
    first, second = check("Alstom builds trains.", RAIL), check("Peru has mines.", MINES)
    both = combine("Both?", [part(first, "One?"), part(second, "Two?")])
    assert both.text == "Alstom builds trains. [1] Peru has mines. [2]"
    assert [(quote.number, quote.text) for quote in both.quotes] == [(1, RAIL), (2, MINES)]
    assert both.refused == ()


def test_one_question_of_two_may_be_refused():
    first, second = check("Alstom builds trains.", RAIL), check("Peru has 99 mines.", MINES)
    both = combine("Both?", [part(first, "One?"), part(second, "Two?")])
    assert both.answered
    assert both.refused == ("Two?",)
    assert both.text == "Alstom builds trains. [1]"
    neither = combine("Both?", [part(second, "One?"), part(second, "Two?")])
    assert not neither.answered
    assert [quote.number for quote in neither.nearest] == [1, 2]
