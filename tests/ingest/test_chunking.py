import pytest
from hypothesis import given

from qa.ingest.chunking import PASSAGE_CHARS, split
from qa.nlp.sentences import sentences
from tests.support.fakes import NORMAL_TEXTS, by_id, document


@given(NORMAL_TEXTS)
def test_every_sentence_is_in_exactly_one_passage_in_order(text: str):
    passages = split(document(text))
    spans = [(span.start, span.end) for passage in passages for span in passage.sentences]
    assert spans == sentences(text)


@given(NORMAL_TEXTS)
def test_a_passage_spans_its_sentences_and_cuts_what_it_says(text: str):
    texts = by_id(document(text))
    for passage in split(document(text)):
        first, last = passage.sentences[0], passage.sentences[-1]
        assert (passage.span.start, passage.span.end) == (first.start, last.end)
        cut = passage.span.cut(texts)
        assert cut == text[first.start : last.end]
        assert cut.startswith(first.cut(texts))
        assert cut.endswith(last.cut(texts))


@given(NORMAL_TEXTS)
def test_a_passage_fits_unless_it_is_one_sentence(text: str):
    for passage in split(document(text)):
        assert len(passage.sentences) == 1 or passage.span.end - passage.span.start <= PASSAGE_CHARS


def test_passages_are_filled_before_a_new_one_opens():
    passages = split(document("The plant has four turbines. " * 100))
    lengths = [passage.span.end - passage.span.start for passage in passages]
    assert all(length > PASSAGE_CHARS - 60 for length in lengths[:-1])


def test_a_passage_knows_its_document():
    assert {span.doc_id for p in split(document("One. Two.", "b.md")) for span in (p.span, *p.sentences)} == {
        "b.md"
    }


@pytest.mark.parametrize(
    "sentences_of",
    [
        ["المحطة لديها أربعة توربينات.", "هل هي جديدة؟", "نعم، هي جديدة."],
        ["התחנה מפעילה ארבע טורבינות.", "היא נמצאת באוזבקיסטן!", "זה הסוף."],
        ["پلانٹ میں چار ٹربائن ہیں۔", "یہ ازبکستان میں ہے۔"],
        ["संयंत्र में चार टर्बाइन हैं।", "यह उज़्बेकिस्तान में है।"],
        ["Завод работает.", "Его мощность 54 МВт."],
    ],
)
def test_sentences_of_other_scripts_are_told_apart(sentences_of: list[str]):
    texts = by_id(document(" ".join(sentences_of)))
    spans = [span for each in texts.values() for passage in split(each) for span in passage.sentences]
    assert [span.cut(texts) for span in spans] == sentences_of


@pytest.mark.parametrize("text", ["发电厂有四台涡轮机。位于乌兹别克斯坦。", "タービンがあります。場所です。"])
def test_sentences_without_spaces_are_told_apart(text: str):
    texts = by_id(document(text * 200))
    spans = [span for each in texts.values() for passage in split(each) for span in passage.sentences]
    assert len(spans) == 400
    assert "".join(span.cut(texts) for span in spans) == text * 200


def test_sentences_end_as_they_do_in_the_language_of_the_document():
    text = "Am 3. Oktober kam Dr. Müller. Er blieb."
    (german,), (unknown,) = split(document(text, language="de")), split(document(text))
    assert [text[span.start : span.end] for span in german.sentences] == [text[:29], "Er blieb."]
    assert len(unknown.sentences) > 2
