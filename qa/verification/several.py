"""Complete the short answer to a question that asks for several things: all that its quote lists. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from qa.nlp.language import ENGLISH, UNKNOWN
from qa.nlp.periods import without_years, years_in
from qa.nlp.stopwords import stop_words
from qa.nlp.tables import read_row
from qa.schema import Document, Quote, ShortAnswer, Span, cut_quote
from qa.verification.short_answer import BRIEF_CHARS

_SEVERAL = 2
"""The fewest years of a question that are several."""

MAX_LIST_CHARS = 2_400
"""The longest list that is quoted whole: as long as all quotes of a question together."""

_MARK = re.compile(r"[ \t]*(?:[-–*•‣◦]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+")
_MARKED = re.compile(rf"{_MARK.pattern}\S")
"""The beginning of the line of an item of a list."""

_SEPARATOR = re.compile(r",?\s+(and|or)\s+|,\s+")
_SEPARATOR_BEFORE = re.compile(r"(?:,?\s(and|or)\s|,\s)$")
_WORD = re.compile(r"[^\W_](?:[\w’'.&/-]*\w)?")
_JOINED = re.compile(r"\s+(?:of|de|du|di|van|von|the|for)(?:\s+the)?\s+")
"""Words that may stand inside a name: "Duke of York"."""
_WORD_CHARS = 60
_SEPARATOR_CHARS = 8
"""Characters in which a word, and what stands between two items, is looked for."""
_MAX_WORDS = 6
"""Words of the longest item that is taken for one of an enumeration. Set by hand."""


@dataclass(frozen=True, slots=True)
class Several:
    """A short answer with what its quote lists beside it."""

    short: ShortAnswer
    quote: Quote
    """The quote of the short answer; a list is quoted whole."""
    remark: str = ""
    """For a reader: what is not among the short answer."""


def complete_short_answer(short: ShortAnswer, quote: Quote, documents: Mapping[str, Document]) -> Several:
    """Return ``short``, cut from ``quote``, with everything that stands in a list or an enumeration with it.
    Where that is too long to be read at a glance, a remark says that there is more.
    """
    document = documents[quote.span.doc_id]
    items = _items_around(document.text, short.span.start)
    if len(items) > 1:
        return _complete_list(short, quote, items, documents)
    if quote.language not in {ENGLISH, UNKNOWN} or len(read_row(quote.text)) > 1:
        return Several(short, quote)
    start, end = _enumeration(
        quote.text, short.span.start - quote.span.start, short.span.end - quote.span.start
    )
    span = Span(document.id, quote.span.start + start, quote.span.start + end)
    return Several(replace(short, text=span.cut(documents), span=span), quote)


def complete_years(
    short: ShortAnswer, question: str, quote: Quote, documents: Mapping[str, Document]
) -> ShortAnswer | None:
    """Return ``short``; if it is the cell of a year in the row that ``quote`` is, and ``question`` names
    several years, with the cells that differ in the year alone: from the first of their names to the end of
    the last. None where the row has not all of these years, or too far apart to be read at a glance.
    """
    asked = years_in(question)
    row = read_row(quote.text)
    at = short.span.start - quote.span.start
    own = next((cell for cell in row if cell.start <= at < cell.end), None)
    if len(asked) < _SEVERAL or own is None or not years_in(own.column):
        return short
    alike = [cell for cell in row if without_years(cell.column) == without_years(own.column)]
    wanted = [cell for cell in alike if years_in(cell.column) & asked]
    if {year for cell in wanted for year in years_in(cell.column)} != asked:
        return None
    start = quote.span.start
    span = Span(quote.span.doc_id, start + wanted[0].start, start + wanted[-1].end)
    if span.end - span.start > BRIEF_CHARS:
        return None
    return replace(short, text=span.cut(documents), span=span)


def _complete_list(
    short: ShortAnswer, quote: Quote, items: list[tuple[int, int]], documents: Mapping[str, Document]
) -> Several:
    doc_id = quote.span.doc_id
    whole = Span(doc_id, min(quote.span.start, items[0][0]), max(quote.span.end, items[-1][1]))
    if whole.end - whole.start > MAX_LIST_CHARS:
        return Several(short, quote, f"There may be more: the list has {len(items):,} items")
    listed = replace(cut_quote(quote.number, whole, documents), changed=quote.changed)
    mark = _MARK.match(documents[doc_id].text, items[0][0])
    span = Span(doc_id, mark.end() if mark else items[0][0], items[-1][1])
    if span.end - span.start > BRIEF_CHARS:
        return Several(short, listed, f"There may be more: the list has {len(items):,} items")
    return Several(replace(short, text=span.cut(documents), span=span), listed)


def _items_around(text: str, offset: int) -> list[tuple[int, int]]:
    """Return where each item of the list at ``offset`` begins and ends; none if that is in no list."""
    first = text.rfind("\n", 0, offset) + 1
    while not _MARKED.match(text, first):  # an item may go on over several lines
        if not first or text[: first - 1].endswith("\n"):
            return []
        first = text.rfind("\n", 0, first - 1) + 1
    starts = [first]
    for step in (-1, 1):
        at = first
        while (at := _next_item(text, at, step)) >= 0:
            starts.append(at)
    return [(start, _item_end(text, start)) for start in sorted(starts)]


def _item_end(text: str, start: int) -> int:
    """Return where the item that begins at ``start`` ends: at a blank line or the next item."""
    end = text.find("\n", start)
    while 0 <= end < len(text) - 1 and text[end + 1] != "\n" and not _MARKED.match(text, end + 1):
        end = text.find("\n", end + 1)
    return len(text.rstrip("\n")) if end < 0 else end


def _next_item(text: str, start: int, step: int) -> int:
    """Return where the item before or after the one at ``start`` begins; -1 without one."""
    if step > 0:
        at = _item_end(text, start) + 1
        at += text[at : at + 1] == "\n"
        return at if at < len(text) and _MARKED.match(text, at) else -1
    at = start
    while at:
        at = text.rfind("\n", 0, at - 1) + 1
        if _MARKED.match(text, at):
            return at if _next_item(text, at, 1) == start else -1
    return -1


def _enumeration(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the enumeration begins and ends that the words from ``start`` to ``end`` are an item of;
    these where they are none.
    """
    capital, most = text[start].isupper(), len(_WORD.findall(text, start, end))
    first, last, separators = start, end, list[str]()
    while separator := _SEPARATOR_BEFORE.search(text, max(0, first - _SEPARATOR_CHARS), first):
        before = _item_before(text, separator.start(), most, capital=capital)
        if before is None:
            break
        separators.append(separator[0])
        first = before
    while not any(map(_closes, separators)) and (separator := _SEPARATOR.match(text, last)):
        after = _item_after(text, separator.end(), capital=capital)
        if after is None:
            break
        separators.append(separator[0])
        last = after
    is_closed = any(map(_closes, separators))
    is_clause = len(separators) == 1 and "," in separators[0]  # "in Lima, and Anna spoke"
    return (first, last) if is_closed and not is_clause else (start, end)


def _closes(separator: str) -> bool:
    """Return whether the last item of an enumeration stands behind ``separator``."""
    return separator.strip(" ,") in {"and", "or"}


def _item_after(text: str, start: int, *, capital: bool) -> int | None:
    """Return where the item at ``start`` ends: a name, or words up to a stop word or a mark; None if it is
    too long to be one.
    """
    end: int | None = None
    at = start
    for _ in range(_MAX_WORDS):
        word = _WORD.match(text, at)
        if not word or not _may_be_in_item(word[0], capital=capital):
            return end
        end = word.end()
        joined = _JOINED.match(text, end) if capital else None
        at = joined.end() if joined else end + 1
        if not joined and text[end : end + 1] != " ":
            return end
    return None


def _item_before(text: str, end: int, most: int, *, capital: bool) -> int | None:
    """Return where the item that ends at ``end`` begins: a name, or as many words as another item has."""
    start: int | None = None
    at = end
    for _ in range(_MAX_WORDS if capital else most):
        words = list(_WORD.finditer(text, max(0, at - _WORD_CHARS), at))
        if not words or words[-1].end() != at or not _may_be_in_item(words[-1][0], capital=capital):
            break
        start = words[-1].start()
        if text[start - 1 : start] != " ":
            break
        at = start - 1
    return start


def _may_be_in_item(word: str, *, capital: bool) -> bool:
    if word.lower() in stop_words(ENGLISH):
        return False
    return not capital or word[0].isupper() or word[0].isdigit()
