"""A grid as a file that a browser or a program saves."""

import json
from enum import StrEnum

from fastapi.responses import Response

from qa.grid.base import Table
from qa.grid.export import grid_csv, grid_record, grid_xlsx


class GridFormat(StrEnum):
    """The formats of a grid, by their endings."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


_MEDIA_TYPES = {
    GridFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    GridFormat.CSV: "text/csv",
    GridFormat.JSON: "application/json",
}


def grid_file(table: Table, format_: GridFormat) -> Response:
    """Return ``table`` in ``format_``, to be saved as ``grid`` with its ending."""
    content: str | bytes
    if format_ is GridFormat.XLSX:
        content = grid_xlsx(table)
    elif format_ is GridFormat.CSV:
        content = grid_csv(table)
    else:
        content = json.dumps(grid_record(table), ensure_ascii=False)
    headers = {"Content-Disposition": f'attachment; filename="grid.{format_}"'}
    return Response(content, 200, headers, _MEDIA_TYPES[format_])
