"""A GGUF file to a LangChain chat model: llama.cpp in this process, through xllamacpp. Its only importer."""

import secrets
from pathlib import Path

import httpx
import xllamacpp
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from qa.errors import ModelUnavailableError

CONTEXT_TOKENS = 4_096
"""Prompt and answer together: quotes of 2,400 characters and a conversation take under 2,000."""

TIMEOUT_SECONDS = 300.0
"""For one reply, waiting in the queue included."""


class LocalChatModel(ChatOpenAI):
    """A chat model whose server lives and dies with it."""

    _server: object = None


def load(path: Path, threads: int) -> LocalChatModel:
    """Start llama.cpp on ``path`` behind a loopback port and a fresh key, and return its client.

    The client ignores proxies from the environment: its server is in this process.

    Raises:
        ModelUnavailableError: the file is not a model that llama.cpp can run.
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
    try:
        server = xllamacpp.Server(params)
    except Exception as error:  # the binding raises bare RuntimeError or Exception, version by version
        raise ModelUnavailableError(
            f"{path} is not a GGUF model that can be run here ({error}); set ATTEST_MODEL to another file"
        ) from error
    model = LocalChatModel(
        base_url=f"{server.listening_address}/v1",
        api_key=SecretStr(key),
        model="local",
        temperature=0,
        timeout=TIMEOUT_SECONDS,
        max_retries=0,
        http_client=httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS),
    )
    model._server = server
    return model
