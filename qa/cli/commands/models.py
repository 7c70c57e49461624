"""``attest pull``, and the downloads that other commands wait for."""

import sys
from pathlib import Path

from qa import model_files
from qa.cli.invocation import OK, Invocation
from qa.cli.terminal import bar
from qa.config import Config
from qa.embedding.models import SHIPPED, locate_model


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
