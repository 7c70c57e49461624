"""Follow the index in a store: open the current snapshot whenever it changes."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from qa.concurrency import repeat_in_background
from qa.errors import IndexDamagedError, IndexMissingError
from qa.index.base import Store
from qa.index.index import Index
from qa.index.snapshot import Snapshot

LOOK_SECONDS = 2.0
"""The time between two looks of a server for an update: it reads one small file."""


class IndexFollower:
    """The index in a store, as it was at the last :meth:`refresh`."""

    def __init__(self, store: Store, index: Index | None = None) -> None:
        """Begin with ``index``, if it is open already."""
        self.index = index
        """None while the store has no index."""
        self._store = store
        self._damaged: Snapshot | None = None
        self._fault = ""

    def refresh(self) -> bool:
        """Open the current snapshot if it is another one, and return whether it was.

        Raises:
            IndexMissingError: there is no index any more.
            IndexDamagedError: it cannot be opened. The last good one stays, and this one is not tried again.
            IndexUnavailableError: the store does not answer. The last good one stays.
        """
        try:
            snapshot = self._store.snapshot()
        except IndexMissingError:
            self.index = None
            raise
        if self.index and snapshot == self.index.snapshot:
            return False
        if snapshot == self._damaged:
            raise IndexDamagedError(self._fault)
        try:
            self.index = Index.open(self._store)
        except IndexDamagedError as error:
            self._damaged, self._fault = snapshot, str(error)
            raise
        return True


def refresh_regularly(refresh: Callable[[], object]) -> AbstractContextManager[None]:
    """Call ``refresh`` every ``LOOK_SECONDS`` for as long as the context lasts."""
    return repeat_in_background(refresh, LOOK_SECONDS)
