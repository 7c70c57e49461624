"""Build the parts of Attest from a configuration. With :mod:`qa.storage`, it alone picks concrete classes."""

import importlib
import logging
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock

from langchain_core.language_models import BaseChatModel

from qa import config as settings
from qa import storage
from qa.calibrations import find_weights, load_checker, load_judge, load_support
from qa.concurrency import StopToken, Turns
from qa.config import Config
from qa.embedding.base import Encoder, TokenEncoder
from qa.embedding.encoder import TextEncoder, load_batch_encoder
from qa.embedding.models import locate_model
from qa.embedding.vocabulary import read_vocabulary
from qa.errors import AttestError, UserError
from qa.index.index import Index
from qa.index.update.base import Progress, silent
from qa.index.update.update import UpdateResult, update_index
from qa.index.update.workers.base import WorkerPool
from qa.index.update.workers.local import InProcessPool
from qa.ingest import discovery
from qa.llm.load import create_model, is_local, wait_for
from qa.nlp.dates import Period
from qa.pipeline import Pipeline
from qa.query.document_filter import Collection
from qa.retrieval.hybrid import CandidateSource, HybridRetriever
from qa.runtime import ModelChoice, Runtime, StaticRuntime
from qa.tracking.store import TrackingStore
from qa.tracking.tracker import Tracker
from qa.tracking.values import Question as TrackedQuestion
from qa.tracking.view import UploadsOf
from qa.tracking.webhook import Target, Webhook
from qa.uploads.index import UploadIndex
from qa.uploads.stored import StoredUploads, Uploads
from qa.weights import Judge, Weights

log = logging.getLogger(__name__)

TRACKED = "tracked"
"""The folder of tracked questions beside the index."""


def load_encoder(config: Config) -> TextEncoder:
    """Return the embedding model; its files are fetched first if necessary.

    Raises:
        UserError: the setting does not name a model.
        ModelUnavailableError: its files cannot be fetched.
    """
    return TextEncoder(locate_model(config.embedding, config.cache))


def open_tracking(config: Config) -> TrackingStore:
    """Return the store of tracked questions, in the folder of this machine that belongs to the index.

    Raises:
        UserError: as :func:`open_store`.
    """
    return TrackingStore(storage.open_store(config).home / TRACKED)


def open_stored_uploads(config: Config) -> StoredUploads:
    """Return the uploads that last: those of everybody, and those of each reader with an account."""
    return StoredUploads(
        lambda reader: UploadIndex(
            storage.open_reader_uploads(config, reader) if reader else storage.open_uploads(config)
        )
    )


def open_tracker(config: Config, runtime: Runtime, uploads: StoredUploads | None = None) -> Tracker:
    """Return what keeps the answers to tracked questions true, over the index of ``runtime`` and the
    ``uploads`` of a server.

    Raises:
        UserError: as :func:`open_store`.
    """
    return Tracker(
        open_tracking(config),
        runtime,
        storage.open_store(config).snapshot,
        config.track_days,
        delivers=bool(config.track_webhook),
        shared=config.shared,
        uploads_of=_open_tracked_uploads(uploads or open_stored_uploads(config)),
    )


def _open_tracked_uploads(stored: StoredUploads) -> UploadsOf:
    """Return what opens the uploads that a tracked question searches, as they are when it is called."""
    opened = cache(stored.index)  # they stay open from one check to the next

    def find(question: TrackedQuestion) -> Index | None:
        found = opened(question.uploads, question.reader if question.uploads is Uploads.OWN else "")
        found.refresh()
        if found.trouble:
            raise AttestError(found.trouble)
        return found.index

    return find


def open_webhook(config: Config, store: TrackingStore) -> Webhook | None:
    """Return what tells the owner's webhook of the changes in ``store``; None without one.

    Raises:
        UserError: it has no key.
    """
    if not config.track_webhook:
        return None
    secret = config.track_secret.get_secret_value()
    return Webhook(store, Target(config.track_webhook, secret, config.track_private))


def index_corpus(
    config: Config,
    paths: Sequence[Path],
    on_file: Progress = silent,
    on_sentence: Progress = silent,
    stop: StopToken | None = None,
    encoder: Encoder | None = None,
) -> UpdateResult:
    """Bring the index up to date with the files at and under ``paths`` that the settings do not exclude.
    ``encoder`` is the embedding model, if it is loaded already.

    Raises:
        UserError: a path is missing, there is nothing to index, or another process is indexing.
        ModelUnavailableError: the embedding model cannot be fetched.
        WorkersUnavailableError: the workers cannot be started or reached.
        StoppedError: ``stop`` was stopped.
    """
    found = discovery.survey(paths, config.include, config.exclude)
    encoder = encoder or load_encoder(config)
    with open_workers(config, encoder) as workers:
        return update_index(
            storage.open_store(config),
            found,
            encoder,
            on_file,
            on_sentence,
            config.ocr,
            workers,
            stop,
            config.keep_days,
        )


def open_workers(config: Config, encoder: Encoder) -> AbstractContextManager[WorkerPool]:
    """Return a context with the workers that read and embed during an update; they end with it.

    Raises:
        UserError: the setting is not understood, or Dask is not installed.
    """
    alone = InProcessPool(encoder)
    if not config.workers:
        return nullcontext(alone)
    if not re.fullmatch(r"[1-9][0-9]*|[a-z]+://.+", config.workers):
        raise UserError(
            f"ATTEST_WORKERS={config.workers} is neither a number of processes nor the address of a Dask "
            "scheduler, such as tcp://host:8786"
        )
    try:
        dask = importlib.import_module("qa.index.update.workers.dask")
    except ImportError as error:
        raise UserError("ATTEST_WORKERS needs another package: pip install 'attest-qa[dask]'") from error
    pool: AbstractContextManager[WorkerPool] = dask.DaskPool(config.workers, load_in_worker, alone)
    return pool


def load_in_worker(threads: int) -> Encoder:
    """Return the embedding model that the settings of the worker's own machine name.

    Raises:
        AttestError: its files cannot be fetched, or the settings cannot be read.
    """
    config = settings.load()
    return load_batch_encoder(locate_model(config.embedding, config.cache), threads)


def create_retriever(
    config: Config, source: CandidateSource, encoder: Encoder, k: int = 10
) -> HybridRetriever:
    """Return a retriever of ``k`` passages over ``source``, whose vectors ``encoder`` made. When it corrects
    the spelling of a question, it leaves the words that the embedding model knows as they are.

    Raises:
        ModelUnavailableError: the embedding model's files cannot be fetched.
    """
    vocabulary = read_vocabulary(locate_model(config.embedding, config.cache))
    return HybridRetriever(
        source=source,
        encoder=encoder,
        tokens=encoder if isinstance(encoder, TokenEncoder) else None,
        vocabulary=vocabulary,
        weights=find_weights(config, encoder),
        k=k,
    )


def open_index(config: Config) -> Index:
    """Return the current index.

    Raises:
        IndexMissingError, IndexDamagedError: there is none, it is damaged, or it was made with another model.
    """
    return Index.open(storage.open_store(config))


def open_retriever(config: Config, k: int) -> HybridRetriever:
    """Return a retriever of ``k`` passages over the current index.

    Raises:
        IndexMissingError, IndexDamagedError: there is none, it is damaged, or it was made with another model.
        ModelUnavailableError: the embedding model's files cannot be fetched.
    """
    return create_retriever(config, open_index(config), load_encoder(config), k)


def load_collections(config: Config) -> dict[str, Collection]:
    """Return the collections of documents that ``config`` names.

    Raises:
        UserError: a date of one is not valid, or its period ends before it begins.
    """
    return {
        name: Collection(each.documents, Period.of(each.since, each.until))
        for name, each in config.collections.items()
    }


def open_runtime(config: Config, index: Index | None = None) -> StaticRuntime:
    """Open the current index, unless there is one in ``index``, and the models, to be shared by every
    pipeline. A local language model is loaded when it is first asked.

    Raises:
        AttestError: whatever opening the index or finding the model raises.
    """
    encoder, store = load_encoder(config), storage.open_store(config)
    index = index or Index.open(store)
    model = create_model(config.model, config.cache, config.threads, config.model_url)
    pipeline = _create_pipeline(config, index, encoder, model, Turns())
    return StaticRuntime(index, encoder, store.identity, pipeline, _name_models(config, pipeline))


def reconfigure(runtime: StaticRuntime, before: Config, config: Config) -> StaticRuntime:
    """Return ``runtime``, which was made with ``before``, with the model, the checks and the threshold of
    ``config``. A language model that stays the same is not loaded again.

    Raises:
        AttestError: whatever finding a model raises.
    """
    former = runtime.pipeline
    if (config.model, config.model_url) == (before.model, before.model_url):
        model, turns = former.model, former.turns
    else:
        model = create_model(config.model, config.cache, config.threads, config.model_url)
        turns = Turns()
    pipeline = _create_pipeline(config, runtime.index, runtime.encoder, model, turns)
    same = all(getattr(before, each) == getattr(config, each) for each in _OF_NAMED_MODELS)
    return replace(
        runtime, pipeline=pipeline, models=runtime.models if same else _name_models(config, pipeline)
    )


_OF_NAMED_MODELS = ("models", "model", "model_url", "checker")
"""The settings that the models to choose from are made of."""


def _name_models(config: Config, pipeline: Pipeline) -> dict[str, ModelChoice]:
    """Return what puts each of the models that ``config`` names into a pipeline, in place of the model of
    ``pipeline``.
    """
    weights = pipeline.retriever.weights
    return {name: _model_choice(config, name, weights, pipeline.turns) for name in config.models}


def _model_choice(config: Config, name: str, weights: Weights, turns: Turns) -> ModelChoice:
    chosen = config.model_copy(update=dict(config.models[name]))
    if (chosen.model, chosen.model_url) == (config.model, config.model_url):
        return lambda other: other
    loading = Lock()

    @cache
    def load() -> tuple[BaseChatModel | None, Turns, Judge, Judge]:
        setting = f"models.{name}.model"
        model = create_model(chosen.model, chosen.cache, chosen.threads, chosen.model_url, setting)
        # Local models share the memory and the cores, so they answer one after the other.
        waiting = turns if is_local(model) else Turns()
        return model, waiting, load_judge(chosen, weights), load_support(chosen)

    def choose(other: Pipeline) -> Pipeline:
        with loading:
            parts = load()
        return other.answered_by(*parts)

    return choose


def _create_pipeline(
    config: Config, index: Index, encoder: Encoder, model: BaseChatModel | None, turns: Turns
) -> Pipeline:
    retriever = create_retriever(config, index, encoder)
    return Pipeline(
        retriever,
        index.documents,
        model,
        config.threshold,
        turns,
        changed=index.changed,
        judge=load_judge(config, retriever.weights),
        support=load_support(config),
        checker=load_checker(config),
        word_for_word=config.check == "verbatim",
        collections=load_collections(config),
    )


def open_pipeline(config: Config) -> Pipeline:
    """Return the pipeline over the current index.

    Raises:
        AttestError: whatever opening the index or loading the model raises.
    """
    return open_runtime(config).pipeline


def load_model(config: Config) -> BaseChatModel | None:
    """Return the language model of ``config``, loaded into memory; None for ``none``.

    Raises:
        UserError: its name is not understood, or its integration is not installed.
        ModelUnavailableError: its file cannot be fetched or run.
    """
    model = create_model(config.model, config.cache, config.threads, config.model_url)
    wait_for(model)
    return model
