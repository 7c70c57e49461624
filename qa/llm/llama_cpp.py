"""A GGUF file to a LangChain chat model: llama.cpp in this process, through xllamacpp. Its only importer."""

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
"""Prompt and answer together: quotes of 2,400 characters and a conversation take under 2,000."""

TIMEOUT_SECONDS = 300.0
"""For one reply, waiting in the queue included."""


class LocalChatModel(ChatOpenAI):
    """A chat model whose server lives and dies with it, and is started when it is first asked or waited for.

    Every method that asks it raises ``ModelUnavailableError`` where the file is no model that llama.cpp can
    run.
    """

    _params: xllamacpp.CommonParams = PrivateAttr()
    _server: xllamacpp.Server | None = PrivateAttr(None)
    _starting: Lock = PrivateAttr(default_factory=Lock)

    def wait(self) -> None:
        """Return when it is loaded.

        Raises:
            ModelUnavailableError: the file is not a model that llama.cpp can run.
        """
        with self._starting:
            if self._server is None:
                self._server = _started(self._params)
                self.root_client.base_url = f"{self._server.listening_address}/v1"

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        self.wait()
        return super()._generate(*args, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        self.wait()
        yield from super()._stream(*args, **kwargs)


def load(path: Path, threads: int) -> LocalChatModel:
    """The client of a llama.cpp over ``path`` that will be behind a loopback port and a fresh key.

    The client ignores proxies from the environment: its server is in this process.
    """
    key = secrets.token_urlsafe()
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.cache_ram_mib = 0  # what was read for one question is of no use to the next; 8 GB by default
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.hostnames = ["127.0.0.1"]
    params.api_keys = [key]
    params.verbosity = -1
    model = LocalChatModel(
        base_url="http://127.0.0.1",  # and a port that is known when it is started
        api_key=SecretStr(key),
        model="local",
        temperature=0,
        timeout=TIMEOUT_SECONDS,
        max_retries=0,
        http_client=httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS),
    )
    model._params = params
    return model


def _started(params: xllamacpp.CommonParams) -> xllamacpp.Server:
    try:
        return xllamacpp.Server(params)
    except Exception as error:  # the binding raises bare RuntimeError or Exception, version by version
        raise ModelUnavailableError(
            f"{params.model.path} is not a GGUF model that can be run here ({error}); set ATTEST_MODEL to "
            "another file"
        ) from error
