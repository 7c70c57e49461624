"""The page that describes the API, in a browser and for strangers."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from qa.config import Config
from qa.runtime import StaticRuntime
from qa.web import server
from qa.web.security.auth import new_token, set_password
from tests.support.browser import served
from tests.web.test_api import assert_problem

AT = "http://127.0.0.1"
PASSWORD = "correct horse"
BROWSER = {"Accept": "text/html"}


@pytest.mark.parametrize("under", ["", "/attest"])
def test_the_page_describes_every_route_and_loads_nothing_from_elsewhere(
    quick_parts: StaticRuntime, settings: Config, browser: Browser, under: str
):
    with served(quick_parts, settings.model_copy(update={"root_path": under})) as address:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(f"{address.rstrip('/')}{under}/docs")
        expect(page.locator(".opblock-summary-path", has_text="/ask")).to_be_visible(timeout=30_000)
        expect(page.locator(".opblock-summary-path", has_text="/v1/chat/completions")).to_be_visible()
        assert failures == []
        assert [each for each in asked if not each.startswith((address, "data:", "blob:"))] == []
        page.close()


def test_the_page_is_for_who_may_use_the_server(quick_parts: StaticRuntime, settings: Config, tmp_path: Path):
    accounts = tmp_path / "accounts"
    set_password(accounts, "ada", PASSWORD)
    token = new_token(accounts, "nightly")
    locked = settings.model_copy(update={"auth": accounts})
    with TestClient(server.create(quick_parts, locked), AT, follow_redirects=False) as client:
        assert_problem(client.get("/docs"), 401, "attest token")
        sent = client.get("/docs", headers=BROWSER)
        assert (sent.status_code, sent.headers["location"]) == (303, "./")
        assert client.get("/docs", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        client.cookies.set("access-token-forged", "x")
        assert client.get("/docs").status_code == 401
        client.post("/login", data={"username": "ada", "password": PASSWORD})
        assert "SwaggerUIBundle" in client.get("/docs", headers=BROWSER).text
