"""Find the model servers on this machine: Ollama, llama.cpp, LM Studio and vLLM.

Nothing is asked but the loopback interface, at the ports that the four use unless told otherwise and at the
one that ``OLLAMA_HOST`` names.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from qa.loopback import is_loopback_url

OLLAMA_PORT = 11_434
"""docs.ollama.com, "FAQ"."""

PORTS = (OLLAMA_PORT, 8080, 1234, 8000)
"""The ports of Ollama, llama.cpp (tools/server/README.md), LM Studio (lmstudio.ai/docs/developer) and vLLM
(docs.vllm.ai, "OpenAI-Compatible Server"). Any of the four may listen at any of them."""

TIMEOUT = httpx.Timeout(2.0, connect=0.5)
"""Seconds. A closed port of this machine refuses at once; a server that is loading a model may be slow."""

MAX_BYTES = 1_000_000
"""The longest list of models that is read: one of a thousand takes half of it."""

_OWNERS = {"llamacpp": "llama.cpp", "organization_owner": "LM Studio", "vllm": "vLLM"}
"""The program behind each value of ``owned_by`` in a list of models."""

_Form = TypeVar("_Form", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model of a server on this machine."""

    name: str
    """As in ``ATTEST_MODEL``: ``ollama:llama3.2``, or ``openai:…`` for the others, which speak its API."""
    url: str
    """As in ``ATTEST_MODEL_URL``."""


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A model server on this machine, with the models that it offers."""

    product: str
    url: str
    models: tuple[LocalModel, ...]


class _Tag(BaseModel):
    name: str


class _Tags(BaseModel):
    """Ollama's answer at ``/api/tags``."""

    models: list[_Tag]


class _Model(BaseModel):
    id: str
    owned_by: str = ""


class _Models(BaseModel):
    """The answer at ``/v1/models`` of a server that speaks OpenAI's API. Ollama without models has null."""

    data: list[_Model] | None


def ollama_url() -> str:
    """Return where Ollama listens: at ``OLLAMA_HOST``, which may lack the scheme or the port, or as usual. An
    address that stands for all of this machine's becomes the loopback one.
    """
    named = os.environ.get("OLLAMA_HOST", "").strip().rstrip("/")
    parts = urlsplit(named if "://" in named else f"http://{named}")
    port = parts.port or ({"http": 80, "https": 443}.get(parts.scheme) if "://" in named else OLLAMA_PORT)
    host = parts.hostname or "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  not an address to listen on
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def find_servers(ports: Sequence[int] = PORTS) -> tuple[LocalServer, ...]:
    """Return the model servers that answer at ``ports`` of this machine, or where ``OLLAMA_HOST`` says if
    that is this machine too.
    """
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    if is_loopback_url(ollama_url()):
        urls = list(dict.fromkeys([ollama_url().replace("//localhost:", "//127.0.0.1:"), *urls]))
    # Without the environment's proxies, and without following anybody elsewhere.
    with httpx.Client(trust_env=False, timeout=TIMEOUT) as http, ThreadPoolExecutor(len(urls)) as pool:
        found = pool.map(lambda url: _identify(http, url), urls)
        return tuple(server for server in found if server)


def find_model(name: str) -> LocalModel | None:
    """Return the model of a server on this machine that is called ``name``, with or without its provider;
    None if there is none.
    """
    models = [model for server in find_servers() for model in server.models]
    wanted = {name, f"ollama:{name}", f"openai:{name}", f"{name}:latest", f"ollama:{name}:latest"}
    return next((model for model in models if model.name in wanted), None)


def _identify(http: httpx.Client, url: str) -> LocalServer | None:
    """Return the server at ``url``; None if there is none, or it is another program.

    llama.cpp answers at Ollama's address too, and Ollama at OpenAI's, so the owner of the models decides.
    """
    listed = _ask(http, f"{url}/v1/models", _Models)
    owner = next((each.owned_by for each in listed.data or ()), "") if listed else ""
    if owner == "attest":
        return None
    if owner not in _OWNERS and (tags := _ask(http, f"{url}/api/tags", _Tags)):
        models = tuple(LocalModel(f"ollama:{tag.name}", url) for tag in tags.models)
        return LocalServer("Ollama", url, models)
    if listed is None or listed.data is None:
        return None
    models = tuple(LocalModel(f"openai:{each.id}", f"{url}/v1") for each in listed.data)
    return LocalServer(_OWNERS.get(owner, "A server with OpenAI's API"), url, models)


def _ask(http: httpx.Client, url: str, form: type[_Form]) -> _Form | None:
    """Return what is at ``url``; None if nothing answers, or with something else."""
    try:
        with http.stream("GET", url) as reply:
            if reply.status_code != httpx.codes.OK:
                return None
            body = b""
            for chunk in reply.iter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    return None
        return form.model_validate_json(body)
    except (httpx.HTTPError, ValidationError):
        return None
