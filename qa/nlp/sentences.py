"""Text to sentences, as offsets: what passages are cut from and what verification checks one by one."""

from collections.abc import Iterator

from sentencex import get_sentence_boundaries

SENTENCE_CHARS = 1_000
"""A longer "sentence" (a table, a log, text without stops) is cut at white space."""

WINDOW_CHARS = 10_000
"""sentencex reads at most this much at a time, for its time grows with the square of the sentences it finds
in a paragraph: it read a megabyte of ``Go!Go!Go!`` for minutes, and reads it for seconds."""


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """``[start, end)`` of each sentence of ``text``, in order, disjoint, without surrounding white space.

    Boundaries come from sentencex (Wikimedia's rule-based segmenter), which keeps quoted speech whole;
    a blank line always ends a sentence.
    """
    stripped = (_strip(text, start, end) for start, end in _pieces(text, language))
    return [(start, end) for start, end in stripped if start < end]


def _pieces(text: str, language: str) -> Iterator[tuple[int, int]]:
    """``text`` cut window by window; the last piece of a window, which may go on after it, opens the next."""
    first = 0
    while first < len(text):
        last = first + WINDOW_CHARS
        pieces = [
            piece
            for found in get_sentence_boundaries(language, text[first:last])
            for piece in _split_long(text, first + found["start_index"], first + found["end_index"])
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
