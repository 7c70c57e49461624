"""The head of a document: what it is about as a whole, which its passages need not say again."""

from qa.schema import Document

HEAD_CHARS = 150
"""Characters of a text that belong to its head: a letter's sender, a contract's parties, a sheet's title. Of
0, 150, 300 and 600 the best on the questions of ``eval/office``: 25 of 40 have their evidence in the first
quote, and 21, 24 and 23 with the others."""


def document_head(document: Document) -> str:
    """Return the title of ``document``, the words of its file's name, and how its text begins, if there is
    as much again below: in a note of two sentences the first would count as the head of the second.
    """
    begins = document.text[:HEAD_CHARS] if len(document.text) > 2 * HEAD_CHARS else ""
    return f"{document.title} {document.file_words} {begins}"
