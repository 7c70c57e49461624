"""The command that asks every document every question of a file."""

import json
from pathlib import Path

from qa.cli.commands.models import fetch_models
from qa.cli.invocation import OK, Invocation, plural, warn
from qa.cli.terminal import counter
from qa.concurrency import StopToken
from qa.errors import UserError
from qa.grid.questions import read_questions


def grid(invocation: Invocation) -> int:
    """Fill the grid of the questions, or go on with it, and write it. The files are written once words have
    filled it, and again when the model has.
    """
    from qa import assemble, storage
    from qa.grid.base import Source, Table
    from qa.grid.export import grid_csv, grid_record, grid_xlsx
    from qa.grid.file import GridFolder
    from qa.grid.fill import Filler, make_grid, table_of

    args = invocation.args
    asked = read_questions(_text(args.questions))
    for skipped in asked.skipped:
        warn(str(skipped))
    fetch_models(invocation.config)
    pipeline = assemble.open_pipeline(invocation.config)
    folder = GridFolder(storage.grid_folder(invocation.config))
    file = make_grid(folder, asked, args.documents, pipeline)
    for name in table_of(file.head(), pipeline).missing:
        warn(f"{name} is no longer there, so it is not asked")
    filler = Filler(file, lambda: pipeline, StopToken())

    def fill(source: Source) -> Table:
        with counter(f"Asking ({source})", " cells") as report:
            filler.fill(source, report)
        table = table_of(file.read(), pipeline)
        if args.xlsx:
            args.xlsx.write_bytes(grid_xlsx(table))
        if args.csv:
            args.csv.write_text(grid_csv(table), encoding="utf-8", newline="")
        return table

    table = fill(Source.WORDS)
    if pipeline.model is not None:
        table = fill(Source.MODEL)
    record = grid_record(table)
    if args.json:
        print(json.dumps(record, ensure_ascii=False))
    else:
        found = sum(cell["found"] for row in record["rows"] for cell in row["cells"])
        cells = record["progress"]["cells"]
        print(
            f"{plural(len(table.rows), 'document')}, {plural(len(asked.questions), 'question')}: "
            f"{found:,} of {plural(cells, 'cell')} answered, {cells - found:,} not found"
        )
    return OK


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text; save it as UTF-8") from error
