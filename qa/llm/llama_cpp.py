"""Run a GGUF file as a LangChain chat model: llama.cpp in this process, through xllamacpp."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import httpx
import xllamacpp
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from qa.errors import ModelUnavailableError

CONTEXT_TOKENS = 4_096
"""Size of prompt and answer together: quotes of 2,400 characters and a conversation take under 2,000."""

TIMEOUT_SECONDS = 300.0
"""Longest time for one reply, including the wait for others."""


class LocalChatModel(ChatOpenAI):
    """A chat model with a server of its own, which starts when the model is first asked or waited for.

    Every method that asks the model raises ``ModelUnavailableError`` if llama.cpp cannot run the file.
    """

    _params: xllamacpp.CommonParams = PrivateAttr()
    _server: xllamacpp.Server | None = PrivateAttr(None)
    _starting: Lock = PrivateAttr(default_factory=Lock)

    def wait(self) -> None:
        """Load the model into memory unless it is loaded already.

        Raises:
            ModelUnavailableError: llama.cpp cannot run the file.
        """
        with self._starting:
            if self._server is None:
                self._server = _start_server(self._params)
                self.root_client.base_url = f"{self._server.listening_address}/v1"

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        self.wait()
        return super()._generate(*args, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        self.wait()
        yield from super()._stream(*args, **kwargs)


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
