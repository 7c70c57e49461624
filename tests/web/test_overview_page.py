"""The page /overview over HTTP."""

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.schema import Document
from qa.web import server
from qa.web.security.auth import set_password

AT = "http://127.0.0.1"
RAIL = "alstom-boyet-interview.md"


@pytest.fixture(scope="module")
def client(quick_parts: StaticRuntime, settings: Config) -> TestClient:
    return TestClient(server.create(quick_parts, settings), AT, raise_server_exceptions=False)


def test_the_page_shows_quotes_names_dates_and_figures(client: TestClient, documents: dict[str, Document]):
    shown = client.get("/overview")
    assert shown.status_code == 200
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", shown.text, re.DOTALL)
    assert len(quotes) > 5
    assert all(any(unescape(quote) in each.text for each in documents.values()) for quote in quotes)
    for part in ("Main sentences", "Named most", "Dates", "Figures", "72 million euros", "2 documents"):
        assert part in shown.text


def test_the_page_is_of_what_is_chosen(client: TestClient):
    shown = client.get("/overview", params={"in": RAIL}).text
    assert "1 of 2 documents" in shown
    assert "72 million euros" not in shown
    assert "72 million euros" in client.get("/overview", params={"until": "2023"}).text


def test_a_wrong_choice_is_told_and_stays_in_the_box(client: TestClient):
    shown = client.get("/overview", params={"in": "<nowhere>"})
    assert shown.status_code == 422
    assert "called &lt;nowhere&gt;." in shown.text
    assert 'value="&lt;nowhere&gt;"' in shown.text
    assert client.get("/overview", params={"since": "soon"}).status_code == 422


def test_nobody_sees_it_who_is_not_signed_in(quick_parts: StaticRuntime, settings: Config, tmp_path: Path):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", "correct horse")
    guarded = server.create(quick_parts, settings.model_copy(update={"auth": accounts}))
    client = TestClient(guarded, AT, follow_redirects=False)
    assert client.get("/overview").status_code == 401
    led = client.get("/overview", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/")
    assert "72 million" not in led.text
