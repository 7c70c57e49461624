"""Places in documents that are named by their words, because offsets change when a format is read better."""

import re
from collections.abc import Iterator, Sequence

from qa.schema import Document, Span

Words = str | Sequence[str]
"""A phrase; or words that stand together on one line, as the name and a cell of a row of a table do."""


def find_evidence(words: Words, document: Document) -> Iterator[Span]:
    """Yield every place of ``document`` that has ``words``: a phrase whatever its line breaks, or a line."""
    if isinstance(words, str):
        for found in _pattern(words).finditer(document.text):
            yield Span(document.id, *found.span())
        return
    patterns = [_pattern(each) for each in words]
    for line in re.finditer(r"[^\n]+", document.text):
        if all(pattern.search(line[0]) for pattern in patterns):
            yield Span(document.id, *line.span())


def is_part_of(doc_id: str, name: str) -> bool:
    """Return whether a document is the file ``name``, or stands in it, as what is in an archive or attached
    does.
    """
    return doc_id == name or doc_id.startswith(f"{name}/")


def _pattern(phrase: str) -> re.Pattern[str]:
    """Return a pattern of whole words, so that "51" is not found in "151"."""
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, phrase.split())) + r"(?!\w)")
