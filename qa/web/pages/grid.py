"""The page of grids: a reader makes one, watches it fill, opens its cells and corrects them. No scripts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from qa.errors import UserError
from qa.grid.base import Key
from qa.grid.export import grid_record
from qa.grid.file import GridFolder
from qa.grid.grids import Grids
from qa.runtime import PipelineSource
from qa.web.grid_files import GridFormat, grid_file
from qa.web.pages.access import ReaderCheck
from qa.web.pages.frame import Frame

_FRAME = Frame("qa.web.pages")


def grid_page(grids: Grids, source: PipelineSource, check: ReaderCheck) -> APIRouter:
    """Return the routes of the page. A reader sees no others than the ``grids`` of theirs."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/grid")
    def show(request: Request, reader: Annotated[str, Depends(check)], id: str = "") -> Response:  # noqa: A002  the address's name
        """Show the reader's grids and, where one is chosen, its table; go on with what is not filled."""
        own, said, record = grids.of(reader), "", None
        if id:
            try:
                file = own.find(id)
                table = grids.table(file, source.pipeline)
                said = grids.resume(file, table, lambda: source.pipeline).message
                record = grid_record(table)
            except UserError as error:
                said = str(error)
        return _FRAME.render(request, "grid.html", said=said, record=record, grids=_names(own))

    @routes.post("/pages/grid/new")
    def make(
        request: Request,
        reader: Annotated[str, Depends(check)],
        questions: Annotated[str, Form()] = "",
        within: Annotated[str, Form()] = "",
    ) -> Response:
        """Make a grid and show it."""
        names = [within.strip()] if within.strip() else []
        try:
            file, _ = grids.make(reader, questions, names, lambda: source.pipeline)
        except UserError as error:
            own = _names(grids.of(reader))
            return _FRAME.render(request, "grid.html", 422, said=str(error), record=None, grids=own)
        return RedirectResponse(f"../../grid?id={file.path.stem}", 303)

    _add_cell_routes(routes, grids, source, check)
    return routes


def _add_cell_routes(routes: APIRouter, grids: Grids, source: PipelineSource, check: ReaderCheck) -> None:
    @routes.post("/pages/grid/{id_}/correct")
    def correct(
        id_: str,
        reader: Annotated[str, Depends(check)],
        sha256: Annotated[str, Form()],
        question: Annotated[str, Form()],
        answer: Annotated[str, Form()] = "",
        undo: Annotated[str, Form()] = "",
    ) -> Response:
        """Keep what the reader made of a cell, or take it back."""
        try:
            file, key = grids.of(reader).find(id_), Key(sha256, question)
            if key not in file.read().cells:
                raise UserError("There is no such cell; load the page again")
            if undo:
                file.withdraw(key)
            else:
                file.correct(key, answer, reader)
        except UserError as error:
            raise HTTPException(422, str(error)) from error
        return RedirectResponse(f"../../../grid?id={id_}", 303)

    @routes.post("/pages/grid/{id_}/remove")
    def remove(id_: str, reader: Annotated[str, Depends(check)]) -> Response:
        """Remove a grid, with what was corrected in it."""
        try:
            grids.of(reader).remove(id_)
        except UserError as error:
            raise HTTPException(404, str(error)) from error
        return RedirectResponse("../../../grid", 303)

    @routes.get("/pages/grid/{id_}/grid.{format_}")
    def take_away(id_: str, format_: GridFormat, reader: Annotated[str, Depends(check)]) -> Response:
        """Return the table as a file."""
        try:
            table = grids.table(grids.of(reader).find(id_), source.pipeline)
        except UserError as error:
            raise HTTPException(404, str(error)) from error
        return grid_file(table, format_)


def _names(grids: GridFolder) -> list[tuple[str, str]]:
    """Return id and name of each grid. One that cannot be read has its id for a name, and can be removed."""
    found: list[tuple[str, str]] = []
    for file in grids.files():
        try:
            found.append((file.path.stem, file.read().name))
        except UserError:
            found.append((file.path.stem, f"{file.path.stem} (cannot be read)"))
    return found
