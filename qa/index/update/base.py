"""Values and types that the parts of an update share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.index.sources import SourceFile
from qa.ingest.base import File

Progress = Callable[[int, int], None]
"""Is called with how much has been done, and of how much. It only listens: a
:class:`~qa.concurrency.StopToken` stops the work."""

Vectors = Mapping[str, NDArray[np.float32]]
"""Unit vectors by the sentence that each is of."""


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file that is to be read, and what was recorded of it when it was found."""

    file: File
    source: SourceFile


def silent(done: int, of: int) -> None:
    """Report progress to nobody."""
