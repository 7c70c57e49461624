"""Follow the index in a store: open what is current whenever it changes."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from qa.concurrency import repeat_in_background
from qa.embedding.base import Encoder
from qa.errors import IndexDamagedError, IndexMissingError
from qa.index.base import Store
from qa.index.index import Index
from qa.index.snapshot import State

LOOK_SECONDS = 2.0
"""How often a server looks for an update: it reads one small file."""


class Followed:
    """The index in a store, as it was when it was last looked at."""

    def __init__(self, store: Store, encoder: Encoder, index: Index | None = None) -> None:
        """Begin with ``index``, if it was opened already, whose vectors ``encoder`` made."""
        self.index = index
        """None while there is none."""
        self._store = store
        self._encoder = encoder
        self._damaged: State | None = None
        self._fault = ""

    def refresh(self) -> bool:
        """Open what is in force by now, if it is something else; whether it was.

        Raises:
            IndexMissingError: there is none any more.
            IndexDamagedError: it cannot be opened. The last good one stays, and this one is not tried again.
            IndexUnavailableError: the store does not answer. The last good one stays.
        """
        try:
            state = self._store.state()
        except IndexMissingError:
            self.index = None
            raise
        if self.index and state == self.index.state:
            return False
        if state == self._damaged:
            raise IndexDamagedError(self._fault)
        try:
            self.index = Index.open(self._store, self._encoder)
        except IndexDamagedError as error:
            self._damaged, self._fault = state, str(error)
            raise
        return True


def following(refresh: Callable[[], object]) -> AbstractContextManager[None]:
    """Call ``refresh`` every now and then for as long as the context lasts."""
    return repeat_in_background(refresh, LOOK_SECONDS)
