"""The page of grids: a reader makes one, watches it fill, opens its cells and corrects them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from qa.errors import UserError
from qa.grid.background import Filling
from qa.grid.base import Grid, Key, Table
from qa.grid.export import ProgressRecord, progress_record, row_record
from qa.grid.file import GridFile
from qa.grid.grids import Grids
from qa.pipeline import Pipeline
from qa.runtime import PipelineSource
from qa.uploads.collections import Names, find_members
from qa.web.grid_files import GridFormat, grid_file
from qa.web.pages.access import CollectionsOf, DocumentsOf
from qa.web.pages.choice import offered_names
from qa.web.pages.frame import Frame
from qa.web.pages.reader_grids import GridsOf, ReaderGrids

ROWS = 25
"""Documents on one page of a table."""

COLUMNS = 10
"""Questions on one page of a table: as many as a wide screen shows, and few enough cells to send again while
they are filled."""

_FRAME = Frame("qa.web.pages", script="grid.js")


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a table that a page shows. As a dependency it is read from the address."""

    document: Annotated[int, Query(ge=0)] = 0
    """The first document, from 0."""
    question: Annotated[int, Query(ge=0)] = 0
    """The first question, from 0."""

    @property
    def query(self) -> str:
        """The end of an address that shows it."""
        return f"&document={self.document}&question={self.question}"


def grid_page(
    grids: Grids, everybody: PipelineSource, documents_of: DocumentsOf, collections_of: CollectionsOf
) -> APIRouter:
    """Return the routes of the page. A reader sees no others than the ``grids`` of theirs, and those that
    were made by ``everybody`` without an account; and no other collections than their own.
    """
    routes = APIRouter(include_in_schema=False)
    grids_of = GridsOf(grids, everybody, documents_of, collections_of)

    def render(
        request: Request, own: ReaderGrids, status: int = 200, *, said: str = "", **shown: object
    ) -> Response:
        offered = offered_names(own.shelves[0].source.pipeline, own.collections)
        values = {"shown": None, "asked": {"questions": "", "within": ""}, **shown}
        return _FRAME.render(
            request, "grid.html", status, said=said, offered=offered, grids=own.names(), **values
        )

    @routes.get("/grid")
    def show(
        request: Request,
        own: Annotated[ReaderGrids, Depends(grids_of)],
        window: Annotated[Window, Depends()],
        id: str = "",  # noqa: A002  the address's name
    ) -> Response:
        """Show the reader's grids and, where one is chosen, its table; go on with what is not filled."""
        if not id:
            return render(request, own)
        try:
            file, source = own.find(id)
            table = grids.table(file, source.pipeline)
            filling = grids.resume(file, table, lambda: source.pipeline)
        except UserError as error:
            return render(request, own, 404, said=str(error))
        return render(request, own, shown=_part(table, window, filling, own.collections))

    @routes.post("/pages/grid/new")
    def make(
        request: Request,
        own: Annotated[ReaderGrids, Depends(grids_of)],
        questions: Annotated[str, Form()] = "",
        within: Annotated[str, Form()] = "",
    ) -> Response:
        """Make a grid and show it."""
        name, shelf = within.strip(), own.shelves[0]
        try:
            if name in own.collections:
                find_members(name, own.collections[name], shelf.source.pipeline.documents)
                names, collection = own.collections[name], name
            else:
                names, collection = (name,) if name else (), ""
            file, _ = grids.make(shelf.folder, questions, names, lambda: shelf.source.pipeline, collection)
        except UserError as error:
            asked = {"questions": questions, "within": within}
            return render(request, own, 422, said=str(error), asked=asked)
        return RedirectResponse(f"../../grid?id={file.path.stem}", 303)

    _add_grid_routes(routes, grids, grids_of)
    return routes


def _add_grid_routes(routes: APIRouter, grids: Grids, grids_of: GridsOf) -> None:
    @routes.post("/pages/grid/{id_}/correct")
    def correct(
        id_: str,
        own: Annotated[ReaderGrids, Depends(grids_of)],
        window: Annotated[Window, Depends()],
        sha256: Annotated[str, Form()],
        question: Annotated[str, Form()],
        answer: Annotated[str, Form()] = "",
        undo: Annotated[str, Form()] = "",
        cell: Annotated[str, Form(pattern="^[0-9-]*$")] = "",
    ) -> Response:
        """Keep what the reader made of a cell, or take it back, and lead back to it."""
        (file, _), key = _find(own, id_), Key(sha256, question)
        try:
            if key not in file.read().cells:
                raise UserError("There is no such cell; reload the page")
            if undo:
                file.withdraw(key)
            else:
                file.correct(key, answer, own.name)
        except UserError as error:
            raise HTTPException(422, str(error)) from error
        return RedirectResponse(f"../../../grid?id={id_}{window.query}#answer-{cell}", 303)

    @routes.post("/pages/grid/{id_}/{act}")
    def change(id_: str, act: str, own: Annotated[ReaderGrids, Depends(grids_of)]) -> Response:
        """Go on with a grid, stop it, or remove it with what was corrected in it."""
        file, source = _find(own, id_)
        _change(grids, file, act, lambda: source.pipeline)
        return RedirectResponse("../../../grid" + (f"?id={id_}" if file.path.exists() else ""), 303)

    @routes.get("/pages/grid/{id_}/grid.{format_}")
    def take_away(id_: str, format_: GridFormat, own: Annotated[ReaderGrids, Depends(grids_of)]) -> Response:
        """Return the table as a file."""
        file, source = _find(own, id_)
        try:
            table = grids.table(file, source.pipeline)
        except UserError as error:
            raise HTTPException(404, str(error)) from error
        return grid_file(table, format_)


def _find(own: ReaderGrids, id_: str) -> tuple[GridFile, PipelineSource]:
    try:
        return own.find(id_)
    except UserError as error:
        raise HTTPException(404, str(error)) from error


def _change(grids: Grids, file: GridFile, act: str, pipeline: Callable[[], Pipeline]) -> None:
    if act == "go-on":
        grids.go_on(file, pipeline)
    elif act in {"stop", "remove"}:
        grids.stop(file)
        if act == "remove":
            file.path.unlink(missing_ok=True)
    else:
        raise HTTPException(404, f"There is nothing at {act}")


def _part(table: Table, window: Window, filling: Filling, own: Names) -> dict[str, object]:
    """Return what the template shows of ``table``: the rows and columns of ``window``."""
    progress = progress_record(table)
    questions = table.grid.questions[window.question : window.question + COLUMNS]
    rows = table.rows[window.document : window.document + ROWS]
    return {
        "id": table.grid.id,
        "name": table.grid.name,
        "missing": table.missing,
        "within": _within(table.grid, own),
        "left_out": table.grid.left_out,
        "filling": filling.running,
        "stopped": bool(filling.message),
        "state": _state(progress, filling),
        "progress": progress,
        "questions": questions,
        "rows": [row_record(table, row, questions) for row in rows],
        "window": window,
        "pages": [
            ("Documents", "document", window.document, ROWS, len(table.rows)),
            ("Questions", "question", window.question, COLUMNS, len(table.grid.questions)),
        ],
    }


def _within(grid: Grid, own: Names) -> str:
    """Return which documents ``grid`` asks, as a sentence, to a reader who has the collections ``own`` by
    now; empty for all.
    """
    if not grid.collection:
        return f"Only documents of {', '.join(grid.within)}." if grid.within else ""
    now = [name for name, members in own.items() if members == grid.within]
    if grid.collection in now:
        return f"Only documents of {grid.collection}."
    if now:
        return f"Only documents of {now[0]}, which was called {grid.collection} when the grid was made."
    return (
        f"Only the documents that {grid.collection} had when the grid was made. You no longer have such a "
        "collection."
    )


def _state(progress: ProgressRecord, filling: Filling) -> str:
    """Return what becomes of a grid, in a sentence."""
    if filling.running:
        return ""
    if filling.message:
        return f"{filling.message}."
    return "The grid is finished." if progress["filled"] == progress["cells"] else ""
