"""``attest pull`` and ``attest models``, and the downloads that other commands wait for."""

import sys
from pathlib import Path

from qa import config as settings
from qa import model_files
from qa.cli.invocation import OK, Invocation, warn
from qa.cli.terminal import bar
from qa.config import Config, check_model_name
from qa.embedding.models import SHIPPED, locate_model
from qa.errors import UserError
from qa.settings_file import write_settings

CHOSEN = "attest/"
"""The prefix that a program puts before the name of a model that it chooses."""


def pull(invocation: Invocation) -> int:
    """Download the models and verify them."""
    config = invocation.config
    embedding = SHIPPED.get(config.embedding)
    if embedding is None:
        print(f"{config.embedding}: {locate_model(config.embedding, config.cache)}", file=sys.stderr)
    for model in (embedding, model_files.GENERATION):
        if model:
            model_files.verify(model, _fetch(config, model))
            print(f"{model.name}: {model.size / 1e6:,.0f} MB, verified ({model.licence})", file=sys.stderr)
    return OK


def models(invocation: Invocation) -> int:
    """List the models in ``attest.toml`` and of the servers on this machine, try one, or write one into
    ``attest.toml``.
    """
    action, name, chosen_as = invocation.args.action, invocation.args.name, invocation.args.chosen_as
    if action == "list":
        return _list_models(invocation.config)
    if not name:
        raise UserError(f"Name a model: attest models {action} NAME; attest models lists those found")
    config = _with_model(invocation.config, name)
    if action == "try":
        return _try_model(config)
    record = {"model": config.model, "model_url": config.model_url or None}
    if chosen_as:
        file = write_settings({"models": {check_model_name(chosen_as): record}})
        said = f"programs can choose {config.model} as {CHOSEN}{chosen_as}"
    else:
        file = write_settings(record)
        said = f"{config.model} answers"
    print(f"{file} now says that {said}; restart a server that is running", file=sys.stderr)
    for each in ("models",) if chosen_as else record:
        if settings.in_environment(each):
            variable = f"{settings.PREFIX}{each.upper()}"
            warn(f"{variable} is set in the environment and overrides {file.name}; unset it")
    return OK


def _list_models(config: Config) -> int:
    from qa.llm.local_servers import find_servers

    for name, named in config.models.items():
        print(f"{CHOSEN}{name}: {named.model}{f' at {named.model_url}' if named.model_url else ''}")
    servers = find_servers()
    for server in servers:
        print(f"{server.product} at {server.url}")
        for model in server.models:
            print(f"  {model.name}{' (in use)' if model.name == config.model else ''}")
        if not server.models:
            print("  no models")
    if servers:
        print("Try one with: attest models try NAME", file=sys.stderr)
    else:
        print("No model server answers on this machine; start Ollama, for example", file=sys.stderr)
    return OK


def _with_model(config: Config, name: str) -> Config:
    """Return ``config`` with the model called ``name``: as ``attest.toml`` names it, of a server on this
    machine, or as ``ATTEST_MODEL``.

    Raises:
        UserError: there is none.
    """
    from qa.llm.load import is_name
    from qa.llm.local_servers import find_model

    if named := config.models.get(name.removeprefix(CHOSEN)):
        return config.model_copy(update=dict(named))
    found = find_model(name)
    if found is None and not is_name(name):
        raise UserError(f"No model server on this machine has {name}; attest models lists what they have")
    chosen = {"model": found.name, "model_url": found.url} if found else {"model": name, "model_url": ""}
    return config.model_copy(update=chosen)


def _try_model(config: Config) -> int:
    from qa import assemble
    from qa.llm.trial import try_model

    if config.model == "default":
        _fetch(config, model_files.GENERATION)
    model = assemble.load_model(config)
    if model is None:
        raise UserError("none stands for no model; name one to try")
    print(f"{config.model}: {try_model(model).sentence}")
    print(f"Answer with it from now on: attest models use {config.model}", file=sys.stderr)
    return OK


def fetch_embedding_model(config: Config) -> None:
    """Put the embedding model into the cache, with a progress bar for the wait.

    Raises:
        UserError: the setting does not name a model.
        ModelUnavailableError: its files cannot be downloaded, or the cache cannot be written.
    """
    model = SHIPPED.get(config.embedding)
    if model:
        _fetch(config, model)
    else:
        locate_model(config.embedding, config.cache)


def fetch_models(config: Config) -> None:
    """Put the models that a question needs into the cache, with a progress bar for the wait.

    Raises:
        ModelUnavailableError: their files cannot be downloaded, or the cache cannot be written.
    """
    fetch_embedding_model(config)
    if config.model == "default":
        _fetch(config, model_files.GENERATION)


def _fetch(config: Config, model: model_files.Model) -> Path:
    with bar(f"Fetching {model.name}", "B", model.download_size) as advance:
        return model_files.ensure(model, config.cache, advance)
