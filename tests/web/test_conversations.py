"""What a browser kept of a reader's conversations is read with suspicion."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import AttestError
from qa.schema import Answer, Highlight, Highlights
from qa.verification.verify import restore
from qa.web.ui import conversations
from qa.web.ui.conversations import LEFT, Conversation, Exchange
from tests.support.fakes import by_id, check, document

TEXT = "The plant has four turbines."
DOCUMENTS = by_id(document(TEXT, "1.txt"))
ANSWER = check("The plant has four turbines [1].", TEXT, question="How many turbines?")
KEPT = Conversation("a", "Turbines", (Exchange("How many turbines?", ANSWER).record("1"),), asking="2")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
NEARLY = st.fixed_dictionaries(
    {
        "id": st.text() | JSON,
        "title": st.text() | JSON,
        "asking": st.text() | JSON,
        "problem": st.text() | JSON,
        "document": st.text() | JSON,
        "records": JSON
        | st.lists(
            st.fixed_dictionaries({"question": st.text() | JSON, "note": st.text() | JSON, "answer": JSON})
        ),
    }
)
"""Ever closer to what is kept, with anything in the place of anything."""


def altered(path: list[str | int], value: object) -> dict:
    """The answer's record with ``value`` at ``path``."""
    record = asdict(ANSWER)
    inner = record
    for key in path[:-1]:
        inner[key] = list(inner[key]) if isinstance(inner[key], tuple) else inner[key]
        inner = inner[key]
    inner[path[-1]] = value
    return record


def test_what_was_kept_comes_back():
    back = conversations.parse(asdict(KEPT))
    assert back == KEPT
    assert back.exchanges(DOCUMENTS) == [Exchange("How many turbines?", ANSWER)]


def test_a_question_that_was_left_is_told():
    (exchange,) = replace(KEPT, records=(Exchange("Why?").record("1"),)).exchanges(DOCUMENTS)
    assert exchange == Exchange("Why?", note=LEFT)


@given(JSON | NEARLY)
def test_whatever_comes_back_is_read(record: object):
    back = conversations.parse(record)
    if back:
        back.exchanges(DOCUMENTS)
        assert conversations.parse(asdict(back)) == back


@given(JSON, st.sampled_from(sorted(asdict(ANSWER))))
def test_an_answer_with_anything_in_it_is_whole_or_refused(value: object, field: str):
    try:
        answer = restore(asdict(ANSWER) | {field: value}, DOCUMENTS)
    except AttestError:
        return
    assert all(quote.text == quote.span.cut(DOCUMENTS) for quote in (*answer.quotes, *answer.nearest))


def test_an_answer_is_restored_as_it_was():
    assert restore(asdict(ANSWER), DOCUMENTS) == ANSWER


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["quotes", 0, "text"], "The plant has five turbines."),
        (["quotes", 0, "span", "start"], 4),
        (["quotes", 0, "span", "doc_id"], "2.txt"),
        (["quotes"], ()),
        (["sentences", 0, "cites"], (2,)),
        (["sentences", 0, "cites"], "1"),
        (["p_answerable"], "likely"),
    ],
)
def test_an_answer_that_was_tampered_with_is_not_restored(path: list[str | int], value: object):
    with pytest.raises(AttestError, match="ask again"):
        restore(altered(path, value), DOCUMENTS)


def test_a_name_is_restored_only_where_its_quote_has_it():
    quote = ANSWER.quotes[0]
    name = Highlight(quote.text[:3], quote.number, replace(quote.span, end=quote.span.start + 3))
    told = replace(ANSWER, highlights=Highlights((name,)))
    assert restore(asdict(told), DOCUMENTS) == told
    invented = replace(ANSWER, highlights=Highlights((replace(name, text="Mallory"),)))
    with pytest.raises(AttestError, match="ask again"):
        restore(asdict(invented), DOCUMENTS)


@pytest.mark.parametrize("documents", [{}, by_id(document(f"New: {TEXT}", "1.txt"))], ids=["gone", "changed"])
def test_a_document_that_changed_is_told_in_place_of_the_answer(documents: dict):
    (exchange,) = KEPT.exchanges(documents)
    assert exchange.answer is None
    assert "has changed or is gone" in exchange.note


def test_a_follow_up_refers_to_what_was_said_without_its_numbers():
    assert Exchange("How many?", ANSWER).turn.answer == TEXT
    assert Exchange("How many?", note="Stopped.").turn.answer == ""


def test_an_answer_cannot_be_made_out_of_nothing():
    for record in (None, {}, [], "answer", {"question": "x"}):
        with pytest.raises(AttestError):
            restore(record, DOCUMENTS)
    assert isinstance(ANSWER, Answer)
