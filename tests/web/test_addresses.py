"""The addresses of documents and quotes."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.schema import Span
from qa.web import server
from qa.web.addresses import (
    LOST,
    MAX_MOVED_CHARS,
    MOVED,
    NO_DOCUMENT,
    Target,
    document_address,
    find_target,
    is_address,
    quote_address,
)
from qa.web.security.auth import set_password
from tests.support.fakes import by_id, document

AT = "http://127.0.0.1"
PASSWORD = "correct horse"
QUOTE = "It has four turbines."
PLANT = document(f"The plant is in Baku. {QUOTE} They turn.", "plant.txt")
SPAN = Span("plant.txt", PLANT.text.index(QUOTE), PLANT.text.index(QUOTE) + len(QUOTE))
ADDRESS = quote_address(SPAN, QUOTE)


@given(st.text(st.characters(), min_size=1), st.data())
def test_an_address_leads_to_its_place(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span("a.txt", start, data.draw(st.integers(start + 1, len(text))))
    documents = by_id(PLANT, document(text))
    address = quote_address(span, span.cut(documents))
    assert is_address(address)
    assert find_target(address, documents) == Target(document(text), span)


def test_the_address_of_a_document_leads_to_it_whatever_it_says():
    changed = document("Something else.", "plant.txt")
    for each in (PLANT, changed):
        assert find_target(document_address("plant.txt"), by_id(document("No."), each)) == Target(each)


@pytest.mark.parametrize("before", ["", "New. ", "It has four turbines and more. " * 40])
@pytest.mark.parametrize("quote", [QUOTE, "“It has four turbines.”"])
def test_words_that_moved_are_found(before: str, quote: str):
    old = document(f"The plant is in Baku. {quote} They turn.", "plant.txt")
    start = old.text.index(quote)
    address = quote_address(Span("plant.txt", start, start + len(quote)), quote)
    new = document(f"{before}{quote} It was built in 2009.", "plant.txt")
    found = find_target(address, by_id(new))
    assert found.span
    assert found.span.cut(by_id(new)) == quote
    assert found.message == MOVED


@pytest.mark.parametrize("text", ["It has five turbines. They turn.", "Gone."])
def test_words_that_are_gone_are_told_and_the_document_is_shown(text: str):
    changed = document(text, "plant.txt")
    assert find_target(ADDRESS, by_id(changed)) == Target(changed, message=LOST)


def test_a_document_that_is_gone_is_told():
    assert find_target(ADDRESS, by_id(document(PLANT.text, "other.txt"))) == Target(message=NO_DOCUMENT)


@pytest.mark.parametrize(
    "address",
    ["", "d/", "d/..", "d/plant.txt", "d/0123456789abcdef", ADDRESS[:-1] + "x", ADDRESS.partition("/")[2]],
)
def test_what_is_no_address_leads_nowhere(address: str):
    assert find_target(address, by_id(PLANT)) == Target(message=NO_DOCUMENT)


@pytest.mark.parametrize(
    ("start", "end"), [(5, 5), (9, 3), (0, 9_999_999_999), (9_999_999_998, 9_999_999_999)]
)
def test_a_forged_place_marks_nothing(start: int, end: int):
    forged = f"{ADDRESS.rpartition('/')[0]}/{start}-{end}"
    assert find_target(forged, by_id(PLANT)) == Target(PLANT, message=LOST)


def test_an_endless_quote_is_not_looked_for():
    words = "word " * MAX_MOVED_CHARS
    address = quote_address(Span("a.txt", 0, len(words)), words)
    assert find_target(address, by_id(document(f"More {words}"))).message == LOST


@pytest.mark.parametrize("root", ["", "/attest"])
@pytest.mark.parametrize(
    ("address", "there"),
    [
        (ADDRESS, ADDRESS),
        (document_address("plant.txt"), document_address("plant.txt")),
        ("d/nothing", "d/nothing"),
        ("d/%22%3E%3Cscript%3E%23x y", "d/%22%3E%3Cscript%3E%23x%20y"),
        ("d//example.org", "d//example.org"),
    ],
)
def test_every_address_leads_to_the_page(
    quick_parts: StaticRuntime, settings: Config, root: str, address: str, there: str
):
    app = server.create(quick_parts, settings.model_copy(update={"root_path": root}))
    with TestClient(app, AT) as client:
        told = client.get(f"/{address}", follow_redirects=False)
        assert told.status_code == 303
        assert told.headers["location"] == f"{root}/#{there}"


def test_an_address_is_for_who_logs_in_and_leads_on(
    quick_parts: StaticRuntime, settings: Config, tmp_path: Path
):
    set_password(tmp_path / "accounts", "ada", PASSWORD)
    app = server.create(quick_parts, settings.model_copy(update={"auth": tmp_path / "accounts"}))
    with TestClient(app, AT) as client:
        shown = client.get(f"/{ADDRESS}", follow_redirects=False)
        assert "Sign in" in shown.text
        assert f'value="/{ADDRESS}"' in shown.text
        sent = {"username": "ada", "password": PASSWORD, "after": f"/{ADDRESS}"}
        after = client.post("/login", data=sent, follow_redirects=False).headers["location"]
        assert after == f"/{ADDRESS}"
        assert client.get(after, follow_redirects=False).headers["location"] == f"/#{ADDRESS}"
