"""An index of a dataset, for as long as it is measured."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa import storage
from qa.config import Config
from qa.embedding.base import Encoder
from qa.evaluation.datasets.base import Dataset
from qa.index.index import Index
from qa.index.update.update import build_index


@contextmanager
def indexed(dataset: Dataset, encoder: Encoder, settings: Config) -> Iterator[Index]:
    """Index the dataset's documents in a store of the kind that ``settings`` name.

    A folder is temporary and removed at the end of the block. In Milvus the index is made beside that of the
    settings, and stays there for the next time.
    """
    with tempfile.TemporaryDirectory() as scratch:
        place: dict[str, object] = {"index": Path(scratch)}
        if settings.index == storage.MILVUS:
            place = {"milvus_name": f"{settings.milvus_name}_eval"}
        store = storage.open_store(settings.model_copy(update=place))
        build_index(store, dataset.documents, encoder)
        yield Index.open(store)
