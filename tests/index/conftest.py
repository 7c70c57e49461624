"""Indexes of a few documents, embedded by a small stand-in for the model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.index.index import Index
from qa.index.stores.local import LocalStore
from qa.index.update.update import build_index
from qa.schema import Document
from tests.support.fakes import IDENTITY, FakeEncoder

Opened = Callable[..., Index]
"""Documents to an open index of them."""


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A function that indexes documents and opens the index."""

    def open_(*documents: Document) -> Index:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        build_index(LocalStore(folder, IDENTITY), documents, FakeEncoder())
        return Index.open(LocalStore(folder, IDENTITY))

    return open_
