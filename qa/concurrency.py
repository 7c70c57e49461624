"""Something done again and again beside what else is done."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Event, Thread


def usable_cores() -> int:
    """Return how many processor cores this process may use; all there are where the system cannot say."""
    affinity: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def repeating(call: Callable[[], object], seconds: float) -> Iterator[None]:
    """Call ``call`` every so many seconds, in a thread of its own, for as long as the context lasts."""
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


LOOK_UP_SECONDS = 1.0
"""How often one who waits is told of its place, changed or not, and so has a chance to leave."""


class Turns:
    """A queue for ``slots`` questions at a time. Safe to use from many threads."""

    def __init__(self, slots: int = 1) -> None:
        """A queue with nobody in it."""
        self._slots = slots
        self._changed = Condition()
        self._line: list[object] = []

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """A place at the end of the queue, given up at the end of the block."""
        ticket = object()
        with self._changed:
            self._line.append(ticket)
        try:
            yield Place(self, ticket)
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        with self._changed:
            return max(0, len(self._line) - self._slots)

    def _ahead(self, ticket: object) -> int:
        return max(0, self._line.index(ticket) + 1 - self._slots)


class Place:
    """A place in the queue of :class:`Turns`."""

    def __init__(self, turns: Turns, ticket: object) -> None:
        """The place that ``ticket`` holds in ``turns``."""
        self._turns = turns
        self._ticket = ticket

    def wait(self) -> Iterator[int]:
        """How many turns are to come before this one, again and again, until there is none. Never 0."""
        while ahead := self._look():
            yield ahead
            with self._turns._changed:
                if self._turns._ahead(self._ticket) == ahead:
                    self._turns._changed.wait(LOOK_UP_SECONDS)

    def _look(self) -> int:
        with self._turns._changed:
            return self._turns._ahead(self._ticket)
