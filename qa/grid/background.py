"""Fill grids in the background, each in a thread of its own that ends with the process."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

from qa.concurrency import StopToken
from qa.errors import AttestError, StoppedError
from qa.grid.base import Source
from qa.grid.file import GridFile
from qa.grid.fill import Filler
from qa.pipeline import Pipeline

log = logging.getLogger(__name__)


STOPPED = "The grid was stopped; the cells that are filled stay"


@dataclass(frozen=True, slots=True)
class Filling:
    """The progress of filling a grid: under way or not, and the reason if it ended early."""

    running: bool
    message: str = ""
    """For a person; empty if it did not."""


class BackgroundFillers:
    """The grids that are being filled. Safe to use from many threads."""

    def __init__(self) -> None:
        """No grid is being filled yet."""
        self._lock = Lock()
        self._running: dict[Path, StopToken] = {}
        self._messages: dict[Path, str] = {}
        self._words = Lock()

    def start(self, file: GridFile, pipeline: Callable[[], Pipeline]) -> None:
        """Fill the grid of ``file`` over the documents of what ``pipeline`` returns, by words, then with the
        model, unless that is under way. Grids take turns at the words, which keep a core busy; the model
        answers them behind every reader's question.
        """
        with self._lock:
            if file.path in self._running and not self._running[file.path].stopped:
                return
            stop = self._running[file.path] = StopToken()
            self._messages.pop(file.path, None)
        Thread(target=self._fill, args=(file, pipeline, stop), daemon=True).start()

    def stop(self, file: GridFile) -> None:
        """Stop to fill the grid of ``file``, if that is under way, after the cell that is being filled."""
        with self._lock:
            if file.path in self._running:
                self._running[file.path].stop()
                self._messages[file.path] = STOPPED

    def state(self, file: GridFile) -> Filling:
        """Return what becomes of the grid of ``file``."""
        with self._lock:
            running = file.path in self._running and not self._running[file.path].stopped
            return Filling(running, self._messages.get(file.path, ""))

    def _fill(self, file: GridFile, pipeline: Callable[[], Pipeline], stop: StopToken) -> None:
        filler = Filler(file, pipeline, stop)
        try:
            with self._words:
                filler.fill(Source.WORDS)
            if pipeline().model is not None:
                filler.fill(Source.MODEL)
        except StoppedError:
            log.info("A grid was stopped")
        except (AttestError, OSError) as error:
            said = str(error) if isinstance(error, AttestError) else "The grid cannot be written"
            log.warning("A grid could not be filled: %s", error)
            self._messages[file.path] = said
        except Exception:  # whatever fails, the reader is told and the log says what
            log.exception("A grid could not be filled")
            self._messages[file.path] = "Something went wrong; the server's log has the details"
        finally:
            with self._lock:
                if self._running[file.path] is stop:  # or else it goes on already
                    del self._running[file.path]
