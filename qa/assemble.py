"""Config to pipeline: the only place that picks concrete classes."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from numpy.typing import NDArray

from qa import documents, models
from qa.building import build_index
from qa.config import Config
from qa.embedding import SentenceEmbeddings
from qa.errors import IndexDamagedError, IndexMissingError, UserError
from qa.hybrid import HybridRetriever
from qa.index import Encoder, Index
from qa.joined import Joined
from qa.manifest import EmbeddingIdentity, Manifest
from qa.pipeline import Pipeline
from qa.recalling import Recalling

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing brought: the build's manifest and the files that could not be read."""

    manifest: Manifest
    failures: tuple[documents.Failure, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process shares, opened once: the index, the embedding model, the flow over both."""

    index: Index
    encoder: Encoder
    identity: EmbeddingIdentity
    pipeline: Pipeline

    def with_own(self, own: Index) -> Pipeline:
        """The same flow, and the same language model, over the shared index joined with ``own``.

        Raises:
            ValueError: the two have a document of the same id.
        """
        source = Joined([self.index, own], self.encoder)
        shared = self.pipeline
        return Pipeline(
            HybridRetriever(source=source), source.documents, shared.model, shared.threshold, shared.turns
        )


def embedding_identity() -> EmbeddingIdentity:
    """The embedding model an index must have been made with."""
    return EmbeddingIdentity(models.EMBEDDING.name, models.weights_digest(models.EMBEDDING))


def load_encoder(config: Config, on_progress: Progress | None = None) -> SentenceEmbeddings:
    """The embedding model, fetched first if need be.

    Raises:
        ModelUnavailableError: its files cannot be had.
    """
    return SentenceEmbeddings(models.ensure(models.EMBEDDING, config.cache), on_progress)


def index_corpus(config: Config, paths: list[Path], on_progress: Progress | None = None) -> Indexed:
    """Read ``paths`` and put their index in force. What the index in force holds is not embedded again.

    Raises:
        UserError: a path is missing, there is nothing to index, or another process is indexing.
        ModelUnavailableError: the embedding model cannot be had.
    """
    loaded = documents.load(paths)
    encoder = load_encoder(config, on_progress)
    recalling = Recalling(encoder, _embedded(config, encoder))
    manifest = build_index(config.index, loaded.documents, recalling, embedding_identity())
    return Indexed(manifest, loaded.failures)


def _embedded(config: Config, encoder: SentenceEmbeddings) -> dict[str, NDArray[np.float32]]:
    """Every sentence of the index in force with its vector; none where there is no whole one."""
    try:
        return dict(Index.open(config.index, encoder, embedding_identity()).embedded())
    except (IndexMissingError, IndexDamagedError):
        return {}


def open_index(config: Config) -> Index:
    """The index in force.

    Raises:
        IndexMissingError, IndexDamagedError: it is not there, not whole, or of another model.
    """
    return Index.open(config.index, load_encoder(config), embedding_identity())


def load_model(config: Config) -> BaseChatModel | None:
    """The language model that ``config.model`` names; None for ``none``.

    Raises:
        UserError: the name is not understood, or its integration is not installed.
        ModelUnavailableError: its file cannot be had or run.
    """
    name = config.model
    if name == "none":
        return None
    if name == "default":
        folder = models.ensure(models.GENERATION, config.cache)
        return _local(folder / models.GENERATION.files[0].path, config)
    if name.startswith("hf:"):
        return _local(models.from_hub(name.removeprefix("hf:"), config.cache), config)
    if name.endswith(".gguf"):
        path = Path(name).expanduser()
        if not path.is_file():
            raise UserError(f"{path} does not exist; set ATTEST_MODEL to a GGUF file that does")
        return _local(path, config)
    if ":" not in name:
        raise UserError(
            f"ATTEST_MODEL={name} is not understood; use default, none, a path to a .gguf file, "
            "hf:owner/repo/file.gguf or provider:name, such as openai:gpt-4.1-mini"
        )
    try:
        model: BaseChatModel = init_chat_model(name, temperature=0)
    except ImportError as error:
        provider = name.partition(":")[0].replace("_", "-")
        raise UserError(
            f"ATTEST_MODEL={name} needs another package: pip install langchain-{provider}"
        ) from error
    except ValueError as error:
        raise UserError(f"ATTEST_MODEL={name} is not understood: {str(error).splitlines()[0]}") from error
    except Exception as error:  # each provider raises its own type when a key is missing
        raise UserError(f"ATTEST_MODEL={name} cannot be used: {str(error).splitlines()[0]}") from error
    return model


def open_parts(config: Config) -> Parts:
    """The index in force and the models, to be shared by every pipeline.

    Raises:
        AttestError: whatever opening the index or loading the model raises.
    """
    encoder, identity = load_encoder(config), embedding_identity()
    index = Index.open(config.index, encoder, identity)
    retriever = HybridRetriever(source=index)
    pipeline = Pipeline(retriever, index.documents, load_model(config), config.threshold)
    return Parts(index, encoder, identity, pipeline)


def open_pipeline(config: Config) -> Pipeline:
    """The whole flow over the index in force.

    Raises:
        AttestError: whatever opening the index or loading the model raises.
    """
    return open_parts(config).pipeline


def _local(path: Path, config: Config) -> BaseChatModel:
    # llama.cpp takes most of a second to load; only those who run it should wait for it.
    model: BaseChatModel = importlib.import_module("qa.local_model").load(path, config.threads)
    return model
