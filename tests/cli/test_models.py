"""``attest models`` against servers that speak each product's documented protocol, over real connections."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from qa.llm import local_servers
from tests.support.cli import Run
from tests.support.model_servers import (
    SENTENCE,
    ModelServer,
    llama_cpp,
    lm_studio,
    ollama,
    openai_models,
    serving,
    vllm,
)


class Machine:
    """The ports that are looked at, and the servers there."""

    def __init__(self, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stack = stack
        self._monkeypatch = monkeypatch
        self.ports: list[int] = []

    def start(self, server: ModelServer) -> ModelServer:
        self._stack.enter_context(serving(server))
        self.look_at(server.port)
        return server

    def look_at(self, port: int) -> None:
        self.ports.append(port)
        self._monkeypatch.setattr(local_servers.find_servers, "__defaults__", (tuple(self.ports),))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A machine on which no port but those of the test is looked at, and whose proxies lead nowhere."""
    with ExitStack() as stack, socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
        closed.close()
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{port}")
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://192.0.2.1:9")
        made = Machine(stack, monkeypatch)
        made.look_at(port)
        yield made


def test_the_four_products_are_told_apart(attest: Run, machine: Machine):
    servers = [
        ollama("llama3.2:latest", "qwen3:4b"),
        llama_cpp("gemma.gguf"),
        lm_studio("phi-4"),
        vllm("org/m"),
    ]
    a, b, c, d = (machine.start(each).port for each in servers)
    assert attest("models").out.splitlines() == [
        f"Ollama at http://127.0.0.1:{a}",
        "  ollama:llama3.2:latest",
        "  ollama:qwen3:4b",
        f"llama.cpp at http://127.0.0.1:{b}",
        "  openai:gemma.gguf",
        f"LM Studio at http://127.0.0.1:{c}",
        "  openai:phi-4",
        f"vLLM at http://127.0.0.1:{d}",
        "  openai:org/m",
    ]


def test_ollama_is_found_where_ollama_host_says(
    attest: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    with serving(ollama("llama3.2:latest")) as server:
        for host in (
            f"127.0.0.1:{server.port}",
            f"http://localhost:{server.port}/",
            f"0.0.0.0:{server.port}",
        ):
            monkeypatch.setenv("OLLAMA_HOST", host)
            assert "ollama:llama3.2:latest" in attest("models").out, host


def test_another_machine_is_not_asked(attest: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr(local_servers, "_identify", lambda http, url: asked.append(url))
    for host in ("192.0.2.1", "http://ollama.example:11434", "https://ollama.example"):
        monkeypatch.setenv("OLLAMA_HOST", host)
        assert attest("models").status == 0
    assert asked
    assert {url.rpartition(":")[0] for url in asked} == {"http://127.0.0.1"}


@pytest.mark.parametrize(
    "replies",
    [
        {},
        {"/v1/models": b"<html>It works</html>"},
        {"/v1/models": ["a list"], "/api/tags": {"models": "many"}},
        {"/v1/models": openai_models("attest", "attest")},
        {"/v1/models": b"[" * 100_000},
        {"/v1/models": {"data": [], "x": "x" * 1_100_000}},
    ],
)
def test_another_program_at_such_a_port_is_passed_over(
    attest: Run, machine: Machine, replies: dict[str, object]
):
    machine.start(ModelServer(replies))
    listed = attest("models")
    assert (listed.status, listed.out) == (0, "")
    assert "No model server answers on this machine" in listed.err


def test_ollama_without_models_is_found(attest: Run, machine: Machine):
    port = machine.start(ollama()).port
    assert attest("models").out.splitlines() == [f"Ollama at http://127.0.0.1:{port}", "  no models"]


@pytest.mark.parametrize(
    ("server", "name", "path"),
    [
        (ollama("llama3.2:latest"), "llama3.2", "/api/chat"),
        (llama_cpp("gemma.gguf"), "gemma.gguf", "/v1/chat/completions"),
        (lm_studio("phi-4"), "openai:phi-4", "/v1/chat/completions"),
        (vllm("org/m"), "org/m", "/v1/chat/completions"),
    ],
    ids=["ollama", "llama.cpp", "lm-studio", "vllm"],
)
def test_one_that_was_found_is_tried(
    attest: Run, machine: Machine, server: ModelServer, name: str, path: str
):
    machine.start(server)
    tried = attest("models", "try", name)
    assert tried.status == 0, tried.err
    assert SENTENCE in tried.out
    assert server.asked[-1] == path
    assert "1843" in str(server.bodies[-1]["messages"])


def test_one_that_is_used_answers_questions_from_then_on(
    indexed: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("ATTEST_MODEL")
    Path("attest.toml").write_text("# mine\nport = 8081  # free\n")
    server = machine.start(llama_cpp("gemma.gguf"))
    used = indexed("models", "use", "gemma.gguf")
    assert used.status == 0
    assert "attest.toml" in used.err
    assert Path("attest.toml").read_text() == (
        "# mine\nport = 8081  # free\n"
        f'model = "openai:gemma.gguf"\nmodel_url = "http://127.0.0.1:{server.port}/v1"\n'
    )
    assert "(in use)" in indexed("models").out
    asked = indexed("ask", "Who leads Alstom?")
    assert asked.status in (0, 3)
    assert "/v1/chat/completions" in server.asked
    assert "did not answer" not in asked.err + asked.out
    assert indexed("models", "use", "none").status == 0
    assert Path("attest.toml").read_text() == '# mine\nport = 8081  # free\nmodel = "none"\n'


def test_one_that_programs_choose_is_named_listed_and_tried(attest: Run, machine: Machine):
    Path("attest.toml").write_text("# mine\nport = 8081\n")
    server = machine.start(llama_cpp("gemma.gguf"))
    used = attest("models", "use", "gemma.gguf", "--as", "small")
    assert "programs can choose openai:gemma.gguf as attest/small" in used.err
    url = f"http://127.0.0.1:{server.port}/v1"
    assert Path("attest.toml").read_text() == (
        f'# mine\nport = 8081\n\n[models.small]\nmodel = "openai:gemma.gguf"\nmodel_url = "{url}"\n'
    )
    assert attest("models").out.splitlines()[0] == f"attest/small: openai:gemma.gguf at {url}"
    assert SENTENCE in attest("models", "try", "attest/small").out
    refused = attest("models", "use", "gemma.gguf", "--as", "verbatim")
    assert (refused.status, "cannot be the name of a model" in refused.err) == (2, True)


def test_a_variable_that_wins_over_the_file_is_named(attest: Run, machine: Machine):
    machine.start(ollama("llama3.2:latest"))
    used = attest("models", "use", "llama3.2")
    assert "ATTEST_MODEL is set in the environment and overrides attest.toml" in used.err


def test_a_model_that_nobody_has_is_told_in_a_sentence(attest: Run, machine: Machine):
    machine.start(ollama("llama3.2:latest"))
    for action in ("try", "use"):
        told = attest("models", action, "mistral")
        assert told.status == 2
        assert told.err == (
            "attest: No model server on this machine has mistral; attest models lists what they have\n"
        )
        assert "Name a model" in attest("models", action).err
    assert not Path("attest.toml").exists()


def test_a_model_that_was_removed_is_told_in_a_sentence(
    attest: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    for server, name in ((ollama("gone:latest"), "gone"), (vllm("org/gone"), "org/gone")):
        server.replies = {path: each for path, each in server.replies.items() if "chat" not in path}
        machine.start(server)
        told = attest("models", "try", name)
        assert told.status == 1
        assert "does not have the model that is set; attest models lists those that it has" in told.err


def test_a_server_that_stopped_is_told_in_a_sentence(
    attest: Run, machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("qa.llm.client.ATTEMPTS", 1)
    told = attest("models", "try", "ollama:llama3.2")  # nothing listens where OLLAMA_HOST says
    assert told.status == 1
    assert "The language model did not answer" in told.err


def test_a_broken_file_of_settings_is_not_written_over(attest: Run, machine: Machine):
    Path("attest.toml").write_text("port = 1\nmodel = none\n")
    told = attest("models", "use", "none")
    assert told.status == 2
    assert "Line 2 of attest.toml cannot be read" in told.err
    assert Path("attest.toml").read_text() == "port = 1\nmodel = none\n"
