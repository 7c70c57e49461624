"""Split text into sentences, as offsets: the units that passages are made of and verification checks."""

from collections.abc import Iterator

from sentencex import get_sentence_boundaries

SENTENCE_CHARS = 1_000
"""Longest sentence; a longer one (a table, a log, text without full stops) is split at white space."""

WINDOW_CHARS = 10_000
"""Characters given to sentencex at a time. Its time grows with the square of the number of sentences in a
paragraph: a megabyte of ``Go!Go!Go!`` took minutes in one piece and takes seconds in windows."""


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Return ``[start, end)`` of each sentence of ``text``: in order, disjoint, without white space around.

    Boundaries come from sentencex (Wikimedia's rule-based segmenter), which keeps quoted speech whole;
    a blank line always ends a sentence.
    """
    stripped = (_strip(text, start, end) for start, end in _pieces(text, language))
    return [(start, end) for start, end in stripped if start < end]


def _pieces(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Split ``text`` by windows. The last piece of a window may go on, so the next window begins with it."""
    first = 0
    while first < len(text):
        last = first + WINDOW_CHARS
        pieces = [
            piece
            for bounds in get_sentence_boundaries(language, text[first:last])
            for piece in _split_long(text, first + bounds["start_index"], first + bounds["end_index"])
        ]
        first = last
        if last < len(text) and len(pieces) > 1:
            first, _ = pieces.pop()
        yield from pieces


def _split_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > SENTENCE_CHARS:
        space = max(text.rfind(c, start + 1, start + SENTENCE_CHARS) for c in " \n\t")
        cut = space if space > start else start + SENTENCE_CHARS
        yield start, cut
        start = cut
    yield start, end


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
