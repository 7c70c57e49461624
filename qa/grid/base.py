"""The values of a grid: its cells, what a reader made of them, and its rows over documents. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from qa.errors import UserError
from qa.schema import Document

MAX_CELLS = 10_000
"""The cells of one grid, so that words and meaning fill it in about a minute (docs/grid.md)."""


class Source(StrEnum):
    """The author of a cell."""

    WORDS = "words"
    """Code alone, from words and meaning."""
    MODEL = "model"
    """The whole flow, with the language model."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Characters ``start`` to ``end`` (exclusive) of a document, and where they stand, for a person."""

    text: str
    start: int
    end: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A reader's correction of a cell."""

    text: str
    """The answer; empty for "not found"."""
    reader: str
    """The name of the reader; empty on a server without accounts."""
    when: str
    """ISO 8601, in UTC."""

    def __str__(self) -> str:
        """For a person: ``Corrected by ada on 2026-01-31``."""
        return f"Corrected by {self.reader or 'a reader'} on {self.when[:10]}"


@dataclass(frozen=True, slots=True)
class Cell:
    """The answer of one document to one question."""

    found: bool
    text: str
    """The short answer; empty where nothing was found."""
    quotes: tuple[Excerpt, ...]
    """The quotes it stands on; where nothing was found, the nearest passage, if there is any."""
    source: Source
    reason: str = ""
    """The reason why nothing was found, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a cell: the same text is asked the same question once, under whatever name."""

    digest: str
    """The SHA-256 of the document's text."""
    question: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The questions of a grid, the names of its documents, and all that was ever found or corrected."""

    id: str
    questions: tuple[str, ...]
    within: tuple[str, ...]
    """Names of documents, folders and collections; empty for all documents."""
    made: str
    """ISO 8601, in UTC."""
    index: str = ""
    """The digest of the documents when it was last filled."""
    cells: Mapping[Key, Cell] = field(default_factory=dict)
    corrections: Mapping[Key, Correction] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """Remarks on lines that are not asked, and why, as sentences without a full stop."""
    collection: str = ""
    """The name that a reader's own collection of the names ``within`` had when the grid was made; empty where
    it was made of none. Those names are documents and folders: the grid keeps them, whatever becomes of it.
    """

    @property
    def name(self) -> str:
        """Its name for a person: the first question, and how many follow."""
        more = len(self.questions) - 1
        return f"{self.questions[0]}{f' and {more:,} more' if more else ''}"


@dataclass(frozen=True, slots=True)
class Row:
    """A document of a grid, without its text."""

    id: str
    title: str
    date: str | None
    digest: str
    """The SHA-256 of its text."""
    copy_of: str = ""
    """The id of the first document of the grid with the same text; empty for that one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The number of cells, and of those filled by words or better, by the model, by a reader."""

    cells: int
    filled: int
    by_model: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Table:
    """A grid over the documents as they are now."""

    grid: Grid
    rows: tuple[Row, ...]
    missing: tuple[str, ...] = ()
    """Names of the grid that mean no document any more."""

    def cell(self, row: Row, question: str) -> Cell | None:
        """Return what was found; None for a cell that has not been filled yet."""
        return self.grid.cells.get(Key(row.digest, question))

    def correction(self, row: Row, question: str) -> Correction | None:
        """Return what a reader made of the cell; None where nobody did."""
        return self.grid.corrections.get(Key(row.digest, question))

    @property
    def index(self) -> str:
        """The digest of its documents: of their ids and texts."""
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(f"{row.id}\n{row.digest}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def pending(self, source: Source) -> list[tuple[Row, str]]:
        """Return the cells that ``source`` has not filled yet, once for each text, the rows in order. The
        model is not asked about what a reader has corrected.
        """
        known = self.grid.cells
        found: list[tuple[Row, str]] = []
        for row in self.rows:
            if row.copy_of:
                continue
            for question in self.grid.questions:
                key = Key(row.digest, question)
                if source is Source.WORDS and key not in known:
                    found.append((row, question))
                by_words = key in known and known[key].source is Source.WORDS
                if source is Source.MODEL and by_words and key not in self.grid.corrections:
                    found.append((row, question))
        return found

    @property
    def progress(self) -> Progress:
        """The progress of filling it; copies count too, because people see them."""
        keys = [Key(row.digest, question) for row in self.rows for question in self.grid.questions]
        cells = [self.grid.cells[key] for key in keys if key in self.grid.cells]
        return Progress(
            len(keys),
            len(cells),
            sum(cell.source is Source.MODEL for cell in cells),
            sum(key in self.grid.corrections for key in keys),
        )


def text_digest(document: Document) -> str:
    """Return the SHA-256, in hexadecimal, of a document's text."""
    return hashlib.sha256(document.text.encode("utf-8", "surrogateescape")).hexdigest()


def lay_out(documents: Iterable[Document]) -> tuple[Row, ...]:
    """Return the rows of ``documents``, in their order. The first of several with the same text is the
    original.
    """
    first: dict[str, str] = {}
    rows: list[Row] = []
    for each in documents:
        digest = text_digest(each)
        original = first.setdefault(digest, each.id)
        rows.append(Row(each.id, each.title, each.date, digest, "" if original == each.id else original))
    return tuple(rows)


def check_size(documents: int, questions: int) -> None:
    """Check that a grid of so many documents and questions is neither empty nor too large.

    Raises:
        UserError: it is.
    """
    if not documents:
        raise UserError("There is no document to ask; index some first")
    if documents * questions > MAX_CELLS:
        raise UserError(
            f"{documents:,} documents and {questions:,} questions make {documents * questions:,} cells, more "
            f"than the {MAX_CELLS:,} that a grid may have; choose fewer documents, or ask fewer questions"
        )
