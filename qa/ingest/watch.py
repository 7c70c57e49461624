"""Wait for changes in folders of documents."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from watchfiles import DefaultFilter, watch

LOOK_SECONDS = 1.0
"""The time between two looks for a missing folder, in which a stop is noticed."""


def changes(paths: Sequence[Path], index: Path, stopped: Event) -> Iterator[None]:
    """Yield at once, and then whenever something at or under ``paths`` has changed, until ``stopped`` is set.
    A path that is missing is waited for. Writing the ``index`` is not a change of the documents.
    """
    yield
    while not all(path.exists() for path in paths):
        if stopped.wait(LOOK_SECONDS):
            return
    watched = watch(
        *paths,
        watch_filter=DefaultFilter(ignore_paths=[index.resolve()]),
        stop_event=stopped,
        yield_on_timeout=True,
        rust_timeout=int(1_000 * LOOK_SECONDS),
    )
    for turn, changed in enumerate(watched):
        if changed or not turn:  # the first turn is for what changed before the watch began
            yield
