"""Open the store of an index and of what belongs to it, beside each other in a folder or in Milvus."""

import hashlib
import importlib
import re
from pathlib import Path

from qa.config import Config
from qa.embedding.base import EmbeddingIdentity
from qa.embedding.models import identify_model
from qa.errors import UserError
from qa.index.base import Store
from qa.index.stores.local import LocalStore
from qa.uploads.collections import CollectionFile

MILVUS = Path("milvus")
"""The value of the index setting that stands for Milvus instead of a folder."""

UPLOADS = "uploads"
"""The folder of shared uploads inside the index folder, or the suffix of their index's name in Milvus."""

READERS = "readers"
"""The folder of readers' own uploads inside the index folder, or part of their indexes' names in Milvus."""

COLLECTIONS = "collections.json"
"""The file of a reader's own collections in the folder of the reader's uploads."""

GRIDS = "grids"
"""The folder of grids inside the index folder, which has a folder for each reader."""

EVERYBODY = "everybody"
"""The folder of the grids of a server without accounts, and of the command line. A reader's has an underscore
in its name."""

_NAME_CHARS = 16
"""The letters of a reader's name, and as many digits of its digest: 64 bits do not meet by chance."""


def embedding_identity(config: Config) -> EmbeddingIdentity:
    """Return the identity of the embedding model that an index must have been made with.

    Raises:
        UserError: the setting does not name a model.
        ModelUnavailableError: the model is on the Hub, which cannot be reached.
    """
    return identify_model(config.embedding, config.cache)


def open_store(config: Config) -> Store:
    """Return the store of the index. It may be empty.

    Raises:
        UserError: the store is Milvus, and its address is not set or its client not installed.
    """
    if config.index != MILVUS:
        return LocalStore(config.index, embedding_identity(config))
    if not config.milvus_uri:
        raise UserError("ATTEST_INDEX=milvus needs ATTEST_MILVUS_URI, such as http://127.0.0.1:19530")
    try:
        milvus = importlib.import_module("qa.index.stores.milvus.store")
    except ImportError as error:
        raise UserError(
            "ATTEST_INDEX=milvus needs another package: pip install 'attest-qa[milvus]'"
        ) from error
    address = milvus.Address(config.milvus_uri, config.milvus_token.get_secret_value(), config.milvus_name)
    store: Store = milvus.MilvusStore(address, embedding_identity(config), _milvus_home(config))
    return store


def _milvus_home(config: Config) -> Path:
    """Return the folder on this machine of what belongs to an index in Milvus."""
    place = f"{config.milvus_uri} {config.milvus_name}"
    return config.cache / "milvus" / hashlib.sha256(place.encode()).hexdigest()[:16]


def index_place(config: Config) -> str:
    """Return the place of the index for people: an absolute path, or where Milvus is."""
    if config.index == MILVUS:
        return f"{config.milvus_name} in Milvus at {config.milvus_uri}"
    return str(config.index.absolute())


def open_uploads(config: Config) -> Store:
    """Return the store of the uploads to ``--shared`` servers: beside the index, in a store of the same kind,
    so that every server that has the one has the other.

    Raises:
        UserError: as :func:`open_store`.
    """
    if config.index == MILVUS:
        return open_store(config.model_copy(update={"milvus_name": f"{config.milvus_name}_{UPLOADS}"}))
    return open_store(config.model_copy(update={"index": config.index / UPLOADS}))


def open_reader_uploads(config: Config, reader: str) -> Store:
    """Return the store of the uploads of the reader who logs in as ``reader``, beside the index.

    Raises:
        UserError: as :func:`open_store`.
    """
    name = _folder_name(reader)
    if config.index == MILVUS:
        return open_store(config.model_copy(update={"milvus_name": f"{config.milvus_name}_{READERS}_{name}"}))
    return open_store(config.model_copy(update={"index": config.index / READERS / name}))


def reader_collections(config: Config, reader: str) -> CollectionFile:
    """Return the collections of the reader who logs in as ``reader``, in the folder of their
    uploads; for an index in Milvus, in its folder on this machine.
    """
    home = _milvus_home(config) if config.index == MILVUS else config.index
    return CollectionFile(home / READERS / _folder_name(reader) / COLLECTIONS)


def all_reader_uploads(config: Config) -> list[Store]:
    """Return the stores of all readers who have uploaded anything to an index in a folder; for an index in
    Milvus, none.

    Raises:
        UserError: as :func:`open_store`.
    """
    folders = sorted((config.index / READERS).glob("*/")) if config.index != MILVUS else []
    return [open_store(config.model_copy(update={"index": each})) for each in folders]


def _folder_name(reader: str) -> str:
    # The letters are for the owner, who may look for a reader's; the digest tells similar names apart.
    letters = re.sub(r"[^A-Za-z0-9]", "_", reader)
    return f"{letters[:_NAME_CHARS]}_{hashlib.sha256(reader.encode()).hexdigest()[:_NAME_CHARS]}"


def grid_folder(config: Config, reader: str = "") -> Path:
    """Return the folder of the grids of the reader who logs in as ``reader``, inside the index folder; for an
    index in Milvus, inside its folder on this machine. Without accounts, everybody has the same.
    """
    home = _milvus_home(config) if config.index == MILVUS else config.index
    return home / GRIDS / (_folder_name(reader) if reader else EVERYBODY)
