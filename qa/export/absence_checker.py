"""Check the sheet of a refusal against an index as it is, from its HTML alone. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import UserError
from qa.export.absence_sheet import AbsenceSheet, Near, sheet_html
from qa.export.html_fields import (
    Field,
    fields_named,
    read_fields,
    split_at,
    texts_by_name,
    undo_saving,
)
from qa.export.sheet_checker import quote_faults, read_exhibit
from qa.mentions.absence import SearchedFile, index_digest
from qa.mentions.base import UnreadFile
from qa.schema import Document

MARK = '<header data-field="absence">'
"""A mark that every sheet of a refusal has, and no other."""


@dataclass(frozen=True, slots=True)
class IndexNow:
    """An index as it is, for what a sheet says of it."""

    documents: Mapping[str, Document]
    files: Sequence[SearchedFile]
    """Of all documents."""
    unread: Sequence[UnreadFile]
    count_words: Callable[[str], Mapping[str, int]]
    """Returns, for each word of a question, how many passages have it now."""


def is_absence_sheet(html: str) -> bool:
    """Return whether ``html`` is the sheet of a refusal, and not of answers."""
    return MARK in html


def check_absence(html: str, now: IndexNow) -> list[str]:
    """Return what is wrong with the sheet ``html``, and what has changed in the index since; empty when it
    holds for the index as it is. The question, the reason, the probability, the similarities and the number
    of sentences that have all words have to be taken on trust.

    Files that were added count where the sheet is about all documents.

    Raises:
        UserError: it is not a sheet, or is damaged.
    """
    sheet = read_absence(html)
    found: list[str] = []
    if sheet_html(sheet) != undo_saving(html) or index_digest(sheet.files, sheet.unread) != sheet.index:
        found.append(
            "The sheet was changed after it was made, or was made by another version of Attest "
            f"(it says {sheet.version}), so it may show more than could be checked"
        )
    changes = [*_file_changes(sheet, now), *_unread_changes(sheet, now)]
    changed_words = now.count_words(sheet.resolved)
    if not changes and dict(sheet.words) != {word: changed_words.get(word) for word, _ in sheet.words}:
        found.append("The number of passages with these words is not the one that the sheet states")
    for near in sheet.nearest:
        if not changes or near.exhibit.quote.span.doc_id in now.documents:
            faults = quote_faults(near.exhibit, now.documents)
            found += [f"Quote [{near.exhibit.quote.number}]: {fault}" for fault in faults]
    return found + changes


def read_absence(html: str) -> AbsenceSheet:
    """Return the content of a sheet, unchecked.

    Raises:
        UserError: it is not a sheet, or is damaged.
    """
    try:
        fields = read_fields(html)
        known = texts_by_name(fields)
        return AbsenceSheet(
            question=known["question"],
            resolved=known.get("resolved", known["question"]),
            made=known["made"],
            version=known["version"],
            reason=known["reason"],
            p_answerable=known["p"],
            threshold=known["threshold"],
            searched=known["searched"],
            index=known["index"],
            files=tuple(SearchedFile(f.text, f.known["data-sha256"]) for f in fields_named(fields, "file")),
            unread=tuple(
                UnreadFile(path.text, why.text)
                for path, why in zip(fields_named(fields, "unread"), fields_named(fields, "why"), strict=True)
            ),
            forms=known["forms"],
            words=tuple((f.text, int(f.known["data-passages"])) for f in fields_named(fields, "word")),
            with_all_words=int(known["with-all"]),
            nearest=tuple(map(_near, split_at(fields, "exhibit")[1:])),
            refuses=tuple((f.known["data-kind"], f.text) for f in fields_named(fields, "refuses")),
        )
    except (AssertionError, KeyError, ValueError) as error:  # html.parser asserts on a broken declaration
        raise UserError("This is not a sheet made by Attest, or it is damaged") from error


def _near(fields: Sequence[Field]) -> Near:
    return Near(read_exhibit(fields), fields[0].known["data-similarity"])


def _file_changes(sheet: AbsenceSheet, now: IndexNow) -> Iterator[str]:
    then, current = ({each.path: each.sha256 for each in files} for files in (sheet.files, now.files))
    for path, digest in then.items():
        if path not in current:
            yield f"Since then, {path} was removed"
        elif current[path] != digest:
            yield f"Since then, {path} has changed"
    if " of " not in sheet.searched:
        yield from (f"Since then, {path} was added" for path in current if path not in then)


def _unread_changes(sheet: AbsenceSheet, now: IndexNow) -> Iterator[str]:
    then, current = ({each.path for each in files} for files in (sheet.unread, now.unread))
    yield from (f"Since then, {path} can be read, or is gone" for path in sorted(then - current))
    yield from (f"Since then, {path} could not be read" for path in sorted(current - then))
