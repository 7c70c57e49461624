"""JSON and JSON Lines: each record as lines of names and values."""

import json
from collections.abc import Iterator

from qa.errors import UserError
from qa.ingest.readers.base import FileContent, Piece, line_feeds, within_limits
from qa.ingest.readers.encoding import decode
from qa.ingest.readers.records import record_text


def read(data: bytes, name: str) -> FileContent:
    """Return a piece for each record: an item of a list, a line of JSON Lines, a value of an object.

    Numbers stay as they are written.

    Raises:
        UserError: it is binary, too long, nested too deeply, or not JSON.
    """
    text = decode(data)
    if name.lower().endswith(".jsonl"):
        return FileContent(within_limits(_lines(text)))
    return FileContent(within_limits(_pieces(_parse(text, "it"))))


def _lines(text: str) -> Iterator[Piece]:
    for number, line in enumerate(line_feeds(text).split("\n"), start=1):
        if line.strip():
            yield Piece(f"line {number}", _format(_parse(line, f"line {number}")))


def _pieces(value: object) -> Iterator[Piece]:
    if isinstance(value, list):
        yield from (Piece(f"item {number}", _format(item)) for number, item in enumerate(value, start=1))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, list) and any(isinstance(item, dict) for item in inner):
                for number, item in enumerate(inner, start=1):
                    yield Piece(f"{name}, item {number}", _format(item))
            else:
                yield Piece(name, _format({name: inner}))
    else:
        yield Piece("", _format(value))


def _parse(text: str, what: str) -> object:
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise UserError(f"{what} is not valid JSON ({error})") from error


def _format(value: object) -> str:
    """Return ``value`` as ``name: value``; names of nested values are joined by full stops."""
    return record_text(_leaves("", value))


def _leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}" if name else key, inner)
    elif isinstance(value, list):
        if not any(isinstance(item, dict | list) for item in value):
            yield name, ", ".join(_word(item) for item in value if item is not None)
            return
        for item in value:
            yield from _leaves(name, item)
    elif value is not None:
        yield name, _word(value)


def _word(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
