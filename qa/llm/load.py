"""Load the chat model that a setting names: a GGUF file under llama.cpp, or any that LangChain knows."""

import importlib
import re
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from langchain_core.language_models import BaseChatModel
from pydantic import ValidationError

from qa import model_files
from qa.errors import UserError

REPLY_SECONDS = 60.0
"""Longest time for a provider's reply, or between two pieces of one."""


def create_model(name: str, cache: Path, threads: int) -> BaseChatModel | None:
    """Return the chat model called ``name``; None for ``none``.

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
    if name.endswith(".gguf"):
        path = Path(name).expanduser()
        if not path.is_file():
            raise UserError(f"{path} does not exist; set ATTEST_MODEL to an existing GGUF file")
        return _create_local(path, threads)
    if ":" not in name:
        raise UserError(
            f"ATTEST_MODEL={name} is not a known model; use default, none, a path to a .gguf file, "
            "hf:owner/repo/file.gguf or provider:name, such as openai:gpt-4.1-mini"
        )
    return _create_hosted(name)


@runtime_checkable
class _Loadable(Protocol):
    """A model that takes time to load."""

    def wait(self) -> None:
        """Load the model into memory unless it is loaded already."""


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


def _create_hosted(name: str) -> BaseChatModel:
    try:
        try:
            return _init_hosted(name, timeout=REPLY_SECONDS)
        except ValidationError:  # some integrations have no setting for a timeout
            return _init_hosted(name)
    except ImportError as error:
        # LangChain's message has the package's name, which is not always that of the provider.
        command = re.search(r"pip install [\w-]+", str(error))
        install = command[0] if command else f"pip install langchain-{name.partition(':')[0]}"
        raise UserError(f"ATTEST_MODEL={name} needs another package; install it with: {install}") from error
    except Exception as error:  # each provider raises its own type when its key is missing
        reason = str(error).partition("\n")[0]
        raise UserError(f"ATTEST_MODEL={name} cannot be used: {reason}") from error


def _init_hosted(name: str, **settings: Any) -> BaseChatModel:
    from langchain.chat_models import init_chat_model  # takes a second to import

    model: BaseChatModel = init_chat_model(name, temperature=0, **settings)
    return model
