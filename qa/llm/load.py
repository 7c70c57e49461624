"""Load the chat model that a setting names: a GGUF file under llama.cpp, or any that LangChain knows."""

import importlib
import re
from pathlib import Path
from typing import Protocol, runtime_checkable

from langchain_core.language_models import BaseChatModel
from pydantic import ValidationError

from qa import model_files
from qa.errors import UserError

REPLY_SECONDS = 60.0
"""How long a provider may take over a reply, or between two pieces of one."""


def create_model(name: str, cache: Path, threads: int) -> BaseChatModel | None:
    """Return the chat model called ``name``; None for ``none``.

    A local one is loaded into memory when it is first asked, or by :func:`wait_for`, and runs with so many
    ``threads``. Files are fetched into ``cache``.

    Raises:
        UserError: the name is not understood, or its integration is not installed.
        ModelUnavailableError: its file cannot be had.
    """
    if name == "none":
        return None
    if name == "default":
        folder = model_files.ensure(model_files.GENERATION, cache)
        return _create_local(folder / model_files.GENERATION.files[0].path, threads)
    if name.startswith("hf:"):
        return _create_local(model_files.from_hub(name.removeprefix("hf:"), cache), threads)
    if name.endswith(".gguf"):
        path = Path(name).expanduser()
        if not path.is_file():
            raise UserError(f"{path} does not exist; set ATTEST_MODEL to a GGUF file that does")
        return _create_local(path, threads)
    if ":" not in name:
        raise UserError(
            f"ATTEST_MODEL={name} is not understood; use default, none, a path to a .gguf file, "
            "hf:owner/repo/file.gguf or provider:name, such as openai:gpt-4.1-mini"
        )
    return _create_hosted(name)


@runtime_checkable
class _Loadable(Protocol):
    def wait(self) -> None:
        """Return when it is loaded."""


def wait_for(model: BaseChatModel | None) -> None:
    """Return when ``model`` is loaded.

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
    from langchain.chat_models import init_chat_model  # takes a second to import

    try:
        model: BaseChatModel = init_chat_model(name, temperature=0, timeout=REPLY_SECONDS)
    except ValidationError:  # some integrations take no timeout
        return _create_without_timeout(name)
    except ImportError as error:
        # LangChain names the package, which for some providers is not called after them.
        command = re.search(r"pip install [\w-]+", str(error))
        install = command[0] if command else f"pip install langchain-{name.partition(':')[0]}"
        raise UserError(f"ATTEST_MODEL={name} needs another package: {install}") from error
    except ValueError as error:
        raise UserError(f"ATTEST_MODEL={name} is not understood: {_first_line(error)}") from error
    except Exception as error:  # each provider raises its own type when a key is missing
        raise UserError(f"ATTEST_MODEL={name} cannot be used: {_first_line(error)}") from error
    return model


def _create_without_timeout(name: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, temperature=0)
    except Exception as error:  # as above
        raise UserError(f"ATTEST_MODEL={name} cannot be used: {_first_line(error)}") from error
    return model


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
