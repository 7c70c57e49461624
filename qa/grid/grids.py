"""The grids of all readers of a server: made, filled in the background, looked at while they fill."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from qa.grid.background import BackgroundFillers, Filling
from qa.grid.base import Source, Table
from qa.grid.file import GridFile, GridFolder
from qa.grid.fill import make_grid, table_of
from qa.grid.questions import read_questions
from qa.grid.reader import GridReader
from qa.pipeline import Pipeline

_READERS = 32
"""Grids whose files are read on from where they were left: those that people look at in turn."""


class Grids:
    """The grids of a server. Safe to use from many threads."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        """Keep the grids of a reader, by name, in the ``folder`` of theirs."""
        self._folder = folder
        self._fillers = BackgroundFillers()
        self._reading = Lock()
        self._readers: OrderedDict[Path, GridReader] = OrderedDict()
        # The documents of a grid, laid out once until they change: their texts need not be hashed again.
        self._laid_out: WeakKeyDictionary[Pipeline, dict[Path, Table]] = WeakKeyDictionary()

    def of(self, reader: str) -> GridFolder:
        """Return the grids of ``reader``."""
        return GridFolder(self._folder(reader))

    def make(
        self,
        folder: GridFolder,
        questions: str,
        within: Sequence[str],
        pipeline: Callable[[], Pipeline],
        collection: str = "",
    ) -> tuple[GridFile, tuple[str, ...]]:
        """Make the grid of these questions, one a line, over the documents of these names, in ``folder``, and
        start to fill it; return it and which lines are left out. The same questions and names are the same
        grid. ``collection`` is what the reader calls these documents, if they are a collection of their own.

        Raises:
            UserError: no line is a question, a name means nothing, or the grid is too large or one too many.
        """
        asked = read_questions(questions)
        file = make_grid(folder, asked, within, pipeline(), collection)
        self.go_on(file, pipeline)
        return file, tuple(map(str, asked.skipped))

    def table(self, file: GridFile, pipeline: Pipeline) -> Table:
        """Return the grid of ``file`` as it is now over the documents of ``pipeline``.

        Raises:
            UserError: there is none, it cannot be read, or it has no documents or too many cells by now.
        """
        with self._reading:
            reader = self._readers.setdefault(file.path, GridReader(file.path))
            self._readers.move_to_end(file.path)
            if len(self._readers) > _READERS:
                self._readers.popitem(last=False)
            grid = reader.read()
            tables = self._laid_out.setdefault(pipeline, {})
            if file.path not in tables:
                tables[file.path] = table_of(replace(grid, cells={}, corrections={}), pipeline)
            return replace(tables[file.path], grid=grid)

    def resume(self, file: GridFile, table: Table, pipeline: Callable[[], Pipeline]) -> Filling:
        """Go on with what is not filled yet, unless filling failed before, and return how that goes."""
        state = self._fillers.state(file)
        last = Source.WORDS if pipeline().model is None else Source.MODEL
        if not (state.running or state.message) and (table.pending(Source.WORDS) or table.pending(last)):
            self.go_on(file, pipeline)
        return self._fillers.state(file)

    def go_on(self, file: GridFile, pipeline: Callable[[], Pipeline]) -> None:
        """Fill what is not filled yet, also where that failed before."""
        self._fillers.start(file, pipeline)

    def stop(self, file: GridFile) -> None:
        """Fill no more of the grid until it is asked for (:meth:`go_on`); what is filled stays."""
        self._fillers.stop(file)
