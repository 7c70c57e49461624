from qa.nlp.sentences import sentences
from qa.retrieval.nearest import PASSAGE_CHARS, select_nearest
from qa.schema import Document, Hit, Passage, ScoredSentence, Span
from tests.support.fakes import by_id, document

NEAR = 0.3


def hit(doc: Document, best: str, cosine: float = 0.5) -> Hit:
    """The whole of ``doc`` as a passage, of which the sentence that begins with ``best`` is ranked first."""
    spans = tuple(Span(doc.id, start, end) for start, end in sentences(doc.text))
    scored = tuple(
        ScoredSentence(span, float(doc.text.startswith(best, span.start)), cosine) for span in spans
    )
    return Hit(Passage(Span(doc.id, 0, len(doc.text)), spans), 1.0, scored)


def nearest(text: str, best: str, question: str = "what is the VAT number", cosine: float = 0.5) -> list[str]:
    doc = document(text, "1.txt")
    return [q.text for q in select_nearest(question, [hit(doc, best, cosine)], by_id(doc), NEAR, "en")]


def test_a_fragment_is_shown_with_what_stands_before_it():
    text = "Prices of the workshop are in euros, without VAT.\n\nValid from 1 January 2024."
    assert nearest(text, "Valid") == [text]


def test_a_sentence_is_shown_with_its_paragraph():
    paragraph = "The baths have a new roof. It is of larch. Work took a year."
    assert nearest(f"Trains run daily.\n\n{paragraph}\n\nBuses do not.", "It is") == [paragraph]


def test_it_is_no_longer_than_can_be_read_at_a_glance():
    text = " ".join(f"Sentence {i} has some words of its own." for i in range(40))
    (shown,) = nearest(text, "Sentence 20 ")
    assert "Sentence 20 " in shown
    assert len(shown) <= PASSAGE_CHARS


def test_headings_and_lines_at_the_edges_of_pages_are_not_shown():
    edge = "Brennholm Maritime ASA | Annual Report 2022 Subsidiaries"
    text = f"# VAT number\n\n{edge}\n\nTaxes are paid in euros."
    assert nearest(text, "# VAT") == ["Taxes are paid in euros."]
    assert nearest(text, "Brennholm") == ["Taxes are paid in euros."]
    assert nearest(edge, "Brennholm") == []


def test_a_row_of_a_table_stands_alone():
    text = "North pier — Opened: 1911; Length m: 240\nSouth pier — Opened: 1934; Length m: 95"
    assert nearest(text, "South") == [text.splitlines()[1]]


def test_what_is_not_near_is_not_shown_unless_it_has_a_name_of_the_question():
    text = "The mill in Carrow ground wheat."
    assert nearest(text, "The mill", "when was the library built", cosine=0.2) == []
    assert nearest(text, "The mill", "when was the library in carrow built", cosine=0.2) == [text]


def test_what_is_in_another_language_is_not_compared_by_its_words():
    doc = document("Завод построен в городе.", "1.txt", language="ru")
    (quote,) = select_nearest("Who built it?", [hit(doc, "Завод", cosine=0.1)], by_id(doc), NEAR, "en")
    assert quote.text == doc.text


def test_what_is_in_another_language_is_shown_where_nothing_nearer_is_in_that_of_the_question():
    own = document("The mill in Carrow ground wheat.", "1.txt", language="en")
    other = document("Завод построен в городе.", "2.txt", language="ru")
    documents = by_id(own, other)
    one, two = hit(own, "The mill"), hit(other, "Завод", cosine=0.1)
    question = "what did the mill grind"
    assert [q.text for q in select_nearest(question, [one, two], documents, NEAR, "en")] == [own.text]
    assert [q.text for q in select_nearest(question, [two, one], documents, NEAR, "en")] == [
        other.text,
        own.text,
    ]


def test_another_language_is_not_near_for_want_of_anything_near():
    own = document("Trains run daily.", "1.txt", language="en")
    other = document("Завод построен в городе.", "2.txt", language="ru")
    hits = [hit(own, "Trains", cosine=0.1), hit(other, "Завод", cosine=0.1)]
    assert select_nearest("what did the mill grind", hits, by_id(own, other), NEAR, "en") == ()


def test_a_name_with_its_value_is_shown():
    assert nearest("REWARDS MEMBER Ada Byron ID: TM-7", "REWARDS", "ada byrons receipt", cosine=0.1)


def test_a_name_by_itself_is_not_shown():
    assert nearest("Alder Foods, Inc.\n\nAlder Foods is in Carrow.", "Alder Foods, Inc") == [
        "Alder Foods is in Carrow."
    ]
