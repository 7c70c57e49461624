"""Model servers on this machine that list models and answer as each product documents it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

SENTENCE = "Ada Lovelace published the first program in 1843. [1]"


_CHUNK = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
_DELTA = {"index": 0, "delta": {"role": "assistant", "content": SENTENCE}, "finish_reason": "stop"}
_EVENTS = f"data: {json.dumps({**_CHUNK, 'choices': [_DELTA]})}\n\ndata: [DONE]\n\n".encode()


@dataclass
class ModelServer:
    """A server's answers by path, and the requests it had."""

    replies: dict[str, object]
    """JSON by path; bytes are sent as they are. Other paths are 404."""
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0


def openai_models(owner: str, *names: str) -> dict[str, object]:
    return {"object": "list", "data": [{"id": n, "object": "model", "owned_by": owner} for n in names]}


def ollama(*names: str) -> ModelServer:
    """Ollama: docs.ollama.com, "List models", "Generate a chat message", and "OpenAI compatibility"."""
    tags = {"models": [{"name": name, "model": name, "size": 2_019_393_189} for name in names]}
    message = {"role": "assistant", "content": SENTENCE}
    last = {"model": names[0] if names else "", "message": message, "done": True, "done_reason": "stop"}
    listed = openai_models("library", *names) if names else {"object": "list", "data": None}
    return ModelServer({"/api/tags": tags, "/v1/models": listed, "/api/chat": last})


def llama_cpp(name: str) -> ModelServer:
    """llama.cpp: tools/server/README.md. It answers at Ollama's address too."""
    models = {"models": [{"name": name, "model": name}], **openai_models("llamacpp", name)}
    return ModelServer({"/api/tags": models, "/v1/models": models, **_chat(name)})


def lm_studio(*names: str) -> ModelServer:
    """LM Studio: lmstudio.ai/docs, "OpenAI Compatibility". It answers 200 to what it does not know."""
    error = {"error": "Unexpected endpoint or method. (GET /api/tags)"}
    models = openai_models("organization_owner", *names)
    return ModelServer({"/v1/models": models, "/api/tags": error, **_chat(names[0])})


def vllm(name: str) -> ModelServer:
    """vLLM: docs.vllm.ai, "OpenAI-Compatible Server"."""
    return ModelServer({"/v1/models": openai_models("vllm", name), **_chat(name)})


def _chat(name: str) -> dict[str, object]:
    message = {"role": "assistant", "content": SENTENCE}
    first = {"token": "yes", "logprob": -0.1, "top_logprobs": [{"token": "yes", "logprob": -0.1}]}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": {"content": [first]}}
    reply = {"id": "1", "object": "chat.completion", "created": 0, "model": name, "choices": [choice]}
    return {"/v1/chat/completions": reply}


@contextmanager
def serving(server: ModelServer) -> Iterator[ModelServer]:
    """``server`` at a free port of this machine, which it then has."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            reply = server.replies.get(self.path)
            self._send(200 if reply else 404, reply or {"error": "model not found"})

        def _send(self, status: int, reply: object, kind: str = "application/json") -> None:
            body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.bodies.append(asked)
            if asked.get("stream") and self.path == "/v1/chat/completions":
                server.asked.append(self.path)
                self._send(200, _EVENTS, "text/event-stream")
            else:
                self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.port = http.server_port
    Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
