"""Something done again and again beside what else is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


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
