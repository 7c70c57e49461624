"""The file of a grid: JSON lines that are only ever added to, so that a crash costs one cell at most.

The first line has the questions; the others have the documents as they were, cells, and corrections. Of two
lines on the same thing the later one counts. A line that a crash left unfinished does not.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from qa.errors import UserError
from qa.grid.base import Cell, Correction, Grid, Key, Table
from qa.grid.reader import GONE, GridReader
from qa.json_lines import append, open_locked

MAX_GRIDS = 100
"""The grids that one reader may keep, so that nobody fills the disk of a server."""

MAX_CORRECTION_CHARS = 2_000
"""The longest correction: as long as a question may be (:data:`qa.query.validation.MAX_QUESTION_CHARS`)."""

_ID = re.compile(r"[0-9a-f]{16}")
_ENDING = ".jsonl"


@dataclass(frozen=True, slots=True)
class GridFile:
    """One grid on the disk."""

    path: Path

    def read(self) -> Grid:
        """Return the grid as it is now.

        Raises:
            UserError: there is none, or it cannot be read.
        """
        return GridReader(self.path).read()

    def head(self) -> Grid:
        """Return the grid without its cells, which costs nothing.

        Raises:
            UserError: as :meth:`read`.
        """
        return GridReader(self.path).read(cells=False)

    def note_index(self, table: Table) -> None:
        """Keep the digest of the documents that are asked, if it is new."""
        if table.index != table.grid.index:
            self._add({"index": table.index, "documents": {row.id: row.digest for row in table.rows}})

    def add_cell(self, key: Key, cell: Cell) -> None:
        """Keep what was found."""
        self._add({"key": asdict(key), "cell": asdict(cell)})

    def correct(self, key: Key, text: str, reader: str) -> None:
        """Keep what ``reader`` made of a cell; an empty ``text`` says that nothing is found.

        Raises:
            UserError: the text is too long.
        """
        if len(text) > MAX_CORRECTION_CHARS:
            raise UserError(
                f"The correction has {len(text):,} characters, more than the {MAX_CORRECTION_CHARS:,} "
                "allowed; shorten it"
            )
        self._add({"key": asdict(key), "correction": asdict(Correction(text.strip(), reader, _now()))})

    def withdraw(self, key: Key) -> None:
        """Take a correction back, so that what was found counts again."""
        self._add({"withdrawn": asdict(key)})

    def _add(self, record: dict[str, object]) -> None:
        if not self.path.exists():
            raise UserError(GONE)
        with open_locked(self.path) as file:
            append(file, record)


@dataclass(frozen=True, slots=True)
class GridFolder:
    """The grids of one reader."""

    path: Path

    def has(self, questions: Sequence[str], within: Sequence[str], collection: str = "") -> bool:
        """Return whether there is a grid of these questions and documents."""
        return self._file_of(questions, within, collection).path.exists()

    def make(
        self,
        questions: Sequence[str],
        within: Sequence[str],
        left_out: Sequence[str] = (),
        collection: str = "",
    ) -> GridFile:
        """Return the grid of these questions and documents, which is made unless there is one. ``left_out``
        says for a person which lines are not asked, ``collection`` what the reader calls the documents.

        Raises:
            UserError: the reader has :data:`MAX_GRIDS` of them.
        """
        file = self._file_of(questions, within, collection)
        if file.path.exists():
            return file
        if len(self.files()) >= MAX_GRIDS:
            raise UserError(f"There are {MAX_GRIDS:,} grids already, and no room for more; remove one first")
        with open_locked(file.path) as opened:
            made = {
                "questions": list(questions),
                "within": list(within),
                "made": _now(),
                "left_out": list(left_out),
                "collection": collection,
            }
            append(opened, {"grid": made})
        return file

    def files(self) -> list[GridFile]:
        """Return the grids, the latest first."""
        paths = self.path.glob(f"*{_ENDING}") if self.path.is_dir() else []
        return [GridFile(path) for path in sorted(paths, key=lambda path: -path.stat().st_mtime)]

    def readable(self) -> list[Grid]:
        """Return the grids that can be read, without their cells, the latest first."""
        found: list[Grid] = []
        for file in self.files():
            with suppress(UserError):
                found.append(file.head())
        return found

    def find(self, id_: str) -> GridFile:
        """Return the grid of this id.

        Raises:
            UserError: there is none.
        """
        file = self._file(id_) if _ID.fullmatch(id_) else None
        if file is None or not file.path.exists():
            raise UserError(GONE)
        return file

    def remove(self, id_: str) -> None:
        """Remove the grid of this id, if there is one.

        Raises:
            UserError: the id is none.
        """
        self.find(id_).path.unlink(missing_ok=True)

    def _file_of(self, questions: Sequence[str], within: Sequence[str], collection: str) -> GridFile:
        # A collection that has another name now is still the same grid.
        own = ["own"] if collection else []
        asked = json.dumps([list(questions), list(within), *own]).encode()
        return self._file(hashlib.sha256(asked).hexdigest()[:16])

    def _file(self, id_: str) -> GridFile:
        return GridFile(self.path / f"{id_}{_ENDING}")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
