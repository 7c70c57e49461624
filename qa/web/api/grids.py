"""The routes of the API by which programs ask every document every question."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import Field

from qa.errors import UserError
from qa.grid.file import GridFile
from qa.grid.grids import Grids
from qa.grid.questions import MAX_QUESTIONS
from qa.grid.state import (
    GridListRecord,
    GridRowsRecord,
    GridStateRecord,
    MadeGridRecord,
    name_record,
    rows_record,
    state_record,
)
from qa.runtime import PipelineSource
from qa.web.api.models import MAX_NAMES, Strict
from qa.web.api.openapi import problem_responses
from qa.web.grid_files import GridFormat, grid_file
from qa.web.security.auth import Access
from qa.web.security.middleware import program_reader

MAX_ROWS = 100
"""Most documents on one page of an answer: with a hundred questions each, all cells that a grid may have."""


class GridQuestions(Strict):
    """Questions, and the documents that are asked."""

    questions: list[str] = Field(
        min_length=1, max_length=MAX_QUESTIONS, examples=[["Who signed it?", "What is its term?"]]
    )
    documents: list[str] = Field(
        default=[],
        max_length=MAX_NAMES,
        description="Ids of documents, or names of folders, archives or collections; empty for all.",
    )


def grid_routes(grids: Grids, source: PipelineSource, access: Access | None) -> APIRouter:
    """Return the routes over ``grids``. With ``access``, each program has grids of its own."""
    api = APIRouter()

    def find(id_: str, request: Request) -> GridFile:
        try:
            return grids.of(program_reader(access, request.headers)).find(id_)
        except UserError as error:
            raise HTTPException(404, str(error)) from error

    @api.post("/grids", status_code=201, responses=problem_responses(400, 411, 413, 422))
    def make(asked: GridQuestions, request: Request) -> MadeGridRecord:
        """Ask every document every question. Cells are filled in the background: by words at once, then with
        the language model, if there is one. The same questions and documents are the same grid.
        """
        reader = program_reader(access, request.headers)
        questions = "\n".join(" ".join(each.split()) for each in asked.questions)
        file, left_out = grids.make(grids.of(reader), questions, asked.documents, lambda: source.pipeline)
        return {**state(file), "left_out": list(left_out)}

    def state(file: GridFile) -> GridStateRecord:
        table = grids.table(file, source.pipeline)
        return state_record(table, grids.resume(file, table, lambda: source.pipeline))

    @api.get("/grids")
    def listed(request: Request) -> GridListRecord:
        """List the grids that there are."""
        reader = program_reader(access, request.headers)
        return {"grids": [name_record(grid) for grid in grids.of(reader).readable()]}

    @api.get("/grids/{grid_id}", responses=problem_responses(404, 422))
    def rows(
        grid_id: str,
        request: Request,
        first: Annotated[int, Query(ge=0, description="The document to begin with, from 0.")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_ROWS, description="Documents on a page.")] = MAX_ROWS,
    ) -> GridRowsRecord:
        """Return a page of a grid, as far as it is filled; go on with what is not filled yet."""
        file = find(grid_id, request)
        table = grids.table(file, source.pipeline)
        return rows_record(table, grids.resume(file, table, lambda: source.pipeline), first, limit)

    @api.get("/grids/{grid_id}/progress", responses=problem_responses(404, 422))
    def progress(grid_id: str, request: Request) -> GridStateRecord:
        """Return how far a grid is, without its cells."""
        return state(find(grid_id, request))

    @api.get(
        "/grids/{grid_id}/grid.{format_}", response_class=Response, responses=problem_responses(404, 422)
    )
    def take_away(grid_id: str, format_: GridFormat, request: Request) -> Response:
        """Return the whole table as a file: what ``attest grid --json`` prints, CSV or a workbook."""
        return grid_file(grids.table(find(grid_id, request), source.pipeline), format_)

    @api.delete("/grids/{grid_id}", status_code=204, responses=problem_responses(404))
    def remove(grid_id: str, request: Request) -> None:
        """Remove a grid, with what was corrected in it."""
        find(grid_id, request).path.unlink(missing_ok=True)

    return api
