"""The page of grids: a reader makes one, watches it fill, opens its cells and corrects them. No scripts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from qa.errors import UserError
from qa.grid.background import BackgroundFillers
from qa.grid.base import Key, Table
from qa.grid.export import grid_csv, grid_record, grid_xlsx
from qa.grid.file import GridFolder
from qa.grid.fill import table_of
from qa.grid.questions import read_questions
from qa.runtime import PipelineSource
from qa.web.pages.access import ReaderCheck
from qa.web.pages.frame import Frame

_FRAME = Frame("qa.web.pages")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def grid_page(source: PipelineSource, check: ReaderCheck, folder: Callable[[str], Path]) -> APIRouter:
    """Return the routes of the page. ``folder`` has the grids of a reader, who sees no others."""
    routes = APIRouter(include_in_schema=False)
    fillers = BackgroundFillers(lambda: source.pipeline)

    @routes.get("/grid")
    def show(request: Request, reader: Annotated[str, Depends(check)], id: str = "") -> Response:  # noqa: A002  the address's name
        """Show the reader's grids and, where one is chosen, its table; go on with what is not filled."""
        grids, said, record = GridFolder(folder(reader)), "", None
        if id:
            try:
                file = grids.find(id)
                record = grid_record(table_of(file.read(), source.pipeline))
                said = fillers.message(file)
                if not said:
                    fillers.start(file)
            except UserError as error:
                said = str(error)
        names = _names(grids)
        return _FRAME.render(request, "grid.html", said=said, record=record, grids=names)

    @routes.post("/pages/grid/new")
    def make(
        request: Request,
        reader: Annotated[str, Depends(check)],
        questions: Annotated[str, Form()] = "",
        within: Annotated[str, Form()] = "",
    ) -> Response:
        """Make a grid and show it."""
        grids = GridFolder(folder(reader))
        try:
            names = [within.strip()] if within.strip() else []
            source.pipeline.document_filter(names)
            file = grids.make(read_questions(questions).questions, names)
        except UserError as error:
            return _FRAME.render(request, "grid.html", 422, said=str(error), record=None, grids=_names(grids))
        fillers.start(file)
        return RedirectResponse(f"../../grid?id={file.path.stem}", 303)

    _add_cell_routes(routes, source, check, folder)
    return routes


def _add_cell_routes(
    routes: APIRouter, source: PipelineSource, check: ReaderCheck, folder: Callable[[str], Path]
) -> None:
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
            file, key = GridFolder(folder(reader)).find(id_), Key(sha256, question)
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
            GridFolder(folder(reader)).remove(id_)
        except UserError as error:
            raise HTTPException(404, str(error)) from error
        return RedirectResponse("../../../grid", 303)

    @routes.get("/pages/grid/{id_}/{name}")
    def take_away(id_: str, name: str, reader: Annotated[str, Depends(check)]) -> Response:
        """Return the table as a file."""
        try:
            table = table_of(GridFolder(folder(reader)).find(id_).read(), source.pipeline)
        except UserError as error:
            raise HTTPException(404, str(error)) from error
        return _file(name, table)


def _names(grids: GridFolder) -> list[tuple[str, str]]:
    """Return id and name of each grid. One that cannot be read has its id for a name, and can be removed."""
    found: list[tuple[str, str]] = []
    for file in grids.files():
        try:
            found.append((file.path.stem, file.read().name))
        except UserError:
            found.append((file.path.stem, f"{file.path.stem} (cannot be read)"))
    return found


def _file(name: str, table: Table) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if name == "grid.xlsx":
        return Response(grid_xlsx(table), 200, headers, _XLSX)
    if name == "grid.csv":
        return Response(grid_csv(table), 200, headers, "text/csv")
    if name == "grid.json":
        return Response(json.dumps(grid_record(table)), 200, headers, "application/json")
    raise HTTPException(404, "There is no such table; grid.xlsx, grid.csv and grid.json are there")
