"""Write an array some rows at a time, in NumPy's format."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Write = Callable[[NDArray[Any]], object]
"""Appends rows to an array."""


@contextmanager
def array_writer(path: Path, kind: np.dtype[Any], shape: tuple[int, ...]) -> Iterator[Write]:
    """Write an array of this ``kind`` and ``shape`` to ``path``: yield what takes its rows in their order.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    with path.open("wb") as file:
        header = {"descr": kind.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        yield lambda rows: file.write(rows.astype(kind).tobytes())
