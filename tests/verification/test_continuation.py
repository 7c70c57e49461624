from collections.abc import Mapping, Sequence

import pytest

from qa.retrieval.evidence import number_quotes
from qa.schema import Answer, Evidence, Quote, Span
from qa.verification.verify import verify
from tests.support.fakes import SURE, by_id, document

OPENING = "Rossi emphasized that Peru is a springboard for neighbours such as Chile."
ASKED = "what did Rossi say about Chile"


class Consent:
    """A checker to whom every sentence is supported."""

    threshold = 0.5

    def probability(self, claim: str, quotes: Sequence[Quote], features: Mapping[str, float]) -> float:
        return 0.9


def ask(text: str, question: str = ASKED, language: str = "en") -> Answer:
    documents = by_id(document(text, "1.txt", language=language))
    quotes = number_quotes([Span("1.txt", 0, text.index(".") + 1)], documents)
    return verify(quotes[0].text, Evidence(question, quotes, asked_in=language), documents, SURE)


@pytest.mark.parametrize(
    "following",
    [
        '"Any growth in these markets would follow our customers. We are patient".',
        "“Any growth there would follow our customers,” he said.",
        '"Any growth there would follow our customers," Rossi explained.',
        "He added that customers come first.",
        "This would follow the customers.",
    ],
)
def test_what_was_said_goes_on_with_the_sentence_after_it(following: str):
    answer = ask(f"{OPENING} {following} Trains run daily.")
    assert [sentence.text for sentence in answer.sentences] == [OPENING, following]
    assert [quote.text for quote in answer.quotes] == [OPENING, following]
    assert [sentence.cites for sentence in answer.sentences] == [(1,), (2,)]


@pytest.mark.parametrize(
    "following",
    [
        "Trains run daily.",
        '"Chile is too far," Moreno said.',
        '"Blue Line" is the name of the train.',
        "This was met with protest.",
        "He was born in Lima.",
    ],
)
def test_what_somebody_else_says_or_the_text_tells_is_no_part_of_it(following: str):
    assert [s.text for s in ask(f"{OPENING} {following}").sentences] == [OPENING]


def test_it_ends_with_the_paragraph():
    assert [s.text for s in ask(f'{OPENING}\n\n"We are patient," he said.').sentences] == [OPENING]


def test_speech_goes_on_in_other_languages():
    opening, following = "Rossi betonte den Wert von Chile.", "„Wir sind geduldig.“"
    answer = ask(f"{opening} {following}", "what did Rossi say about Chile", language="de")
    assert [sentence.text for sentence in answer.sentences] == [opening, following]


@pytest.mark.parametrize("question", ["Who said that Peru is a springboard?", "Where is Peru a springboard?"])
def test_other_questions_are_answered_without_it(question: str):
    assert [s.text for s in ask(f"{OPENING} He added that customers come first.", question).sentences] == [
        OPENING
    ]


def test_a_text_goes_on_with_a_reference_to_what_it_says():
    text = "Costs in Peru rose by 5 percent. This follows from the price of copper."
    answer = ask(text, "What does the report say about costs in Peru?")
    assert answer.text == "Costs in Peru rose by 5 percent. [1] This follows from the price of copper. [2]"


def test_a_sentence_that_is_cited_for_another_but_not_said_is_said():
    following = '"By knowing people we can open works in Chile," Rossi said.'
    documents = by_id(document(f"Rossi is ready for works in Chile. {following}", "1.txt"))
    first = Span("1.txt", 0, documents["1.txt"].text.index(".") + 1)
    second = Span("1.txt", first.end + 1, len(documents["1.txt"].text))
    evidence = Evidence("what did Rossi say about works", number_quotes([second, first], documents))
    draft = "Knowing people, Rossi is ready for works in Chile."
    joined = verify(draft, evidence, documents, SURE, checker=Consent())
    assert [sentence.cites for sentence in joined.sentences] == [(1, 2), (1,)]
    assert joined.sentences[1].text == following
    opening = "Rossi is ready for works in Chile."
    both = verify(f"{following} {opening}", evidence, documents, SURE)
    assert [s.text for s in both.sentences] == [following, opening]


def test_what_goes_on_with_a_statement_is_said_where_it_is_a_part_of_another_quote():
    following = '"By knowing people we can open works in Chile," Rossi said.'
    text = f"Rossi is ready for works in Chile. {following} He stressed that copper is dear."
    documents = by_id(document(text, "1.txt"))
    first = Span("1.txt", 0, text.index(".") + 1)
    evidence = Evidence(
        "what did Rossi say about works",
        number_quotes([Span("1.txt", first.end + 1, len(text)), first], documents),
    )
    draft = "Knowing people, Rossi is ready for works in Chile."
    joined = verify(draft, evidence, documents, SURE, checker=Consent())
    assert [(sentence.text, sentence.cites) for sentence in joined.sentences[1:]] == [(following, (1,))]
    assert len(joined.quotes) == 2
