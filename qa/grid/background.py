"""Fill grids in the background, each in a thread of its own that ends with the process."""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread

from qa.concurrency import StopToken
from qa.errors import AttestError
from qa.grid.base import Source
from qa.grid.file import GridFile
from qa.grid.fill import Filler
from qa.pipeline import Pipeline

log = logging.getLogger(__name__)


class BackgroundFillers:
    """The grids that are being filled. Safe to use from many threads."""

    def __init__(self, pipeline: Callable[[], Pipeline]) -> None:
        """Fill over the documents of what ``pipeline`` returns."""
        self._pipeline = pipeline
        self._lock = Lock()
        self._running: set[Path] = set()
        self._messages: dict[Path, str] = {}

    def start(self, file: GridFile) -> None:
        """Fill the grid of ``file`` by words, then with the model, unless that is under way."""
        with self._lock:
            if file.path in self._running:
                return
            self._running.add(file.path)
            self._messages.pop(file.path, None)
        Thread(target=self._fill, args=(file,), daemon=True).start()

    def message(self, file: GridFile) -> str:
        """Return why filling ended early, for a person; empty if it did not."""
        return self._messages.get(file.path, "")

    def _fill(self, file: GridFile) -> None:
        filler = Filler(file, self._pipeline, StopToken())
        try:
            filler.fill(Source.WORDS)
            if self._pipeline().model is not None:
                filler.fill(Source.MODEL)
        except (AttestError, OSError) as error:
            said = str(error) if isinstance(error, AttestError) else "The grid cannot be written"
            log.warning("A grid is not filled: %s", error)
            self._messages[file.path] = said
        finally:
            with self._lock:
                self._running.discard(file.path)
