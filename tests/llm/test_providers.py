"""A provider without token probabilities, through its own LangChain package, over a real connection."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel

from qa import assemble, config
from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.llm import client
from qa.pipeline import Ask, Pipeline
from qa.retrieval.hybrid import HybridRetriever
from qa.schema import Answer
from tests.support.fakes import IDENTITY, FakeEncoder, document

CORPUS = [document("Siemens installs four gas turbines in Uzbekistan. They have 54 MW each.", "turbines.md")]
QUESTION = "What does Siemens install in Uzbekistan?"
KEY = "sk-ant-secret"


@dataclass
class Provider:
    """What stands in for Anthropic's servers, and what it was asked."""

    form: dict[str, Any] | None = None
    """What it fills a form in with; None to write a sentence instead."""
    refusals: list[int] = field(default_factory=list)
    """The HTTP statuses of its first replies."""
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serving(provider: Provider) -> Iterator[str]:
    """``provider`` at a loopback address, which this yields."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            provider.asked.append(asked)
            status = provider.refusals.pop(0) if provider.refusals else 200
            if status != 200:
                said = {"type": "error", "error": {"type": "error", "message": f"no, {KEY}"}}
                self._send(status, "application/json", json.dumps(said))
            elif asked.get("stream"):
                self._send(200, "text/event-stream", "".join(map(_event, _written(SENTENCE))))
            else:
                self._send(200, "application/json", json.dumps(_message(_content(asked, provider.form))))

        def _send(self, status: int, kind: str, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


SENTENCE = "Siemens installs four gas turbines in Uzbekistan. [1]"


def _message(content: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the Messages API, as its reference describes it."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": content,
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _content(asked: dict[str, Any], form: dict[str, Any] | None) -> list[dict[str, Any]]:
    if not asked.get("tools") or form is None:
        return [{"type": "text", "text": "Yes, it does."}]
    return [{"type": "tool_use", "id": "toolu_1", "name": asked["tools"][0]["name"], "input": form}]


def _written(text: str) -> Iterator[dict[str, Any]]:
    yield {"type": "message_start", "message": _message([])}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for word in text.split(" "):
        delta = {"type": "text_delta", "text": f"{word} "}
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}
    yield {"type": "message_stop"}


def _event(data: dict[str, Any]) -> str:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n"


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    store = LocalStore(tmp_path_factory.mktemp("index"), IDENTITY)
    build_index(store, CORPUS, FakeEncoder())
    return HybridRetriever(source=Index.open(store), encoder=FakeEncoder())


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    provided = Provider()
    monkeypatch.setattr(client, "LONGEST_WAIT", 0.0)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with serving(provided) as address:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
        yield provided


def answer(retriever: HybridRetriever) -> Answer:
    model = assemble.load_model(replace_model(config.load()))
    assert isinstance(model, BaseChatModel)
    return Pipeline(retriever, retriever.source.documents, model).invoke(Ask(QUESTION))


def replace_model(settings: config.Config) -> config.Config:
    return settings.model_copy(update={"model": "anthropic:claude"})


def test_it_judges_by_a_form_and_writes_the_answer(retriever: HybridRetriever, provider: Provider):
    provider.form = {"stated": True, "sure_percent": 95}
    found = answer(retriever)
    assert found.answered
    assert not found.note
    assert [sentence.text for sentence in found.sentences] == [SENTENCE.removesuffix(" [1]")]
    assert all("logprobs" not in asked for asked in provider.asked)


def test_what_it_says_of_itself_counts(retriever: HybridRetriever, provider: Provider):
    provider.form = {"stated": True, "sure_percent": 95}
    sure = answer(retriever).p_answerable
    provider.form = {"stated": False, "sure_percent": 95}
    found = answer(retriever)
    assert found.p_answerable < sure
    assert not found.answered


def test_a_sentence_in_place_of_the_form_is_read_for_its_word(retriever: HybridRetriever, provider: Provider):
    found = answer(retriever)
    assert found.answered
    assert not found.note


def test_a_rate_limit_is_waited_for(retriever: HybridRetriever, provider: Provider):
    provider.form, provider.refusals = {"stated": True, "sure_percent": 95}, [429, 529]
    assert not answer(retriever).note


@pytest.mark.parametrize("status", [400, 401, 500])
def test_one_that_fails_for_good_is_told_and_its_key_is_not(
    retriever: HybridRetriever, provider: Provider, status: int, caplog: pytest.LogCaptureFixture
):
    provider.refusals = [status] * 99
    found = answer(retriever)
    assert found.quotes or found.nearest
    assert "The language model" in found.note
    assert KEY not in found.note + caplog.text
