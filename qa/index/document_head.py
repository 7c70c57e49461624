"""The head of a document: what it is about as a whole, which its passages need not say again."""

from qa.nlp.tables import find_tables, is_numbered
from qa.schema import Document

HEAD_CHARS = 150
"""Characters of a text that belong to its head: a letter's sender, a contract's parties, a sheet's title. Of
0, 150, 300 and 600 the best on the questions of ``eval/office``: 25 of 40 have their evidence in the first
quote, and 21, 24 and 23 with the others."""

_LOOKED_AT = 4 * HEAD_CHARS
"""Characters in which two rows show that a table begins in the head."""


def document_head(document: Document) -> str:
    """Return the title of ``document``, the words of its file's name, and how its text begins, if there is
    as much again below: in a note of two sentences the first would count as the head of the second. The rows
    of a table are no part of it: what the first one says does not hold for the others.
    """
    begins = ""
    if len(document.text) > 2 * HEAD_CHARS:
        begins = document.text[: min(HEAD_CHARS, _first_row(document.text[:_LOOKED_AT]))]
    return f"{document.title} {document.file_words} {begins}"


def _first_row(text: str) -> int:
    """Return where the first table with names of columns begins in ``text``; its end for none."""
    rows = (table.rows[0][0] for table in find_tables(text) if not any(map(is_numbered, table.names)))
    return next((cell.start for cell in rows), len(text))
