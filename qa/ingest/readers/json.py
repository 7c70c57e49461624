"""JSON and JSON Lines: every record as lines of names and values."""

import json
from collections.abc import Iterator

from qa.errors import UserError
from qa.ingest.readers.base import Piece, Read, bounded, line_feeds
from qa.ingest.readers.encoding import decode

_SHORT = 200
"""A record whose values are all shorter than this reads as one line, otherwise as paragraphs."""


def read(data: bytes, name: str) -> Read:
    """A piece for each record: an item of a list, a line of JSON Lines, a value of an object.

    Numbers stand as they are written. Nothing in the file is computed.

    Raises:
        UserError: binary, too long, nested too deep, or no JSON.
    """
    text = decode(data)
    if name.lower().endswith(".jsonl"):
        return Read(bounded(_lines(text)))
    return Read(bounded(_pieces(_parsed(text, "it"))))


def _lines(text: str) -> Iterator[Piece]:
    for number, line in enumerate(line_feeds(text).split("\n"), start=1):
        if line.strip():
            yield Piece(f"line {number}", _written(_parsed(line, f"line {number}")))


def _pieces(value: object) -> Iterator[Piece]:
    if isinstance(value, list):
        yield from (Piece(f"item {number}", _written(item)) for number, item in enumerate(value, start=1))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, list) and any(isinstance(item, dict) for item in inner):
                for number, item in enumerate(inner, start=1):
                    yield Piece(f"{name}, item {number}", _written(item))
            else:
                yield Piece(name, _written({name: inner}))
    else:
        yield Piece("", _written(value))


def _parsed(text: str, what: str) -> object:
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise UserError(f"{what} is not valid JSON ({error})") from error


def _written(value: object) -> str:
    """``value`` as ``name: value``, names of nested ones joined by full stops."""
    leaves = [f"{name}: {leaf}" if name else leaf for name, leaf in _leaves("", value)]
    short = all(len(leaf) < _SHORT and "\n" not in leaf for leaf in leaves)
    return ("; " if short else "\n\n").join(leaves)


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
