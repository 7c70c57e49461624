"""A dataset indexed for the length of a measurement."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.cases import Dataset
from qa import assemble
from qa.index import Index
from qa.local_store import LocalStore
from qa.ports import Encoder
from qa.updating import build_index


@contextmanager
def indexed(dataset: Dataset, encoder: Encoder) -> Iterator[Index]:
    """An index of the dataset's documents in a scratch folder that goes when the block ends."""
    with tempfile.TemporaryDirectory() as scratch:
        store = LocalStore(Path(scratch), assemble.embedding_identity())
        build_index(store, dataset.documents, encoder)
        yield Index.open(store, encoder)
