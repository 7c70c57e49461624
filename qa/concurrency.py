"""Background repetition, and a queue that tells those who wait their position."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Event, Thread

from qa.errors import StoppedError


def usable_cores() -> int:
    """Return how many processor cores this process may use; all there are where the system cannot say."""
    affinity: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def repeat_in_background(call: Callable[[], object], seconds: float) -> Iterator[None]:
    """Call ``call`` every ``seconds`` in a thread of its own until the context ends."""
    ended = Event()

    def repeat() -> None:
        while not ended.wait(seconds):
            call()

    thread = Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class StopToken:
    """Asks work in progress to stop at the next moment when it can. Safe to use from many threads."""

    def __init__(self, event: Event | None = None) -> None:
        """A token that is stopped once ``event`` is set; None for an event of its own."""
        self._event = event or Event()

    def stop(self) -> None:
        """Ask for a stop. It cannot be taken back."""
        self._event.set()

    @property
    def stopped(self) -> bool:
        """True if a stop was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise :class:`StoppedError` if a stop was asked for."""
        if self.stopped:
            raise StoppedError("The work was stopped before it had finished; start it again to go on")


LOOK_UP_SECONDS = 1.0
"""Longest time between two reports of a position, changed or not: a chance to leave the queue."""


class Turns:
    """A first-come, first-served queue for ``slots`` questions at a time, and for work in the background,
    whose turn comes when nobody else waits. Safe to use from many threads.
    """

    def __init__(self, slots: int = 1) -> None:
        """Make an empty queue."""
        self._slots = slots
        self._changed = Condition()
        self._line: list[object] = []
        self._background: set[object] = set()

    @contextmanager
    def place(self, *, background: bool = False) -> Iterator["Place"]:
        """Take a place at the end of the queue, and give it up when the context ends. Whoever comes later
        goes before a place in the ``background`` whose turn has not come.
        """
        ticket = object()
        with self._changed:
            if background:
                self._background.add(ticket)
                behind = 0
            else:
                behind = sum(each in self._background for each in self._line[self._slots :])
            self._line.insert(len(self._line) - behind, ticket)
        try:
            yield Place(self, ticket)
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._background.discard(ticket)
                self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """The number of questions that wait for their turn."""
        with self._changed:
            return max(0, len(self._line) - self._slots)

    def _ahead(self, ticket: object) -> int:
        return max(0, self._line.index(ticket) + 1 - self._slots)


class Place:
    """A place in the queue of :class:`Turns`."""

    def __init__(self, turns: Turns, ticket: object) -> None:
        """Make the place that ``ticket`` holds in ``turns``."""
        self._turns = turns
        self._ticket = ticket

    def wait(self) -> Iterator[int]:
        """Yield the number of turns before this one, repeatedly, and 0 when its turn comes; nothing where it
        need not wait.
        """
        waited = False
        while ahead := self._ahead():
            waited = True
            yield ahead
            with self._turns._changed:
                if self._turns._ahead(self._ticket) == ahead:
                    self._turns._changed.wait(LOOK_UP_SECONDS)
        if waited:
            yield 0

    def _ahead(self) -> int:
        with self._turns._changed:
            return self._turns._ahead(self._ticket)
