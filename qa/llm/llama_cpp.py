"""Run a GGUF file as a LangChain chat model: llama.cpp in this process, through xllamacpp.

Of several models, those that are not answering make room in memory for one that is asked.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import httpx
import psutil
import xllamacpp
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from qa.errors import ModelUnavailableError

CONTEXT_TOKENS = 4_096
"""Size of prompt and answer together: quotes of 2,400 characters and a conversation take under 2,000."""

TIMEOUT_SECONDS = 300.0
"""Longest time for one reply, including the wait for others."""


CONTEXT_BYTES = 1_000_000_000
"""Memory that a model takes beside its file: with 8 billion parameters, half of it for the context of 4,096
tokens (32 layers of 8 heads of 128 numbers, twice, with 16 bits), and the rest for computing."""

_loading = Lock()


class LocalChatModel(ChatOpenAI):
    """A chat model with a server of its own, which starts when the model is first asked or waited for. It
    ends when another model needs the memory, and starts again when this one is asked again.

    Every method that asks the model raises ``ModelUnavailableError`` if llama.cpp cannot run the file.
    """

    _params: xllamacpp.CommonParams = PrivateAttr()
    _server: xllamacpp.Server | None = PrivateAttr(None)
    _answering: int = PrivateAttr(0)

    def wait(self) -> None:
        """Load the model into memory unless it is loaded already.

        Raises:
            ModelUnavailableError: llama.cpp cannot run the file.
        """
        with self._in_memory():
            pass

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        with self._in_memory():
            return super()._generate(*args, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        with self._in_memory():
            yield from super()._stream(*args, **kwargs)

    @contextmanager
    def _in_memory(self) -> Iterator[None]:
        """Load the model, and keep it in memory while the context lasts."""
        with _loading:
            if self._server is None:
                _make_room(self._params.model.path)
                self._server = _start_server(self._params)
                self.root_client.base_url = f"{self._server.listening_address}/v1"
            _loaded.pop(id(self), None)
            _loaded[id(self)] = self
            self._answering += 1
        try:
            yield
        finally:
            with _loading:
                self._answering -= 1


_loaded: WeakValueDictionary[int, LocalChatModel] = WeakValueDictionary()
"""The models in memory by their identity, the one used longest ago first."""


def _make_room(path: str) -> None:
    """Unload models that are not answering, the one used longest ago first, until the file at ``path`` fits
    into the memory that is available. The files of the others count in full: the system calls memory
    available that their pages take.
    """
    for other in list(_loaded.values()):
        others = sum(_file_bytes(each._params.model.path) for each in _loaded.values())
        if _file_bytes(path) + CONTEXT_BYTES + others <= psutil.virtual_memory().available:
            return
        if not other._answering:
            other._server = None  # its end frees the memory
            del _loaded[id(other)]


def _file_bytes(path: str) -> int:
    return Path(path).stat().st_size if Path(path).is_file() else 0


def load(path: Path, threads: int) -> LocalChatModel:
    """Return a chat model that will run the file at ``path``, on a loopback port and with a fresh key.

    The client ignores the environment's proxies, because its server is in this process.
    """
    key = secrets.token_urlsafe()
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.cache_ram_mib = 0  # one question's prompt is of no use to the next; the default is 8 GB
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.hostnames = ["127.0.0.1"]
    params.api_keys = [key]
    params.verbosity = -1
    model = LocalChatModel(
        base_url="http://127.0.0.1",  # the port follows when the server starts
        api_key=SecretStr(key),
        model="local",
        temperature=0,
        timeout=TIMEOUT_SECONDS,
        max_retries=0,
        http_client=httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS),
    )
    model._params = params
    return model


def _start_server(params: xllamacpp.CommonParams) -> xllamacpp.Server:
    try:
        return xllamacpp.Server(params)
    except Exception as error:  # the binding raises bare RuntimeError or Exception, version by version
        raise ModelUnavailableError(
            f"{params.model.path} is not a GGUF model that llama.cpp can run ({error}); set ATTEST_MODEL to "
            "another file"
        ) from error
