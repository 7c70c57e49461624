"""The page /conflicts over HTTP."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web import server
from qa.web.security.auth import set_password
from tests.support.contracts import NEW, OLD, contracts_runtime

AT = "http://127.0.0.1"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> StaticRuntime:
    return contracts_runtime(tmp_path_factory.mktemp("contracts"))


@pytest.fixture(scope="module")
def client(parts: StaticRuntime, settings: Config) -> TestClient:
    return TestClient(server.create(parts, settings), AT, raise_server_exceptions=False)


def test_nothing_is_compared_before_it_is_asked_for(client: TestClient):
    shown = client.get("/conflicts")
    assert shown.status_code == 200
    assert "Compare" in shown.text
    assert "<blockquote" not in shown.text


def test_quotes_stand_side_by_side_the_newer_first_with_the_words_that_differ(client: TestClient):
    shown = client.get("/conflicts", params={"compare": True}).text
    assert "2 conflicts were found; 3 documents were compared." in shown
    assert "The documents give different numbers" in shown
    assert "The documents say the opposite of each other" in shown
    notice = re.findall(r"The notice period for this agreement is <mark>(\w+)</mark> months\.", shown)
    assert notice == ["six", "three"]
    assert shown.index("2024-05-01") < shown.index("2022-03-01")
    assert "Aktau is" not in shown


def test_each_quote_leads_to_its_place_in_the_document(client: TestClient):
    shown = client.get("/conflicts", params={"compare": True}).text
    links = [unescape(each) for each in re.findall(r'<p><a href="([^"]+)"', shown)]
    assert len(links) == 4
    texts = {OLD.text, NEW.text}
    for link in links:
        path = unquote(urlsplit(link).path)
        start, end = map(int, path.rpartition("/")[2].split("-"))
        assert any(text[start:end].endswith(".") and text[start - 1] == "\n" for text in texts)


def test_only_what_is_chosen_is_compared(client: TestClient):
    shown = client.get("/conflicts", params={"compare": True, "since": "2023"}).text
    assert "No conflict was found; 2 documents were compared." in shown


def test_a_wrong_choice_is_told_and_stays_in_the_box(client: TestClient):
    shown = client.get("/conflicts", params={"compare": True, "in": "<nowhere>"})
    assert shown.status_code == 422
    assert "called &lt;nowhere&gt;." in shown.text
    assert 'value="&lt;nowhere&gt;"' in shown.text


def test_nobody_sees_it_who_is_not_signed_in(parts: StaticRuntime, settings: Config, tmp_path: Path):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", "correct horse")
    guarded = server.create(parts, settings.model_copy(update={"auth": accounts}))
    client = TestClient(guarded, AT, follow_redirects=False)
    assert client.get("/conflicts", params={"compare": True}).status_code == 401
