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
    found = []
    for boundary in _boundaries(text, language):
        for start, end in _split_long(text, *boundary):
            stripped = _strip(text, start, end)
            if stripped[0] < stripped[1]:
                found.append(stripped)
    return found


def _boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    """What sentencex finds, window by window; the last sentence of a window, which may go on after it, opens
    the next one.
    """
    first = 0
    while first < len(text):
        last = first + WINDOW_CHARS
        found = get_sentence_boundaries(language, text[first:last])
        if last < len(text):
            found = found[:-1] or [{"start_index": 0, "end_index": WINDOW_CHARS}]
        yield from ((first + each["start_index"], first + each["end_index"]) for each in found)
        first = first + found[-1]["end_index"] if last < len(text) else len(text)


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
