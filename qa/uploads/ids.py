"""Ids for uploaded documents that are safe to show and to store, whatever their files are called."""

import unicodedata
from collections.abc import Collection
from itertools import count
from pathlib import Path

ID_FOLDER = "uploads"
"""The folder in the ids of uploaded documents. No folder of this name is created."""

NAME_CHARS, ENDING_CHARS = 80, 8
"""The most characters of a name and of its ending, so that both fit on a line of the page."""

_RESERVED = frozenset('<>:"/\\|?*&')
"""Characters with a meaning in paths, HTML or a command line."""


def safe_name(name: str) -> str:
    """Return the last part of a file's name without anything that could mislead a reader, a page or a shell.

    Control and invisible characters, such as those that reverse the direction of writing, are removed, and a
    long name is shortened before its ending.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    base = "".join(char for char in last if char.isprintable() and char not in _RESERVED)
    stem, dot, ending = base.rpartition(".") if "." in base else (base, "", "")
    return (stem.strip(". ")[:NAME_CHARS] or "unnamed") + (dot + ending)[:ENDING_CHARS].rstrip(". ")


def unique_id(name: str, used: Collection[str], folder: str = ID_FOLDER) -> str:
    """Return an id in ``folder`` for a document called ``name``: one that is not, in lower case, ``used``."""
    plain = Path(safe_name(name))
    ids = (f"{folder}/{plain.stem}{f' ({i})' if i > 1 else ''}{plain.suffix}" for i in count(1))
    return next(doc_id for doc_id in ids if doc_id.lower() not in used)


def member_id(name: str, archive_id: str, used: Collection[str]) -> str:
    """Return an id for the file of an archive that is called ``name``, folders included."""
    *folders, last = name.split("/")
    return unique_id(last, used, "/".join((archive_id, *map(safe_name, folders))))
