"""Compare two answers to one question. Pure."""

import re
from collections.abc import Iterable

from qa.schema import Answer, Quote
from qa.tracking.values import ChangeKind


def compare(before: Answer, after: Answer) -> ChangeKind | None:
    """Return what became of the answer ``before``, now that it is ``after``; None if nothing did."""
    if not after.answered:
        return ChangeKind.UNANSWERABLE if before.answered else None
    if not before.answered:
        return ChangeKind.ANSWERABLE
    if _has_conflict(after) and not _has_conflict(before) and _still_stands(before, after):
        return ChangeKind.CONFLICT
    if not _says_the_same(before, after):
        return ChangeKind.CHANGED
    return _compare_quotes(before.quotes, after.quotes)


def main_quote(answer: Answer) -> Quote | None:
    """Return the quote that an answer stands on first of all; the nearest passage, if it is none; None
    without either.
    """
    quotes = answer.quotes if answer.answered else answer.nearest
    number = answer.short.quote if answer.short else None
    return next((each for each in quotes if each.number == number), quotes[0] if quotes else None)


def few_words(answer: Answer) -> str:
    """Return an answer in as few words as it has."""
    return answer.short.text if answer.short else " ".join(each.text for each in answer.sentences)


def _says_the_same(before: Answer, after: Answer) -> bool:
    """Return whether two answers have the same short answer, or else the same sentences or the same quotes: a
    model that phrases the same quotes differently has not found anything new.
    """
    if before.short and after.short:
        return _plain(before.short.text) == _plain(after.short.text)
    if _plain(few_words(before)) == _plain(few_words(after)):
        return True
    return _words(before.quotes) == _words(after.quotes)


def _still_stands(before: Answer, after: Answer) -> bool:
    """Return whether the words that the former answer stood on are among the quotes of the new one."""
    quote = main_quote(before)
    return quote is not None and _plain(quote.text) in _words(after.quotes)


def _has_conflict(answer: Answer) -> bool:
    return bool(getattr(answer, "conflicts", ()))  # answers kept by former versions have no such field


def _compare_quotes(before: Iterable[Quote], after: Iterable[Quote]) -> ChangeKind | None:
    former, latter = set(before), set(after)
    if {each.span for each in former} == {each.span for each in latter} and _words(former) == _words(latter):
        return None
    if {each.span.doc_id for each in former}.isdisjoint(each.span.doc_id for each in latter):
        return ChangeKind.OTHER_DOCUMENT
    if _words(former) == _words(latter):
        same = {each.span.doc_id for each in former} == {each.span.doc_id for each in latter}
        return ChangeKind.MOVED if same else ChangeKind.OTHER_DOCUMENT
    return ChangeKind.REWORDED


def _words(quotes: Iterable[Quote]) -> set[str]:
    return {_plain(each.text) for each in quotes}


def _plain(text: str) -> str:
    """Return ``text`` in lower case, with single spaces and no punctuation at its ends."""
    return re.sub(r"^\W+|\W+$", "", " ".join(text.casefold().split()))
