"""What a browser kept of a reader's conversations is read with suspicion."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import AttestError
from qa.schema import Answer, Highlight, Highlights
from qa.verification.verify import restore
from qa.web.ui import conversations
from qa.web.ui.conversations import MAX_CONVERSATIONS, MAX_EXCHANGES, MAX_TITLE_CHARS, Conversations, Exchange
from tests.support.fakes import by_id, check, document

TEXT = "The plant has four turbines."
DOCUMENTS = by_id(document(TEXT, "1.txt"))
ANSWER = check("The plant has four turbines [1].", TEXT, question="How many turbines?")
KEPT = Conversations().with_exchange("a", Exchange("How many turbines?", ANSWER), 0).with_open("a")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
NEARLY = st.fixed_dictionaries(
    {
        "open": JSON,
        "all": JSON
        | st.lists(
            st.fixed_dictionaries(
                {
                    "id": st.text() | JSON,
                    "title": st.text() | JSON,
                    "records": JSON
                    | st.lists(
                        st.fixed_dictionaries(
                            {"question": st.text() | JSON, "note": st.text() | JSON, "answer": JSON}
                        )
                    ),
                }
            )
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
    back = conversations.parse(KEPT.record())
    assert back == KEPT
    assert back.current
    assert back.current.title == "How many turbines?"
    assert back.current.exchanges(DOCUMENTS) == [Exchange("How many turbines?", ANSWER)]


@given(JSON | NEARLY)
def test_whatever_comes_back_is_read(record: object):
    store = conversations.parse(record)
    for each in store.all:
        each.exchanges(DOCUMENTS)
    assert conversations.parse(store.record()) == store


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
    assert KEPT.current
    (exchange,) = KEPT.current.exchanges(documents)
    assert exchange.answer is None
    assert "has changed or is gone" in exchange.note


def test_an_exchange_takes_the_place_of_those_that_do_not_stand():
    store = KEPT
    for n in range(3):
        store = store.with_exchange("a", Exchange(f"{n}?", note="Stopped."), n + 1)
    store = store.with_exchange("a", Exchange("Again?", note="Stopped."), 2)
    assert [record["question"] for record in store.all[0].records] == ["How many turbines?", "0?", "Again?"]


def test_what_was_asked_last_is_put_in_once():
    latest = KEPT.with_exchange("a", Exchange("Why?", note="Stopped."), 1).current
    assert latest
    other = KEPT.with_exchange("b", Exchange("When?", note="Stopped."), 0).renamed("a", "Turbines")
    once = other.with_latest(latest)
    assert once.with_latest(latest) == once
    assert once.open_id == "a"
    assert [(each.id, each.title, len(each.records)) for each in once.all] == [
        ("a", "Turbines", 2),
        ("b", "When?", 1),
    ]


def test_only_so_much_is_kept():
    store = Conversations()
    for n in range(MAX_CONVERSATIONS + 1):
        store = store.with_exchange(str(n), Exchange(f"{n} " + "why " * 100), 0)
    assert len(store.all) == MAX_CONVERSATIONS
    assert store.all[0].id == str(MAX_CONVERSATIONS)
    assert len(store.all[0].title) <= MAX_TITLE_CHARS
    for n in range(MAX_EXCHANGES + 5):
        store = store.with_exchange("9", Exchange(f"{n}?"), MAX_EXCHANGES)
    assert len(store.all[0].records) == MAX_EXCHANGES
    assert store.all[0].records[-1]["question"] == f"{MAX_EXCHANGES + 4}?"


def test_a_title_is_one_line_and_never_blank():
    assert KEPT.renamed("a", " Our\n turbines ").all[0].title == "Our turbines"
    assert KEPT.renamed("a", " \n") == KEPT
    assert KEPT.renamed("b", "Other") == KEPT
    assert KEPT.without("a") == Conversations("a")


def test_a_follow_up_refers_to_what_was_said_without_its_numbers():
    assert Exchange("How many?", ANSWER).turn.answer == TEXT
    assert Exchange("How many?", note="Stopped.").turn.answer == ""


def test_an_answer_cannot_be_made_out_of_nothing():
    for record in (None, {}, [], "answer", {"question": "x"}):
        with pytest.raises(AttestError):
            restore(record, DOCUMENTS)
    assert isinstance(ANSWER, Answer)
