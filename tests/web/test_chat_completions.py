"""OpenAI's chat API over the real index, asked by OpenAI's and LangChain's own clients."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
import yaml
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import SecretStr
from starlette.testclient import TestClient

from qa import assemble
from qa.config import Config, ModelSettings
from qa.index.index import Index
from qa.pipeline import Ask, Event
from qa.runtime import StaticRuntime
from qa.schema import Document
from qa.web import server
from qa.web.api import streams
from qa.web.security.auth import new_token
from tests.support.fakes import FakeChat, answered_by
from tests.support.model_servers import ModelServer, ollama, serving

QUESTION = "How much is the contract in Uzbekistan worth?"
ASKED = [{"role": "user", "content": QUESTION}]
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
AT = "http://127.0.0.1"
SAID = "The contract is worth 72 million euros."
WRONG = "The contract is worth 90 million euros."


class GoneChat(FakeChat):
    """A model whose server has gone."""

    def _generate(self, *args: object, **kwargs: object) -> ChatResult:
        raise ConnectionError("secret")

    def _stream(self, *args: object, **kwargs: object) -> Iterator[ChatGenerationChunk]:
        raise ConnectionError("secret")


@pytest.fixture(scope="module")
def speaking(quick_parts: StaticRuntime) -> StaticRuntime:
    """A model that drafts a right sentence and a wrong one."""
    return answered_by(FakeChat(says=f"{SAID} {WRONG}"), quick_parts, threshold=0.0)


@pytest.fixture(scope="module")
def client(speaking: StaticRuntime, settings: Config) -> TestClient:
    return TestClient(server.create(speaking, settings), AT, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def base_url(speaking: StaticRuntime, settings: Config) -> Iterator[str]:
    app = server.create(speaking, settings)
    with server.listen("127.0.0.1", 0) as listener, server.run_in_background(app, listener) as address:
        yield f"{address}v1"


@pytest.fixture(scope="module")
def sdk(base_url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=base_url, api_key="none")


def cuts(source: dict, documents: dict[str, Document]) -> bool:
    text = documents[source["document"]].text
    return text[source["start"] : source["end"]] == source["text"]


def test_only_checked_sentences_leave_with_their_quotes(sdk: openai.OpenAI, documents: dict[str, Document]):
    reply = sdk.chat.completions.create(model="attest", messages=ASKED, temperature=0.3, max_tokens=5)
    content = reply.choices[0].message.content or ""
    assert f"{SAID} [1]" in content
    assert "90" not in content.partition("left out")[0]
    assert "> [1]" in content
    assert "\\[" not in content  # many front ends would show a formula
    assert reply.choices[0].finish_reason == "stop"
    sources = reply.model_extra["sources"]
    assert sources
    assert all(cuts(source, documents) for source in sources)


def test_a_stream_is_the_same_in_pieces(sdk: openai.OpenAI):
    whole = sdk.chat.completions.create(model="attest", messages=ASKED)
    pieces = list(
        sdk.chat.completions.create(
            model="attest", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(each.choices[0].delta.content or "" for each in pieces if each.choices)
    assert text == whole.choices[0].message.content
    assert [each.choices[0].finish_reason for each in pieces if each.choices][-1] == "stop"
    assert pieces[-1].usage is not None
    assert len({each.id for each in pieces}) == 1
    assert [each.model_extra["sources"] for each in pieces if "sources" in each.model_extra] == [
        whole.model_extra["sources"]
    ]


def test_a_quiet_stream_is_kept_open(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(streams, "PING_SECONDS", 0.02)
    slow = answered_by(FakeChat(says=SAID, pause=0.1), quick_parts, threshold=0.0)
    client = TestClient(server.create(slow, settings), AT)
    request = {"model": "attest", "messages": ASKED, "stream": True}
    streamed = client.post("/v1/chat/completions", json=request).text
    assert ": ping\n\n" in streamed.partition(SAID)[0]
    assert streamed.endswith("data: [DONE]\n\n")


def test_a_client_that_leaves_stops_the_model(
    quick_parts: StaticRuntime, settings: Config, monkeypatch: pytest.MonkeyPatch
):
    closed = threading.Event()
    stream = quick_parts.pipeline.stream

    def endless(ask: Ask) -> Iterator[Event]:
        try:
            while True:
                time.sleep(0.05)
                yield from list(stream(ask))[:-1]
        finally:
            closed.set()

    monkeypatch.setattr(quick_parts.pipeline, "stream", endless)
    monkeypatch.setattr(streams, "PING_SECONDS", 0.02)
    app = server.create(quick_parts, settings)
    with server.listen("127.0.0.1", 0) as listener, server.run_in_background(app, listener) as address:
        asked = {"model": "attest", "messages": ASKED, "stream": True}
        with httpx.stream("POST", f"{address}v1/chat/completions", json=asked, timeout=60) as streamed:
            assert "assistant" in next(streamed.iter_lines())
        assert closed.wait(30)


def test_an_asynchronous_client_gets_it_too(base_url: str):
    async def ask() -> str:
        async with openai.AsyncOpenAI(base_url=base_url, api_key="none") as asynchronous:
            reply = await asynchronous.chat.completions.create(model="attest", messages=ASKED)
            return reply.choices[0].message.content or ""

    assert SAID in asyncio.run(ask())


def test_langchain_asks_and_streams(base_url: str):
    chat = ChatOpenAI(base_url=base_url, api_key=SecretStr("none"), model="attest")
    assert SAID in str(chat.invoke(QUESTION).content)
    assert SAID in "".join(str(piece.content) for piece in chat.stream(QUESTION))


def test_the_models_are_listed(sdk: openai.OpenAI):
    assert [each.id for each in sdk.models.list()] == ["attest", "attest/verbatim"]
    assert sdk.models.retrieve("attest/verbatim").owned_by == "attest"


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    with serving(ollama("fast:latest")) as running:
        yield running


@pytest.fixture
def named(model_server: ModelServer, settings: Config, index: Index) -> openai.OpenAI:
    """A client of a server whose settings name models."""
    models = {
        "fast": ModelSettings(model="ollama:fast", model_url=f"http://127.0.0.1:{model_server.port}"),
        "gone": ModelSettings(model="/nowhere/secret.gguf"),
        "none": ModelSettings(model="none"),
    }
    config = settings.model_copy(update={"model": "none", "threshold": 0.0, "models": models})
    app = server.create(assemble.open_runtime(config), config)
    transport = TestClient(app, AT, raise_server_exceptions=False)
    return openai.OpenAI(base_url=f"{AT}/v1", api_key="none", http_client=transport, max_retries=0)


def test_models_of_the_settings_are_listed_and_answer_when_they_are_chosen(
    named: openai.OpenAI, model_server: ModelServer
):
    listed = ["attest", "attest/verbatim", "attest/fast", "attest/gone", "attest/none"]
    assert [each.id for each in named.models.list()] == listed
    assert named.models.retrieve("attest/fast").id == "attest/fast"
    for model, asked in (("attest", False), ("attest/none", False), ("attest/fast", True)):
        reply = named.chat.completions.create(model=model, messages=ASKED)
        assert reply.model == model
        assert reply.model_extra["sources"], model
        assert ("/api/chat" in model_server.asked) == asked, model


@pytest.mark.parametrize("stream", [False, True])
def test_a_model_of_the_settings_that_is_gone_is_an_error_without_the_owners_paths(
    named: openai.OpenAI, caplog: pytest.LogCaptureFixture, stream: bool
):
    with pytest.raises(openai.NotFoundError) as told:
        named.chat.completions.create(model="attest/gone", messages=ASKED, stream=stream)
    assert told.value.code == "model_not_found"
    assert "attest/gone cannot be used" in told.value.message
    assert "secret" not in told.value.message
    assert "set models.gone.model to an existing GGUF file" in caplog.text


def test_a_model_whose_server_has_stopped_leaves_the_passages_and_says_so(
    named: openai.OpenAI, model_server: ModelServer
):
    model_server.replies.clear()
    reply = named.chat.completions.create(model="attest/fast", messages=ASKED)
    assert "does not have the model" in (reply.choices[0].message.content or "")
    assert reply.model_extra["sources"]


def test_a_file_that_llama_cpp_cannot_run_is_an_error_without_its_path(
    settings: Config, index: Index, tmp_path: Path
):
    (tmp_path / "secret.gguf").write_bytes(b"GGUF but not really")
    models = {"broken": ModelSettings(model=str(tmp_path / "secret.gguf"))}
    config = settings.model_copy(update={"model": "none", "threshold": 0.0, "models": models})
    client = TestClient(server.create(assemble.open_runtime(config), config), AT)
    for stream in (False, True):
        request = {"model": "attest/broken", "messages": ASKED, "stream": stream}
        told = client.post("/v1/chat/completions", json=request).text
        assert '"server_error"' in told
        assert "secret" not in told


def test_verbatim_lets_copies_through_alone(sdk: openai.OpenAI):
    reply = sdk.chat.completions.create(model="attest/verbatim", messages=ASKED)
    content = reply.choices[0].message.content or ""
    assert SAID not in content.partition("left out")[0]
    assert "No checked answer" in content


def test_a_conversation_is_understood(client: TestClient):
    messages = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "What did Boyet say about Uzbekistan?"},
        {"role": "assistant", "content": "It is a market."},
        {"role": "user", "content": [{"type": "text", "text": "And about Turkmenistan?"}]},
    ]
    reply = client.post("/v1/chat/completions", json={"model": "attest", "messages": messages}).json()
    assert "Turkmenistan" in json.dumps(reply)


def test_some_documents_may_be_asked_alone(sdk: openai.OpenAI):
    reply = sdk.chat.completions.create(
        model="attest", messages=ASKED, extra_body={"documents": ["alstom-boyet-interview.md"]}
    )
    assert {each["document"] for each in reply.model_extra["sources"]} == {"alstom-boyet-interview.md"}


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"model": "gpt-5"}, 404, "GET /v1/models lists attest"),
        ({"messages": []}, 400, "messages"),
        ({"messages": [{"role": "system", "content": "Hi"}]}, 400, "question from the user"),
        ({"messages": [{"role": "user", "content": "  "}]}, 400, "empty"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "image_url"),
        ({"messages": [{"role": "robot", "content": "Hi"}]}, 400, "role"),
        ({"messages": "Hi"}, 400, "messages"),
        ({"messages": None}, 400, "messages"),
        ({"messages": [{"content": "Hi"}]}, 400, "role"),
        ({"messages": ["Hi"]}, 400, "messages"),
        ({"messages": [{"role": "user", "content": 7}]}, 400, "content"),
        ({"messages": [*ASKED, {"role": "assistant", "content": "Yes"}]}, 400, "question from the user"),
        ({"messages": [{"role": "user", "content": [PICTURE, {"type": "text", "text": "?"}]}]}, 400, "image"),
        ({"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]}, 400, "input_audio"),
        ({"documents": ["nowhere"]}, 400, "no document, folder or collection called nowhere"),
        ({"n": 2}, 400, "does not support n"),
        ({"logprobs": True}, 400, "logprobs"),
        ({"response_format": {"type": "json_object"}}, 400, "response_format"),
    ],
)
def test_errors_have_the_shape_of_openai(client: TestClient, change: dict, status: int, words: str):
    answered = client.post("/v1/chat/completions", json={"model": "attest", "messages": ASKED} | change)
    assert answered.status_code == status
    error = answered.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert words in error["message"]


def test_what_is_not_json_is_refused_in_the_same_shape(client: TestClient):
    answered = client.post("/v1/chat/completions", content=b"{", headers={"Content-Type": "application/json"})
    assert answered.status_code == 400
    assert answered.json()["error"]["type"] == "invalid_request_error"


def test_two_hundred_messages_are_too_many_to_matter(client: TestClient):
    turns = [{"role": role, "content": "What is rail?"} for _ in range(100) for role in ("user", "assistant")]
    answered = client.post("/v1/chat/completions", json={"model": "attest", "messages": turns + ASKED})
    assert answered.status_code == 200


def test_calls_of_tools_in_a_conversation_are_passed_over(client: TestClient):
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "What is the weather?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": "It rains."},
        *ASKED,
    ]
    tool = {"type": "function", "function": {"name": "weather", "parameters": {}}}
    request = {"model": "attest", "messages": messages, "tools": [tool], "tool_choice": "required"}
    answered = client.post("/v1/chat/completions", json=request)
    assert answered.status_code == 200
    (choice,) = answered.json()["choices"]
    assert SAID in choice["message"]["content"]
    assert "tool_calls" not in choice["message"]
    assert "rains" not in choice["message"]["content"]


@pytest.mark.parametrize("stream", [False, True])
def test_a_model_that_is_gone_leaves_the_passages_and_says_so(
    quick_parts: StaticRuntime, settings: Config, stream: bool
):
    gone = answered_by(GoneChat(), quick_parts, threshold=0.0)
    client = TestClient(server.create(gone, settings), AT, raise_server_exceptions=False)
    request = {"model": "attest", "messages": ASKED, "stream": stream}
    answered = client.post("/v1/chat/completions", json=request)
    assert answered.status_code == 200
    assert "did not answer" in answered.text
    assert "> [1]" in answered.text
    assert "secret" not in answered.text


@pytest.mark.parametrize("stream", [False, True])
def test_a_failure_has_the_shape_of_openai_too(
    client: TestClient, speaking: StaticRuntime, monkeypatch: pytest.MonkeyPatch, stream: bool
):
    def fail(ask: Ask) -> Iterator[Event]:
        raise KeyError("secret")
        yield

    monkeypatch.setattr(speaking.pipeline, "stream", fail)
    request = {"model": "attest", "messages": ASKED, "stream": stream}
    answered = client.post("/v1/chat/completions", json=request)
    assert answered.status_code == (200 if stream else 500)
    assert '"type":"server_error"' in answered.text.replace(": ", ":")
    assert "secret" not in answered.text


def test_a_token_is_needed_where_the_server_has_accounts(
    speaking: StaticRuntime, settings: Config, tmp_path: Path
):
    accounts = tmp_path / "accounts"
    token = new_token(accounts, "chat")
    guarded = server.create(speaking, settings.model_copy(update={"auth": accounts}))
    client = TestClient(guarded, AT, raise_server_exceptions=False)
    request = {"model": "attest", "messages": ASKED}
    refused = client.post("/v1/chat/completions", json=request)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "invalid_api_key"
    answered = client.post("/v1/chat/completions", json=request, headers={"Authorization": f"Bearer {token}"})
    assert answered.status_code == 200


def test_the_llm_program_asks(base_url: str, tmp_path: Path):
    model = {"model_id": "attest", "model_name": "attest", "api_base": base_url}
    (tmp_path / "extra-openai-models.yaml").write_text(yaml.safe_dump([model]))
    asked = subprocess.run(
        [sys.executable, "-m", "llm", "--model", "attest", QUESTION],
        env={**os.environ, "LLM_USER_PATH": str(tmp_path), "OPENAI_API_KEY": "none"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert SAID in asked.stdout, asked.stderr
