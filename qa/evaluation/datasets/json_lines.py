"""Files with a JSON object on each line, read so that a mistake names its file, its line and its field."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from qa.errors import UserError

T = TypeVar("T")


def read_records(path: Path, format_name: str, parse: Callable[[object], T]) -> list[tuple[int, T]]:
    """Return what ``parse`` makes of each line's JSON value, with the number of the line, from 1.

    Blank lines are passed over. ``format_name`` completes the sentence "this is not a file of …".

    Raises:
        UserError: the file cannot be read or is empty, or a line is not JSON or not what ``parse`` expects.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # splitlines would also split inside of JSON
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not text in UTF-8; save it in that encoding") from error
    records = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            records.append((number, parse(json.loads(line))))
        except ValueError as error:  # pydantic's and json's errors are ValueErrors
            raise UserError(
                f"{path} is not a file of {format_name}: line {number} {_problem(error)}; correct that line "
                "or take it out"
            ) from error
    if not records:
        raise UserError(f"{path} is empty; name a file of {format_name}")
    return records


def _problem(error: ValueError) -> str:
    """Return what is wrong with a line, as the rest of a sentence that begins with it."""
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON ({error.msg}, column {error.colno})"
    if not isinstance(error, ValidationError):
        return f"cannot be used: {error}"
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    if first["type"] == "missing":
        return f"has no field '{field}'"
    said = first["msg"][0].lower() + first["msg"][1:]
    return (
        f"has something else in the field '{field}' than expected: {said}" if field else f"is wrong: {said}"
    )
