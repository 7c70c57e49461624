"""Read the file of a grid while it grows (:mod:`qa.grid.file`)."""

import json
import logging
import os
from pathlib import Path
from typing import Any

from qa.errors import UserError
from qa.grid.base import Cell, Correction, Excerpt, Grid, Key, Source

log = logging.getLogger(__name__)

GONE = "There is no such grid; it may have been removed"


class GridReader:
    """Reads the file of a grid again and again. Each time costs what was added since the time before."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self._path = path
        self._forget(-1)

    def _forget(self, inode: int) -> None:
        self._inode = inode
        self._read = self._lines = 0
        self._made: dict[str, Any] = {}
        self._index = ""
        self._cells: dict[Key, Cell] = {}
        self._corrections: dict[Key, Correction] = {}

    def read(self, *, cells: bool = True) -> Grid:
        """Return the grid as it is now; without ``cells``, what its first line says.

        Raises:
            UserError: there is none, or it cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                inode = os.fstat(file.fileno()).st_ino
                if inode != self._inode:  # it was removed and made anew
                    self._forget(inode)
                file.seek(self._read)
                added = file.read() if cells else file.readline()
        except FileNotFoundError as error:
            raise UserError(GONE) from error
        added = added[: added.rfind(b"\n") + 1]  # the rest is being written
        try:
            for line in added.splitlines():
                self._lines += 1
                self._take(line)
            self._read += len(added)
            return Grid(
                self._path.stem,
                tuple(self._made["questions"]),
                tuple(self._made["within"]),
                self._made["made"],
                self._index,
                dict(self._cells),
                dict(self._corrections),
                tuple(self._made.get("left_out", ())),
                self._made.get("collection", ""),
            )
        except (KeyError, TypeError, ValueError) as error:
            self._forget(-1)
            raise UserError(
                f"The grid in {self._path.name} cannot be read; remove it and make it again"
            ) from error

    def _take(self, line: bytes) -> None:
        try:
            record = json.loads(line)
        except ValueError:
            log.warning("Line %d of %s is unfinished and is left out", self._lines, self._path)
            return
        if "cell" in record:
            self._cells[Key(**record["key"])] = _cell(record["cell"])
        elif "correction" in record:
            self._corrections[Key(**record["key"])] = Correction(**record["correction"])
        elif "withdrawn" in record:
            self._corrections.pop(Key(**record["withdrawn"]), None)
        elif "grid" in record:
            self._made = record["grid"]
        else:
            self._index = record["index"]


def _cell(record: dict[str, Any]) -> Cell:
    quotes = tuple(Excerpt(**each) for each in record["quotes"])
    return Cell(record["found"], record["text"], quotes, Source(record["source"]), record["reason"])
