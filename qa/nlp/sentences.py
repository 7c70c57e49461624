"""Split text into sentences, as offsets: the units that passages are made of and verification checks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from sentencex import get_sentence_boundaries

SENTENCE_CHARS = 1_000
"""Longest sentence; a longer one (a table, a log, text without full stops) is split at white space."""

WINDOW_CHARS = 10_000
"""Characters given to sentencex at a time. Its time grows with the square of the number of sentences in a
paragraph: a megabyte of ``Go!Go!Go!`` took minutes in one piece and takes seconds in windows."""

_MISSED_STOP = re.compile(
    r"[។៕](?!ល។)\s*|[།༎༏༐༑]+\s*"
    r"|(?<=[\u0e01-\u0eff])[ \t]+(?=[\u0e01-\u0e2e\u0e40-\u0e44\u0e81-\u0eae\u0ec0-\u0ec4])"
)
"""Ends of sentences that sentencex does not know: the full stops of Khmer (but for the one in its "etc.") and
of Tibetan, and the space of Thai and Lao, which have no full stop."""

SPACED_CHARS = 60
"""Least characters of a sentence that ends in a space: inside Thai sentences there are spaces too. Set by
hand."""

_ABBREVIATED = re.compile(
    r"\b(?:(?:Cllr|Clr|Ald|Atty|Cdr|Cpt|Pte|Treas|Mx|Mmes|Sra|Srta|Dra|Dott)(?=\. +[^\W\d_a-z])"
    r"|(?:[Cc]h|[Ss]ect|[Vv]ol|[Ee]q|approx|incl|excl|est|max)(?=\. *\d))\."
)
"""A title before a name, or a word before its number, whose full stop sentencex takes for an end: "Cllr.
Ada Lind", "vol. 2"."""

_ASIDE = re.compile(r"(?<=\S)[ \t]*\((?!(?:[ivxlc]+|\d{1,3}|\w)\))[^()]{1,200}\)")
"""Words in brackets inside a line, but for the number of an item, "(iv)"."""

_ROW = re.compile(r" \| | — [^:\n]{1,120}: |^[^:;\n]{1,120}: [^;\n]*; [^:;\n]{1,120}: ")
"""A row of a table as readers write it (:mod:`qa.ingest.readers.tables`): cells between bars, or each after
the name of its column."""

_WHOLE_ROW = re.compile(r" \| |^[^;\n]{1,300}: [^;\n]*; [^:;\n]{1,300}: ")
"""A row that is certain enough to be kept whole: cells between bars, or at least two of them, each after its
name."""

_HEADING = re.compile(r"#{2,6}[ \t]+\S")
"""A heading in Markdown, text right below it; one sign alone may begin a comment of code."""

_PAIR = re.compile(r"[^:.!?\n]{1,60}: \S[^\n]*")
"""A name and its value. One alone may be a sentence that goes on; two, one above the other, are rows."""

_PAUSES = "，、；：。！？）】》」』…"
"""Marks after which text without spaces may be cut."""

_MOST_JOINED = 64
"""The characters in which the beginning of a letter with marks is sought: twice as many as a document may
have."""

_SKIN_TONES = "🏻🏼🏽🏾🏿"
_JOINER = "\u200d"

_NOTE = re.compile(r"[⁰¹²³⁴-⁹]+(?=\s)")
"""The marks of notes, raised, before a space."""


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Return ``[start, end)`` of each sentence of ``text``: in order, disjoint, without white space around.

    Boundaries come from sentencex (Wikimedia's rule-based segmenter), which keeps quoted speech whole;
    a blank line always ends a sentence. Where ``language`` is empty or sentencex does not know it, the rules
    of English are used; full stops of every script end sentences there too.
    """
    noted = _with_notes(text, _pieces(text, language or "en"))
    stripped = (_strip(text, start, end) for start, end in noted)
    return [(start, end) for start, end in stripped if start < end]


def _with_notes(text: str, pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ``pieces``, each with the raised marks of notes that stand right behind its end."""
    last: tuple[int, int] | None = None
    for start, end in pieces:
        if last:
            marks = _NOTE.match(text, start, end)
            if marks and start == last[1]:
                last, start = (last[0], marks.end()), marks.end()
            yield last
        last = (start, end)
    if last:
        yield last


def _pieces(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Split ``text`` by windows. The last piece of a window may go on, so the next window begins with it."""
    first = 0
    while first < len(text):
        last = first + WINDOW_CHARS
        parts = (
            part
            for bounds in get_sentence_boundaries(language, _without_false_stops(text[first:last]))
            for stop in _at_missed_stops(text, first + bounds["start_index"], first + bounds["end_index"])
            for part in _at_rows(text, *stop)
        )
        pieces = [piece for row in _whole_rows(text, parts) for piece in _split_long(text, *row)]
        first = last
        if last < len(text) and len(pieces) > 1:
            first, _ = pieces.pop()
        yield from pieces


def _without_false_stops(text: str) -> str:
    """Return ``text``, as long as it is, with a comma after abbreviations and braces around asides."""
    return _with_braces(_ABBREVIATED.sub(lambda match: match[0][:-1] + ",", text))


def _with_braces(text: str) -> str:
    """Return ``text`` with braces around asides: where two of them stand before a space, sentencex takes
    "1993)" for the number of an item, and cuts "mice (Willis et al., 1993) , rats (Dente, 1994) , and".
    """
    return _ASIDE.sub(lambda match: match[0].replace("(", "{").replace(")", "}"), text)


def _split_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > SENTENCE_CHARS:
        limit = start + SENTENCE_CHARS
        space = max(text.rfind(c, start + 1, limit) for c in " \n\t")
        pause = max(text.rfind(c, start, limit) for c in _PAUSES) + 1
        cut = max(space, pause)
        if cut <= start:
            cut = _before_joined(text, start, limit)
        yield start, cut
        start = cut
    yield start, end


def _at_missed_stops(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _MISSED_STOP.finditer(text, start, end):
        if stop[0].isspace() and stop.start() - start < SPACED_CHARS:
            continue
        yield start, stop.end()
        start = stop.end()
    if start < end:
        yield start, end


def _at_rows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split at the end of each line that is a row of a table, or stands above one, and between headings and
    text.
    """
    before, feed = start, text.find("\n", start, end)
    while feed >= 0:
        after = text.find("\n", feed + 1, end)
        line, following = text[before:feed], text[feed + 1 : end if after < 0 else after]
        pairs = _PAIR.fullmatch(line) and _PAIR.fullmatch(following)
        is_heading = _HEADING.match(line) or _HEADING.match(following)
        headed = is_heading and not line[:1] == following[:1] == "#"
        if pairs or headed or _ROW.search(line) or _ROW.search(following):
            yield start, feed
            start = feed
        before, feed = feed + 1, after
    yield start, end


def _whole_rows(text: str, parts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the parts of a line that is a row of a table, and cut where it begins and ends: a full stop in a
    cell, or after a word that is cut short, ends no row. One that is too long for a sentence stays as it is.
    """
    start = end = row = 0
    for begin, stop in parts:
        while begin < stop:
            if begin >= row:
                if start < end:
                    yield start, end
                start, row = begin, _row_end(text, begin)
            end = min(stop, row) if begin < row else _next_row(text, begin, stop)
            begin = end
    if start < end:
        yield start, end


def _next_row(text: str, begin: int, stop: int) -> int:
    """Return where the next line before ``stop`` begins that is a row; ``stop`` if there is none."""
    feed = text.find("\n", begin + 1, stop)
    while feed >= 0 and _row_end(text, feed) == feed:
        feed = text.find("\n", feed + 1, stop)
    return stop if feed < 0 else feed


def _row_end(text: str, begin: int) -> int:
    """Return where the line ends that begins at or after ``begin``, if it is a row; otherwise ``begin``."""
    ahead = text[begin : begin + 2 * SENTENCE_CHARS]
    line = begin + len(ahead) - len(ahead.lstrip())
    if text[max(0, line - SENTENCE_CHARS) : line].rpartition("\n")[2].strip():
        return begin
    row, feed, _ = text[line : line + SENTENCE_CHARS + 1].partition("\n")
    whole = bool(feed) or len(row) <= SENTENCE_CHARS
    return line + len(row) if whole and _WHOLE_ROW.search(row) else begin


def _before_joined(text: str, start: int, cut: int) -> int:
    """Move a cut to the beginning of what is written there with several characters: a letter with its marks,
    a person with a skin tone.
    """
    for place in range(cut, max(start, cut - _MOST_JOINED), -1):
        if not _continues(text[place]) and text[place - 1] != _JOINER:
            return place
    return cut


def _continues(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or char == _JOINER or char in _SKIN_TONES


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
