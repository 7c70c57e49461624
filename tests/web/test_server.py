"""The server as a browser, a program and a stranger meet it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from playwright.sync_api import expect
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from qa import assemble, storage
from qa.cli import parser
from qa.config import Config
from qa.errors import AttestError, UserError
from qa.export.json import answer_record
from qa.index.index import Index
from qa.pipeline import Ask
from qa.runtime import LiveRuntime, StaticRuntime
from qa.web import launch, server
from qa.web.security.auth import new_token, set_password
from qa.web.security.middleware import MAX_BODY, find_refusal
from tests.support.browser import chromium, opened, served
from tests.support.fakes import ROOT

AT = "http://127.0.0.1"
QUESTION = "How much is the contract in Uzbekistan worth?"
ASKED = {"question": QUESTION}
PASSWORD = "correct horse"
TOOLS = "/gradio_api/mcp/"
TOOL_NAMES = {
    *("ask", "search", "find", "find_conflicts", "overview", "what_changed", "start_grid", "read_grid"),
    *("track", "list_tracked", "list_documents", "read_document"),
}
"""The same as those of ``attest mcp``."""
TOOL_HEADERS = {"Accept": "application/json, text/event-stream"}


@dataclass(frozen=True)
class LockedServer:
    """A server with accounts, and a token for it."""

    client: TestClient
    headers: dict[str, str]


@pytest.fixture(scope="module")
def client(quick_parts: StaticRuntime, settings: Config) -> Iterator[TestClient]:
    with TestClient(server.create(quick_parts, settings), AT) as each:
        yield each


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    set_password(path, "ada", PASSWORD)
    return path


@contextmanager
def locked_client(parts: StaticRuntime, settings: Config, accounts: Path) -> Iterator[TestClient]:
    with TestClient(server.create(parts, settings.model_copy(update={"auth": accounts})), AT) as each:
        yield each


@pytest.fixture(scope="module")
def locked(
    quick_parts: StaticRuntime, settings: Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LockedServer]:
    accounts = tmp_path_factory.mktemp("accounts") / "accounts"
    token = new_token(accounts, "nightly")
    with locked_client(quick_parts, settings, accounts) as each:
        yield LockedServer(each, {"Authorization": f"Bearer {token}"})


PATHS = ["/", "/health", "/documents", "/documents/none", "/config", "/gradio_api/info", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_keeps_to_its_own_page(client: TestClient, path: str):
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://example.org"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/ask", "/search", "/login", "/gradio_api/queue/join", TOOLS])
def test_another_site_can_do_nothing(client: TestClient, path: str, headers: dict[str, str]):
    refused = client.post(path, json=ASKED, headers=headers)
    assert refused.status_code == 403
    assert "Another site" in refused.json()["detail"]
    assert refused.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": AT}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_the_page_itself_and_programs_can(client: TestClient, headers: dict[str, str]):
    assert client.post("/ask", json=ASKED, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", "/health", "/config", "/gradio_api/token"])
def test_another_site_can_read_nothing(client: TestClient, path: str):
    for origin in ("https://example.org", AT):
        seen = client.get(path, headers={"Origin": origin})
        assert "access-control-allow-origin" not in seen.headers
    asked = client.options(
        path, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    )
    assert "access-control-allow-origin" not in asked.headers


def test_a_name_that_resolves_to_this_machine_is_not_answered(client: TestClient):
    for host in ("evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "["):
        assert client.get("/documents", headers={"Host": host}).status_code == 403, host
    for host in ("localhost:7860", "127.0.0.1:7860", "[::1]:7860"):
        assert client.get("/documents", headers={"Host": host}).status_code == 200, host


@pytest.mark.parametrize("changed", [{"host": "0.0.0.0"}, {"auth": True}])
def test_other_names_are_answered_where_the_server_is_meant_for_others(
    quick_parts: StaticRuntime, settings: Config, accounts: Path, changed: dict
):
    changed = {**changed, **({"auth": accounts} if "auth" in changed else {})}
    app = server.create(quick_parts, settings.model_copy(update=changed))
    assert TestClient(app, "http://attest.example").get("/health").status_code == 200


def test_a_request_without_end_is_not_read(client: TestClient):
    for content, status in ((b"x" * (MAX_BODY + 1), 413), (iter([b"{}"]), 411)):
        told = client.post("/ask", content=content)
        assert told.status_code == told.json()["status"] == status
        assert told.headers["content-type"] == "application/problem+json"
    upload = "/gradio_api/upload"
    assert client.post("/gradio_api/run/documents", content=b"x" * (MAX_BODY + 1)).status_code == 413
    assert client.post(upload, content=iter([b"{}"])).status_code == 411
    within, beyond = (Headers({"content-length": str(size)}) for size in (2 * MAX_BODY, 2 * MAX_BODY + 1))
    assert find_refusal("POST", upload, within, False, 2 * MAX_BODY) is None
    assert find_refusal("POST", upload, beyond, False, 2 * MAX_BODY)


def test_the_page_loads_nothing_from_elsewhere(client: TestClient):
    assert "default-src 'self'" in client.get("/").headers["content-security-policy"]


CLOSED = [
    ("POST", "/ask"),
    ("POST", "/search"),
    ("GET", "/documents"),
    ("GET", "/documents/alstom-boyet-interview.md"),
    ("GET", "/metrics"),
    ("POST", TOOLS),
    ("GET", TOOLS),
    ("GET", "/gradio_api/mcp/schema"),
    ("GET", "/gradio_api/mcp/sse"),
    ("POST", "/gradio_api/mcp/messages/"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic wrong"])
def test_a_program_without_a_token_gets_nothing(locked: LockedServer, method: str, path: str, given: str):
    refused = locked.client.request(
        method, path, json=ASKED if method == "POST" else None, headers={"Authorization": given}
    )
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "attest token" in refused.json()["detail"]


def test_a_program_with_a_token_gets_answers(locked: LockedServer):
    assert locked.client.post("/ask", json=ASKED, headers=locked.headers).json()["answered"]
    assert locked.client.get("/metrics", headers=locked.headers).status_code == 200


ELSEWHERE = "https://wiki.example.org"


@pytest.fixture(scope="module")
def crossed(quick_parts: StaticRuntime, settings: Config) -> Iterator[TestClient]:
    """A server that lets the pages of one other origin use its API."""
    app = server.create(quick_parts, settings.model_copy(update={"cors": (ELSEWHERE,)}))
    with TestClient(app, AT) as client:
        yield client


@pytest.mark.parametrize("path", ["/ask", "/documents", "/documents/uploads/a.txt", "/v1/chat/completions"])
def test_a_page_of_an_origin_that_is_named_may_ask_before_it_does(crossed: TestClient, path: str):
    for origin, allowed in ((ELSEWHERE, True), ("https://example.org", False)):
        told = crossed.options(
            path,
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, content-type",
            },
        )
        assert told.status_code == (200 if allowed else 400)
        assert told.headers.get("access-control-allow-origin") == (ELSEWHERE if allowed else None)
        assert "access-control-allow-credentials" not in told.headers


def test_a_page_of_an_origin_that_is_named_gets_answers_and_errors(crossed: TestClient):
    headers = {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"}
    for asked, status in ((ASKED, 200), ({}, 422), ({"question": "x" * MAX_BODY}, 413)):
        told = crossed.post("/ask", json=asked, headers=headers)
        assert told.status_code == status
        assert told.headers["access-control-allow-origin"] == ELSEWHERE
        assert "access-control-allow-credentials" not in told.headers


@pytest.mark.parametrize("path", ["/", "/login", "/gradio_api/queue/join", "/gradio_api/upload", TOOLS])
def test_no_other_origin_gets_at_the_page(crossed: TestClient, path: str):
    headers = {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"}
    assert crossed.post(path, json=ASKED, headers=headers).status_code == 403
    assert "access-control-allow-origin" not in crossed.get(path, headers=headers).headers
    asked = crossed.options(path, headers={**headers, "Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in asked.headers


def test_other_origins_than_those_named_stay_strangers(crossed: TestClient):
    headers = {"Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"}
    assert crossed.post("/ask", json=ASKED, headers=headers).status_code == 403


def test_health_is_open_to_all(locked: LockedServer):
    assert locked.client.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/config", None),
        ("GET", "/gradio_api/info", None),
        ("POST", "/gradio_api/queue/join", {"data": [], "fn_index": 0, "session_hash": "x"}),
        ("POST", "/gradio_api/run/ask", {"data": [QUESTION]}),
        ("POST", "/gradio_api/call/ask", {"data": [QUESTION]}),
        ("POST", "/gradio_api/api/ask", {"data": [QUESTION]}),
    ],
)
def test_the_pages_own_routes_want_a_login(locked: LockedServer, method: str, path: str, sent: object):
    assert locked.client.request(method, path, json=sent).status_code == 401


def test_the_page_is_for_who_logs_in(quick_parts: StaticRuntime, settings: Config, accounts: Path):
    right = {"username": "ada", "password": PASSWORD}
    with locked_client(quick_parts, settings, accounts) as client:
        shown = client.get("/").text
        assert "Sign in" in shown
        assert "Ask your documents" not in shown
        assert client.post("/login", data=right, follow_redirects=False).headers["location"] == "/"
        assert client.get("/config").status_code == 200
        assert "Ask your documents" in client.get("/").text
        assert client.post("/logout", headers={"Origin": "https://example.org"}).status_code == 403
        assert client.get("/config").status_code == 200
        assert "Sign in" in client.post("/logout").text
        assert client.get("/config").status_code == 401


@pytest.mark.parametrize("after", ["https://example.org", "//example.org", "/\\\\example.org", "/ask", ""])
def test_a_login_leads_to_no_other_site(
    quick_parts: StaticRuntime, settings: Config, accounts: Path, after: str
):
    with locked_client(quick_parts, settings, accounts) as client:
        sent = {"username": "ada", "password": PASSWORD, "after": after}
        assert client.post("/login", data=sent, follow_redirects=False).headers["location"] == "/"


def test_a_forged_session_is_none(quick_parts: StaticRuntime, settings: Config, accounts: Path):
    with locked_client(quick_parts, settings, accounts) as client:
        client.post("/login", data={"username": "ada", "password": PASSWORD})
        (cookie,) = client.cookies.jar
        client.cookies.clear()
        client.cookies.set(cookie.name, "ada")
        assert client.get("/config").status_code == 401


def test_the_icon_is_attests_own(locked: LockedServer):
    icon = locked.client.get("/favicon.ico")
    assert icon.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in icon.text


def test_after_a_wrong_password_the_right_one_is_too_early(
    quick_parts: StaticRuntime, settings: Config, accounts: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("qa.web.security.auth.FIRST_WAIT", 60.0)
    with locked_client(quick_parts, settings, accounts) as client:
        for password in ("wrong", PASSWORD):
            told = client.post("/login", data={"username": "ada", "password": password})
            assert told.status_code == 401
            assert "Wait before you try again" in told.text
            assert PASSWORD not in told.text


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_password_is_told_in_a_sentence(
    quick_parts: StaticRuntime, settings: Config, accounts: Path, scripts: bool
):
    locked = settings.model_copy(update={"auth": accounts})
    with served(quick_parts, locked) as address, chromium() as browser:
        page = browser.new_context(java_script_enabled=scripts).new_page()
        page.goto(address)
        expect(page.get_by_label("Name")).to_be_focused()
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("The name or the password is wrong")
        expect(page.get_by_label("Name")).to_have_value("ada")
        expect(page.get_by_label("Password")).to_be_focused()
        expect(page.get_by_role("heading", name="Attest")).to_be_visible()


def test_a_reader_signs_in_and_out(quick_parts: StaticRuntime, settings: Config, accounts: Path):
    locked = settings.model_copy(update={"auth": accounts})
    with served(quick_parts, locked) as address, chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        box = page.get_by_role("textbox", name="Question")
        expect(box).to_be_visible(timeout=30_000)
        box.fill(QUESTION)
        box.press("Enter")
        expect(page.locator(".answer")).to_be_visible(timeout=30_000)
        expect(page.locator("#account")).to_contain_text("Signed in as ada")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_accounts_that_cannot_be_read_stop_the_server(
    quick_parts: StaticRuntime, settings: Config, tmp_path: Path
):
    with pytest.raises(UserError, match="attest password"):
        server.create(quick_parts, settings.model_copy(update={"auth": tmp_path / "none"}))


def test_a_page_that_cannot_be_made_ends_the_server(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise AttestError("The tools cannot be offered")

    monkeypatch.setattr("qa.web.ui.app.create_ui_app", fail)
    app = server.create(quick_parts, settings)
    with server.listen("127.0.0.1", 0) as listener, pytest.raises(AttestError, match="cannot be offered"):
        server.serve(app, listener, lambda address: None)


@pytest.mark.parametrize("stripped", [True, False])
def test_behind_a_proxy_the_page_and_the_api_are_under_its_path(
    quick_parts: StaticRuntime, settings: Config, stripped: bool
):
    app = server.create(quick_parts, settings.model_copy(update={"root_path": "/attest"}))
    client = TestClient(app, AT)
    under = "" if stripped else "/attest"
    assert client.get(f"{under}/health").status_code == 200
    assert client.get(f"{under}/config").json()["root"] == f"{AT}/attest"
    assert client.get(f"{under}/openapi.json").json()["servers"] == [{"url": "/attest"}]
    locked = find_refusal(
        "POST", f"{under}/ask", Headers({"host": "127.0.0.1", "origin": "http://e.org"}), True
    )
    assert locked


def test_the_page_works_under_the_path_of_a_proxy(quick_parts: StaticRuntime, settings: Config):
    under = settings.model_copy(update={"root_path": "/attest"})
    with (
        served(quick_parts, under) as address,
        chromium() as browser,
        opened(browser, f"{address}attest/") as tab,
    ):
        expect(tab.ask(QUESTION).locator(".answer")).to_be_visible()
        assert tab.troubles == []


async def called(
    address: str, headers: dict[str, str], tool: str, arguments: dict
) -> tuple[set[str], object]:
    """The tools there are, and what one of them says."""
    async with (
        # The first request waits until the page is made, on a busy machine longer than httpx's usual 5 s.
        httpx.AsyncClient(headers=headers, trust_env=False, timeout=120) as http,
        streamable_http_client(f"{address.rstrip('/')}{TOOLS}", http_client=http) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        offered = {each.name for each in (await session.list_tools()).tools}
        return offered, await session.call_tool(tool, arguments)


def test_another_programs_model_asks_and_searches(
    quick_parts: StaticRuntime, settings: Config, accounts: Path
):
    headers = {"Authorization": f"Bearer {new_token(accounts, 'agent')}"}
    for each, given in ((settings, {}), (settings.model_copy(update={"auth": accounts}), headers)):
        with served(quick_parts, each) as address:
            offered, told = asyncio.run(called(address, given, "ask", ASKED))
            assert offered == TOOL_NAMES
            said = json.loads(told.content[0].text)
            record = json.loads(json.dumps(answer_record(quick_parts.pipeline.invoke(Ask(QUESTION)))))
            assert said | {"timings_ms": 0} == record | {"timings_ms": 0}
            _, found = asyncio.run(called(address, given, "search", {"query": "gas turbines", "k": 2}))
            assert [hit["rank"] for hit in json.loads(found.content[0].text)["results"]] == [1, 2]
            dated = {"query": "gas turbines", "since": "2024", "until": "2025"}
            _, found = asyncio.run(called(address, given, "search", dated))
            assert {hit["date"] for hit in json.loads(found.content[0].text)["results"]} == {"2025-01-22"}
            _, found = asyncio.run(called(address, given, "search", {"query": "gas", "until": "1999"}))
            assert "no document is dated 1999-12-31" in json.loads(found.content[0].text)["reason"]
            _, told = asyncio.run(called(address, given, "ask", {**ASKED, "until": "1999"}))
            assert "no document is dated 1999-12-31" in json.loads(told.content[0].text)["reason"]
            _, failed = asyncio.run(called(address, given, "ask", {"question": " "}))
            assert failed.isError
            assert "empty" in failed.content[0].text


def test_each_program_has_its_own_grids_and_tracked_questions(
    quick_parts: StaticRuntime, tmp_path: Path, accounts: Path
):
    one, two = ({"Authorization": f"Bearer {new_token(accounts, name)}"} for name in ("one", "two"))
    settings = Config(index=tmp_path / "index", model="none", auth=accounts)
    with served(quick_parts, settings) as address:
        _, made = asyncio.run(called(address, one, "start_grid", {"questions": QUESTION}))
        grid = {"grid": made.structuredContent["id"]}
        _, rows = asyncio.run(called(address, one, "read_grid", grid))
        assert rows.structuredContent["documents"] == 2
        _, refused = asyncio.run(called(address, two, "read_grid", grid))
        assert refused.isError
        assert "There is no such grid" in refused.content[0].text
        asyncio.run(called(address, one, "track", ASKED))
        for headers, tracked in ((one, [QUESTION]), (two, [])):
            _, told = asyncio.run(called(address, headers, "list_tracked", {}))
            assert [each["question"] for each in told.structuredContent["tracked"]] == tracked


def test_a_document_is_read_as_a_resource_and_nothing_else_is(client: TestClient):
    headers = {**TOOL_HEADERS, "X-Forwarded-Host": "192.0.2.1"}

    def read(uri: str) -> str:
        request = {"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": uri}}
        return client.post(TOOLS, json=request, headers=headers).text

    assert "Siemens" in read("attest:///siemens-energy-central-asia.md")
    for uri in ("attest:///..%2F..%2Fetc%2Fpasswd", "file:///etc/passwd", "http://192.0.2.1/"):
        assert '"error"' in read(uri)


def test_the_command_line_says_what_to_serve(monkeypatch: pytest.MonkeyPatch):
    seen: list[tuple[Config, bool]] = []
    monkeypatch.setattr(launch, "run", lambda config, *_, follow: seen.append((config, follow)))
    argv = "serve --host 0.0.0.0 --port 8080 --auth accounts --shared --max-upload 5 --root-path /attest"
    assert parser.main(argv.split()) == 0
    ((settings, follow),) = seen
    assert not follow
    assert (settings.host, settings.port, settings.auth) == ("0.0.0.0", 8080, Path("accounts"))
    assert (settings.shared, settings.max_upload, settings.root_path) == (True, 5, "/attest")
    assert parser.main(["serve", "--private"]) == 0
    assert seen[-1][0].shared is False
    assert parser.main(["serve", "reports"]) == 0
    assert (seen[-1][0].corpus, seen[-1][1]) == (Path("reports"), True)


@pytest.mark.parametrize(
    "flags", ["--port many", "--max-upload 0", "--root-path attest", "--root-path /a/", "--shared --private"]
)
def test_a_wrong_flag_is_named(capsys: pytest.CaptureFixture[str], flags: str):
    try:
        status = parser.main(["serve", *flags.split()])
    except SystemExit as stop:
        status = stop.code
    assert status == 2
    said = capsys.readouterr().err
    assert flags.split()[0].strip("-") in said.replace("_", "-")
    assert "Traceback" not in said


def test_a_taken_port_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("ATTEST_PORT", str(port))
        assert parser.main(["serve"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(port) in said
    assert "ATTEST_PORT" in said


def test_without_any_document_the_page_invites_some(tmp_path: Path):
    config = Config(corpus=tmp_path, index=tmp_path / "index", model="none", threshold=0.0)
    empty = Index.empty(storage.embedding_identity(config))
    runtime = LiveRuntime(assemble.open_runtime(config, empty), storage.open_store(config))
    assert runtime.refresh() is False
    with served(runtime, config) as address, chromium() as browser, opened(browser, address) as tab:
        expect(tab.page.locator("#welcome")).to_contain_text("There are no documents yet")
        expect(tab.ask(QUESTION).locator(".abstention")).to_contain_text("there is no document to search")
        tab.page.get_by_role("tab", name="Documents").click()
        note = tmp_path / "lighthouse.txt"
        note.write_text("The keeper of the lighthouse of Arholma was Anna Lindqvist.", encoding="utf-8")
        tab.page.locator("#drop input[type=file]").set_input_files(str(note))
        expect(tab.page.locator("#header")).to_contain_text("one document")
        answer = tab.ask("Who was the keeper of the lighthouse of Arholma?").locator(".answer")
        expect(answer).to_contain_text("Anna Lindqvist")


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_the_program_serves_until_interrupted(settings: Config, index: object, host: str, warned: bool):
    environment = {**os.environ, "ATTEST_MODEL": "none", "ATTEST_INDEX": str(settings.index)}
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "serve", "--host", host, "--port", "0"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            address = program.stdout.readline().split()[-1]
            assert httpx.get(f"{address}health", trust_env=False).json()["documents"] == 2
            program.send_signal(signal.SIGINT)
            _, said = program.communicate(timeout=60)
        finally:
            program.kill()
    assert program.returncode == 0
    assert ("--auth" in said) is warned
    assert said.count("\n") == int(warned)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_stack_trace_while_answers_are_streamed(
    settings: Config, index: object, stop: signal.Signals
):
    environment = {**os.environ, "ATTEST_MODEL": "none", "ATTEST_INDEX": str(settings.index)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.slow_server"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            address = program.stdout.readline().split()[-1]
            with (
                httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
                client.stream("POST", "/ask", json={**ASKED, "stream": True}) as streamed,
                chromium() as browser,
                opened(browser, address) as tab,
            ):
                lines = streamed.iter_lines()
                assert "evidence" in json.loads(next(lines))
                tab.begin(QUESTION)
                expect(tab.page.locator(".exchange[aria-busy=true]")).to_be_visible()
                program.send_signal(stop)
                assert all(json.loads(line) for line in lines)  # it ends, and at the end of a line
                _, said = program.communicate(timeout=60)
        finally:
            program.kill()
    assert said == ""
