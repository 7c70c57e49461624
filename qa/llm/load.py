"""Load the chat model that a setting names: a GGUF file under llama.cpp, or any that LangChain knows."""

import importlib
import os
import re
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import httpx
from langchain_core.language_models import BaseChatModel
from pydantic import ValidationError

from qa import model_files
from qa.errors import UserError
from qa.llm.local_servers import ollama_url
from qa.loopback import is_loopback_url

REPLY_SECONDS = 60.0
"""The longest time for a provider's reply, or between two pieces of one."""

LOCAL_SECONDS = 300.0
"""The longest time for a model server on this machine, which loads the model first and has no more than its
processor, as :mod:`qa.llm.llama_cpp` has."""

_PROVIDER = re.compile(r"[a-z_]{2,}:")
"""Before the name of a provider's model, which llama.cpp calls by its file. A drive has one letter."""

EXTRAS = {"anthropic": "anthropic", "bedrock": "bedrock", "google_genai": "google", "ollama": "ollama"}
"""The extras of Attest that install what a provider needs."""


def create_model(
    name: str, cache: Path, threads: int, url: str = "", setting: str = "ATTEST_MODEL"
) -> BaseChatModel | None:
    """Return the chat model called ``name``; None for ``none``. ``url`` is where the server of a provider's
    model is, if not at the provider's own address. ``setting`` is what to change if there is no such model.

    A local model runs with ``threads`` and is loaded into memory when it is first asked, or by
    :func:`wait_for`. Its file is downloaded to ``cache`` first if need be.

    Raises:
        UserError: the name is unknown, or the integration for its provider is not installed.
        ModelUnavailableError: the model's file cannot be downloaded.
    """
    if name == "none":
        return None
    if name == "default":
        folder = model_files.ensure(model_files.GENERATION, cache)
        return _create_local(folder / model_files.GENERATION.files[0].path, threads)
    if name.startswith("hf:"):
        return _create_local(model_files.download_from_hub(name.removeprefix("hf:"), cache), threads)
    if name.endswith(".gguf") and not _PROVIDER.match(name):
        path = Path(name).expanduser()
        if not path.is_file():
            raise UserError(f"{path} does not exist; set {setting} to an existing GGUF file")
        return _create_local(path, threads)
    if not is_name(name):
        raise UserError(
            f"{setting}={name} is not a known model; use default, none, a path to a .gguf file, "
            "hf:owner/repo/file.gguf or provider:name, such as openai:gpt-4.1-mini"
        )
    return _create_hosted(name, url, setting)


def is_name(name: str) -> bool:
    """Return whether ``name`` looks like the name of a model, whether there is one or not."""
    return name in {"none", "default"} or name.endswith(".gguf") or ":" in name


@runtime_checkable
class _Loadable(Protocol):
    """A model that takes time to load."""

    def wait(self) -> None:
        """Load the model into memory unless it is loaded already."""


def is_local(model: BaseChatModel | None) -> bool:
    """Return whether ``model`` takes this process's memory and cores."""
    return isinstance(model, _Loadable)


def wait_for(model: BaseChatModel | None) -> None:
    """Return when ``model`` is in memory.

    Raises:
        ModelUnavailableError: it cannot be run.
    """
    if isinstance(model, _Loadable):
        model.wait()


def _create_local(path: Path, threads: int) -> BaseChatModel:
    # llama.cpp takes most of a second to import; only those who run it should wait for it.
    model: BaseChatModel = importlib.import_module("qa.llm.llama_cpp").load(path, threads)
    return model


def _create_hosted(name: str, url: str, setting: str) -> BaseChatModel:
    provider = name.partition(":")[0]
    try:
        settings = _server_settings(provider, url)
        if "client_kwargs" in settings:
            return _init_hosted(name, **settings)
        try:
            return _init_hosted(name, **{"timeout": REPLY_SECONDS, **settings})
        except ValidationError:  # some integrations have no setting for a timeout
            return _init_hosted(name, **settings)
    except ImportError as error:
        # LangChain's message has the package's name, which is not always that of the provider.
        command = re.search(r"pip install [\w-]+", str(error))
        install = command[0] if command else f"pip install langchain-{provider}"
        if provider in EXTRAS:
            install = f"pip install 'attest-qa[{EXTRAS[provider]}]'"
        raise UserError(f"{setting}={name} needs another package; install it with: {install}") from error
    except Exception as error:  # each provider raises its own type when its key is missing
        reason = str(error).partition("\n")[0]
        raise UserError(f"{setting}={name} cannot be used: {reason}") from error


def _server_settings(provider: str, url: str) -> dict[str, Any]:
    """Return what LangChain must know of the model's server. One on this machine is reached past the
    environment's proxies, and needs no key unless it has been given one.
    """
    if provider == "ollama":
        url = url or ollama_url()
        local = is_loopback_url(url)
        seconds = LOCAL_SECONDS if local else REPLY_SECONDS
        return {"base_url": url, "client_kwargs": {"timeout": seconds, "trust_env": not local}}
    if not url:
        return {}
    if provider != "openai" or not is_loopback_url(url):
        return {"base_url": url}
    key = {} if os.environ.get("OPENAI_API_KEY") else {"api_key": "none"}
    client = httpx.Client(trust_env=False, timeout=LOCAL_SECONDS)
    return {"base_url": url, "timeout": LOCAL_SECONDS, "http_client": client, **key}


def _init_hosted(name: str, **settings: Any) -> BaseChatModel:
    from langchain.chat_models import init_chat_model  # takes a second to import

    model: BaseChatModel = init_chat_model(name, temperature=0, **settings)
    return model
