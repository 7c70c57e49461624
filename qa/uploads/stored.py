"""The uploads that a reader has beside the documents of the index, and the indexes of those that last."""

from collections.abc import Callable
from enum import StrEnum
from threading import Lock
from weakref import WeakValueDictionary

from qa.uploads.index import UploadIndex

PROGRAM = "program "
"""Before the name of a program, where a reader's stands. No user's name has a space."""


class Uploads(StrEnum):
    """The uploaded documents that are searched beside those of the index."""

    NONE = ""
    """None that last: at most those of a visit."""
    SHARED = "shared"
    """The documents of everybody, on a server whose visitors share them."""
    OWN = "own"
    """The documents of one reader with an account."""


def uploads_of(reader: str, *, shared: bool) -> Uploads:
    """Return which uploads ``reader`` has: a user's name, a program's, or empty for a visitor without an
    account. On a ``shared`` server everybody has the same.
    """
    if shared:
        return Uploads.SHARED
    return Uploads.OWN if reader and not reader.startswith(PROGRAM) else Uploads.NONE


class StoredUploads:
    """The indexes of uploads that last. Each is open once, as long as somebody uses it."""

    def __init__(self, opener: Callable[[str], UploadIndex]) -> None:
        """Open the uploads of a reader, or with an empty name those of everybody, with ``opener``."""
        self._open = opener
        self._opening = Lock()
        self._opened: WeakValueDictionary[str, UploadIndex] = WeakValueDictionary()

    def index(self, uploads: Uploads, reader: str) -> UploadIndex:
        """Return the index of the ``uploads`` that ``reader`` has, which are not none."""
        name = reader if uploads is Uploads.OWN else ""
        with self._opening:
            found = self._opened.get(name)
            if found is None:
                found = self._opened[name] = self._open(name)
            return found
