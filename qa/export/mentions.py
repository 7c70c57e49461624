"""Write mentions as JSON, CSV and a workbook of Excel, each with its offsets. Pure."""

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NotRequired

from openpyxl import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from typing_extensions import TypedDict

from qa.errors import UserError
from qa.export.json import coverage_record
from qa.export.records import CoverageRecord, SearchedRecord
from qa.export.spreadsheet import csv_text, text_cell
from qa.mentions.base import Mention, Mentions
from qa.mentions.text import count_text, limit_texts
from qa.schema import Document, location

COLUMNS = (
    "number",
    "document",
    "title",
    "date",
    "place",
    "start",
    "end",
    "found",
    "similarity",
    "copy_of",
    "text",
)
"""The columns of a table of mentions."""

MAX_ROWS = 1_048_575
"""The rows that a sheet of Excel has below its first (Microsoft, "Excel specifications and limits")."""


class MentionRecord(TypedDict):
    """A sentence. ``found`` says how: by ``words``, by another form of the ``name`` or ``number``, or by
    ``meaning``. ``similarity`` is that of its meaning, None where it was not compared.
    """

    number: int
    start: int
    end: int
    place: str
    found: str
    similarity: float | None
    text: str


class DocumentMentionsRecord(TypedDict):
    """A document, how many mentions it has, and those of them that are on this page. ``copy_of`` is the
    document before it that has the same text, None where there is none.
    """

    document: str
    title: str
    date: str | None
    mentions: int
    copy_of: str | None
    sentences: list[MentionRecord]


class BelowRecord(MentionRecord):
    """A sentence just below the cut-off."""

    document: str


class FormRecord(TypedDict):
    """A form that was looked for by words, and the inflections of it that were found."""

    text: str
    found: str
    spellings: list[str]


class CutOffRecord(TypedDict):
    """The cut-off by meaning, the share of mentions in other words that it is expected to miss, and the least
    share of what it finds that are mentions.
    """

    similarity: float
    missed: float
    precision: float


class LeftOutRecord(TypedDict):
    """A file that could not be read, wholly or in part."""

    path: str
    reason: str


class MentionsRecord(TypedDict):
    """The mentions of something: how many, in how many documents, found how, and one page of them.

    ``counted`` and ``limits`` say the same in sentences. ``next`` is the place of the page that follows,
    None on the last. ``below`` has sentences just below the cut-off.
    """

    query: str
    counted: str
    limits: list[str]
    mentions: int
    documents: int
    by: dict[str, int]
    searched: SearchedRecord
    forms: list[FormRecord]
    cut_off: CutOffRecord | None
    left_out: list[LeftOutRecord]
    first: int
    next: int | None
    results: list[DocumentMentionsRecord]
    below: list[BelowRecord]
    coverage: NotRequired[CoverageRecord]


def mentions_record(
    mentions: Mentions, documents: Mapping[str, Document], first: int = 0, limit: int | None = None
) -> MentionsRecord:
    """Return the record of ``mentions`` with those from place ``first`` on, at most ``limit`` of them."""
    end = len(mentions.mentions) if limit is None else min(first + limit, len(mentions.mentions))
    searched = mentions.searched
    record: MentionsRecord = {
        "query": mentions.query,
        "counted": count_text(mentions),
        "limits": limit_texts(mentions),
        "mentions": len(mentions.mentions),
        "documents": mentions.documents,
        "by": mentions.counts,
        "searched": {"documents": searched.documents, "of": searched.of, "name": searched.name},
        "forms": [
            {"text": each.text, "found": each.found, "spellings": list(each.spellings)}
            for each in mentions.forms
        ],
        "cut_off": None
        if mentions.cut_off is None
        else {
            "similarity": mentions.cut_off.similarity,
            "missed": mentions.cut_off.missed,
            "precision": mentions.cut_off.precision,
        },
        "left_out": [{"path": each.path, "reason": each.reason} for each in mentions.left_out],
        "first": first,
        "next": end if end < len(mentions.mentions) else None,
        "results": _page(mentions, documents, first, end),
        "below": [
            {**_mention_record(number, each, documents), "document": each.span.doc_id}
            for number, each in enumerate(mentions.below, start=1)
        ],
    }
    if mentions.coverage:
        record["coverage"] = coverage_record(mentions.coverage)
    return record


def mentions_csv(mentions: Mentions, documents: Mapping[str, Document]) -> str:
    """Return a table in CSV (RFC 4180), one mention a row, under its :data:`COLUMNS`. What a spreadsheet
    could take for a formula has an apostrophe before it.
    """
    return csv_text([COLUMNS, *_rows(mentions, documents)])


def mentions_xlsx(mentions: Mentions, documents: Mapping[str, Document]) -> bytes:
    """Return a workbook: a sheet with one mention a row, and one that says how they were counted, what may be
    missing and which files could not be read. Text stays text, whatever it begins with.

    Raises:
        UserError: there are more mentions than a sheet has rows.
    """
    if len(mentions.mentions) > MAX_ROWS:
        raise UserError(f"A sheet of Excel has room for {MAX_ROWS:,} mentions; export CSV or JSON instead")
    book = Workbook(write_only=True)
    table = book.create_sheet("Mentions")
    table.freeze_panes = "A2"
    for column, width in zip("ABCDEFGHIJK", (8, 30, 30, 12, 20, 10, 10, 10, 10, 30, 100), strict=True):
        table.column_dimensions[column].width = width
    table.append(COLUMNS)
    for row in _rows(mentions, documents):
        table.append([_cell(table, each) for each in row])
    about = book.create_sheet("About")
    about.column_dimensions["A"].width = 100
    said = [f"Query: {mentions.query}", count_text(mentions), *limit_texts(mentions)]
    for line in [*said, *(f"{each.path}: {each.reason}" for each in mentions.left_out)]:
        about.append([_cell(about, line)])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    return text_cell(sheet, value) if isinstance(value, str) else value


def _rows(
    mentions: Mentions, documents: Mapping[str, Document]
) -> Iterator[Sequence[str | int | float | None]]:
    for number, mention in enumerate(mentions.mentions, start=1):
        document, each = documents[mention.span.doc_id], _mention_record(number, mention, documents)
        yield (
            number,
            document.id,
            document.title,
            document.date,
            each["place"],
            each["start"],
            each["end"],
            each["found"],
            each["similarity"],
            mentions.copies.get(document.id),
            each["text"],
        )


def _page(
    mentions: Mentions, documents: Mapping[str, Document], first: int, end: int
) -> list[DocumentMentionsRecord]:
    numbered = list(enumerate(mentions.mentions, start=1))[first:end]
    totals = {each.doc_id: len(each.mentions) for each in mentions.by_document}
    return [
        {
            "document": doc_id,
            "title": documents[doc_id].title,
            "date": documents[doc_id].date,
            "mentions": totals[doc_id],
            "copy_of": mentions.copies.get(doc_id),
            "sentences": [_mention_record(number, each, documents) for number, each in group],
        }
        for doc_id, group in groupby(numbered, key=lambda pair: pair[1].span.doc_id)
    ]


def _mention_record(number: int, mention: Mention, documents: Mapping[str, Document]) -> MentionRecord:
    span = mention.span
    return {
        "number": number,
        "start": span.start,
        "end": span.end,
        "place": location(documents[span.doc_id], span.start),
        "found": mention.found,
        "similarity": None if mention.similarity is None else round(mention.similarity, 4),
        "text": span.cut(documents),
    }
