"""A dataset indexed for the length of a measurement."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.cases import Dataset
from qa import assemble
from qa.building import build_index
from qa.index import Index
from qa.ports import Encoder


@contextmanager
def indexed(dataset: Dataset, encoder: Encoder) -> Iterator[Index]:
    """An index of the dataset's documents in a scratch folder that goes when the block ends."""
    with tempfile.TemporaryDirectory() as scratch:
        build_index(Path(scratch), dataset.documents, encoder, assemble.embedding_identity())
        yield Index.open(Path(scratch), encoder, assemble.embedding_identity())
