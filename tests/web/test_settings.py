"""The settings page over HTTP: who may see it, what it shows, and what it changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa import assemble, storage
from qa.config import Config
from qa.llm import local_servers
from qa.runtime import LiveRuntime, StaticRuntime
from qa.web import server
from qa.web.security.auth import make_owner, set_password
from tests.support.model_servers import SENTENCE, ModelServer, ollama, serving

AT = "http://127.0.0.1:7860"
HERE = ("127.0.0.1", 50_000)
ELSEWHERE = ("192.0.2.7", 50_000)
QUESTION = {"question": "How much is the contract in Uzbekistan worth?"}
PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the server runs, on a machine without model servers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    look_at(monkeypatch, 9)
    return tmp_path


def look_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(local_servers.find_servers, "__defaults__", ((port,),))


@pytest.fixture
def config(settings: Config) -> Config:
    return settings.model_copy(update={"model": "none", "threshold": 0.0})


@pytest.fixture
def runtime(quick_parts: StaticRuntime, config: Config) -> LiveRuntime:
    return LiveRuntime(quick_parts, storage.open_store(config))


@pytest.fixture
def client(runtime: LiveRuntime, config: Config) -> TestClient:
    """A browser on the machine of a server without accounts."""
    Path("attest.toml").write_text('# of the team\nmodel = "none"  # for now\nthreshold = 0.0\n')
    return TestClient(server.create(runtime, config), AT, client=HERE)


def form(**changes: str) -> dict[str, str]:
    values = {"model": "none", "model_url": "", "check": "supported", "checker": "", "threshold": "0.0"}
    limits = {
        "max_upload": "50",
        "max_upload_files": "50",
        "max_reader_text": "20",
        "max_all_uploads": "100",
    }
    return {**values, "ocr": "", **limits, **changes}


def test_the_owner_of_the_machine_sees_the_settings_and_the_index(client: TestClient):
    shown = client.get("/settings")
    assert shown.status_code == 200
    for part in ("Language model", "<svg", "Measured on", "What is indexed", "Documents", "Embedding"):
        assert part in shown.text


@pytest.mark.parametrize(
    ("host", "address", "headers"),
    [
        ("0.0.0.0", ELSEWHERE, {}),
        ("0.0.0.0", HERE, {"Host": "attest.example"}),
        ("127.0.0.1", HERE, {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", HERE, {"Forwarded": "for=192.0.2.7"}),
    ],
)
def test_a_visitor_neither_sees_nor_changes_them(
    runtime: LiveRuntime, config: Config, host: str, address: tuple[str, int], headers: dict[str, str]
):
    app = server.create(runtime, config.model_copy(update={"host": host}))
    visitor = TestClient(app, AT, client=address)
    for refused in (
        visitor.get("/settings", headers=headers),
        visitor.post("/settings", data=form(threshold="1"), headers=headers),
    ):
        assert refused.status_code == 403
        assert "on the machine itself only" in refused.text
        assert "Language model" not in refused.text
    assert not Path("attest.toml").exists()


def test_the_pages_lead_an_owner_there_and_nobody_else(
    client: TestClient, runtime: LiveRuntime, config: Config, folder: Path
):
    link = 'href="/settings"'
    for path in ("changes", "settings"):
        assert link in client.get(f"/{path}").text
    behind_a_proxy = TestClient(server.create(runtime, config), AT, client=HERE)
    assert link not in behind_a_proxy.get("/changes", headers={"Via": "1.1 proxy"}).text
    accounts = folder / "accounts"
    for name in ("ada", "bob"):
        set_password(accounts, name, PASSWORD)
    make_owner(accounts, "ada")
    app = server.create(runtime, config.model_copy(update={"auth": accounts}))
    for name, leads in (("ada", True), ("bob", False)):
        visitor = TestClient(app, AT, client=ELSEWHERE)
        visitor.post("/login", data={"username": name, "password": PASSWORD})
        assert (link in visitor.get("/changes").text) == leads, name


def test_behind_a_proxy_nobody_is_the_owner_of_the_machine(runtime: LiveRuntime, config: Config):
    app = server.create(runtime, config.model_copy(update={"root_path": "/attest"}))
    assert TestClient(app, AT, client=HERE).get("/settings").status_code == 403


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.org"}])
def test_another_site_changes_nothing(client: TestClient, headers: dict[str, str]):
    before = Path("attest.toml").read_text()
    assert client.post("/settings", data=form(threshold="1"), headers=headers).status_code == 403
    assert Path("attest.toml").read_text() == before


def test_among_accounts_only_an_owner_may(runtime: LiveRuntime, config: Config, folder: Path):
    accounts = folder / "accounts"
    for name in ("ada", "bob"):
        set_password(accounts, name, PASSWORD)
    make_owner(accounts, "ada")
    make_owner(accounts, "eve")  # who has no account
    app = server.create(runtime, config.model_copy(update={"auth": accounts}))
    for name, status in (("", 403), ("bob", 403), ("ada", 200)):
        visitor = TestClient(app, AT, client=ELSEWHERE)
        if name:
            assert visitor.post("/login", data={"username": name, "password": PASSWORD}).status_code == 200
        assert visitor.get("/settings").status_code == status, name
        posted = visitor.post("/settings", data=form(), follow_redirects=False)
        assert posted.status_code == (303 if status == 200 else 403)
    forged = TestClient(app, AT, client=HERE, cookies={"access-token-x": "ada"})
    assert forged.get("/settings").status_code == 403


def test_a_change_is_in_use_at_once_and_in_the_file(client: TestClient):
    assert client.post("/ask", json=QUESTION).json()["answered"]
    saved = client.post("/settings", data=form(threshold="1"))
    assert "in use at once: threshold" in saved.text
    assert Path("attest.toml").read_text() == '# of the team\nmodel = "none"  # for now\nthreshold = 1.0\n'
    assert not client.post("/ask", json=QUESTION).json()["answered"]
    client.post("/settings", data=form(threshold="0"))
    assert client.post("/ask", json=QUESTION).json()["answered"]


def test_a_link_puts_no_words_on_the_page(client: TestClient):
    assert "Type your key" not in client.get("/settings?said=Type+your+key").text


def test_what_needs_a_restart_says_so(client: TestClient):
    saved = client.post("/settings", data=form(max_upload="7", ocr="eng"))
    assert "after a restart: largest uploaded file" in saved.text
    assert "at the next indexing: languages of scanned pages" in saved.text
    assert "The server that is running was started with 5" in saved.text
    assert "max_upload = 7" in Path("attest.toml").read_text()


def test_an_empty_value_is_the_default_and_leaves_the_file(client: TestClient):
    client.post("/settings", data=form(threshold=""))
    assert Path("attest.toml").read_text() == '# of the team\nmodel = "none"  # for now\n'


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("threshold", "2", "Write a number from 0 to 1"),
        ("threshold", "high", "Write a number from 0 to 1"),
        ("max_upload", "0", "Write a whole number of megabytes"),
        ("ocr", "eng;rm", "Write Tesseract&#39;s names"),
        ("model", "gpt", "Write default, none"),
        ("model", "/no/such.gguf", "does not exist"),
        ("model", "nobody:model", "nobody:model"),
        ("model_url", "ftp://x", "Write an address"),
        ("check", "never", "Choose one of the two"),
    ],
)
def test_a_bad_value_is_told_beside_its_field_and_changes_nothing(
    client: TestClient, name: str, value: str, told: str
):
    before = Path("attest.toml").read_text()
    shown = client.post("/settings", data=form(**{name: value}))
    assert shown.status_code == 422
    hint = shown.text.partition(f'id="{name}-hint">')[2].partition("</p>")[0]
    assert told in hint
    assert "Traceback" not in shown.text
    assert Path("attest.toml").read_text() == before
    assert client.post("/ask", json=QUESTION).json()["answered"]


def test_a_variable_wins_and_is_named(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTEST_THRESHOLD", "0")
    assert "Set by ATTEST_THRESHOLD in the environment" in client.get("/settings").text
    client.post("/settings", data=form(threshold="1"))
    assert "threshold = 0.0" in Path("attest.toml").read_text()


def test_keys_are_neither_shown_nor_written(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("ATTEST_MILVUS_TOKEN", "root:secret")
    shown = client.post("/settings", data=form(model="openai:gpt-4.1-mini", milvus_token="x"))
    assert shown.status_code == 200
    for text in (shown.text, client.get("/settings").text, Path("attest.toml").read_text()):
        assert "secret" not in text
        assert "milvus" not in text


def test_a_broken_file_is_told_with_its_line_and_left_alone(client: TestClient):
    Path("attest.toml").write_text("port = 1\nmodel = none\n")
    for shown in (client.get("/settings"), client.post("/settings", data=form(threshold="1"))):
        assert "Line 2 of attest.toml cannot be read" in shown.text
    assert Path("attest.toml").read_text() == "port = 1\nmodel = none\n"


@pytest.fixture
def llama(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with serving(ollama("llama3.2:latest")) as running:
        look_at(monkeypatch, running.port)
        yield running


def test_a_model_of_this_machine_is_found_tried_and_used(client: TestClient, llama: ModelServer):
    assert "ollama:llama3.2:latest" in client.get("/settings").text
    assert SENTENCE in client.post("/settings", data={"try": "ollama:llama3.2:latest"}).text
    used = client.post("/settings", data={"use": f"ollama:llama3.2:latest http://127.0.0.1:{llama.port}"})
    assert "in use at once: language model" in used.text
    assert 'model = "ollama:llama3.2:latest"  # for now' in Path("attest.toml").read_text()
    before = llama.asked.count("/api/chat")
    client.post("/ask", json=QUESTION)
    assert llama.asked.count("/api/chat") > before


def test_a_model_is_named_for_programs_tried_chosen_and_removed(client: TestClient, llama: ModelServer):
    def listed() -> list[str]:
        return [each["id"] for each in client.get("/v1/models").json()["data"]]

    before = Path("attest.toml").read_text()
    new = {"new_name": "small", "new_model": "ollama:llama3.2", "new_url": f"http://127.0.0.1:{llama.port}"}
    assert "programs can choose attest/small now" in client.post("/settings", data=new).text
    assert Path("attest.toml").read_text().startswith(f'{before}\n[models.small]\nmodel = "ollama:llama3.2"')
    assert listed() == ["attest", "attest/verbatim", "attest/small"]
    assert SENTENCE in client.post("/settings", data={"try": "attest/small"}).text
    asked = {"model": "attest/small", "messages": [{"role": "user", "content": QUESTION["question"]}]}
    before_asking = llama.asked.count("/api/chat")
    assert client.post("/v1/chat/completions", json=asked).status_code == 200
    assert llama.asked.count("/api/chat") > before_asking
    client.post("/settings", data=form(threshold="0"))  # other settings leave the model as it is
    assert "attest/small is gone" in client.post("/settings", data={"forget": "small"}).text
    assert listed() == ["attest", "attest/verbatim"]
    assert client.post("/v1/chat/completions", json=asked).json()["error"]["code"] == "model_not_found"
    assert "small" not in Path("attest.toml").read_text()


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({"new_name": "verbatim", "new_model": "none"}, "cannot be the name of a model"),
        ({"new_name": "a/b", "new_model": "none"}, "cannot be the name of a model"),
        ({"new_name": "", "new_model": "none"}, "cannot be the name of a model"),
        ({"new_name": "a", "new_model": ""}, "Write default, none, a path"),
        ({"new_name": "a", "new_model": "gpt"}, "Write default, none, a path"),
        ({"new_name": "a", "new_model": "openai:x", "new_url": "ftp://x"}, "Write an address"),
    ],
)
def test_what_cannot_be_a_model_is_refused_and_not_saved(client: TestClient, new: dict[str, str], said: str):
    before = Path("attest.toml").read_text()
    refused = client.post("/settings", data={"new_url": "", **new})
    assert refused.status_code == 422
    assert said in refused.text
    assert Path("attest.toml").read_text() == before


def test_no_server_is_asked_before_the_owner_opens_the_page(client: TestClient, llama: ModelServer):
    client.get("/health")
    client.post("/ask", json=QUESTION)
    assert llama.asked == []


def test_a_model_that_is_gone_is_told_in_a_sentence(client: TestClient, llama: ModelServer):
    assert "has mistral now" in client.post("/settings", data={"try": "mistral"}).text
    del llama.replies["/api/chat"]
    shown = client.post("/settings", data={"try": "ollama:llama3.2:latest"})
    assert "does not have the model that is set" in shown.text


def test_what_was_left_out_is_named_with_its_reason(
    corpus: Path, config: Config, quick_parts: StaticRuntime, folder: Path
):
    (corpus / "<song>.mp3").write_bytes(b"ID3")
    own = config.model_copy(update={"index": folder / "index"})
    assemble.index_corpus(own, [corpus])
    app = server.create(LiveRuntime(assemble.open_runtime(own), storage.open_store(own)), own)
    shown = TestClient(app, AT, client=HERE).get("/settings").text
    assert "1 file: sound recordings are not read" in shown
    assert "&lt;song&gt;.mp3" in shown
