"""The grids that a reader or visitor sees, and the documents that each of them asks."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from fastapi import Request

from qa.errors import UserError
from qa.grid.file import GridFile, GridFolder
from qa.grid.grids import Grids
from qa.grid.reader import GONE
from qa.runtime import PipelineSource
from qa.uploads.collections import Names
from qa.uploads.library import Library
from qa.web.pages.access import CollectionsOf, DocumentsOf

VISIT_GRIDS = "grids"
"""The folder of grids in that of a visit's documents."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Grids, and the documents that they ask."""

    folder: GridFolder
    source: PipelineSource


@dataclass(frozen=True, slots=True)
class ReaderGrids:
    """The grids that the reader who sent a request may see."""

    name: str
    """The reader's; empty without an account."""
    shelves: Sequence[Shelf]
    """New grids are put on the first."""
    collections: Names
    """The reader's own."""

    def find(self, id_: str) -> tuple[GridFile, PipelineSource]:
        """Return the grid of this id, and the documents that it asks.

        Raises:
            UserError: there is none.
        """
        for shelf in self.shelves:
            with suppress(UserError):
                return shelf.folder.find(id_), shelf.source
        raise UserError(GONE)

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield id and name of each grid. One that cannot be read has its id for a name."""
        for file in (file for shelf in self.shelves for file in shelf.folder.files()):
            try:
                yield file.path.stem, file.head().name
            except UserError:
                yield file.path.stem, f"{file.path.stem} (cannot be read)"


@dataclass(frozen=True, slots=True, eq=False)  # FastAPI looks dependencies up by their hash
class GridsOf:
    """Decides by a request which grids its page shows. As a dependency it returns them.

    Where a visitor has documents that go with the visit, their grids do too: others would read the quotes.
    The grids of everybody ask the documents of everybody.
    """

    grids: Grids
    everybody: PipelineSource
    documents_of: DocumentsOf
    collections_of: CollectionsOf

    def __call__(self, request: Request) -> ReaderGrids:
        """Return the grids of who sent ``request``.

        Raises:
            HTTPException: nobody is signed in.
        """
        reader, source = self.documents_of.reader(request), self.documents_of(request)
        collections = self.collections_of(request)
        if isinstance(source, Library) and source.visit_folder:
            own = Shelf(GridFolder(source.visit_folder / VISIT_GRIDS), source)
            return ReaderGrids(reader, (own, Shelf(self.grids.of(reader), self.everybody)), collections)
        return ReaderGrids(reader, (Shelf(self.grids.of(reader), source),), collections)
